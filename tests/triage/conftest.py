"""The two ends of the line, for the tests of this room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.sinks import MailSink, PushService, mail_sink, push_service


@pytest.fixture
def noon() -> Iterator[None]:
    """It is yesterday's noon: at night some messages wait, and a test says the same at every hour of the day."""
    yesterday = timezone.now() - timedelta(days=1)
    with time_machine.travel(yesterday.replace(hour=12, minute=0, second=0), tick=True):
        yield


@pytest.fixture
def sink(tmp_path: Path, settings: Settings) -> Iterator[MailSink]:
    """A mail server is configured and takes everything."""
    with mail_sink(tmp_path / "mails.jsonl") as running:
        settings.EMAIL_CONFIGURED = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.DEFAULT_FROM_EMAIL = "Tracker <noreply@tracker.example.org>"
        yield running


@pytest.fixture
def service(tmp_path: Path, settings: Settings) -> Iterator[PushService]:
    """A push service that the hoster trusts."""
    with push_service(tmp_path / "pushes.jsonl") as running:
        settings.PUSH_HOSTS = [running.origin]
        settings.VAPID_SUBJECT = "mailto:hoster@example.org"
        yield running


@pytest.fixture
def mail_folder(tmp_path: Path, settings: Settings) -> Path:
    """No mail server: mails become files here."""
    settings.EMAIL_CONFIGURED, settings.MAIL_DIR = False, tmp_path / "mail"
    return tmp_path / "mail"
