"""When a lump closes and opens again by what is logged about it (contract, "Closed lumps").

A check that says `gone` closes it as gone on the day of the check. A later check that says anything else opens it
again. Only a check that is new, deleted, or whose time or `trend` was changed can do either: writing `closed_on`
itself, or an old note, never undoes what the person decided. `closed_on` is a day, so a check on that very day opens
the lump again only where it had closed as gone: after a removal, a look at the wound is no new lump.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Coalesce, Least

from tracking.models import Lump, Observation, Person
from tracking.record_revs import save_changed
from tracking.record_rules import day_of
from tracking.statements import Question

GONE = "gone"
MOVERS = frozenset({"observed_at", "signs.trend"})


class _Last(NamedTuple):
    """The last check of a lump, as far as it matters here."""

    judged_at: datetime
    signs: Mapping[str, object]


def settle_closed(person: Person, lump: Lump, *, was_gone: bool, at: datetime) -> None:
    """Close or reopen the lump after its checks changed; `was_gone`: the changed check said so before.

    `lump` was read while its person was held. It is read anew where it changes: its mark has moved since.
    """
    closed_on, reason = _settled(lump, _last(lump.pk), was_gone=was_gone, zone=person.time_zone or "UTC")
    if closed_on != lump.closed_on:
        lump = Lump.objects.get(pk=lump.pk)
        lump.closed_on, lump.closed_reason = closed_on, reason
        save_changed(person, lump, fields=("closed_on", "closed_reason"), at=at)


def _last(lump_id: UUID) -> _Last | None:
    """The check that was made last, as far as is known: none was made after it came in. The one that says the latest
    time is found by an index; all are looked at only where its phone's clock runs ahead."""
    latest = LATEST.first(lump=lump_id)
    if latest is None:
        return None
    observed_at, received_at, signs = latest
    if received_at is None or received_at >= observed_at:
        return _Last(observed_at, signs)
    checks = Observation.objects.filter(lump=lump_id).annotate(
        judged_at=Least("observed_at", Coalesce("received_at", "observed_at"))
    )
    return _Last(*checks.order_by("-judged_at", "-rev").values_list("judged_at", "signs")[0])


def _latest(lump: UUID) -> QuerySet[Observation, tuple[datetime, datetime | None, Mapping[str, object]]]:
    checks = Observation.objects.filter(lump=lump).order_by("-observed_at", "-rev")
    return checks.values_list("observed_at", "received_at", "signs")[:1]


LATEST = Question(_latest, lump=UUID)


def _settled(lump: Lump, last: _Last | None, *, was_gone: bool, zone: str) -> tuple[date | None, str | None]:
    as_it_is = (lump.closed_on, lump.closed_reason)
    if last is None:
        return (None, None) if was_gone and lump.closed_reason == GONE else as_it_is
    day = day_of(last.judged_at, zone)
    if last.signs.get("trend") == GONE:
        return as_it_is if lump.closed_on else (day, GONE)
    if lump.closed_on is None or day > lump.closed_on:
        return None, None
    if lump.closed_reason == GONE and (day == lump.closed_on or was_gone):
        return None, None
    return as_it_is
