"""What is known about a lump at an instant, as named values: known or not, from which checks, and until when.

`Facts(history, at)["sign.fever"]`; every recordable field is a fact of its own (`sign.`, `lump.`, `person.`), the rest
have a name and a function in `derived`. Plain Python: no clock, no settings.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property, lru_cache, partial
from itertools import chain, repeat
from operator import itemgetter

from tracking.history import History
from triage.facts.blank import BEHIND, BLANK, COMBINED, PLAIN, RESTING_ON, plain_behind
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
    "Answers",
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
    "is_no_for_good",
    "known_but",
    "opposite",
    "plain_behind",
    "same",
]

FACT_AGES = (6, 24, 16 * 12, 18 * 12, 60 * 12)  # months at which a named fact changes its mind
FACT_NAMES = frozenset({*PLAIN, *DERIVED, *COMBINED})
_SIGNS = {field: name for name, field in PLAIN.items() if name.startswith("sign.")}
_LUMP = {field: name for name, field in PLAIN.items() if name.startswith("lump.")}
_PERSON = {field: name for name, field in PLAIN.items() if name.startswith("person.")}
_VALUE = itemgetter(0)  # of a `LastAnswer`
MonthsOld = tuple[int, int]  # the fewest and the most whole months somebody may be old


class Facts:
    """The facts of one history as of `at`, each worked out when first asked for."""

    def __init__(self, history: History, at: datetime, *, known: Mapping[str, Fact] | None = None) -> None:
        """`known`: facts to begin with, instead of all that the history's ground says."""
        self.record = Record(history, at)
        self.ground = ground_of(history)
        answers = self.record.answers  # be they "unsure"
        values = map(_VALUE, answers.values())
        self.told: dict[str, Value] = dict(zip(map(_SIGNS.__getitem__, answers), values, strict=True))
        self._known = known_but(grounded(self.ground) if known is None else known, self.told)
        self.answers = Answers(self)

    def __getitem__(self, name: str) -> Fact:
        fact = self._known.get(name)
        if fact is None:
            fact = self._known[name] = _FOUND_BY[name](self)
        return fact

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


class Answers(dict[Condition, Answer]):
    """What each condition says of one history. Many rules share one, and each is worked out once, when asked for."""

    __slots__ = ("facts",)

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def __missing__(self, condition: Condition) -> Answer:
        told = self.facts.told.get(condition.fact)
        is_no = told is not None and is_no_for_good(condition, told)
        found = self[condition] = NO if is_no else answer(condition, self.facts[condition.fact])
        return found


def known_but(known: Mapping[str, Fact], told: Iterable[str]) -> dict[str, Fact]:
    """What is known beforehand, less what rests on one of these signs: an answer to them may have changed it."""
    left = dict(known)
    touched = chain.from_iterable(map(RESTING_ON.__getitem__, told))
    deque(map(left.pop, touched, repeat(None)), maxlen=0)  # a loop over some hundred names, but quicker
    return left


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
def is_no_for_good(condition: Condition, value: Value) -> bool:
    """Whether this answer to the sign that the condition asks about settles it with a no, until it is answered again.

    Nine answers in ten do, so that nobody has to look at the check they came from.
    """
    name = condition.fact
    return name in BEHIND and sign_stands(PLAIN[name], value) and answer(condition, Fact(value)) is NO


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
    return as_fact(name, any_holds([facts.answers[condition] for condition in conditions]))


def _all_of(name: str, conditions: tuple[Condition, ...], facts: Facts) -> Fact:
    return as_fact(name, all_hold([facts.answers[condition] for condition in conditions]))


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
