"""The history as it stood at an instant: which checks and care count, the last answer to each question, the calendar.

Implements "How the document is read" of the history document: what lies after `at` is ignored, a clock that runs
ahead hides nothing, answers stand until answered again, an alarming answer past its span is not known any more.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tracking import catalogue
from tracking.days import read_zone
from tracking.history import CareFacts, History, ObservationFacts
from triage.facts.fact import Fact, Part, Value, first_instant, unknown

SIGNS = catalogue.FIELDS["observation.signs"]
UNSURE = "unsure"  # an answer that says nothing: it fires nothing and takes nothing back
VISITS = frozenset({"seen", "diagnosis", "discharged"})
RESTARTS = frozenset({"treated", "removed"})


class LastAnswer(NamedTuple):
    """The answer that stands for one question."""

    value: Value
    observation: ObservationFacts


@lru_cache(maxsize=4096, typed=True)
def _span(name: str, value: Value) -> timedelta | None:
    """How long this answer counts: None is until it is answered again."""
    field = SIGNS[name]
    return timedelta(hours=field.span_hours) if field.span_hours is not None and field.is_alarming(value) else None


@lru_cache(maxsize=4096, typed=True)
def sign_stands(name: str, value: Value) -> bool:
    """Whether this answer, once given, is known until it is answered again: no span ends it."""
    return value != UNSURE and _span(name, value) is None


@lru_cache(maxsize=16_384)
def _start_of(day: date, zone: ZoneInfo) -> datetime:
    """Kept, because histories judged one after another ask for the same few days."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


class Record:
    """One history as of `at`."""

    def __init__(self, history: History, at: datetime) -> None:
        self.history = history
        self.at = at
        self.zone = read_zone(history.person.time_zone)
        self.today = self.day_of(at)
        self.next_arrival: datetime | None = None  # when something already in the document begins to count
        self.observations = self._observations_so_far()
        self.care = self._care_so_far()
        self.answers = self._last_answers()

    def day_of(self, instant: datetime) -> date:
        """The calendar day where the person lives."""
        return instant.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """The instant a day begins where the person lives."""
        return _start_of(day, self.zone)

    def _observations_so_far(self) -> list[ObservationFacts]:
        counted: list[ObservationFacts] = []
        before: datetime | None = None
        is_in_order = True
        for one in self.history.observations:
            judged_at = one.judged_at
            if judged_at <= self.at:
                is_in_order = is_in_order and (before is None or before < judged_at)
                before = judged_at
                counted.append(one)
            else:
                self.next_arrival = first_instant(self.next_arrival, judged_at)
        if not is_in_order:
            counted.sort(key=lambda one: (one.judged_at, one.observed_at, one.id.hex))
        return counted

    def _care_so_far(self) -> list[CareFacts]:
        counted: list[CareFacts] = []
        for event in self.history.care:
            if event.on <= self.today:
                counted.append(event)
            else:
                self.next_arrival = first_instant(self.next_arrival, self.start_of(event.on))
        counted.sort(key=lambda event: (event.on, event.id.hex))
        return counted

    def _last_answers(self) -> dict[str, LastAnswer]:
        last: dict[str, ObservationFacts] = {}
        for one in self.observations:
            if UNSURE not in one.signs.values():
                last |= dict.fromkeys(one.signs, one)
                continue
            for name, value in one.signs.items():
                if value == UNSURE and name in last and SIGNS[name].is_alarming(last[name].signs[name]):
                    continue
                last[name] = one
        return {name: LastAnswer(one.signs[name], one) for name, one in last.items()}

    def sign(self, name: str) -> Fact:
        """The answer that stands, unless it alarmed and its span has passed: then it is not known and asked again."""
        last = self.answers.get(name)
        if last is None or last.value == UNSURE:
            return unknown(name)
        span = _span(name, last.value)
        until: datetime | None = None
        if span is not None:
            until = last.observation.judged_at + span
            if until <= self.at:
                return unknown(name)
        return Fact(last.value, (Part(f"sign.{name}", last.value, (str(last.observation.id),)),), until=until)

    @cached_property
    def noticed_on(self) -> date | None:
        """The day the lump was first noticed: the day given or, if nothing earlier is known, the first entry's."""
        given = self.history.lump.first_noticed_on
        if not self.observations:
            return given
        entered = self.day_of(self.observations[0].judged_at)
        return entered if given is None else min(given, entered)

    def days_since(self, day: date, name: str) -> Fact:
        """Whole calendar days since `day`, with the instant at which it reaches any later number."""

        def crossing(number: float) -> datetime | None:
            reached = self.start_of(day + timedelta(days=round(number)))
            return reached if reached > self.at else None

        count = (self.today - day).days
        return Fact(count, (Part(name, count),), crossing=crossing)

    @property
    def last_visit(self) -> CareFacts | None:
        """The last time a clinician looked at it and said what to do, once confirmed. The longer rest of one day."""
        visits = [event for event in self.care if event.kind in VISITS and event.confirmed]
        return max(visits, key=lambda event: (event.on, event.review_on or event.on, event.id.hex), default=None)

    @property
    def closed(self) -> bool:
        """Closed by the person, or last seen gone; any later check other than "gone" opens it again."""
        last = self.observations[-1] if self.observations else None
        if last is not None and last.signs.get("trend") == "gone":
            return True
        closed_on = self.history.lump.closed_on
        if closed_on is None or closed_on > self.today:
            return False
        return last is None or self.day_of(last.judged_at) <= closed_on

    @property
    def closes_at(self) -> datetime | None:
        """When a closing that lies ahead begins to count."""
        closed_on = self.history.lump.closed_on
        return self.start_of(closed_on) if closed_on is not None and closed_on > self.today else None
