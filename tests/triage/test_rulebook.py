"""The rule book proves itself, and refuses to be wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from triage.rulebook import LEVELS, REGIONS_FILE, RULES_DIR, load_rulebook, rulebook_digest, rulebook_json
from triage.rulebook_proof import prove_rulebook


def test_the_rule_book_holds() -> None:
    assert prove_rulebook() == []


def test_it_covers_the_product_s_first_questions() -> None:
    names = {rule.id for rule in load_rulebook().rules}
    assert names >= {
        "growing-adult",
        "growing-child",
        "persists",
        "painful",
        "fever-with-lump",
        "weight-loss",
        "cauda-equina-back",
    }


def test_the_digest_names_the_very_text() -> None:
    assert rulebook_digest().startswith("sha256:")
    assert len(rulebook_digest()) == len("sha256:") + 64


def test_messages_name_the_number_of_the_region() -> None:
    book = load_rulebook()
    rule = next(rule for rule in book.rules if rule.level == "emergency")
    assert "999" in book.message(rule, "GB-SCT")
    assert "911" in book.message(rule, "US")
    assert "9" not in book.message(rule, "DE")


def test_the_public_book_carries_conditions_and_sources_for_the_phone() -> None:
    book = rulebook_json(region="US")
    rule = next(rule for rule in book["rules"] if rule["id"] == "growing-child")
    assert rule["under_months"] == 300
    assert {"fact": "lump.growing", "op": "is", "value": True} in rule["all"]
    assert rule["sources"][0]["url"].startswith("https://")
    assert book["levels"] == list(LEVELS)
    assert book["reviewed_by_clinician"] is False


GOOD = (RULES_DIR / "growing-explained.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("lump.growing", "lump.groing", "unknown fact"),
        ('op = "is"', 'op = "equals"', "unknown operator"),
        ('level = "routine"', 'level = "soon"', "level"),
        ("https://", "see ", "an address"),
        ('expect = "fires"', 'expect = "quiet"', "says quiet, the rule is fires"),
        ('expect = "unknown"', 'expect = "fires"', "says fires, the rule is unknown"),
        ('cause = "injury"', 'cause = "injry"', "injury"),
        (" {action}", "", "{action}"),
        ("version = 1", 'version = 1\nages = { under = "5 years" }', "other_ages"),
        ("version = 1", 'version = 1\nfamily = "x"\nages = { under = "5 years" }', "no rule from 60 months on"),
        ("version = 1", "versoin = 1", "cannot be read"),
    ],
)
def test_a_wrong_rule_is_refused_with_the_reason(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in GOOD
    (tmp_path / "a-rule.toml").write_text(GOOD.replace(old, new), encoding="utf-8")
    problems = prove_rulebook(tmp_path, REGIONS_FILE)
    assert any(complaint in problem for problem in problems), problems


def test_a_region_without_words_for_a_level_is_refused(tmp_path: Path) -> None:
    shutil.copy(RULES_DIR / "growing-explained.toml", tmp_path)
    regions = tmp_path / "regions.txt"
    regions.write_text(REGIONS_FILE.read_text(encoding="utf-8").replace("same_day", "sometime", 1), encoding="utf-8")
    assert prove_rulebook(tmp_path, regions) == ["regions: GB has no words for same_day"]
