"""docs/rules.md says what the rule files say, and every criterion is accounted for."""

from __future__ import annotations

from triage.management.commands.rulespage import PAGE
from triage.rulebook import load_rulebook
from triage.rules_page import not_expressed, rules_page

SECTIONS = {"E": 19, "D": 14, "V": 9, "U": 34, "I": 3, "R": 11, "C": 6}  # clinical evidence 1.1 to 1.7


def test_the_page_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == rules_page(load_rulebook()), "run `python manage.py rulespage`"


def test_every_criterion_has_a_rule_or_a_reason() -> None:
    every = {f"{letter}{number:02}" for letter, count in SECTIONS.items() for number in range(1, count + 1)}
    stated = {criterion for rule in load_rulebook().rules for criterion in rule.criteria}
    assert every - stated - set(not_expressed()) == set()
    assert stated <= every
