"""The sentence at the head of the page and the strip of facts under it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any  # Any: the assessment is JSON whose shape is the contract's section 4

from lumptracker.clinic.answers import Standing, answer_text
from lumptracker.clinic.sizes import Measurement
from lumptracker.clinic.words import day_text, mm_text, near_day_text, number_text, span_text
from tracking import catalogue
from tracking.history import CareFacts, History
from tracking.texts import say
from triage.ladder import LEVELS

SEEN = ("seen", "imaging", "biopsy", "result", "diagnosis", "treated", "removed", "discharged")
_NO_ANSWER = "unsure"


@dataclass(frozen=True, slots=True)
class Advice:
    """What the app said at one moment: the findings that were new then, most urgent first."""

    at: datetime
    level: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One cell of the strip under the headline. `is_out`: out of the ordinary, so it gets the accent."""

    label: str
    value: str
    detail: str = ""
    is_out: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What the sentences below are made from."""

    history: History
    assessment: Mapping[str, Any]
    advised: tuple[Advice, ...]
    care: tuple[CareFacts, ...]
    sizes: tuple[Measurement, ...]
    signs: Mapping[str, Standing]
    local: datetime

    @property
    def today(self) -> date:
        return self.local.date()

    @property
    def growth(self) -> Mapping[str, Any]:
        return self.assessment.get("growth") or {}

    @property
    def last_seen(self) -> CareFacts | None:
        return next((one for one in reversed(self.care) if one.kind in SEEN and one.confirmed), None)

    def day(self, instant: datetime) -> date:
        return instant.astimezone(self.local.tzinfo).date()


def place_text(history: History) -> str:
    """Left lower back; Lower back, midline."""
    lump = history.lump
    site = catalogue.SITES[lump.site].label
    return say(f"clinic.{lump.side}", site=site, inside=site[0].lower() + site[1:]) if lump.side else site


def headline(told: Told) -> str:
    parts = [
        f"{place_text(told.history)}, {_noticed(told)}",
        _size(told),
        _pace(told),
        _feel(told),
        _strongest_advice(told),
        _care(told),
    ]
    return "; ".join(part for part in parts if part) + "."


def _noticed(told: Told) -> str:
    lump = told.history.lump
    if lump.first_noticed_on is None:
        return say("clinic.noticed_unknown")
    days = (told.today - lump.first_noticed_on).days
    if days == 0:
        return say("clinic.noticed_today")
    span = span_text(days)
    return say("clinic.noticed_exact" if lump.first_noticed_certainty == "exact" else "clinic.noticed_about", span=span)


def _size(told: Told) -> str:
    if not told.sizes:
        return say("clinic.never_measured")
    first, last = told.sizes[0], told.sizes[-1]
    how = say("clinic.how_measured", method=method_text(last.method), error=mm_text(last.margin_mm))
    if len(told.sizes) == 1:
        return say("clinic.one_size", size=mm_text(last.length_mm), how=how)
    days = (told.day(last.at) - told.day(first.at)).days
    sizes = {"first": mm_text(first.length_mm), "last": mm_text(last.length_mm), "how": how}
    if days == 0:
        return say("clinic.two_sizes_one_day", **sizes)
    return say("clinic.two_sizes", span=span_text(days), **sizes)


def method_text(method: str | None) -> str:
    """ruler; "method not given" where it was not said."""
    return say(f"clinic.method_{method}") if method else say("clinic.method_unknown")


def _pace(told: Told) -> str:
    """What the statistic says, in words that never reassure."""
    state = told.growth.get("state")
    if state == "growing":
        return _doubling(told) or say("clinic.growing")
    if not told.sizes or state is None:
        return ""
    if way := _unsure_way(told):
        return say(f"clinic.unsure_{way}")
    return say(f"clinic.{state}")


def _unsure_way(told: Told) -> str:
    """`bigger` or `smaller` where the last size differs from the first by more than twice the error, and the statistic
    does not decide yet: "no change" would be said of a difference that everybody sees."""
    if told.growth.get("state") != "stable" or len(told.sizes) < 2:
        return ""
    first, last = told.sizes[0], told.sizes[-1]
    if abs(last.length_mm - first.length_mm) <= 2 * math.hypot(first.error_mm, last.error_mm):
        return ""
    return "bigger" if last.length_mm > first.length_mm else "smaller"


def _doubling(told: Told) -> str:
    days = told.growth.get("doubling_days")
    if not days:
        return ""
    low, high = number_text(days["low"]), days["high"]
    interval = f"{low}–{number_text(high)}" if high is not None else say("clinic.at_least", low=low)
    return say("clinic.doubling", days=number_text(days["estimate"]), interval=interval)


def _feel(told: Told) -> str:
    words = []
    for name in ("consistency", "mobility"):
        standing = told.signs.get(name)
        if standing is not None and standing.answer != _NO_ANSWER:
            words.append(say(f"clinic.{name}_{standing.answer}"))
    pain = told.signs.get("pain")
    if pain is not None:
        words.append(answer_text(pain.field, pain.answer).lower())
    return ", ".join(words)


def _strongest_advice(told: Told) -> str:
    if not told.advised:
        return say("clinic.no_advice")
    strongest = min(told.advised, key=lambda one: LEVELS.index(one.level))  # the first of the most urgent ones
    when = near_day_text(told.day(strongest.at), today=told.today)
    return say("clinic.advised", when=when, what=say(f"clinic.asked_{strongest.level}"))


def _care(told: Told) -> str:
    seen = told.last_seen
    if seen is not None:
        label = catalogue.CARE_KINDS[seen.kind]
        return f"{label[0].lower()}{label[1:]} {say('clinic.on_day', when=near_day_text(seen.on, today=told.today))}"
    booked = next((one for one in reversed(told.care) if one.kind == "booked"), None)
    if booked is not None:
        return say("clinic.booked_not_seen", when=near_day_text(booked.on, today=told.today))
    return say("clinic.not_seen")


def care_text(care: CareFacts) -> str:
    """A step of care in words. An appointment stands under the day that it is for, not on which it was booked."""
    return say("clinic.appointment") if care.kind == "booked" else catalogue.CARE_KINDS[care.kind]


def facts(told: Told) -> tuple[Fact, ...]:
    lump, care = told.history.lump, _care(told)
    noticed = lump.first_noticed_on
    since = Fact(
        say("clinic.fact_since"),
        _how_long((told.today - noticed).days) if noticed else say("clinic.unknown"),
        _since_detail(told),
    )
    return (
        Fact(say("clinic.fact_where"), place_text(told.history), lump_kind(told.history)),
        since,
        _size_fact(told),
        _pace_fact(told),
        Fact(
            say("clinic.fact_feel"),
            _feel(told) or say("clinic.not_asked_about"),
            is_out=any(told.signs[name].is_alarming for name in ("consistency", "mobility") if name in told.signs),
        ),
        Fact(say("clinic.fact_care"), care[0].upper() + care[1:], is_out=bool(told.advised) and told.last_seen is None),
    )


def _how_long(days: int) -> str:
    return span_text(days) if days else say("clinic.since_today")


def _since_detail(told: Told) -> str:
    noticed = told.history.lump.first_noticed_on
    if noticed is None:
        return ""
    exact = told.history.lump.first_noticed_certainty == "exact"
    return say("clinic.since_exact" if exact else "clinic.since_about", when=day_text(noticed, year=True))


def lump_kind(history: History) -> str:
    """Where it seems to sit, as the person said."""
    kind = history.lump.background.get("kind")
    if kind is None or kind == _NO_ANSWER:
        return ""
    label = catalogue.FIELDS["lump.background"]["kind"].choices[str(kind)]
    return label[0].lower() + label[1:]


def _size_fact(told: Told) -> Fact:
    label = say("clinic.fact_size")
    if not told.sizes:
        return Fact(label, say("clinic.never_measured"))
    last = told.sizes[-1]
    size = f"{mm_text(last.length_mm)} × {mm_text(last.width_mm)}" if last.width_mm else mm_text(last.length_mm)
    when = near_day_text(told.day(last.at), today=told.today)
    how = say("clinic.how_measured", method=method_text(last.method), error=mm_text(last.margin_mm))
    return Fact(label, f"{size} mm", f"{when}, {how}")


def _pace_fact(told: Told) -> Fact:
    label, growth = say("clinic.fact_pace"), told.growth
    if growth.get("state") == "growing" and growth.get("change_mm") is not None:
        change = f"+{number_text(growth['change_mm'])} mm"
        percent = growth.get("change_percent")
        value = f"{change} (+{percent:.0f} %)" if percent is not None else change
        return Fact(
            label,
            say("clinic.pace_since", change=value, since=_iso_day(growth.get("since"), told)),
            _doubling(told),
            is_out=True,
        )
    way = _unsure_way(told)
    value = f"clinic.pace_unsure_{way}" if way else f"clinic.pace_{growth.get('state') or 'too_few'}"
    return Fact(label, say(value), _pace_detail(told), is_out=way == "bigger")


def _pace_detail(told: Told) -> str:
    """From what to what, and how often it was looked at: what the reader would ask next."""
    times = say("clinic.measured_once" if len(told.sizes) == 1 else "clinic.measured_times", count=len(told.sizes))
    if len(told.sizes) < 2 or not (days := (told.day(told.sizes[-1].at) - told.day(told.sizes[0].at)).days):
        return times
    first, last = (mm_text(one.length_mm) for one in (told.sizes[0], told.sizes[-1]))
    return f"{say('clinic.pace_sizes', first=first, last=last, span=span_text(days))}, {times}"


def _iso_day(text: str | None, told: Told) -> str:
    return near_day_text(date.fromisoformat(text), today=told.today) if text else ""
