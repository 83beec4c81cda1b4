"""The hazard log is whole, every test it names is there, and the product says that no clinician has reviewed it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.clinical_safety import LIKELIHOODS, MAY_NOT_SHIP, PAGE, ROOT, SEVERITIES, Hazard, is_there, page, read_log
from tracking.texts import say
from triage.rulebook import load_rulebook
from triage.rules_page import rules_page

HAZARDS = read_log().hazards


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard.id)
def test_every_column_is_filled(hazard: Hazard) -> None:
    texts = (hazard.id, hazard.hazard, hazard.cause, hazard.effect, hazard.residual, *hazard.controls, *hazard.open)
    assert all(text.strip() and not text.endswith(".") for text in texts)
    assert hazard.controls
    assert hazard.severity in SEVERITIES
    assert len(hazard.likelihood) == 2
    assert set(hazard.likelihood) <= set(LIKELIHOODS)


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard.id)
def test_every_hazard_is_tied_to_tests_that_exist(hazard: Hazard) -> None:
    assert hazard.tests
    assert [test for test in hazard.tests if not is_there(test)] == []


@pytest.mark.parametrize(
    "test",
    [
        "tests/test_clinical_safety.py::test_that_nobody_wrote",
        "tests/no_such_file.py::test_every_column_is_filled",
        "tests/test_clinical_safety.py",
        "frontend/src/texts/texts.test.ts::a title that nobody wrote",
    ],
)
def test_a_test_that_is_not_there_is_noticed(test: str) -> None:
    assert not is_there(test)


def test_no_two_hazards_have_one_id() -> None:
    ids = [hazard.id for hazard in HAZARDS]
    assert len(ids) == len(set(ids))
    assert len(ids) >= 20


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard.id)
def test_no_risk_is_left_that_may_not_be_put_into_use(hazard: Hazard) -> None:
    before, after = hazard.risks
    assert after <= before
    assert after < MAY_NOT_SHIP


def test_a_column_that_is_missing_or_unknown_is_refused(tmp_path: Path) -> None:
    for change in (("residual =", "leftover ="), ("cause =", "# cause =")):
        path = tmp_path / "hazards.toml"
        path.write_text((ROOT / "docs/clinical-safety/hazards.toml").read_text().replace(*change, 1))
        with pytest.raises(TypeError):
            read_log(path)


def test_the_page_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(read_log()), "run: python -m tests.clinical_safety"


def test_the_page_says_what_is_missing_and_that_nobody_has_signed() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert "No clinician has reviewed this log" in text
    assert all(f"* {hazard.id}: {missing}." in text for hazard in HAZARDS for missing in hazard.open)


@pytest.mark.parametrize(
    "name", ["README.md", "docs/clinical-safety/README.md", "docs/clinical-safety/intended-use.md"]
)
def test_the_papers_say_that_no_clinician_has_reviewed_it(name: str) -> None:
    assert "no clinician has reviewed" in (ROOT / name).read_text(encoding="utf-8").lower()


def test_the_rules_say_it_wherever_they_are_shown() -> None:
    assert "No clinician has reviewed these rules" in rules_page(load_rulebook())
    assert load_rulebook().to_json()["reviewed_by_clinician"] is False


def test_the_app_says_it_on_its_about_page_and_on_its_page_of_rules() -> None:
    texts = json.loads((ROOT / "frontend/src/texts/en.json").read_text(encoding="utf-8"))
    assert texts["about.not_reviewed"] == "No clinician has reviewed this app."
    for screen in ("screens/you/About.svelte", "screens/Rules.svelte"):
        assert 't("about.not_reviewed")' in (ROOT / "frontend/src" / screen).read_text(encoding="utf-8")


def test_the_clinician_is_told() -> None:
    assert "no clinician has reviewed" in say("clinic.not_reviewed").lower()
    page = (ROOT / "lumptracker/templates/clinic/page.html").read_text(encoding="utf-8")
    assert '{% say "clinic.not_reviewed" %}' in page
