"""Without a mail server each mail becomes one RFC 5322 file. Nobody is reached by it, and nothing pretends so."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class FileBackend(BaseEmailBackend):
    """Django's mail backend for `MAIL_DIR`. One Message-ID is one file, however often it is written."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            write_mail(message)
        return len(email_messages)


def write_mail(message: EmailMessage) -> Path:
    """Write it whole or not at all, readable only for this user."""
    mail = message.message()
    name = re.sub(r"[^A-Za-z0-9.-]", "", mail["Message-ID"].partition("@")[0])
    folder = Path(settings.MAIL_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{name}.{os.getpid()}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(b"\r\n".join(mail.as_bytes().splitlines()) + b"\r\n")
        file.flush()
        os.fsync(file.fileno())
    path = folder / f"{name}.eml"
    draft.replace(path)
    return path
