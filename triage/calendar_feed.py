"""The days on which something is to be checked, as a calendar that any calendar app may subscribe to (RFC 5545).

Its address is a secret, and shown once: whoever has it reads the days, and nothing but "Check" on each of them. A few
lines of our own, since whole days without a zone are all that is written; an iCalendar library would bring two
packages for it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q

from tracking.access import persons_told_about
from tracking.errors import NotFound
from tracking.models import User
from tracking.texts import say
from triage.models import CalendarFeed, Episode
from triage.reminders import CHECK


def open_feed(user: User, *, at: datetime) -> str:
    """A new secret; the one before, if any, opens nothing any more."""
    token = secrets.token_urlsafe(32)
    values = {"token_sha256": _digest(token), "created_at": at}
    CalendarFeed.objects.update_or_create(user=user, defaults=values)
    return token


def close_feed(user: User) -> None:
    CalendarFeed.objects.filter(user=user).delete()


def feed_behind(token: str) -> CalendarFeed:
    """Raises NotFound for a secret that was never given, or is no longer good."""
    row = CalendarFeed.objects.filter(token_sha256=_digest(token), user__is_active=True).select_related("user").first()
    if row is None:
        raise NotFound
    return row


def days_to_check(user: User) -> list[date]:
    """The next day on which each lump that this account is told about is to be checked, each day once.

    One that is gone is looked at a last time, too; one that is closed for another reason is not."""
    reminders = Episode.objects.filter(
        Q(lump__closed_on=None) | Q(lump__closed_reason="gone"),
        finding=CHECK,
        closed_at=None,
        check_on__isnull=False,
        lump__person__in=persons_told_about(user),
    )
    return sorted({day for day in reminders.values_list("check_on", flat=True) if day})


def calendar_of(feed: CalendarFeed, *, name: str) -> str:
    """The calendar as text. An entry's identity follows from feed and day, and tells neither."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tracker//Calendar//EN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    for day in days_to_check(feed.user):
        lines += _entry(feed, day)
    return "".join(_folded(line) for line in (*lines, "END:VCALENDAR"))


def _entry(feed: CalendarFeed, day: date) -> Iterable[str]:
    identity = hashlib.sha256(f"{feed.token_sha256}{day}".encode()).hexdigest()[:32]
    return (
        "BEGIN:VEVENT",
        f"UID:{identity}@tracker",
        f"DTSTAMP:{feed.created_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(say('feed.check', language=feed.user.language))}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    )


def _text(value: str) -> str:
    for sign in ("\\", ";", ","):
        value = value.replace(sign, f"\\{sign}")
    return " ".join(value.split())


def _folded(line: str) -> str:
    """Lines end in CRLF and hold at most 75 octets; what is longer goes on after a space."""
    pieces, rest = [], line
    while len(rest.encode()) > 74:
        end = 74
        while len(rest[:end].encode()) > 74:
            end -= 1
        pieces.append(rest[:end])
        rest = rest[end:]
    return "\r\n ".join([*pieces, rest]) + "\r\n"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
