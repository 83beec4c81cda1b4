"""Rows → histories for judging, thousands at a time: what a judgement needs, and no words that anybody wrote.

Labels, names, notes and outcomes stay sealed and unread. However many lumps are asked for, it takes four queries.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from tracking.catalogue import Answer, Scope, check_answers
from tracking.days import read_partial_date
from tracking.history import CareFacts, History, LumpFacts, ObservationFacts, PartialDate, PersonFacts
from tracking.models import CareEvent, Lump, Observation, Photo
from tracking.plain_rows import Row, plain_rows

_LUMP = (
    "id",
    "site",
    "side",
    "first_noticed_on",
    "first_noticed_certainty",
    "closed_on",
    "closed_reason",
    "background",
)
_PERSON = ("person_id", "birth_date", "sex", "region", "time_zone", "background", "rev", "last_rev")
CHECK_COLUMNS = (
    "lump_id", "rev", "created_at", "id", "observed_at", "received_at", "length_mm", "width_mm", "height_mm",
    "readings_mm", "uncertainty_mm", "method", "signs",
)  # fmt: skip
_CARE = ("lump_id", "rev", "created_at", "id", "on", "kind", "review_on", "by", "confirmed")


class Stamp(NamedTuple):
    """When an entry was last written, by its person's counter, and when it came."""

    rev: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Bare:
    """One lump's history as it is judged, and when each entry was written. `last_rev`: the person's counter then."""

    history: History
    last_rev: int
    checks: Mapping[UUID, Stamp]
    care: Mapping[UUID, Stamp]
    photos: tuple[int, ...]  # their revs

    @property
    def entries(self) -> int:
        return len(self.checks) + len(self.care) + len(self.photos)


def bare_histories(lump_ids: Iterable[UUID]) -> dict[UUID, Bare]:
    """Of each lump that exists; observations and care oldest first, no pictures."""
    wanted = list(lump_ids)
    if not wanted:
        return {}
    columns = (*_LUMP, *(name if name == "person_id" else f"person__{name}" for name in _PERSON))
    lumps = plain_rows(Lump.objects.filter(pk__in=wanted).values_list(*columns))  # first: what comes then is newer
    observations = Observation.objects.filter(lump__in=wanted).order_by("observed_at", "rev")
    checks = _by_lump(plain_rows(observations.values_list(*CHECK_COLUMNS)))
    care = _by_lump(plain_rows(CareEvent.objects.filter(lump__in=wanted).order_by("on", "rev").values_list(*_CARE)))
    photos = _by_lump(plain_rows(Photo.objects.filter(lump__in=wanted).values_list("lump_id", "rev")))
    found = {}
    for row in lumps:
        pk, person = row[0], row[len(_LUMP) :]
        found[pk] = Bare(
            History(
                person=_person(person),
                lump=_lump(row),
                observations=tuple([_check(one) for one in checks[pk]]),
                care=tuple([_care(one) for one in care[pk]]),
            ),
            last_rev=person[-1],
            checks={one[3]: Stamp(one[1], one[2]) for one in checks[pk]},
            care={one[3]: Stamp(one[1], one[2]) for one in care[pk]},
            photos=tuple(one[1] for one in photos[pk]),
        )
    return found


def _person(row: Row) -> PersonFacts:
    pk, birth_date, sex, region, time_zone, background, *_ = row
    return PersonFacts(
        id=pk,
        birth_date=_birth_date(birth_date) if birth_date else None,
        sex=sex,
        region=region,
        time_zone=time_zone or "UTC",
        background=_answers("person.background", background),
    )


def _lump(row: Row) -> LumpFacts:
    pk, site, side, noticed_on, certainty, closed_on, closed_reason, background = row[: len(_LUMP)]
    return LumpFacts(
        id=pk,
        site=site,
        side=side,
        first_noticed_on=noticed_on,
        first_noticed_certainty=certainty,
        closed_on=closed_on,
        closed_reason=closed_reason,
        background=_answers("lump.background", background),
    )


def check_of(row: Row) -> ObservationFacts:
    """From `CHECK_COLUMNS`. An uncertainty of 0 claims perfection, which no history may: it is taken for not known."""
    pk, observed_at, received_at, length, width, height, readings, uncertainty, method, signs = row[3:]
    answers = check_answers("observation.signs", signs)
    return ObservationFacts(
        pk, observed_at, received_at, length, width, height, tuple(readings), uncertainty or None, method, answers
    )


def _check(row: Row) -> ObservationFacts:
    """The same, of JSON that is still text."""
    pk, observed_at, received_at, length, width, height, readings, uncertainty, method, signs = row[3:]
    repeats = () if readings == "[]" else tuple(json.loads(readings))
    answers = _answers("observation.signs", signs)
    return ObservationFacts(
        pk, observed_at, received_at, length, width, height, repeats, uncertainty or None, method, answers
    )


@lru_cache(maxsize=4096)
def _answers(scope: Scope, text: str) -> Mapping[str, Answer]:
    """Most people answer the same from check to check; what many histories share is not theirs to change."""
    return check_answers(scope, json.loads(text))


def _care(row: Row) -> CareFacts:
    pk, on, kind, review_on, by, confirmed = row[3:]
    return CareFacts(id=pk, on=on, kind=kind, review_on=review_on, by=by, confirmed=confirmed)


@lru_cache(maxsize=4096)
def _birth_date(text: str) -> PartialDate:
    return read_partial_date(text)


def _by_lump(rows: Iterable[Row]) -> Mapping[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found
