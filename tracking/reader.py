"""Rows → the values of the history document: the one way from the tables to everything that thinks or draws.

However many lumps are asked for, it takes four queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from tracking import catalogue
from tracking.days import read_partial_date
from tracking.history import (
    Answers,
    CareFacts,
    History,
    LumpFacts,
    ObservationFacts,
    PersonFacts,
    PhotoFacts,
    Pin,
)
from tracking.models import CareEvent, Lump, Observation, Person, Photo

Child = TypeVar("Child", Observation, Photo, CareEvent)


def history_of(lump_id: UUID) -> History:
    """One lump's history; KeyError when there is no such lump. Doors come before (`access_lump`)."""
    return histories([lump_id])[lump_id]


def histories(lump_ids: Iterable[UUID]) -> dict[UUID, History]:
    """The history of each lump that exists, observations and care oldest first, pictures only where their bytes are."""
    lumps = {lump.pk: lump for lump in Lump.objects.filter(pk__in=list(lump_ids)).select_related("person")}
    observations = _by_lump(Observation.objects.filter(lump__in=lumps).order_by("observed_at", "rev"))
    photos = _by_lump(Photo.objects.filter(lump__in=lumps, state=Photo.State.READY).order_by("taken_at", "rev"))
    care = _by_lump(CareEvent.objects.filter(lump__in=lumps).order_by("on", "rev"))
    people = {lump.person_id: person_facts(lump.person) for lump in lumps.values()}
    return {
        pk: History(
            person=people[lump.person_id],
            lump=lump_facts(lump),
            observations=tuple(map(observation_facts, observations[pk])),
            photos=tuple(map(photo_facts, photos[pk])),
            care=tuple(map(care_facts, care[pk])),
        )
        for pk, lump in lumps.items()
    }


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


def observation_facts(row: Observation) -> ObservationFacts:
    return ObservationFacts(
        id=row.pk,
        observed_at=row.observed_at,
        received_at=row.received_at,
        length_mm=row.length_mm,
        width_mm=row.width_mm,
        height_mm=row.height_mm,
        readings_mm=tuple(row.readings_mm),
        uncertainty_mm=row.uncertainty_mm,
        method=row.method,
        signs=_answers("observation.signs", row.signs),
        note=row.note,
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
