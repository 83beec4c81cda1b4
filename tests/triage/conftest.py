"""The two ends of the line, for the tests of this room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.crashing import Installation, installation
from tests.people import Somebody, ada
from tests.servers import Missing, without
from tests.sinks import MailSink, PushService, mail_sink, push_service
from triage.models import Notification
from triage.sweep import sweep


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


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation whose processes may be killed, once on each database."""
    try:
        with installation(tmp_path_factory.mktemp("installation"), request.param) as running:
            yield running
    except Missing as missing:
        without(missing)


@pytest.fixture
def owner(mail_folder: Path, settings: Settings) -> Somebody:
    """Ada, who signed up through the real door, without a mail server."""
    settings.ACCOUNT_RATE_LIMITS = False
    return ada()


@pytest.fixture
def intent(owner: Somebody) -> Notification:
    """Something growing was logged, and the job has told."""
    growing(owner)
    sweep(timezone.now())
    return Notification.objects.get()


def growing(somebody: Somebody) -> UUID:
    now = timezone.now()
    lump_id = somebody.put_lump(site="forearm", first_noticed_on=(now - timedelta(days=38)).date().isoformat())
    for week, length_mm in enumerate([12, 13, 15, 17, 19, 21]):
        observed_at = (now - timedelta(weeks=5 - week, minutes=1)).isoformat()
        somebody.put_observation(lump_id, observed_at=observed_at, length_mm=length_mm, method="ruler")
    return lump_id
