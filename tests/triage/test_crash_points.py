"""A real sweep is killed (SIGKILL) at each named place, then another runs: nothing is lost, nothing intended twice.

The sinks stand in this process and live on; each sweep is a process of its own on a database of its own.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter

import pytest

from tests.crashing import ROOT, Installation
from triage.crash import CRASH_POINTS

FIRST, AGAIN = "2026-11-20T12:00:00+00:00", "2026-11-20T12:02:00+00:00"  # the second is after the leases of the first


@pytest.mark.parametrize("name", CRASH_POINTS)
def test_a_sweep_that_is_killed_there_loses_nothing_and_intends_nothing_twice(place: Installation, name: str) -> None:
    lump = place.seed(FIRST)
    assert place.sweep(FIRST, crash_at=name) == -signal.SIGKILL, "the place was never passed"
    assert place.sweep(AGAIN) == 0
    outbox = place.outbox(lump)
    assert [row[:3] for row in outbox] == [["email", "1", "sent"], ["push", "1", "sent"]]
    copies = Counter(str(mail["Message-ID"]) for mail in place.mails.mails)
    assert 1 <= copies[f"<{outbox[0][3]}@tracker.example.org>"] <= 2
    topics = Counter(push["topic"] for push in place.pushes.deliveries)
    assert max(topics.values()) <= 2


def test_a_death_right_after_the_hand_over_of_a_mail_sends_it_once(place: Installation) -> None:
    """To somebody without a phone: no lane beside it can die while the mail server is about to answer."""
    before = len(place.mails.mails)
    lump = place.ask("seed", at=FIRST, subscription={})
    assert place.sweep(FIRST, crash_at="after_send") == -signal.SIGKILL
    assert [row[:3] for row in place.outbox(lump)] == [["email", "1", "leased"]]
    assert place.sweep(AGAIN) == 0
    assert [row[:3] for row in place.outbox(lump)] == [["email", "1", "sent"]]
    assert len(place.mails.mails) - before == 1


def test_two_sweeps_at_once_judge_each_lump_once_and_tell_once(place: Installation) -> None:
    lumps = [place.seed(FIRST) for _ in range(4)]
    before = len(place.mails.mails)
    place.start("sweep", at=FIRST, crash_at="", in_background=True)
    place.start("sweep", at=FIRST, crash_at="")
    counts = [json.loads(place.finish()["answer"]) for _ in range(2)]
    assert sum(count["assessed"] for count in counts) == 4
    assert len(place.mails.mails) - before == 4
    told = [row[:3] for lump in lumps for row in place.outbox(lump)]
    assert told == 4 * [["email", "1", "sent"], ["push", "1", "sent"]]


def test_the_command_itself_dies_where_the_environment_says(place: Installation) -> None:
    place.seed(FIRST)
    command = [sys.executable, "manage.py", "sweep", "--at", FIRST]
    environment = {**os.environ, **place.environment, "LUMPTRACKER_CRASH_AT": "after_claim"}
    assert subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == -signal.SIGKILL
    assert place.sweep(AGAIN) == 0


def test_a_fourth_channel_is_one_module_and_one_line_and_is_told_by_like_any_other(place: Installation) -> None:
    """Here because the installation stands: named, told, tried and shown, with no other module changed."""
    command = [sys.executable, "-m", "tests.triage.fourth_channel"]
    done = subprocess.run(command, cwd=ROOT, env=place.environment, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "answers": [400, 201],
        "rows": [["pager", "sent"]],
        "paged": [["0123456", "Please open this today"], ["0123456", "This is a test"]],
        "steps": ["pager"],
        "tested": ["pager"],
        "dropped": 204,
    }
