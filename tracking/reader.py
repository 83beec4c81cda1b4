"""Rows → the values of the history document: the one way from the tables to everything that thinks or draws.

However many lumps are asked for, it takes four queries, and where they are several one for the keys to their words.
Checks are read as columns: a row of a model each would take as long again, and there are hundreds of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from tracking import catalogue
from tracking.bare_reader import CHECK_COLUMNS, Bare, Stamp, check_of
from tracking.days import read_partial_date
from tracking.history import (
    Answers,
    CareFacts,
    History,
    LumpFacts,
    PersonFacts,
    PhotoFacts,
    Pin,
)
from tracking.keyring import load_keys
from tracking.models import CareEvent, Lump, Observation, Person, Photo
from tracking.plain_rows import Row

Child = TypeVar("Child", Photo, CareEvent)


class Whole(NamedTuple):
    """A lump's history with its words, and the same as it is judged: read once for a page that needs both."""

    history: History
    bare: Bare


def history_of(lump_id: UUID) -> History:
    """One lump's history; KeyError when there is no such lump. Doors come before (`access_lump`)."""
    return histories([lump_id])[lump_id]


def histories(lump_ids: Iterable[UUID]) -> dict[UUID, History]:
    """The history of each lump that exists, observations and care oldest first, pictures only where their bytes are."""
    wanted = list(lump_ids)
    if len(wanted) > 1:
        load_keys("person", Lump.objects.filter(pk__in=wanted).values("person"))
    lumps = {lump.pk: lump for lump in Lump.objects.filter(pk__in=wanted).select_related("person")}
    entries, people = _Entries(lumps), _people(lumps.values())
    return {pk: _history(lump, entries, people) for pk, lump in lumps.items()}


def whole_histories(lumps: Iterable[Lump]) -> dict[UUID, Whole]:
    """As `histories`, of rows that were read together with their persons, and as `bare_histories` in one."""
    wanted = {lump.pk: lump for lump in lumps}
    entries, people = _Entries(wanted), _people(wanted.values())
    found = {}
    for pk, lump in wanted.items():
        history = _history(lump, entries, people)
        bare = Bare(
            _without_words(history),
            last_rev=lump.person.last_rev,
            checks={row[3]: Stamp(row[1], row[2]) for row in entries.checks[pk]},
            care={row.pk: Stamp(row.rev, row.created_at) for row in entries.care[pk]},
            photos=tuple(row.rev for row in entries.photos[pk]),
        )
        found[pk] = Whole(history, bare)
    return found


class _Entries:
    """What belongs to some lumps: observations as `CHECK_COLUMNS` with their note, and all pictures, ready or not."""

    def __init__(self, lumps: Iterable[UUID]) -> None:
        wanted = list(lumps)
        checks = Observation.objects.filter(lump__in=wanted).order_by("observed_at", "rev")
        self.checks: Mapping[UUID, list[Row]] = defaultdict(list)
        for row in checks.values_list(*CHECK_COLUMNS, "note"):
            self.checks[row[0]].append(row)
        self.photos = _by_lump(Photo.objects.filter(lump__in=wanted).order_by("taken_at", "rev"))
        self.care = _by_lump(CareEvent.objects.filter(lump__in=wanted).order_by("on", "rev"))


def _people(lumps: Iterable[Lump]) -> dict[UUID, PersonFacts]:
    return {lump.person_id: person_facts(lump.person) for lump in lumps}


def _history(lump: Lump, entries: _Entries, people: Mapping[UUID, PersonFacts]) -> History:
    return History(
        person=people[lump.person_id],
        lump=lump_facts(lump),
        observations=tuple([check_of(row[:-1])._replace(note=row[-1]) for row in entries.checks[lump.pk]]),
        photos=tuple(photo_facts(row) for row in entries.photos[lump.pk] if row.state == Photo.State.READY),
        care=tuple(map(care_facts, entries.care[lump.pk])),
    )


def _without_words(history: History) -> History:
    """As `bare_histories` reads it. What is judged never sees what anybody wrote."""
    return History(
        person=replace(history.person, name="", colour="teal"),
        lump=replace(history.lump, label="", pin=None),
        observations=tuple([one._replace(note="") for one in history.observations]),
        care=tuple(replace(one, outcome=None, note="") for one in history.care),
    )


def person_facts(person: Person) -> PersonFacts:
    return PersonFacts(
        id=person.pk,
        name=person.name,
        colour=person.colour,
        birth_date=read_partial_date(person.birth_date) if person.birth_date else None,
        sex=person.sex,  # type: ignore[arg-type]  # one of three words, held by a check constraint
        region=person.region,
        time_zone=person.time_zone or "UTC",
        background=_answers("person.background", person.background),
    )


def lump_facts(lump: Lump) -> LumpFacts:
    return LumpFacts(
        id=lump.pk,
        site=lump.site,
        label=lump.label,
        side=lump.side,  # type: ignore[arg-type]  # one of three words, held by a check constraint
        pin=Pin(**lump.pin) if lump.pin else None,
        first_noticed_on=lump.first_noticed_on,
        first_noticed_certainty=lump.first_noticed_certainty,  # type: ignore[arg-type]  # checked when it came in
        closed_on=lump.closed_on,
        closed_reason=lump.closed_reason,
        background=_answers("lump.background", lump.background),
    )


def photo_facts(row: Photo) -> PhotoFacts:
    return PhotoFacts(
        id=row.pk,
        observation=row.observation_id,
        taken_at=row.taken_at,
        sha256=row.sha256,
        width=row.width,
        height=row.height,
        mm_per_px=row.mm_per_px,
        marks=tuple(row.marks),
    )


def care_facts(row: CareEvent) -> CareFacts:
    return CareFacts(
        id=row.pk,
        on=row.on,
        kind=row.kind,
        outcome=row.outcome,
        review_on=row.review_on,
        by=row.by,  # type: ignore[arg-type]  # one of three words, held by a check constraint
        confirmed=row.confirmed,
        note=row.note,
    )


def _by_lump(rows: Iterable[Child]) -> Mapping[UUID, list[Child]]:
    found: dict[UUID, list[Child]] = defaultdict(list)
    for row in rows:
        found[row.lump_id].append(row)
    return found


def _answers(scope: catalogue.Scope, stored: dict[str, Any]) -> Answers:  # Any: a JSON column
    """Answers as their field's type: days lie as text in JSON. Each passed the same check when it came in."""
    return catalogue.check_answers(scope, stored)
