"""The ladder as data: every level has its steps, and a slip in the file stops the start."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from triage import ladder
from triage.ladder import LADDER, LASTING, LEVELS, read_ladder, step_of, words_of

FILE = Path(ladder.__file__).with_name("ladder.toml")
TEXT = FILE.read_text(encoding="utf-8")
HASTE = ("check", "today", "now")


def test_every_level_begins_at_once_ends_by_itself_and_says_why() -> None:
    table: dict[str, Any] = tomllib.loads(TEXT)  # Any: TOML
    for level in LEVELS:
        steps = LADDER[level].steps
        assert steps[0].wait == timedelta(0)
        assert all(step.wait > timedelta(0) for step in steps[1:])
        assert step_of(level, len(steps) + 1) is None
        assert len(table[level]["because"]) > 20


def test_what_is_more_urgent_is_said_again_sooner_and_never_in_weaker_words() -> None:
    for urgent, lesser in pairwise(LEVELS[:5]):
        assert LADDER[urgent].steps[1].wait < LADDER[lesser].steps[1].wait
    for level in LEVELS:
        words = [HASTE.index(step.words) for step in LADDER[level].steps]
        assert words == sorted(words)


def test_the_contact_is_told_once_and_only_of_what_lasts() -> None:
    told = {level: sum(step.tells_contact for step in LADDER[level].steps) for level in LEVELS}
    assert told == {level: int(level in LASTING) for level in LEVELS}


def test_putting_off_keeps_to_what_each_level_bears() -> None:
    most = [LADDER[level].snooze_at_most / timedelta(hours=1) for level in LEVELS]
    assert most == [0, 4, 24, 168, 168, 168]


def test_a_step_past_the_end_speaks_as_the_last() -> None:
    assert [words_of("next_day", number) for number in (0, 1, 2, 99)] == ["today", "today", "now", "now"]


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ('ways = "all"', 'ways = "some"'),
        ('words = "now"', 'words = "loudly"'),
        ("contact = true", "contacts = true"),
        ("unopened_hours = 14", "unopened_hours = 0"),
        ("[routine]", "[sometime]"),
        ('because = "Now', 'because = ""\nbut = "Now'),
    ],
)
def test_a_slip_in_the_file_is_refused(said: str, instead: str) -> None:
    assert said in TEXT
    with pytest.raises(ValueError, match=r"ladder\.toml"):
        read_ladder(TEXT.replace(said, instead, 1))
