"""Histories that use everything a history can hold, for the properties that must stand whatever is in them.

Half of them begin as an example of some rule, so that rules fire; then anything may be added to them or taken away.
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from tracking import catalogue
from tracking.fields import Field
from tracking.history import parse_history
from triage.engine import Assessment, assess
from triage.rulebook import load_rulebook
from triage.rulebook_proof import EXAMPLE_AT, example_history

Document = dict[str, Any]  # Any: JSON

# Zones whose clocks change at midnight, by half an hour, on other dates in the south, or never.
ZONES = (
    "UTC",
    "Europe/London",
    "America/New_York",
    "America/Havana",
    "Africa/Cairo",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
)
MOMENTS = (
    EXAMPLE_AT,
    datetime(2026, 3, 28, 23, 30, tzinfo=UTC),
    datetime(2026, 4, 23, 21, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 11, 1, 4, 0, tzinfo=UTC),
    datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
)
ALARMS = {name: field for name, field in catalogue.FIELDS["observation.signs"].items() if field.has_alarm}


def alarming_answer(name: str) -> Any:  # Any: JSON
    field = ALARMS[name]
    return field.alarming[0] if field.alarming else field.alarming_from


def answers(field: Field) -> st.SearchStrategy[Any]:  # Any: JSON
    """Any answer to it, with the numbers at which something changes."""
    match field.kind:
        case "flag":
            return st.booleans()
        case "choice":
            return st.sampled_from(sorted(field.choices))
        case "number" | "scale":
            low, high = int(field.min or 0), int(field.max or 100)
            edges = [edge for edge in (low, high, field.alarming_from, 3, 5, 7, 25, 38, 50) if edge is not None]
            return st.sampled_from([edge for edge in edges if low <= edge <= high]) | st.integers(low, min(high, 60))
        case "date":
            return st.none()  # drawn apart: it must not lie ahead
        case "text":
            return st.just("words")


@st.composite
def some_answers(draw: st.DrawFn, scope: catalogue.Scope, most: int) -> Document:
    fields = catalogue.FIELDS[scope]
    names = draw(st.lists(st.sampled_from(sorted(fields)), max_size=most, unique=True))
    told = {name: draw(answers(fields[name])) for name in names}
    return {name: value for name, value in told.items() if value is not None}


def day_before(at: datetime, days: int) -> str:
    """A day that is past wherever the person lives."""
    return (at - timedelta(days=days + 1)).date().isoformat()


@st.composite
def births(draw: st.DrawFn, at: datetime) -> str | None:
    """Any age, with birthdays about now, known to the day, the month, the year or not at all."""
    text = draw(st.sampled_from(["day", "day", "month", "year", "unknown"]))
    if text == "unknown":
        return None
    months = draw(st.integers(0, 1200) | st.sampled_from([0, 3, 6, 24, 60, 192, 216, 300, 360, 480, 600, 720]))
    day = at.date() - timedelta(days=draw(st.integers(2, 40)))
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    born = date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    return {"day": born.isoformat(), "month": f"{born:%Y-%m}", "year": f"{born:%Y}"}[text]


@st.composite
def checks(draw: st.DrawFn, at: datetime, number: int) -> Document:
    minutes = draw(st.integers(0, 60 * 24 * 45) | st.sampled_from([60 * 12, 60 * 24 * 3, 60 * 24 * 28]))
    observed_at = at - timedelta(minutes=minutes - draw(st.sampled_from([0, 0, 0, 60 * 48])))
    one: Document = {
        "id": str(UUID(int=number + 1)),
        "observed_at": observed_at.isoformat(),
        "signs": draw(some_answers("observation.signs", 8)),
    }
    if draw(st.booleans()):
        one["length_mm"] = draw(st.integers(2, 70))
        one["method"] = draw(st.sampled_from([None, *sorted(catalogue.METHODS)]))
    if draw(st.integers(0, 4)) == 0:
        one["width_mm"], one["height_mm"] = draw(st.integers(1, 60)), draw(st.integers(0, 20))
    if draw(st.integers(0, 6)) == 0:
        length = draw(st.integers(2, 60))
        one |= {"readings_mm": [length, length + 1, length + 1], "length_mm": None}
    if draw(st.integers(0, 9)) == 0:
        one["uncertainty_mm"] = draw(st.sampled_from([0.5, 2, 9]))
    if draw(st.integers(0, 4)) == 0:
        one["received_at"] = (at - timedelta(minutes=draw(st.integers(-60 * 24 * 3, 60 * 24 * 20)))).isoformat()
    return one


@st.composite
def steps_of_care(draw: st.DrawFn, at: datetime, number: int) -> Document:
    on = at.date() - timedelta(days=draw(st.integers(-5, 60)))
    one: Document = {
        "id": str(UUID(int=900 + number)),
        "on": on.isoformat(),
        "kind": draw(st.sampled_from(sorted(catalogue.CARE_KINDS))),
        "by": draw(st.sampled_from([None, *sorted(catalogue.CARE_AUTHORS)])),
        "confirmed": draw(st.sampled_from([None, True, False])),
    }
    if draw(st.booleans()):
        one["review_on"] = (on + timedelta(days=draw(st.integers(0, 90)))).isoformat()
    return one


@st.composite
def asked(draw: st.DrawFn, *, empty: bool = True) -> tuple[Document, datetime]:
    """A history document and the moment it is judged at."""
    at = draw(st.sampled_from(MOMENTS)) + timedelta(minutes=draw(st.sampled_from([0, 0, 1, 60 * 11, 60 * 24 * 17])))
    made = draw(examples_of_rules(at)) if draw(st.booleans()) else _blank(at)
    person, lump = made["person"], made["lump"]
    person["time_zone"] = draw(st.sampled_from(ZONES))
    person["region"] = draw(st.sampled_from([None, "GB", "US"]))
    if made["lump"]["site"] is None or draw(st.integers(0, 3)) == 0:
        lump["site"] = draw(st.sampled_from(sorted(catalogue.SITES)))
        person["birth_date"], person["sex"] = draw(births(at)), draw(st.sampled_from([None, *catalogue.SEXES]))
        lump["side"] = draw(st.sampled_from([None, *catalogue.SIDES]))
    if draw(st.booleans()):
        person["background"] |= draw(some_answers("person.background", 3))
        lump["background"] |= draw(some_answers("lump.background", 4))
    if draw(st.integers(0, 3)) == 0:
        lump["background"]["cause_on"] = day_before(at, draw(st.integers(0, 60)))
    if draw(st.booleans()):
        lump["first_noticed_on"] = draw(st.none() | st.integers(0, 420).map(lambda days: day_before(at, days)))
        lump["first_noticed_certainty"] = draw(st.sampled_from([None, *catalogue.CERTAINTIES]))
    if draw(st.integers(0, 4)) == 0:
        closed_on = (at.date() - timedelta(days=draw(st.integers(-20, 30)))).isoformat()
        lump["closed_on"] = max(closed_on, lump["first_noticed_on"] or closed_on)
        lump["closed_reason"] = draw(st.sampled_from([None, *catalogue.CLOSED_REASONS]))
    made["observations"] += [
        draw(checks(at, 100 + number)) for number in range(draw(st.integers(0 if empty else 1, 4)))
    ]
    made["care"] = [draw(steps_of_care(at, number)) for number in range(draw(st.sampled_from([0, 0, 1, 2])))]
    return made, at


@st.composite
def examples_of_rules(draw: st.DrawFn, at: datetime) -> Document:
    rule = draw(st.sampled_from(load_rulebook().rules))
    made: Document = dict(example_history(rule, draw(st.sampled_from(rule.examples))))
    moved, ago = at - EXAMPLE_AT, timedelta(days=draw(st.sampled_from([0, 0, 1, 3, 13, 27])))
    for one in made["observations"]:
        one["observed_at"] = (datetime.fromisoformat(one["observed_at"]) + moved - ago).isoformat()
    if made["person"]["birth_date"] is not None:
        born = date.fromisoformat(made["person"]["birth_date"])
        made["person"]["birth_date"] = (born + timedelta(days=moved.days)).isoformat()
    lump = made["lump"]
    lump["first_noticed_on"] = (
        date.fromisoformat(lump["first_noticed_on"]) + timedelta(days=moved.days - ago.days)
    ).isoformat()
    if "cause_on" in lump["background"]:
        lump["background"] = dict(lump["background"], cause_on=day_before(at, ago.days))
    made["person"]["background"], lump["background"] = dict(made["person"]["background"]), dict(lump["background"])
    return made


def _blank(at: datetime) -> Document:
    return {
        "format": "lumptracker.history/1",
        "person": {"birth_date": None, "sex": None, "background": {}},
        "lump": {"site": None, "first_noticed_on": day_before(at, 3), "background": {}},
        "observations": [],
        "care": [],
    }


def judge(made: Document, at: datetime) -> Assessment:
    return assess(parse_history(made, at=at, for_judging=True), at)


def answered_now(made: Document, at: datetime, **told: Any) -> Document:  # Any: JSON
    """The same with one more check, at the moment of asking."""
    now = {"id": str(UUID(int=5_000_000)), "observed_at": at.isoformat(), "signs": told}
    return made | {"observations": [*made["observations"], now]}
