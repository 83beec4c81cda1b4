"""The frozen values that a history is made of. Import them from `tracking.history`.

Lengths are millimetres, times aware datetimes, `None` means *not asked or not answered* and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal, NamedTuple
from uuid import UUID

FORMAT = "lumptracker.history/1"

Answer = bool | float | int | str | date
Answers = Mapping[str, Answer]  # only answered fields are in it: a missing key is "not known"

NOTHING: Answers = MappingProxyType({})

Sex = Literal["female", "male", "intersex"]
Side = Literal["left", "right", "midline"]
Certainty = Literal["exact", "about", "unknown"]
CareBy = Literal["person", "app", "clinician"]


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A birth date known to the year, the month or the day: the range of days it may be."""

    earliest: date
    latest: date

    @property
    def text(self) -> str:
        """The shortest of YYYY, YYYY-MM, YYYY-MM-DD that says it."""
        if self.earliest == self.latest:
            return self.earliest.isoformat()
        return f"{self.earliest:%Y-%m}" if self.earliest.month == self.latest.month else f"{self.earliest:%Y}"


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Who carries the lump, as far as it matters."""

    id: UUID
    name: str = ""
    colour: str = "teal"
    birth_date: PartialDate | None = None
    sex: Sex | None = None
    region: str | None = None
    time_zone: str = "UTC"
    background: Answers = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pin:
    """Where it sits on the body drawing: fractions of the drawing's width and height, from the top left."""

    view: Literal["front", "back"]
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class LumpFacts:
    """The lump itself: where, since when, whether it is closed."""

    id: UUID
    site: str
    label: str = ""
    side: Side | None = None
    pin: Pin | None = None
    first_noticed_on: date | None = None
    first_noticed_certainty: Certainty | None = None
    closed_on: date | None = None
    closed_reason: str | None = None
    background: Answers = field(default_factory=dict)


class ObservationFacts(NamedTuple):
    """One check. Lengths in mm; `readings_mm` are repeats of the longest diameter at one sitting.

    A named tuple because a judgement makes more of these than of anything else, and a frozen class takes five times as
    long to make.
    """

    id: UUID
    observed_at: datetime
    received_at: datetime | None = None
    length_mm: float | None = None
    width_mm: float | None = None
    height_mm: float | None = None
    readings_mm: tuple[float, ...] = ()
    uncertainty_mm: float | None = None
    method: str | None = None
    signs: Answers = NOTHING
    note: str = ""

    @property
    def judged_at(self) -> datetime:
        """The earlier of `observed_at` and `received_at`: a clock that runs ahead never hides an answer."""
        if self.received_at is None:
            return self.observed_at
        return min(self.observed_at, self.received_at)


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """A picture's description; its bytes live behind the vault."""

    id: UUID
    observation: UUID
    taken_at: datetime | None = None
    sha256: str | None = None
    width: int | None = None
    height: int | None = None
    mm_per_px: float | None = None
    marks: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class CareFacts:
    """One step of care. `by` defaults to the person; what a clinician wrote counts once confirmed."""

    id: UUID
    on: date
    kind: str
    outcome: str | None = None
    review_on: date | None = None
    by: CareBy = "person"
    confirmed: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """One lump's whole record, observations and care oldest first."""

    person: PersonFacts
    lump: LumpFacts
    observations: tuple[ObservationFacts, ...] = ()
    photos: tuple[PhotoFacts, ...] = ()
    care: tuple[CareFacts, ...] = ()
