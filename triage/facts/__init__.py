"""What is known about a lump at an instant, as named values: known or not, from which checks, and until when.

`Facts(history, at)["sign.fever"]`; every recordable field is a fact of its own (`sign.`, `lump.`, `person.`), the rest
have a name and a function in `derived`. Plain Python: no clock, no settings.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property

from tracking import catalogue
from tracking.history import History
from triage.facts.combined import ALL_OF, ANY_OF, combined, signs_behind
from triage.facts.derived import DERIVED
from triage.facts.fact import Answer, Condition, Fact, Part, all_hold, answer, any_holds, opposite, unknown
from triage.facts.readings import growth_readings
from triage.facts.record import UNSURE, Record
from triage.growth import Growth, growth_of

__all__ = [
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
    "opposite",
    "signs_behind",
]

FACT_AGES = (6, 24, 16 * 12, 18 * 12, 60 * 12)  # months at which a named fact changes its mind
_SCOPES: tuple[tuple[str, catalogue.Scope], ...] = (
    ("sign", "observation.signs"),
    ("lump", "lump.background"),
    ("person", "person.background"),
)
FACT_NAMES = frozenset(
    {f"{prefix}.{name}" for prefix, scope in _SCOPES for name in catalogue.FIELDS[scope]}
    | set(DERIVED)
    | set(ANY_OF)
    | set(ALL_OF)
    | {"lump.side"}
)


class Facts:
    """The facts of one history as of `at`, each worked out when first asked for."""

    def __init__(self, history: History, at: datetime) -> None:
        self.record = Record(history, at)
        self._known: dict[str, Fact] = {}
        self._answers: dict[int, Answer] = {}
        self._ages: dict[int, bool | None] = {}

    def __getitem__(self, name: str) -> Fact:
        fact = self._known.get(name)
        if fact is None:
            fact = self._known[name] = self._find(name)
        return fact

    def answer(self, condition: Condition) -> Answer:
        """Whether a condition holds. Many rules share one, and each is worked out once (by identity: see `same`)."""
        found = self._answers.get(id(condition))
        if found is None:
            found = self._answers[id(condition)] = answer(condition, self[condition.fact])
        return found

    def _find(self, name: str) -> Fact:
        derived = DERIVED.get(name)
        if derived is not None:
            return derived(self)
        scope, _, field = name.partition(".")
        if scope == "sign":
            return self.record.sign(field)
        if scope == "person":
            return _background(name, field, self.record.history.person.background.get(field))
        found = combined(self, name)
        if found is not None:
            return found
        if name == "lump.side":
            return _background(name, "side", self.record.history.lump.side)
        return _background(name, field, self.record.history.lump.background.get(field))

    @cached_property
    def growth(self) -> Growth:
        """What the sizes say; time alone never changes it."""
        return growth_of(growth_readings(self.record))

    def age_at_least_months(self, months: int) -> bool | None:
        """Whether the person is that old today; not known while the birth date allows both."""
        if months not in self._ages:
            self._ages[months] = self._is_age(months)
        return self._ages[months]

    def _is_age(self, months: int) -> bool | None:
        born = self.record.history.person.birth_date
        if born is None:
            return None
        if months_later(born.latest, months) <= self.record.today:
            return True
        return None if months_later(born.earliest, months) <= self.record.today else False

    def next_birthday(self, months: Iterable[int]) -> datetime | None:
        """The next instant at which somebody turns, or may turn, one of these ages."""
        born = self.record.history.person.birth_date
        if born is None:
            return None
        ages = sorted({*months, *FACT_AGES})
        ahead = [
            next((turns for age in ages if (turns := months_later(day, age)) > self.record.today), None)
            for day in {born.earliest, born.latest}
        ]
        return min((self.record.start_of(day) for day in ahead if day is not None), default=None)


def _background(name: str, field: str, value: bool | float | int | str | date | None) -> Fact:
    if value is None or value == UNSURE:
        return unknown(field)
    return Fact(value, (Part(name, value),))


def months_later(day: date, months: int) -> date:
    """The day somebody born on `day` is that old; born on a day that the month lacks, it is the next month's first."""
    year, month = divmod(day.month - 1 + months, 12)
    try:
        return date(day.year + year, month + 1, day.day)
    except ValueError:
        return date(day.year + year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
