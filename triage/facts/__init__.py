"""What is known about a lump at an instant, as named values: known or not, from which checks, and until when.

`Facts(history, at)["sign.fever"]`; every recordable field is a fact of its own (`sign.`, `lump.`, `person.`), the rest
have a name and a function in `derived`. Plain Python: no clock, no settings.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
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
from triage.facts.ground import GROUNDED, SOME_TIME, Ground, ground_of, told_by
from triage.facts.readings import growth_readings
from triage.facts.record import UNSURE, Record, sign_stands
from triage.growth import Growth, growth_of

__all__ = [
    "FACT_AGES",
    "FACT_NAMES",
    "GROUNDED",
    "Answer",
    "Condition",
    "Fact",
    "Facts",
    "Ground",
    "MonthsOld",
    "Part",
    "Record",
    "age_at_least",
    "all_hold",
    "answer",
    "any_holds",
    "grounded",
    "opposite",
    "plain_behind",
    "same",
]

FACT_AGES = (6, 24, 16 * 12, 18 * 12, 60 * 12)  # months at which a named fact changes its mind
FACT_NAMES = frozenset({*PLAIN, *DERIVED, *COMBINED})
_SIGNS = {field: name for name, field in PLAIN.items() if name.startswith("sign.")}
_LUMP = {field: name for name, field in PLAIN.items() if name.startswith("lump.")}
_PERSON = {field: name for name, field in PLAIN.items() if name.startswith("person.")}
MonthsOld = tuple[int, int]  # the fewest and the most whole months somebody may be old


class Facts:
    """The facts of one history as of `at`, each worked out when first asked for."""

    def __init__(self, history: History, at: datetime, *, known: Mapping[str, Fact] | None = None) -> None:
        """`known`: facts to begin with, instead of all that the history's ground says."""
        self.record = Record(history, at)
        self.ground = ground_of(history)
        self.told = {_SIGNS[field]: last.value for field, last in self.record.answers.items()}  # be it with "unsure"
        self._known = dict(grounded(self.ground) if known is None else known)
        self._answers: dict[Condition, Answer] = {}
        for name, value in self.told.items():
            for decided in DECIDES[name]:
                self._known.pop(decided, None)
            self._answers |= _noes(name, value)

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

    @cached_property
    def growth(self) -> Growth:
        """What the sizes say; time alone never changes it."""
        return growth_of(growth_readings(self.record))

    @cached_property
    def months_old(self) -> MonthsOld | None:
        """The fewest and the most whole months the person may be old today; None while nothing is known of it."""
        born, today = self.record.history.person.birth_date, self.record.today
        return (_months(born.latest, today), _months(born.earliest, today)) if born else None

    def age_at_least_months(self, months: int) -> bool | None:
        """Whether the person is that old today; not known while the birth date allows both."""
        return age_at_least(self.months_old, months)

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


def age_at_least(months_old: MonthsOld | None, months: int) -> bool | None:
    """Whether somebody is that old; not known while what is known of the age allows both."""
    if months_old is None:
        return None
    fewest, most = months_old
    return True if fewest >= months else None if most >= months else False


@lru_cache(maxsize=2048)
def grounded(ground: Ground) -> dict[str, Fact]:
    """What is known before any check: what the ground says, and of the rest that nobody answered."""
    bare = Facts(ground.history, SOME_TIME, known={})
    told = told_by(ground)
    open_ = {name: fact for name, fact in BLANK.items() if (plain_behind(name) or told).isdisjoint(told)}
    return open_ | {name: bare[name] for name in GROUNDED}


@lru_cache(maxsize=65_536, typed=True)
def _noes(name: str, value: Value) -> dict[Condition, Answer]:
    """What named facts ask of this sign alone and this answer settles for good with a no.

    Nine answers in ten are such, so they are known beforehand and not compared again in every history.
    """
    if not sign_stands(PLAIN[name], value):
        return {}
    fact = Fact(value)
    return {condition: NO for condition in _ASKED_OF.get(name, ()) if answer(condition, fact) is NO}


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


_ASKED_OF: Mapping[str, tuple[Condition, ...]] = {
    name: tuple({same(*row): None for rows in (*ANY_OF.values(), *ALL_OF.values()) for row in rows if row[0] == name})
    for name in _SIGNS.values()
    if name not in DERIVED
}


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
