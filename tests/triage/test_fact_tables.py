"""The facts that are rows of a table: which signs make them, how many, from which number and for how many days."""

from __future__ import annotations

import pytest

from tests.triage.histories import AT, care, check, history
from tests.triage.test_fact_logic import FLAGS, JUMP
from tracking import catalogue
from tracking.history import parse_history
from triage.facts import FACT_NAMES, Facts
from triage.facts.combined import ALL_OF, ANY_OF
from triage.rulebook import load_rulebook
from triage.rulebook_proof import EXAMPLE_AT, example_history

EXAMPLES = [
    example_history(rule, example)
    for rule in load_rulebook().rules
    for example in ({}, {"age": "unknown"}, *rule.examples)
]


ASKABLE = {
    *(field for scope in catalogue.FIELDS.values() for field in scope),
    *("length_mm", "first_noticed_on", "birth_date", "sex", "side"),
}


def test_facts_name_only_what_can_be_asked_and_what_is_a_fact() -> None:
    """Over every other example: what is missing is a field, a reason a fact, and an open fact says what answers it."""
    for made in EXAMPLES[::2]:
        facts = Facts(parse_history(made, at=EXAMPLE_AT, for_judging=True), EXAMPLE_AT)
        for name in FACT_NAMES:
            fact = facts[name]
            assert set(fact.missing) <= ASKABLE, (name, fact.missing)
            assert {part.fact for part in fact.parts} <= FACT_NAMES | {"lump.site"}, (name, fact.parts)
            assert bool(fact.missing) is (fact.value is None), name


SINGLE = [(name, fact.removeprefix("sign.")) for name, rows in ANY_OF.items() for fact, _, _ in rows if fact in FLAGS]


@pytest.mark.parametrize(("name", "sign"), SINGLE)
def test_one_sign_is_enough_for_a_fact_that_any_of_them_makes(name: str, sign: str) -> None:
    assert Facts(history(check(0, **{sign: True})), AT)[name].value is True
    assert Facts(history(check(0, **{sign: False})), AT)[name].value is not True


@pytest.mark.parametrize("name", sorted(ALL_OF))
def test_all_of_them_are_needed_where_all_are_asked(name: str) -> None:
    flags = [fact for fact, _, _ in ALL_OF[name] if fact in FLAGS or fact == "fever"]
    signs = [fact.removeprefix("sign.") for fact in flags]
    if len(signs) < 2:
        return
    assert Facts(history(check(0, **dict.fromkeys(signs, True))), AT)[name].value is True
    assert Facts(history(check(0, **{signs[0]: True, signs[1]: False})), AT)[name].value is False
    assert Facts(history(check(0, **{signs[1]: True})), AT)[name].value is None


@pytest.mark.parametrize(("name", "pain"), [("pain.severe", 7), ("pain.more_than_mild", 4)])
def test_pain_counts_from_its_number_on(name: str, pain: int) -> None:
    quiet = {"pain_severe_sudden": False}
    assert Facts(history(check(0, pain=pain, **quiet)), AT)[name].value is True
    assert Facts(history(check(0, pain=pain - 1, **quiet)), AT)[name].value is False


@pytest.mark.parametrize(("days", "new"), [(365, True), (366, False)])
def test_a_lump_is_new_for_a_year(days: int, new: bool) -> None:
    facts = Facts(history(check(0, trend="same"), noticed=days), AT)
    assert facts["lump.new_or_growing"].value is new


@pytest.mark.parametrize(("days", "long"), [(13, False), (14, True)])
def test_two_weeks_are_fourteen_days(days: int, long: bool) -> None:
    assert Facts(history(noticed=days), AT)["lump.two_weeks_or_uncertain"].value is long


HURRIES = [
    {"fever": True},
    {"spreading_redness": True},
    {"numb_or_weak_beyond": True},
    {"saddle_numbness": True},
    {"width_mm": 43},
]


@pytest.mark.parametrize("hurry", HURRIES)
def test_where_waiting_is_wrong_a_suspicion_is_growth(hurry: dict[str, object]) -> None:
    sizes = [check(28 - 7 * week, length_mm=mm, method="ruler", number=week) for week, mm in enumerate(JUMP)]
    told = check(0, length_mm=17, method="ruler", number=9, **hurry)
    grown = Facts(history(*sizes[:-1], told, noticed=40), AT)["lump.growing"]
    assert grown.value is True
    assert [part.fact for part in grown.parts] == ["growth.state"]
    assert Facts(history(*sizes, noticed=40), AT)["lump.growing"].value is None
    assert Facts(history(*sizes, noticed=40, born="2015"), AT)["lump.growing"].value is True


def test_sore_days_name_the_signs_they_are_counted_from() -> None:
    facts = Facts(history(check(9, ulcer=True, number=1), check(2, bleeding=True, number=2)), AT)
    sore = facts["sore.days"]
    assert sore.value == 9
    assert {part.fact for part in sore.parts} == {"sign.ulcer", "sign.bleeding"}


def test_what_was_removed_has_come_back_when_it_is_there_after_it_healed() -> None:
    removed = (care(60, "removed"),)
    for told, back in (({"trend": "same"}, True), ({"trend": "gone"}, False), ({"length_mm": 9}, True)):
        assert Facts(history(check(1, **told), care=removed), AT)["lump.came_back"].value is back
    assert Facts(history(check(20, trend="same"), care=removed), AT)["lump.came_back"].value is False
