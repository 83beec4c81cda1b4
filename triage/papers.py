"""What lies in the tables about lumps that are being judged: read for all of a batch at once, kept while it is judged.

A lump that is looked at by itself reads each of these when it is first asked for; `lay_out` reads them for many lumps
in a number of queries that does not grow with them. `desk` holds what is to be written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from django.db.models import Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from tracking.bare_reader import Bare, bare_histories
from tracking.models import Lump, User
from triage import reach
from triage.models import Assessment, Episode, Notification

Row = TypeVar("Row", Episode, Notification)


class Papers:
    """Of one lump. In a batch all but `bare` are set beforehand by `lay_out`."""

    def __init__(self, lump: Lump, bare: Bare | None = None, circle: Collection[User] = ()) -> None:
        self.lump = lump
        self._bare = bare
        self._circle = circle

    @property
    def bare(self) -> Bare:
        """Its history without words, and when each entry was written."""
        if self._bare is None:
            self._bare = bare_histories([self.lump.pk])[self.lump.pk]
        return self._bare

    @cached_property
    def previous(self) -> Assessment | None:
        """The last judgement that was stored before this one."""
        return self.lump.assessments.order_by("-at", "-pk").first()

    @cached_property
    def episodes(self) -> list[Episode]:
        """Those that were open when it was read, and those that were opened since; `still_open` are open now."""
        return list(self.lump.episodes.filter(closed_at=None))

    @property
    def still_open(self) -> list[Episode]:
        """Oldest first."""
        return sorted((one for one in self.episodes if one.closed_at is None), key=lambda one: (one.opened_at, one.pk))

    @cached_property
    def declined_at(self) -> datetime | None:
        """When its person last said no to a reminder to measure again."""
        return _declined([self.lump.pk]).get(self.lump.pk)

    @cached_property
    def messages(self) -> list[Notification]:
        """What was told about it since the present step of each open episode was taken."""
        return list(_messages([self.lump.pk]))

    @cached_property
    def owners(self) -> list[User]:
        """The accounts that are told about it."""
        return reach.recipients(self.lump.person_id)

    def reachable(self) -> list[User]:
        """The same with the addresses of each, which are looked up for the whole batch at once, if at all."""
        if not all(map(reach.is_looked_up, self.owners)):
            reach.look_up(self._circle or self.owners)
        return self.owners


def lay_out(lumps: Sequence[Lump], read: Mapping[UUID, Bare]) -> list[Papers]:
    """The papers of lumps whose rows and persons are held. `read`: their histories."""
    ids = [lump.pk for lump in lumps]
    previous = _latest(ids)
    episodes = _by_lump(Episode.objects.filter(lump__in=ids, closed_at=None))
    has_check = {pk for pk, rows in episodes.items() if any(row.finding == Episode.CHECK for row in rows)}
    declined = _declined([pk for pk in ids if pk not in has_check])
    told = [pk for pk, rows in episodes.items() if any(row.step for row in rows)]
    messages = _by_lump(_messages(told)) if told else {}
    owners = reach.recipients_of({lump.person_id for lump in lumps})
    circle = list({user.pk: user for users in owners.values() for user in users}.values())
    laid = []
    for lump in lumps:
        papers = Papers(lump, read[lump.pk], circle)
        papers.previous = previous.get(lump.pk)
        papers.episodes = list(episodes.get(lump.pk, ()))
        papers.declined_at = declined.get(lump.pk)
        papers.messages = list(messages.get(lump.pk, ()))
        papers.owners = owners.get(lump.person_id, [])
        laid.append(papers)
    return laid


def _latest(lump_ids: Sequence[UUID]) -> dict[UUID, Assessment]:
    """In two questions: asked as one, PostgreSQL reads all that was ever judged, up to a million rows or so."""
    latest = Assessment.objects.filter(lump=OuterRef("pk")).order_by("-at", "-pk").values("pk")[:1]
    keys = [key for key in Lump.objects.filter(pk__in=lump_ids).values_list(Subquery(latest), flat=True) if key]
    return {row.lump_id: row for row in Assessment.objects.filter(pk__in=keys)} if keys else {}


def _declined(lump_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    if not lump_ids:
        return {}
    rows = Episode.objects.filter(lump__in=lump_ids, finding=Episode.CHECK, closed_by="person")
    return dict(rows.values_list("lump").annotate(Max("closed_at")))


def _messages(lump_ids: Sequence[UUID]) -> Iterable[Notification]:
    since = Coalesce("lump__episodes__step_at", "lump__episodes__opened_at")
    is_since = Q(lump__episodes__closed_at=None, lump__episodes__step__gt=0, created_at__gte=since)
    keys = Notification.objects.filter(is_since, lump__in=lump_ids).values("pk")
    return Notification.objects.filter(pk__in=keys).select_related("user")


def _by_lump(rows: Iterable[Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.lump_id].append(row)
    return found
