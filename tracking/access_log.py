"""Who looked at whose data: the account's own access log, in which no line can be changed or taken out unseen.

Each line is sealed by an HMAC over itself and the seal of the line before, under a key that is not in the database;
the head counts them. What somebody reads of their own writes nothing. Whoever holds the key and the database can write
another log, and a whole older copy of both tables is consistent too: `manage.py verify-log` prints the heads, for
those who want to keep them elsewhere.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from tracking.models import HelperLink, LogEntry, LogHead, Membership, ShareLink, User
from tracking.statements import Question

By = LogEntry.By
OWNER = Membership.Role.OWNER
ONE_READING = timedelta(minutes=30)  # of the same thing by the same reader: one line
WHAT = (
    "sign_in",
    "sign_in_failed",
    "password_changed",
    "factor_changed",
    "email_changed",
    "export",
    "link_opened",
    "link_passcode_wrong",
    "link_read",  # the page, the report, a bundle
    "link_photo",
    "link_reply",  # a clinician wrote back
    "helper_photo",  # the picture to take one like, by a helper's link
    "helper_sent",  # a helper took one
    "member_read",
    "member_photo",
    "admin_account",  # the hoster opened the account's page
    "admin_record",  # the hoster opened something that was logged
)


@dataclass(frozen=True)
class Who:
    """Who did it."""

    by: str
    id: UUID | None = None


def record_access(
    user_id: UUID,
    *,
    what: str,
    who: Who,
    at: datetime,
    about: UUID | None = None,
    device: str = "",
    again_after: timedelta | None = None,
) -> LogEntry | None:
    """Add one line to the log of the account `user_id`; None where the same stood there within `again_after`.

    May be called inside a transaction, as the last lock that it takes: two that log for several accounts at once
    take the heads in the order of `record_shared_read`.
    """
    if what not in WHAT:
        raise ValueError(f"{what!r} is not in the access log's vocabulary.")
    line = LogEntry(
        user_id=user_id, at=at, what=what, by=who.by, by_id=who.id, about=about, device=_printable(device)[:200]
    )
    if again_after is not None and _same(line, since=at - again_after).exists():
        return None
    with transaction.atomic():
        head = _locked_head(user_id)
        if again_after is not None and _same(line, since=at - again_after).exists():
            return None
        line.number = head.count + 1
        line.mac = _seal_line(line, before=head.mac)
        line.save()
        LogHead.objects.filter(pk=head.pk).update(
            count=line.number, mac=line.mac, seal=_seal_head(user_id, line.number, line.mac)
        )
    return line


def record_shared_read(
    person_ids: Iterable[UUID], *, reader: User, at: datetime, what: str = "member_read", about: UUID | None = None
) -> None:
    """Tell every owner of those among these persons whom `reader` does not own that they looked, once in half an hour.

    What owners read of their own, alone or together, writes nothing and costs one query.
    """
    persons = set(NOT_OWNED.all(reader=reader.pk)).intersection(person_ids)
    if not persons:
        return
    owners = Membership.objects.filter(person_id__in=persons, role=OWNER).order_by("user_id", "person_id")
    for user_id, person_id in owners.values_list("user_id", "person_id"):
        record_access(
            user_id, what=what, who=Who(By.MEMBER, reader.pk), at=at, about=about or person_id, again_after=ONE_READING
        )


def is_guest(user: User) -> bool:
    """Does this account see a record that it does not own?"""
    return bool(NOT_OWNED.all(reader=user.pk))


def _not_owned(reader: UUID) -> QuerySet[Membership, UUID]:
    return Membership.objects.filter(user=reader).exclude(role=OWNER).values_list("person_id", flat=True)


NOT_OWNED = Question(_not_owned, reader=UUID)


def record_link_read(link: ShareLink, *, what: str, at: datetime) -> None:
    """Tell whoever made the link, and every owner of what it shows, that its holder did this."""
    persons = link.lumps.values("person")
    owners = Membership.objects.filter(person__in=persons, role=OWNER).values_list("user_id", flat=True)
    for user_id in sorted({link.user_id, *owners}):
        record_access(user_id, what=what, who=Who(By.LINK, link.pk), at=at)


def record_helper(link: HelperLink, *, what: str, at: datetime) -> None:
    """Tell whoever made a helper's link, and every other owner of the record, that its holder did this.

    A page that is loaded again shows the same picture again: one line in half an hour.
    """
    owners = Membership.objects.filter(person=link.lump.person_id, role=OWNER).values_list("user_id", flat=True)
    for user_id in sorted({link.user_id, *owners}):
        record_access(user_id, what=what, who=Who(By.LINK, link.pk), at=at, about=link.lump_id, again_after=ONE_READING)


def broken_lines(user_id: UUID) -> Iterator[str]:
    """What does not hold in the log of one account, as short sentences for the hoster; nothing where all is well."""
    before, expected = "", 1
    for line in LogEntry.objects.filter(user_id=user_id).order_by("number").iterator():
        if line.number != expected:
            yield f"line {expected} is missing"
        if not hmac.compare_digest(line.mac, _seal_line(line, before=before)):
            yield f"line {line.number} was changed, or one before it was"
        before, expected = line.mac, line.number + 1
    head = LogHead.objects.filter(pk=user_id).first()
    if head is None:
        if expected > 1:
            yield "the head is missing"
        return
    if not hmac.compare_digest(head.seal, _seal_head(user_id, head.count, head.mac)):
        yield "the head was changed"
    if head.count != expected - 1 or head.mac != before:
        yield f"the head counts {head.count} lines, {expected - 1} are there"


def _locked_head(user_id: UUID) -> LogHead:
    LogHead.objects.get_or_create(pk=user_id, defaults={"seal": _seal_head(user_id, 0, "")})
    return LogHead.objects.select_for_update().get(pk=user_id)


def _same(line: LogEntry, *, since: datetime) -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(
        user_id=line.user_id,
        what=line.what,
        by=line.by,
        by_id=line.by_id,
        about=line.about,
        device=line.device,
        at__gt=since,
    )


def _seal_line(line: LogEntry, *, before: str) -> str:
    told = [
        str(line.user_id),
        line.number,
        line.at.astimezone(UTC).isoformat(timespec="microseconds"),
        line.what,
        line.by,
        str(line.by_id),
        str(line.about),
        line.device,
        before,
    ]
    return _mac("line", told)


def _seal_head(user_id: UUID, count: int, mac: str) -> str:
    return _mac("head", [str(user_id), count, mac])


def _mac(kind: str, told: list[object]) -> str:
    return salted_hmac(f"tracking.access_log.{kind}", json.dumps(told), algorithm="sha256").hexdigest()


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())
