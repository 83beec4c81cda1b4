"""The phone judges every history as the server does: level, findings, words, dates, growth, to the last key."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

import pytest

from tests.phone.growing import a_lump_much_changed, a_lump_read_several_ways_at_once, a_measured_lump
from tests.phone.people import a_history
from tests.phone.replay import Case, Phone, differences, rulebook_differences
from tests.triage import ran_out
from tests.triage.histories import AT, document
from tests.triage.test_criteria import EVERY, made
from tracking.texts import languages
from triage.rulebook import load_rulebook
from triage.rulebook_proof import EXAMPLE_AT, example_history

VIGNETTES = Path(
    os.environ.get("LUMPTRACKER_VIGNETTES", Path(__file__).parents[3] / "shared/vignettes/development.jsonl")
)


def judge_alike(cases: list[Case], phone: Phone) -> None:
    found = differences(cases, phone)
    assert not found, f"{len(found)} of {len(cases)} differ. The first:\n" + "\n".join(found[:5])


def test_every_example_of_every_rule(phone: Phone) -> None:
    cases = [
        Case(f"{rule.id}, example {number}", example_history(rule, example), EXAMPLE_AT)
        for rule in load_rulebook().rules
        for number, example in enumerate(rule.examples, start=1)
    ]
    judge_alike(cases, phone)


def test_every_criterion(phone: Phone) -> None:
    judge_alike([Case(f"{case.criterion} {case.says}", made(case.told), AT) for case in EVERY], phone)


def test_every_history_in_which_an_answer_ran_out_or_was_never_asked(phone: Phone) -> None:
    told = [(one, document(*one.checks, **one.fields)) for one in ran_out.EVERY]
    judge_alike([Case(f"{one.rule}: {one.says}", made, AT + one.later) for one, made in told], phone)


def test_a_thousand_histories_that_use_every_field_in_every_language(phone: Phone) -> None:
    spoken = languages()
    judge_alike([Case(f"history {seed}", *a_history(seed), spoken[seed % len(spoken)]) for seed in range(1000)], phone)


def test_a_thousand_measured_lumps(phone: Phone) -> None:
    judge_alike([Case(f"measured lump {seed}", *a_measured_lump(seed)) for seed in range(1000)], phone)


def test_a_hundred_lumps_that_changed_very_much(phone: Phone) -> None:
    judge_alike([Case(f"much changed {seed}", *a_lump_much_changed(seed)) for seed in range(100)], phone)


def test_lumps_read_in_several_ways_at_one_moment(phone: Phone) -> None:
    told = [(seed, a_lump_read_several_ways_at_once(seed)) for seed in range(300)]
    judge_alike([Case(f"several ways {seed}", *case) for seed, case in told], phone)


@pytest.mark.skipif(not VIGNETTES.exists(), reason=f"no vignettes at {VIGNETTES}")
def test_every_vignette(phone: Phone) -> None:
    rows = [json.loads(line) for line in VIGNETTES.read_text(encoding="utf-8").splitlines()]
    judge_alike([Case(row["id"], row["history"], datetime.fromisoformat(row["at"])) for row in rows], phone)


def test_the_rule_book_for_people_in_every_language(phone: Phone) -> None:
    readers = [(language, region) for language in languages() for region in ("US", "DE", None)]
    assert rulebook_differences(readers, phone) == []
