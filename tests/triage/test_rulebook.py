"""The rule book proves itself, and refuses to be wrong."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from triage.rulebook import LEVELS, REGIONS_FILE, RULES_DIR, load_rulebook, rulebook_digest, rulebook_json
from triage.rulebook_proof import prove_rulebook, prove_signs_are_heard


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


def test_the_public_book_has_its_names() -> None:
    book = rulebook_json(region="US")
    assert set(book) >= {"rulebook", "language", "region", "reviewed_by_clinician", "levels", "actions", "rules"}
    assert book["region"] == "US"
    assert rulebook_json()["region"] == "international"
    rule = next(rule for rule in book["rules"] if rule["id"] == "growing-explained")
    assert set(rule) >= {"version", "level", "family", "criteria", "title", "message", "sites", "not_sites", "sexes"}
    assert rule["criteria"] == ["R01", "R02"]
    assert rule["unless"] == [{"fact": "lump.unexplained", "op": "is", "value": True}]
    assert "{" not in rule["message"]


GOOD = (RULES_DIR / "growing-explained.toml").read_text(encoding="utf-8")
GROWING = 'fact = "lump.growing", op = "is", value = true'


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
        ("version = 1\n", "", "a-rule.toml: 'version' is missing: write it"),
        ("confirmed = ", "confirmt = ", "a-rule.toml: a source needs confirmed: write it"),
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


def refused(folder: Path, **files: str) -> list[str]:
    for name, text in files.items():
        (folder / f"{name.replace('_', '-')}.toml").write_text(text, encoding="utf-8")
    return prove_rulebook(folder, REGIONS_FILE)


def without_part(start: str, end: str) -> str:
    """The good rule without what lies between two marks."""
    before, _, rest = GOOD.partition(start)
    _, mark, after = rest.partition(end)
    return before + mark + after


@pytest.mark.parametrize("kind", ["fires", "quiet", "unknown"])
def test_every_answer_a_rule_can_give_needs_an_example(tmp_path: Path, kind: str) -> None:
    examples = GOOD.split("[[examples]]")
    left = [examples[0], *(one for one in examples[1:] if f'expect = "{kind}"' not in one)]
    assert refused(tmp_path, one="[[examples]]".join(left)) == [f"one: no example for {kind}"]


def test_a_rule_without_a_source_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, one=without_part("[[sources]]", "[[examples]]")) == ["one: no source"]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('op = "is"', 'op = ">="', ">= needs a number"),
        ("value = true", 'value = ["bigger"]', "a list goes with `in`, and only with it"),
        ('op = "is"', 'op = "in"', "a list goes with `in`, and only with it"),
        ("lump.growing", "sign.trend", "sign.trend is a choice, True is not"),
        (GROWING, 'fact = "sign.trend", op = "is", value = "huge"', "never"),
        (
            'fact = "lump.growing", op = "is", value = true',
            'fact = "sign.red", op = "is", value = 1',
            "a flag, 1 is not",
        ),
        ("version = 1", "version = 0", "version, criteria, title and message are all needed"),
        ("version = 1", 'version = 1\nsites = ["elbo"]', "unknown site 'elbo'"),
        ("version = 1", 'version = 1\nnot_sites = ["elbo"]', "unknown site 'elbo'"),
        ("version = 1", 'version = 1\nsexes = ["men"]\nother_ages = "x"', "unknown sex 'men'"),
        ("version = 1", 'version = 1\nages = { from = "soon" }\nother_ages = "x"', "not an age: 'soon'"),
        ('accessed = "', 'accessed = "about ', "accessed is not a date"),
        ('confirmed = "', 'confirmed = "hearsay of ', "confirmed is issuer, copy or knowledge"),
        ('expect = "fires"', 'expect = "fire"', "expect fires, quiet or unknown"),
        ('expect = "fires"', 'expect = "fires"\nagee = "4 years"', "known keys are"),
        ('expect = "fires"', 'expect = "fires"\nage = "4 yaers"', "an age is written as in"),
    ],
)
def test_every_slip_of_a_rule_has_its_own_words(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in GOOD
    problems = refused(tmp_path, one=GOOD.replace(old, new))
    assert any(complaint in problem for problem in problems), problems


def test_a_rule_that_asks_nothing_is_refused(tmp_path: Path) -> None:
    text = GOOD.replace(GOOD[GOOD.index("all = [") : GOOD.index("]\n", GOOD.index("all = [")) + 2], "", 1)
    text = text.replace(text[text.index("unless = [") : text.index("]\n", text.index("unless = [")) + 2], "", 1)
    assert "one: neither all nor any: it would fire for everybody" in refused(tmp_path, one=text)


@pytest.mark.parametrize(
    ("younger", "older", "complaint"),
    [
        ('{ under = "16 years" }', '{ from = "18 years" }', "no rule from 192 to 216 months"),
        ('{ under = "18 years" }', '{ from = "16 years" }', "two rules for 192 months"),
        ("{}", '{ from = "16 years" }', "two rules for 192 months"),
        ('{ from = "1 year", under = "16 years" }', '{ from = "16 years" }', "no rule from 0 to 12 months"),
        ('{ under = "16 years" }', '{ from = "16 years", under = "60 years" }', "no rule from 720 months on"),
    ],
)
def test_a_family_with_a_gap_or_an_overlap_of_ages_is_refused(
    tmp_path: Path, younger: str, older: str, complaint: str
) -> None:
    rules = {
        name: GOOD.replace("version = 1", f'version = 1\nfamily = "both"\nages = {ages}')
        for name, ages in (("younger", younger), ("older", older))
    }
    problems = refused(tmp_path, **rules)
    assert f"family both (female): {complaint}" in problems
    assert f"family both (male): {complaint}" in problems


def test_a_family_that_leaves_out_a_sex_is_refused(tmp_path: Path) -> None:
    text = GOOD.replace("version = 1", 'version = 1\nfamily = "both"\nsexes = ["female", "intersex"]')
    assert refused(tmp_path, one=text) == ["family both (male): no rule from 0 months on"]


def test_a_family_that_covers_everybody_once_is_taken(tmp_path: Path) -> None:
    child = 'version = 1\nfamily = "both"\nages = { under = "16 years" }'
    adult = 'version = 1\nfamily = "both"\nages = { from = "16 years" }'
    problems = refused(tmp_path, child=GOOD.replace("version = 1", child), adult=GOOD.replace("version = 1", adult))
    assert not [problem for problem in problems if "family" in problem]


def test_no_alarming_sign_is_collected_for_nothing() -> None:
    assert prove_signs_are_heard() == []


def test_a_sign_that_no_rule_reads_any_more_is_told() -> None:
    book = load_rulebook()
    fewer = dataclasses.replace(
        book, rules=tuple(rule for rule in book.rules if all("pulsates" not in one.fact for one in rule.conditions))
    )
    assert len(fewer.rules) < len(book.rules)
    assert [problem for problem in prove_signs_are_heard(fewer) if "pulsates" in problem] == [
        "no rule reads the sign pulsates: write one, or list it in [recorded_only]"
    ]
