"""Keeps what must not be written down out of the logs."""

from __future__ import annotations

import logging
import re

SECRET_PATH = re.compile(r"/shl/[^\s\"'?]+")


class HideSecretPaths(logging.Filter):
    """Blots out the part of a share link's address that opens it."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if "/shl/" in message:
            record.msg, record.args = SECRET_PATH.sub("/shl/…", message), None
        return True
