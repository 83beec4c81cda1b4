"""The rule book: one TOML file a rule, read once and proved before it is used.

A rule says of whom it speaks (places, ages, sexes), when it fires (`all`, `any`, `unless`: comparisons of named facts,
never nested), how urgent that is, in which words, after which sources, and shows by examples what it does. See
docs/rules.md. `prove_rulebook` (rulebook_proof.py) lists all that is wrong with the files; a system check refuses then.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from triage.facts import FACT_AGES, Condition, same
from triage.regions import DEFAULT_REGION, region_actions

RULES_DIR = Path(__file__).parent / "rules"
REGIONS_FILE = Path(__file__).parent / "regions.toml"
LEVELS = ("emergency", "same_day", "next_day", "this_week", "routine", "watch")
Level = Literal["emergency", "same_day", "next_day", "this_week", "routine", "watch"]
RANK = {level: rank for rank, level in enumerate(LEVELS)}  # 0 is the most urgent
DEFAULT_LANGUAGE = "en"
AGE = re.compile(r"(\d+) (month|year)s?")

Table = Mapping[str, Any]  # Any: what TOML gives; the proof says what is wrong with it


@dataclass(frozen=True, slots=True)
class Source:
    """What a criterion rests on: the issuer's own address where there is one.

    `confirmed` says how it was read: at the issuer, in a copy (`read_at`, where that is another address), or from
    knowledge and still to be checked.
    """

    title: str
    url: str
    section: str
    accessed: str
    confirmed: Literal["issuer", "copy", "knowledge"]
    read_at: str | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """The ages (in whole months, `under` exclusive) and sexes a rule is for."""

    from_months: int = 0
    under_months: int | None = None
    sexes: frozenset[str] | None = None

    @property
    def is_everybody(self) -> bool:
        """Whether it leaves nobody out."""
        return self.from_months == 0 and self.under_months is None and self.sexes is None


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule. `examples` stay as written: they are read by the proof alone."""

    id: str
    version: int
    level: Level
    criteria: tuple[str, ...]
    title: str
    message: str
    all: tuple[Condition, ...]
    any: tuple[Condition, ...]
    unless: tuple[Condition, ...]
    sites: frozenset[str] | None
    not_sites: frozenset[str]
    band: Band
    family: str | None
    other_ages: str | None
    sources: tuple[Source, ...]
    examples: tuple[Table, ...]

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """All it asks, in the order written."""
        return (*self.all, *self.any, *self.unless)

    def is_about(self, site: str) -> bool:
        """Whether it speaks about lumps there at all."""
        return site not in self.not_sites and (self.sites is None or site in self.sites)


@dataclass(frozen=True, eq=False)
class Rulebook:
    """All rules, by name, and the digest that says exactly which text was in force."""

    rules: tuple[Rule, ...]
    actions: Mapping[str, Mapping[str, str]]  # region → level → what to do, with the number to call
    digest: str

    @cached_property
    def ages(self) -> tuple[int, ...]:
        """Every age in months at which some rule begins or ends, or a named fact changes its mind; in rising order."""
        bands = [rule.band for rule in self.rules]
        return tuple(
            sorted({age for band in bands for age in (band.from_months, band.under_months) if age} | set(FACT_AGES))
        )

    def action(self, level: Level, region: str | None) -> str:
        """What somebody in that region is asked to do at that level. `GB-SCT` reads as GB."""
        country = (region or "").partition("-")[0]
        return self.actions.get(country, self.actions[DEFAULT_REGION])[level]

    def message(self, rule: Rule, region: str | None) -> str:
        """The rule's message in the words of a region."""
        return rule.message.replace("{action}", self.action(rule.level, region))

    def to_json(self, language: str = DEFAULT_LANGUAGE, region: str | None = None) -> dict[str, Any]:  # Any: JSON
        """The book for people and for the phone. English is the only language there is so far."""
        return {
            "rulebook": self.digest,
            "language": DEFAULT_LANGUAGE if language != DEFAULT_LANGUAGE else language,
            "region": region or DEFAULT_REGION,
            "reviewed_by_clinician": False,
            "levels": list(LEVELS),
            "actions": {name: dict(actions) for name, actions in self.actions.items()},
            "rules": [self._rule_json(rule, region) for rule in self.rules],
        }

    def _rule_json(self, rule: Rule, region: str | None) -> dict[str, Any]:  # Any: JSON
        return {
            "id": rule.id,
            "version": rule.version,
            "level": rule.level,
            "family": rule.family,
            "criteria": list(rule.criteria),
            "title": rule.title,
            "message": self.message(rule, region),
            "sites": sorted(rule.sites) if rule.sites is not None else None,
            "not_sites": sorted(rule.not_sites),
            "from_months": rule.band.from_months,
            "under_months": rule.band.under_months,
            "sexes": sorted(rule.band.sexes) if rule.band.sexes is not None else None,
            **{name: _conditions_json(getattr(rule, name)) for name in ("all", "any", "unless")},
            "sources": [source_json(source) | {"confirmed": source.confirmed} for source in rule.sources],
        }


