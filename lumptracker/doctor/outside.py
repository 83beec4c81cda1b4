"""Checks of what is around it: broker, mail server, clock, and how people reach it."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection
from kombu.connection import Connection

from lumptracker.celery import configuration
from lumptracker.doctor.findings import Finding, bad, good, mind
from triage.ages import TOO_OLD, given_up, was_set_aside
from triage.models import PushSubscription
from triage.sweep import last_sweep_at

PATIENCE_SECONDS = 5.0
NOT_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)  # a clock that says less was never set
DRIFT = timedelta(seconds=30)


def broker(_: datetime) -> list[Finding]:
    if settings.BROKER_IS_FOLDER:
        return [good("a folder, no server needed")]
    options = configuration().get("broker_transport_options", {})
    try:
        with Connection(  # type: ignore[no-untyped-call]  # kombu has no types
            settings.CELERY_BROKER_URL, connect_timeout=PATIENCE_SECONDS, transport_options=options
        ) as line:
            line.ensure_connection(max_retries=1, timeout=PATIENCE_SECONDS)
    except Exception as error:  # whatever the transport raises
        says = f"does not answer ({type(error).__name__}); reminders still go out, more slowly"
        return [bad(says, "Look at CELERY_BROKER_URL, and whether the server runs")]
    return [good("answers")]


def last_sweep(at: datetime) -> list[Finding]:
    last = last_sweep_at()
    if last is None:
        return [mind("there was none yet", "Start the app: manage.py serve, or a worker and beat")]
    age = at - last
    if age > TOO_OLD:
        says = f"the last one ended {int(age.total_seconds() // 60)} minutes ago, so nobody is reminded"
        return [bad(says, "Start the worker and beat, and look into their log")]
    return [good(f"{max(0, int(age.total_seconds()))} seconds ago")]


def set_aside(at: datetime) -> list[Finding]:
    count = given_up()
    if not count:
        return [good("nothing was given up")]
    says = f"{count} messages or judgements were given up after their last try"
    mend = "Their ids and errors stand in the log and at /admin/, under notifications that failed and under stumbles"
    return [(bad if was_set_aside(at, within=timedelta(days=1)) else mind)(says, mend)]


def mail(_: datetime) -> list[Finding]:
    if not settings.EMAIL_CONFIGURED:
        return [mind("not set up: nobody is reached by email", "Set EMAIL_URL")]
    if settings.ANYMAIL:
        return [good("by a provider, which is not called here")]
    try:
        with get_connection(timeout=PATIENCE_SECONDS):
            return [good("the server takes us in")]
    except smtplib.SMTPAuthenticationError:
        return [bad("the server refuses the password", "Look at EMAIL_URL")]
    except (OSError, smtplib.SMTPException) as error:
        return [bad(f"the server does not answer ({type(error).__name__})", "Look at EMAIL_URL")]


def push(_: datetime) -> list[Finding]:
    found = []
    if not settings.PUBLIC_URL.startswith("https:") and not settings.PUBLIC_IS_LOCAL:
        found.append(bad("phones take no push from an address without https", "Put https in front of it"))
    if settings.PUBLIC_IS_LOCAL:
        found.append(mind("only browsers on this machine can be pushed to", "Set PUBLIC_URL to its https address"))
    broken = PushSubscription.objects.filter(state=PushSubscription.State.BROKEN).count()
    if broken:
        says = f"push services refuse our key or contact (401, 403), so {broken} browsers are no longer pushed to"
        mend = 'Look at VAPID_SUBJECT and VAPID_PRIVATE_KEY; after that "Test my reminders" in the app wakes a browser'
        found.append(bad(says, mend))
    return found or [good("the keys are there, and no push service refuses them")]


def clock(at: datetime) -> list[Finding]:
    set_it = "Set the clock of this machine, best by its time service"
    if at < NOT_BEFORE:
        return [bad(f"it says {at:%Y-%m-%d}", set_it)]
    last = last_sweep_at()
    if last is not None and last > at + DRIFT:
        return [bad("a sweep ended in the future, so this clock or another was wrong", set_it)]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            drift = abs(cursor.fetchone()[0] - at)
        if drift > DRIFT:
            return [bad(f"it and the database's differ by {int(drift.total_seconds())} seconds", set_it)]
    return [good(f"{at:%Y-%m-%d %H:%M} UTC")]


def address(_: datetime) -> list[Finding]:
    if settings.PUBLIC_IS_LOCAL:
        return [mind("only this machine can reach it", 'Set PUBLIC_URL: see README, "Reach it from a phone"')]
    found = []
    if not settings.TRUSTED_PROXY:
        says = "nobody's X-Forwarded headers are believed, so all people look like one to the rate limits"
        found.append(mind(says, "Set TRUSTED_PROXY to the address of the proxy"))
    said = _what_answers(f"{settings.PUBLIC_URL}/healthz")
    if said is not None:
        found.append(bad(said, "Look at PUBLIC_URL, the proxy before it, and its certificate"))
    return found or [good(settings.PUBLIC_URL)]


def _what_answers(url: str) -> str | None:
    """What is wrong with the way from outside; `None` where it leads here."""
    try:
        with urlopen(Request(url), timeout=PATIENCE_SECONDS) as answer:  # noqa: S310  # our own address, http or https
            return None if b'"alive"' in answer.read(200) else "something else answers there"
    except HTTPError as error:
        return f"the proxy answers {error.code}"
    except (URLError, OSError, HTTPException) as error:
        return f"nobody answers there ({type(getattr(error, 'reason', error)).__name__})"
