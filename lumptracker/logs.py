"""Keeps what must not be written down out of the logs, and writes them for machines where the hoster wants that."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

# What another site is called, or the whole address of a page there, is said by whoever asks.
FOREIGN = re.compile(r"((?:Origin|Referer) checking failed - ).*(?= does not match)", re.DOTALL)
SECRET_PATH = re.compile(r"/(shl|calendar|stop|contacts?|mail-events)/[^\s\"'?]+")


class HideSecretPaths(logging.Filter):
    """Blots out the part of an address that opens something: a share link, a calendar, one click to stop mails."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        told = FOREIGN.sub(r"\1…", SECRET_PATH.sub(r"/\1/…", message))
        if told != message:
            record.msg, record.args = told, None
        return True


class JsonLines(logging.Formatter):
    """One JSON object a line: `at`, `level`, `logger`, `message`, and the kind of an exception, never its text."""

    def format(self, record: logging.LogRecord) -> str:
        row = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            row["exception"] = record.exc_info[0].__name__
        return json.dumps(row, ensure_ascii=False)


def logging_as(format_: str) -> dict[str, object]:
    """Django's LOGGING: everything to the console, `plain` or as `json`."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"no_secrets": {"()": "lumptracker.logs.HideSecretPaths"}},
        "formatters": {
            "plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
            "json": {"()": "lumptracker.logs.JsonLines"},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": format_, "filters": ["no_secrets"]}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
            "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
            "django.security.DisallowedHost": {"handlers": [], "propagate": False},  # answered 400; scanners fill logs
        },
    }