def source_json(source: Source) -> dict[str, str]:
    """A source as the contract shows it."""
    return {
        "title": source.title,
        "url": source.url,
        "section": source.section,
        "accessed": source.accessed,
    }


def _conditions_json(conditions: tuple[Condition, ...]) -> list[dict[str, object]]:
    return [
        {"fact": one.fact, "op": one.op, "value": list(one.value) if isinstance(one.value, tuple) else one.value}
        for one in conditions
    ]


@cache
def load_rulebook() -> Rulebook:
    """The rule book of this installation, read once."""
    return read_rulebook(RULES_DIR, REGIONS_FILE)


def read_rulebook(rules_dir: Path, regions_file: Path) -> Rulebook:
    """Read every rule file of a folder. Raises ValueError with the file's name where it cannot be a rule."""
    paths = sorted(rules_dir.glob("*.toml"))
    digest = hashlib.sha256()
    for path in [*paths, regions_file]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    rules = tuple(_read_file(path) for path in paths)
    regions = tomllib.loads(regions_file.read_text(encoding="utf-8"))
    actions = region_actions(regions["actions"], regions["numbers"])
    return Rulebook(rules, actions, f"sha256:{digest.hexdigest()}")


def _read_file(path: Path) -> Rule:
    try:
        return read_rule(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
    except (KeyError, TypeError, ValueError) as wrong:
        what = f"{wrong} is missing: write it" if isinstance(wrong, KeyError) else f"{wrong}"
        raise ValueError(f"{path.name}: {what}") from wrong


def read_rule(name: str, table: Table) -> Rule:
    """One rule from its file's table."""
    unknown_keys = table.keys() - _KEYS
    if unknown_keys:
        raise ValueError(f"{name}: unknown key {sorted(unknown_keys)[0]!r}")
    sites = table.get("sites")
    return Rule(
        id=name,
        version=table["version"],
        level=table["level"],
        criteria=tuple(table["criteria"]),
        title=table["title"],
        message=table["message"],
        all=_conditions(table, "all"),
        any=_conditions(table, "any"),
        unless=_conditions(table, "unless"),
        sites=frozenset(sites) if sites is not None else None,
        not_sites=frozenset(table.get("not_sites", ())),
        band=_band(table),
        family=table.get("family"),
        other_ages=table.get("other_ages"),
        sources=tuple(_source(source) for source in table.get("sources", ())),
        examples=tuple(table.get("examples", ())),
    )


_OPTIONAL = {
    "all",
    "any",
    "unless",
    "sites",
    "not_sites",
    "ages",
    "sexes",
    "family",
    "other_ages",
    "sources",
    "examples",
}
_SOURCE_KEYS = frozenset(field.name for field in fields(Source))
_KEYS = frozenset({"version", "level", "criteria", "title", "message"} | _OPTIONAL)


def _conditions(table: Table, key: str) -> tuple[Condition, ...]:
    return tuple(
        same(row["fact"], row["op"], tuple(row["value"]) if isinstance(row["value"], list) else row["value"])
        for row in table.get(key, ())
    )


def _source(table: Table) -> Source:
    left_out = _SOURCE_KEYS - table.keys() - {"read_at"}
    if left_out or table.keys() - _SOURCE_KEYS:
        parts = ", ".join(sorted(left_out or table.keys() - _SOURCE_KEYS))
        raise ValueError(f"a source needs {parts}: write it" if left_out else f"a source has no {parts}: take it out")
    return Source(**table)


def _band(table: Table) -> Band:
    ages, sexes = table.get("ages", {}), table.get("sexes")
    return Band(
        from_months=_months(ages["from"]) if "from" in ages else 0,
        under_months=_months(ages["under"]) if "under" in ages else None,
        sexes=frozenset(sexes) if sexes is not None else None,
    )


def _months(text: str) -> int:
    """`3 months`, `25 years`."""
    match = AGE.fullmatch(text)
    if match is None:
        raise ValueError(f"not an age: {text!r}")
    return int(match[1]) * (12 if match[2] == "year" else 1)


def rulebook_digest() -> str:
    """`sha256:…` of every rule file and the regions' words."""
    return load_rulebook().digest


def rulebook_json(language: str = DEFAULT_LANGUAGE, region: str | None = None) -> dict[str, Any]:  # Any: JSON
    """The rule book for `/api/v1/rulebook/`."""
    return load_rulebook().to_json(language, region)
