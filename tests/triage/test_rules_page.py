"""docs/rules.md says what the rule files say, and every criterion is accounted for."""

from __future__ import annotations

from tracking import catalogue
from tracking.texts import all_sentences
from triage.management.commands.rulespage import PAGE
from triage.rule_words import condition, in_words, with_words
from triage.rulebook import load_rulebook
from triage.rules_page import not_expressed, parts_not_expressed, rules_page

SECTIONS = {"E": 19, "D": 14, "V": 9, "U": 34, "I": 3, "R": 11, "C": 6}  # clinical evidence 1.1 to 1.7
EVERY = {f"{letter}{number:02}" for letter, count in SECTIONS.items() for number in range(1, count + 1)}
STATED = {criterion for rule in load_rulebook().rules for criterion in rule.criteria}


def test_the_page_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == rules_page(load_rulebook()), "run `python manage.py rulespage`"


def test_every_criterion_has_either_a_rule_or_a_reason() -> None:
    assert len(EVERY) == 96
    assert STATED | set(not_expressed()) == EVERY
    assert STATED & set(not_expressed()) == set()


def test_what_a_rule_leaves_out_belongs_to_a_criterion_that_it_states() -> None:
    assert set(parts_not_expressed()) <= STATED


def test_every_fact_a_rule_rests_on_is_called_by_words() -> None:
    scopes: dict[str, catalogue.Scope] = {
        "sign": "observation.signs",
        "lump": "lump.background",
        "person": "person.background",
    }
    fields = {f"{prefix}.{name}" for prefix, scope in scopes.items() for name in catalogue.FIELDS[scope]}
    named = {one.fact for rule in load_rulebook().rules for one in rule.conditions} - fields
    assert {name for name in named if f"rule_facts.{name}" not in all_sentences()} == set()


def test_no_words_are_left_over_from_a_fact_that_is_gone() -> None:
    used = {one.fact for rule in load_rulebook().rules for one in rule.conditions}
    kept = {key.removeprefix("rule_facts.") for key in all_sentences() if key.startswith("rule_facts.")}
    assert kept - used == set()


def test_a_condition_reads_as_a_phrase() -> None:
    assert condition({"fact": "sign.pain", "op": ">=", "value": 7}) == "pain, 0 to 10: 7 or more"
    assert condition({"fact": "lump.unexplained", "op": "is", "value": True}).startswith("no cause is known")
    assert condition({"fact": "sign.pushes_back", "op": "is", "value": False}) == "not: Can be pushed back"
    hard = {"fact": "sign.consistency", "op": "in", "value": ["hard", "craggy"]}
    assert condition(hard) == "How it feels: Hard, like your forehead or Hard and uneven"


def test_a_rule_says_of_whom_and_where() -> None:
    rules = {rule["id"]: in_words(rule) for rule in load_rulebook().to_json()["rules"]}
    assert rules["airway"]["who"] == "everybody"
    assert rules["airway"]["where"] == "anywhere"
    assert rules["baby-fever"]["who"] == "under 3 months"
    assert rules["midline-spine"]["who"] == "from 1 year on"
    assert rules["hard"]["where"] == "anywhere but Eyelid"


def test_the_public_book_carries_its_words() -> None:
    book = with_words(load_rulebook().to_json())
    assert all(rule["words"]["all"] or rule["words"]["any"] for rule in book["rules"])
