"""The recordable fields and other lists of `fields.toml` as frozen values. `tracking.catalogue` is the public door."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal  # Any: what a TOML table holds, proved by `prove_catalogue` before it is used

from tracking.texts import translated

Scope = Literal["person.background", "lump.background", "observation.signs"]
Kind = Literal["flag", "number", "scale", "choice", "text", "date"]
Answer = bool | float | int | str | date
Table = Mapping[str, Any]  # Any: as above

SCOPES: Mapping[Scope, str] = {  # scope → its table in fields.toml
    "person.background": "person_background",
    "lump.background": "lump_background",
    "observation.signs": "signs",
}
GROUP_SCOPES: Mapping[str, Scope] = {
    "person": "person.background",
    "lump": "lump.background",
    "signs": "observation.signs",
}
_PATH = Path(__file__).with_name("fields.toml")


class Labels(Mapping[str, str]):
    """Value → label as shown, in the language of whoever reads it. `place` is where the file has them."""

    def __init__(self, place: str, english: Mapping[str, str]) -> None:
        self._place, self._english = place, dict(english)

    def __getitem__(self, value: str) -> str:
        return translated(f"fields.{self._place}.{value}", self._english[value])

    def __contains__(self, value: object) -> bool:  # asked for every answer that is read, hence without a label made
        return value in self._english

    def __iter__(self) -> Iterator[str]:
        return iter(self._english)

    def __len__(self) -> int:
        return len(self._english)


class Labelled:
    """What has a name and words in the file; `place` says in which table."""

    __slots__ = ()
    name: str
    english: str

    @property
    def place(self) -> str:
        raise NotImplementedError

    @property
    def label(self) -> str:
        """In the language of whoever reads it."""
        return translated(f"fields.{self.place}.{self.name}.label", self.english)


@dataclass(frozen=True, slots=True)
class Condition:
    """When a group or field is asked: each that is given holds or is not known. It never limits what a rule reads."""

    sites: frozenset[str] | None = None
    causes: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    sexes: frozenset[str] | None = None
    under_age_years: int | None = None


@dataclass(frozen=True, slots=True)
class Field(Labelled):
    """One recordable answer. `choices` maps value to label as shown; `asked` narrows where its group is asked."""

    name: str
    scope: Scope
    kind: Kind
    group: str
    english: str
    english_question: str
    unit: str | None
    min: float | None
    max: float | None
    decimals: int
    choices: Labels
    alarming: tuple[Answer, ...]
    alarming_from: float | None
    reassuring: Answer | None
    stands: Literal["until_changed", "span"]
    span_hours: int | None
    asked: Condition

    @property
    def place(self) -> str:
        return SCOPES[self.scope]

    @property
    def question(self) -> str:
        """In the language of whoever is asked."""
        return translated(f"fields.{self.place}.{self.name}.question", self.english_question)

    @property
    def has_alarm(self) -> bool:
        """Whether any answer to it alarms."""
        return bool(self.alarming) or self.alarming_from is not None

    def is_alarming(self, answer: Answer) -> bool:
        """Whether this answer grows old after `span_hours` and may end the quiet that a visit brought."""
        if self.alarming_from is not None and isinstance(answer, int | float) and not isinstance(answer, bool):
            return answer >= self.alarming_from
        return any(answer == one and type(answer) is type(one) for one in self.alarming)


@dataclass(frozen=True, slots=True)
class Group(Labelled):
    """One screen of questions: `any` is "Any of these?", `each` asks one at a time."""

    name: str
    english: str
    ask: Literal["any", "each"]
    scope: Scope
    asked: Condition

    @property
    def place(self) -> str:
        return "groups"


@dataclass(frozen=True, slots=True)
class Site(Labelled):
    """A place on the body. `intimate` "unless_male": where the sex is female, intersex or not known."""

    name: str
    english: str
    area: str
    views: tuple[str, ...]
    intimate: Literal["never", "always", "unless_male"]

    @property
    def place(self) -> str:
        return "sites"


@dataclass(frozen=True, slots=True)
class Size(Labelled):
    """A length taken at a check, with the limits beyond which it is a slip of the finger or the unit."""

    name: str
    english: str
    question: str
    min_mm: float
    max_mm: float

    @property
    def place(self) -> str:
        return "sizes"


@dataclass(frozen=True, slots=True)
class Comparison(Labelled):
    """A thing to hold next to a lump; `low_mm` to `high_mm` is how much such things differ."""

    name: str
    english: str
    mm: float
    low_mm: float
    high_mm: float
    source: str

    @property
    def place(self) -> str:
        return "comparisons"


@cache
def fields_table() -> Table:
    """The file as it stands. Raises tomllib.TOMLDecodeError where it is not TOML."""
    return tomllib.loads(_PATH.read_text(encoding="utf-8"))


def read_field(name: str, table: Table, *, scope: Scope) -> Field:
    """One field's table as a value. Never raises for what is missing: `prove_catalogue` says it better, at start."""
    alarming = table.get("alarming")
    return Field(
        name=name,
        scope=scope,
        kind=table.get("kind", "flag"),
        group=table.get("group", ""),
        english=table.get("label", ""),
        english_question=table.get("question", ""),
        unit=table.get("unit"),
        min=table.get("min"),
        max=table.get("max"),
        decimals=table.get("decimals", 0),
        choices=Labels(f"{SCOPES[scope]}.{name}.choices", table.get("choices", {})),
        alarming=tuple(alarming) if isinstance(alarming, list) else (),
        alarming_from=table.get("alarming_from"),
        reassuring=table.get("reassuring"),
        stands=table.get("stands", "until_changed"),
        span_hours=table.get("span_hours"),
        asked=Condition(sites=_names(table, "sites")),
    )


def read_fields(scope: Scope) -> dict[str, Field]:
    """Name → field of one scope, in the order of the file."""
    return {name: read_field(name, table, scope=scope) for name, table in fields_table()[SCOPES[scope]].items()}


def read_groups() -> dict[str, Group]:
    """Name → group, in the order asked."""
    return {
        name: Group(name, table["label"], table["ask"], GROUP_SCOPES[table["scope"]], _condition(table))
        for name, table in fields_table()["groups"].items()
    }


def read_sites() -> dict[str, Site]:
    """Name → site, from head to foot."""
    return {
        name: Site(name, table["label"], table["area"], tuple(table["views"]), table.get("intimate", "never"))
        for name, table in fields_table()["sites"].items()
    }


def read_sizes() -> dict[str, Size]:
    """Name → size."""
    return {
        name: Size(name, table["label"], table["question"], table["min"], table["max"])
        for name, table in fields_table()["sizes"].items()
    }


def read_comparisons() -> dict[str, Comparison]:
    """Name → comparison, smallest first."""
    return {
        name: Comparison(name, table["label"], table["mm"], table["low_mm"], table["high_mm"], table["source"])
        for name, table in fields_table()["comparisons"].items()
    }


def read_labels(list_name: str) -> Labels:
    """Value → label of a plain list: sides, methods, care_kinds …"""
    return Labels(list_name, fields_table()[list_name])


def _condition(table: Table) -> Condition:
    return Condition(
        sites=_names(table, "sites"),
        causes=_names(table, "causes"),
        kinds=_names(table, "kinds"),
        sexes=_names(table, "sexes"),
        under_age_years=table.get("under_age_years"),
    )


def _names(table: Table, key: str) -> frozenset[str] | None:
    return frozenset(table[key]) if key in table else None
