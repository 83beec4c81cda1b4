"""What is known about a lump at an instant, as named values: known or not, from which checks, and until when.

`Facts(history, at)["sign.fever"]`; every recordable field is a fact of its own (`sign.`, `lump.`, `person.`), the rest
have a name and a function in `derived`. Plain Python: no clock, no settings.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property, lru_cache, partial

from tracking.history import History
from triage.facts.blank import BLANK, COMBINED, DECIDES, PLAIN, plain_behind
from triage.facts.combined import ALL_OF, ANY_OF, as_fact
from triage.facts.derived import DERIVED
from triage.facts.fact import (
    NO,
    Answer,
    Condition,
    Fact,
    Part,
    Value,
    all_hold,
    answer,
    any_holds,
    opposite,
    same,
    unknown,
)
from triage.facts.readings import growth_readings
from triage.facts.record import UNSURE, Record, stands
from triage.growth import Growth, growth_of

__all__ = [
    "FACT_AGES",
    "FACT_NAMES",
    "Answer",
    "Condition",
    "Fact",
    "Facts",
    "Part",
    "Record",
    "all_hold",
    "answer",
    "any_holds",
    "conditions_of_signs",
    "noes_of",
    "opposite",
    "plain_behind",
    "same",
]

FACT_AGES = (6, 24, 16 * 12, 18 * 12, 60 * 12)  # months at which a named fact changes its mind
FACT_NAMES = frozenset({*PLAIN, *DERIVED, *COMBINED})
_SIGNS = {field: name for name, field in PLAIN.items() if name.startswith("sign.")}
_LUMP = {field: name for name, field in PLAIN.items() if name.startswith("lump.")}
_PERSON = {field: name for name, field in PLAIN.items() if name.startswith("person.")}


class Facts:
    """The facts of one history as of `at`, each worked out when first asked for."""

    def __init__(self, history: History, at: datetime) -> None:
        self.record = Record(history, at)
        self.told = self._told()  # names of the plain facts that somebody answered, be it with "unsure"
        self._known = BLANK.copy()
        for name in self.told:
            for decided in DECIDES[name]:
                self._known.pop(decided, None)
        self._answers: dict[Condition, Answer] = {}
        for field, last in self.record.answers.items():
            if conditions := _COMBINED_OF.get(field):
                self._answers |= noes_of(conditions, field, last.value)

    def __getitem__(self, name: str) -> Fact:
        fact = self._known.get(name)
        if fact is None:
            fact = self._known[name] = _FOUND_BY[name](self)
        return fact

    def answer(self, condition: Condition) -> Answer:
        """Whether a condition holds. Many rules share one, and each is worked out once."""
        found = self._answers.get(condition)
        if found is None:
            found = self._answers[condition] = answer(condition, self[condition.fact])
        return found

    def _told(self) -> list[str]:
        history = self.record.history
        told = [_SIGNS[field] for field in self.record.answers]
        told += [_LUMP[field] for field in history.lump.background]
        told += [_PERSON[field] for field in history.person.background]
        if history.lump.side is not None:
            told.append("lump.side")
        return told

    @cached_property
    def growth(self) -> Growth:
        """What the sizes say; time alone never changes it."""
        return growth_of(growth_readings(self.record))

    @cached_property
    def months_old(self) -> tuple[int, int] | None:
        """The fewest and the most whole months the person may be old today; None while nothing is known of it."""
        born, today = self.record.history.person.birth_date, self.record.today
        return (_months(born.latest, today), _months(born.earliest, today)) if born else None

    def age_at_least_months(self, months: int) -> bool | None:
        """Whether the person is that old today; not known while the birth date allows both."""
        if self.months_old is None:
            return None
        fewest, most = self.months_old
        return True if fewest >= months else None if most >= months else False

    def next_birthday(self, months: Sequence[int]) -> datetime | None:
        """The next instant at which somebody turns, or may turn, one of these ages (in rising order)."""
        born = self.record.history.person.birth_date
        if born is None or self.months_old is None:
            return None
        ahead = [
            months_later(day, months[bisect_right(months, old)])
            for day, old in zip((born.latest, born.earliest), self.months_old, strict=True)
            if old < months[-1]
        ]
        return self.record.start_of(min(ahead)) if ahead else None


@lru_cache(maxsize=65_536, typed=True)
def noes_of(conditions: tuple[Condition, ...], field: str, value: Value) -> dict[Condition, Answer]:
    """Which of the conditions on one question this answer to it settles for good with a no.

    Nine answers in ten are such, so they are known beforehand and not compared again in every history.
    """
    if not stands(field, value):
        return {}
    fact = Fact(value)
    return {condition: NO for condition in conditions if answer(condition, fact) is NO}


def conditions_of_signs(conditions: Iterable[Condition]) -> dict[str, tuple[Condition, ...]]:
    """Question → those of the conditions that its answer alone decides."""
    found: dict[str, list[Condition]] = {}
    for condition in conditions:
        name = condition.fact
        if name.startswith("sign.") and plain_behind(name) == frozenset({name}):
            found.setdefault(PLAIN[name], []).append(condition)
    return {field: tuple(touched) for field, touched in found.items()}


def _sign(field: str, facts: Facts) -> Fact:
    return facts.record.sign(field)


def _of_lump(name: str, field: str, facts: Facts) -> Fact:
    return _background(name, field, facts.record.history.lump.background.get(field))


def _of_person(name: str, field: str, facts: Facts) -> Fact:
    return _background(name, field, facts.record.history.person.background.get(field))


def _side(facts: Facts) -> Fact:
    return _background("lump.side", "side", facts.record.history.lump.side)


def _background(name: str, field: str, value: bool | float | int | str | date | None) -> Fact:
    if value is None or value == UNSURE:
        return unknown(field)
    return Fact(value, (Part(name, value),))


def _any_of(name: str, conditions: tuple[Condition, ...], facts: Facts) -> Fact:
    return as_fact(name, any_holds([facts.answer(condition) for condition in conditions]))


def _all_of(name: str, conditions: tuple[Condition, ...], facts: Facts) -> Fact:
    return as_fact(name, all_hold([facts.answer(condition) for condition in conditions]))


# How each fact is found. The later rows win, so that a named fact may stand for a plain one.
_FOUND_BY: Mapping[str, Callable[[Facts], Fact]] = {
    **{name: partial(_sign, field) for field, name in _SIGNS.items()},
    **{name: partial(_of_person, name, field) for field, name in _PERSON.items()},
    **{name: partial(_of_lump, name, field) for field, name in _LUMP.items()},
    "lump.side": _side,
    **{name: partial(_any_of, name, tuple(same(*row) for row in rows)) for name, rows in ANY_OF.items()},
    **{name: partial(_all_of, name, tuple(same(*row) for row in rows)) for name, rows in ALL_OF.items()},
    **DERIVED,
}


_COMBINED_OF = conditions_of_signs(
    dict.fromkeys(same(*row) for rows in (*ANY_OF.values(), *ALL_OF.values()) for row in rows)
)


def _months(born: date, today: date) -> int:
    """Whole months from one day to another; born on a day that the month lacks, the next month's first completes it."""
    return (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)


def months_later(day: date, months: int) -> date:
    """The day somebody born on `day` is that old; born on a day that the month lacks, it is the next month's first."""
    year, month = divmod(day.month - 1 + months, 12)
    try:
        return date(day.year + year, month + 1, day.day)
    except ValueError:
        return date(day.year + year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
