"""Each criterion of the clinical evidence is kept: the cases of `criteria.py`, judged."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from tests.triage.criteria import CASES
from tests.triage.criteria_reading import READING
from tests.triage.criteria_told import Case
from tests.triage.criteria_variations import VARIATIONS
from tests.triage.histories import AT, care, check, day, document
from tests.triage.test_rules_page import EVERY as CRITERIA
from tracking import catalogue
from tracking.history import parse_history
from triage.engine import assess
from triage.facts import months_later

EVERY = [*CASES, *VARIATIONS, *READING]
SCOPES: dict[str, catalogue.Scope] = {
    "signs": "observation.signs",
    "lump": "lump.background",
    "who": "person.background",
}


def born(age: str | None) -> str | None:
    if age is None or re.fullmatch(r"\d{4}(-\d\d){0,2}", age):
        return age
    match = re.fullmatch(r"([=<]?)(\d+)([ym])", age)
    assert match, age
    birthday = months_later(AT.date(), -int(match[2]) * (12 if match[3] == "y" else 1))
    shift = {"=": 0, "<": 1, "": -20}[match[1]]
    return (birthday + timedelta(days=shift)).isoformat()


def split(told: dict[str, Any]) -> dict[str, dict[str, Any]]:  # Any: JSON
    """Answers by the place they are kept in; what is left belongs to the document."""
    found: dict[str, dict[str, Any]] = {"signs": {}, "lump": {}, "who": {}, "rest": {}}
    for name, value in told.items():
        place = next((place for place, scope in SCOPES.items() if name in catalogue.FIELDS[scope]), "rest")
        found[place][name] = value
    return found


def made(told: dict[str, Any]) -> dict[str, Any]:  # Any: JSON
    parts = split(told)
    rest = parts["rest"]
    ago = rest.pop("ago", 0.02)
    size = {"length_mm": rest.pop("size"), "method": "ruler"} if "size" in rest else {}
    before = [
        check(
            past, number=1000 + place, **{"length_mm" if key == "size" else key: value for key, value in said.items()}
        )
        for place, (past, said) in enumerate(rest.pop("before", ()))
    ]
    got = {"received_at": rest.pop("received_at")} if "received_at" in rest else {}
    now = [check(ago, **size, **got, **parts["signs"])]
    if "cause_ago" in rest:
        parts["lump"]["cause_on"] = day(rest.pop("cause_ago"))
    return document(
        *before,
        *now,
        born=born(rest.pop("age", "45y")),
        noticed=rest.pop("days", 3),
        person=parts["who"],
        background=parts["lump"],
        care=tuple(care(past, kind, **more) for kind, past, more in rest.pop("care", ())),
        **rest,
    )


@pytest.mark.parametrize("one", EVERY, ids=[f"{one.criterion} {one.says}" for one in EVERY])
def test_the_criteria_are_kept(one: Case) -> None:
    at = AT
    found = assess(parse_history(made(dict(one.told)), at=at, for_judging=True), at)
    assert found.level == one.level, [finding.rule.id for finding in found.findings]


def test_every_criterion_has_a_case() -> None:
    """R11, the choice of a scan, is the clinician's business and has none."""
    assert {one.criterion for one in EVERY} >= CRITERIA - {"R11"}


@pytest.mark.parametrize(
    ("region", "words"),
    [
        ("GB", "999"),
        ("GB-SCT", "999"),
        ("US", "911"),
        (None, "your emergency number"),
        ("FR", "112"),
        ("KE", "your em"),
    ],
)
def test_the_number_to_call_is_the_region_s(region: str | None, words: str) -> None:
    told = document(check(0.02, confusion=True))
    told["person"]["region"] = region
    assert words in assess(parse_history(told, at=AT, for_judging=True), AT).findings[0].message


def test_one_look_is_asked_for_four_weeks_after_it_was_gone() -> None:
    told = made({"ago": 5, "days": 40, "trend": "gone"})
    assert assess(parse_history(told, at=AT, for_judging=True), AT).next_check_on == AT.date() + timedelta(days=23)


def test_there_is_no_day_missing_between_two_ages() -> None:
    assert born("=25y") == date(2001, 6, 15).isoformat()
    assert born("<25y") == date(2001, 6, 16).isoformat()
