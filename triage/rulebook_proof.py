"""What is wrong with the rule book: asked by the system check at start and by the tests, before it advises anybody."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tracking import catalogue
from tracking.errors import InvalidInput
from tracking.history import parse_history
from triage.facts import FACT_NAMES, Facts
from triage.facts.fact import OPERATORS
from triage.judge import verdicts
from triage.plan import Verdict
from triage.regions import DEFAULT_REGION
from triage.rulebook import (
    AGE,
    LEVELS,
    REGIONS_FILE,
    RULES_DIR,
    Band,
    Rule,
    Rulebook,
    Table,
    load_rulebook,
    read_rulebook,
)

NOT_EXPRESSED_FILE = RULES_DIR.parent / "not_expressed.toml"
EXAMPLE_AT = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
EXPECTED = {"fires": True, "quiet": False, "unknown": None}
_EXAMPLE_KEYS = frozenset(
    (
        "expect",
        "text",
        "age",
        "sex",
        "site",
        "side",
        "noticed_days_ago",
        "person",
        "lump",
        "signs",
        "length_mm",
        "checks",
    )
)


def prove_rulebook(rules_dir: Path = RULES_DIR, regions_file: Path = REGIONS_FILE) -> list[str]:
    """Everything wrong with the files, in words for whoever mends them; empty if the book may be used."""
    try:
        book = read_rulebook(rules_dir, regions_file)
    except (KeyError, TypeError, ValueError, OSError) as wrong:
        return [f"The rule book cannot be read: {wrong}"]
    problems = [*_regions(book), *_families(book)]
    for rule in book.rules:
        problems += [f"{rule.id}: {problem}" for problem in (*_parts(rule), *_conditions(rule), *_sources(rule))]
    if not problems:  # examples are judged only by a book that holds together
        for rule in book.rules:
            problems += [f"{rule.id}: {problem}" for problem in _examples(book, rule)]
    return problems


def prove_signs_are_heard(book: Rulebook | None = None) -> list[str]:
    """Alarming signs that are collected for nothing: no example of any rule fires by one or asks for it."""
    book = book or load_rulebook()
    heard: set[str] = set()
    for rule in book.rules:
        for example in ({}, *rule.examples):
            for one in _told(book, rule, example):
                heard.update(one.answer.missing)
                heard.update(part.fact.removeprefix("sign.") for part in one.answer.parts)
    listed = recorded_only()
    alarming = {name for name, field in catalogue.FIELDS["observation.signs"].items() if field.has_alarm}
    return [
        *(
            f"no rule reads the sign {name}: write one, or list it in [recorded_only]"
            for name in sorted(alarming - heard - listed.keys())
        ),
        *(f"[recorded_only] lists {name}, but a rule reads it" for name in sorted(listed.keys() & heard)),
        *(f"[recorded_only] lists {name}, which is no alarming sign" for name in sorted(listed.keys() - alarming)),
    ]


def recorded_only() -> dict[str, str]:
    """Sign → why it is recorded although no rule reads it."""
    return dict(tomllib.loads(NOT_EXPRESSED_FILE.read_text(encoding="utf-8")).get("recorded_only", {}))


def _regions(book: Rulebook) -> Iterator[str]:
    if DEFAULT_REGION not in book.actions:
        yield f"regions: {DEFAULT_REGION} is missing"
    for region, actions in book.actions.items():
        for level in set(LEVELS) - actions.keys():
            yield f"regions: {region} has no words for {level}"


def _parts(rule: Rule) -> Iterator[str]:
    if rule.level not in LEVELS[:-1]:
        yield f"level {rule.level!r} is not one of {', '.join(LEVELS[:-1])}"
    if rule.version < 1 or not rule.criteria or not rule.title or not rule.message:
        yield "version, criteria, title and message are all needed"
    if not rule.message.endswith("{action}"):
        yield "the message must end with {action}: what to do is said last, in the words of the region"
    for site in (rule.sites or frozenset()) | rule.not_sites:
        if site not in catalogue.SITES:
            yield f"unknown site {site!r}"
    for sex in rule.band.sexes or ():
        if sex not in catalogue.SEXES:
            yield f"unknown sex {sex!r}"
    if not rule.band.is_everybody and not rule.family and not rule.other_ages:
        yield "a rule for some ages or sexes needs a family, or other_ages to say what holds for the others"


def _conditions(rule: Rule) -> Iterator[str]:
    if not (rule.all or rule.any):
        yield "neither all nor any: it would fire for everybody"
    for condition in (*rule.all, *rule.any, *rule.unless):
        if condition.fact not in FACT_NAMES:
            yield f"unknown fact {condition.fact!r}"
        if condition.op not in OPERATORS:
            yield f"unknown operator {condition.op!r}"
        values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        if (condition.op == "in") != isinstance(condition.value, tuple):
            yield f"{condition.fact}: a list goes with `in`, and only with it"
        if condition.op in (">=", ">", "<", "<=") and any(isinstance(value, (bool, str)) for value in values):
            yield f"{condition.fact}: {condition.op} needs a number"
        yield from _values(condition.fact, values)


def _values(fact: str, values: tuple[Any, ...]) -> Iterator[str]:  # Any: as written in the file
    prefix, _, name = fact.partition(".")
    scopes: dict[str, catalogue.Scope] = {
        "sign": "observation.signs",
        "lump": "lump.background",
        "person": "person.background",
    }
    field = catalogue.FIELDS[scopes[prefix]].get(name) if prefix in scopes else None
    if field is None:
        return
    for value in values:
        if field.kind == "choice" and value not in field.choices:
            yield f"{fact} is never {value!r}"
        if (field.kind == "flag") != isinstance(value, bool):
            yield f"{fact} is a {field.kind}, {value!r} is not"


def _sources(rule: Rule) -> Iterator[str]:
    if not rule.sources:
        yield "no source"
    for source in rule.sources:
        if not source.title or not source.url.startswith(("https://", "http://")) or not source.section:
            yield f"source {source.title!r} needs a title, an address and a section"
        if source.confirmed not in ("issuer", "copy", "knowledge"):
            yield f"source {source.title!r}: confirmed is issuer, copy or knowledge"
        if source.read_at is not None and source.confirmed != "copy":
            yield f"source {source.title!r}: only a copy is read at another address"
        try:
            date.fromisoformat(source.accessed)
        except ValueError:
            yield f"source {source.title!r}: accessed is not a date"


def _families(book: Rulebook) -> Iterator[str]:
    """Every family of rules covers all ages and sexes, without a gap and without an overlap."""
    members: dict[str, list[Rule]] = {}
    for rule in book.rules:
        if rule.family:
            members.setdefault(rule.family, []).append(rule)
    for family, rules in members.items():
        for sex in catalogue.SEXES:
            bands = sorted(
                (rule.band for rule in rules if rule.band.sexes is None or sex in rule.band.sexes),
                key=lambda band: band.from_months,
            )
            yield from (f"family {family} ({sex}): {problem}" for problem in _gaps(bands))


def _gaps(bands: list[Band]) -> Iterator[str]:
    reached: int | None = 0
    for band in bands:
        if reached is None or band.from_months < reached:
            yield f"two rules for {band.from_months} months"
        elif band.from_months > reached:
            yield f"no rule from {reached} to {band.from_months} months"
        reached = band.under_months
    if reached is not None:
        yield f"no rule from {reached} months on"


def _examples(book: Rulebook, rule: Rule) -> Iterator[str]:
    shown: set[str] = set()
    for number, example in enumerate(rule.examples, start=1):
        expect = example.get("expect")
        if expect not in EXPECTED or example.keys() - _EXAMPLE_KEYS:
            yield f"example {number}: expect fires, quiet or unknown; known keys are {', '.join(sorted(_EXAMPLE_KEYS))}"
            continue
        if "age" in example and example["age"] != "unknown" and AGE.fullmatch(example["age"]) is None:
            yield f"example {number}: an age is written as in `4 months`, `25 years`, or is unknown"
            continue
        shown.add(expect)
        try:
            got = truth_of(book, rule, example)
        except InvalidInput as wrong:
            yield f"example {number}: {wrong.message}"
            continue
        if got is not EXPECTED[expect]:
            said = next(name for name, truth in EXPECTED.items() if truth is got)
            yield f"example {number} says {expect}, the rule is {said}"
    for kind in _possible_answers(book, rule) - shown:
        yield f"no example for {kind}"


def _possible_answers(book: Rulebook, rule: Rule) -> set[str]:
    """Fires always; quiet unless its place is all it asks; unknown where some fact that it asks may be not known."""
    possible = {"fires"}
    if not (all(condition.fact == "always" for condition in rule.all) and rule.band.is_everybody):
        possible.add("quiet")
    blank = _facts(rule, {})
    is_open = any(blank[one.fact].value is None for one in rule.conditions)
    if is_open or truth_of(book, rule, {"age": "unknown"}) is None:
        possible.add("unknown")
    return possible


def truth_of(book: Rulebook, rule: Rule, example: Table) -> bool | None:
    """What the rule says to an example; True, False, or None for unknown."""
    told = {one.rule.id: one.answer.truth for one in _told(book, rule, example)}
    return told.get(rule.id, False)


def _told(book: Rulebook, rule: Rule, example: Table) -> list[Verdict]:
    return verdicts(book, _facts(rule, example))


def _facts(rule: Rule, example: Table) -> Facts:
    return Facts(parse_history(example_history(rule, example), at=EXAMPLE_AT, for_judging=True), EXAMPLE_AT)


def example_history(rule: Rule, example: Table) -> dict[str, object]:
    """The history document an example stands for: noticed three days ago, one check now, of an age the rule is for."""
    today = EXAMPLE_AT.date()
    noticed_on = today - timedelta(days=example.get("noticed_days_ago", 3))
    checks = example.get("checks") or [{key: example[key] for key in ("signs", "length_mm") if key in example}]
    sites = sorted(rule.sites) if rule.sites else [site for site in ("forearm", "lower_back") if rule.is_about(site)]
    return {
        "format": "lumptracker.history/1",
        "person": {
            "birth_date": _birth_date(example.get("age", _age_in(rule.band))),
            "sex": example.get("sex"),
            "background": example.get("person", {}),
        },
        "lump": {
            "site": example.get("site", sites[0]),
            "side": example.get("side"),
            "first_noticed_on": noticed_on.isoformat(),
            "first_noticed_certainty": "exact",
            "background": example.get("lump", {}),
        },
        "observations": [_check(check, index) for index, check in enumerate(checks)],
        "care": [],
    }


def _check(check: Mapping[str, Any], index: int) -> dict[str, object]:  # Any: as written in the example
    at = EXAMPLE_AT - timedelta(days=check.get("days_ago", 0), minutes=5)
    return {
        "id": f"00000000-0000-4000-8000-{index:012}",
        "observed_at": at.isoformat(),
        "length_mm": check.get("length_mm"),
        "method": "ruler" if "length_mm" in check else None,
        "signs": check.get("signs", {}),
    }


def _age_in(band: Band) -> str:
    if band.under_months is not None:
        return f"{(band.from_months + band.under_months) // 2} months"
    return f"{max(band.from_months, 480) + 12} months"


def _birth_date(age: str) -> str | None:
    """The day somebody of that age (`4 months`, `25 years`, `unknown`) was born, one day more than that old."""
    match = AGE.fullmatch(age)
    if match is None:
        return None
    months = int(match[1]) * (12 if match[2] == "year" else 1)
    day = EXAMPLE_AT.date() - timedelta(days=1)
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, day.day).isoformat()
