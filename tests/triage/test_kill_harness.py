"""Workers are killed at random moments, put to sleep, and set upon poison; the clock steps; the database dies.

Afterwards nothing is lost, nothing intended twice, nothing shown twice on a screen, and a mail came once more at most
for each death of who had it in hand, always under one Message-ID.
"""

from __future__ import annotations

import os
import signal
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.crashing import Installation
from tests.triage.killing.checker import changed_after_the_end, violations
from tests.triage.killing.nemesis import LEASE, Nemesis, arrivals_at, rows_of

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
INSIDE_THE_LEASE, SOME_LEASES_LATER = timedelta(0), LEASE / 7


@pytest.fixture(autouse=True)
def _nobody_there(place: Installation) -> None:
    """What a test left is gone, and so is what arrived for it."""
    place.ask("empty")
    for path in (place.mails.path, place.pushes.path):
        path.unlink(missing_ok=True)


@pytest.mark.parametrize("kills", [100, pytest.param(1000, marks=pytest.mark.soak)])
def test_a_hundred_deaths_lose_nothing_and_show_nothing_twice(place: Installation, kills: int) -> None:
    nemesis = Nemesis(place, at=NOON, seed=20261122 if kills == 100 else int(time.time()))
    nemesis.fill(120)
    nemesis.grow(40)  # these deaths come while something is judged, too
    nemesis.kill(kills * 8 // 10, step=INSIDE_THE_LEASE)  # each message is at risk once
    stranded = stranded_by(nemesis)
    nemesis.kill(kills * 2 // 10, step=SOME_LEASES_LATER)  # and some again, while they are caught up with
    nemesis.quiet()
    rows, arrivals = rows_of(place), arrivals_at(place)
    assert violations(rows, arrivals, expected=nemesis.intents) == []
    assert max(arrivals.mails.values()) <= 2
    renamed = [[row for row in rows if row.id in names] for names in arrivals.names.values() if len(names) > 1]
    assert renamed == [], "one message under two names"
    assert sum(row.attempts > 1 for row in rows) > kills / 5, "the kills hit no message"
    assert stranded > 0, "the kills hit no judgement"


def stranded_by(nemesis: Nemesis) -> int:
    """How many were being judged when their worker died. Where all had been judged before, there is more to judge."""
    for _ in range(20):
        if found := int(nemesis.place.ask("stranded")):
            return found
        nemesis.grow(40)
        nemesis.kill(5, step=INSIDE_THE_LEASE)
    return 0


@pytest.mark.parametrize("where", ["before_send", "after_send"])
def test_a_worker_that_slept_through_its_lease_neither_sends_again_nor_undoes_what_was_done(
    place: Installation, where: str
) -> None:
    for _ in range(3):
        lump, *intents = fill(place, 4)
        assert sleep_and_wake(place, where) == []
        place.ask("work", at=(NOON + 4 * LEASE).isoformat())
        rows, arrivals = rows_of(place), arrivals_at(place)
        assert violations(rows, arrivals, expected={lump: len(intents)}) == []
        assert all(arrivals.copies(row) <= 2 for row in rows)
        if where == "before_send":
            assert sum(arrivals.copies(row) > 1 for row in rows) <= 7, "the sleeper sent all that it had"


def test_poison_is_set_aside_after_five_tries_and_the_others_go_on(place: Installation) -> None:
    spoiled = place.pushes.subscribe(uuid4().hex)
    fill(place, 2, subscription=spoiled)
    place.ask("spoil", at=NOON.isoformat(), subscription=spoiled)
    lump, *intents = fill(place, 20)
    place.ask("work", at=NOON.isoformat())
    rows = rows_of(place)
    assert {row.state for row in rows if row.id in intents} == {"sent"}
    for number in range(1, 6):
        place.ask("work", at=(NOON + timedelta(hours=number)).isoformat())
    rows = rows_of(place)
    poison = [row for row in rows if row.state == "failed"]
    assert [(row.channel, row.failures) for row in poison] == [("push", 5)] * 2
    assert violations(rows, arrivals_at(place), expected={lump: len(intents)}, may_fail=2) == []


def test_a_message_that_kills_its_worker_takes_no_other_with_it(place: Installation) -> None:
    lump, *intents = fill(place, 10)
    deadly, at = intents[5], NOON
    for _ in range(7):
        worker = place.spawn("work", at=at.isoformat(), deadly=[deadly])
        place.reap(worker)
        at += LEASE + timedelta(seconds=1)
    rows = rows_of(place)
    assert [row.id for row in rows if row.state == "failed"] == [deadly]
    assert violations(rows, arrivals_at(place), expected={lump: len(intents)}, may_fail=1) == []


def test_a_clock_that_steps_neither_repeats_nor_floods(place: Installation) -> None:
    lump = place.seed(NOON.isoformat())
    steps = [timedelta(0), -timedelta(days=1), timedelta(minutes=15), -timedelta(minutes=15), timedelta(0)]
    for step in steps:
        place.ask("work", at=(NOON + step).isoformat())
    rows, arrivals = rows_of(place), arrivals_at(place)
    assert [(row.channel, row.state) for row in sorted(rows, key=lambda row: row.channel)] == [
        ("email", "sent"),
        ("push", "sent"),
    ]
    place.ask("work", at=(NOON + timedelta(days=365)).isoformat())
    later = [row for row in rows_of(place) if row.state != "waiting"]  # for its hour: the next way, the next day
    assert len(later) <= len(rows) + 4, "a year at once is not a year's messages"
    assert violations(later, arrivals_at(place), expected={lump: 2}) == []
    assert changed_after_the_end(rows, later) == []
    assert arrivals.mails.total() == 1


@pytest.mark.parametrize("place", ["postgres"], indirect=True)  # SQLite has no server to kill
def test_a_database_that_is_killed_under_its_workers_loses_nothing(place: Installation) -> None:
    assert place.cluster is not None
    lump, *intents = fill(place, 60)
    at = NOON
    for _ in range(3):
        workers = [place.spawn("work", at=at.isoformat()) for _ in range(2)]
        time.sleep(0.15)
        place.cluster.kill()
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
            place.reap(worker)
        place.cluster.start()
        at += LEASE + timedelta(seconds=1)
    place.ask("work", at=at.isoformat())
    place.ask("work", at=(at + LEASE).isoformat())
    assert violations(rows_of(place), arrivals_at(place), expected={lump: len(intents)}) == []


def test_many_evaluators_of_one_trigger_intend_it_once(place: Installation) -> None:
    lump, *intents = fill(place, 20)
    for _ in range(7):
        place.start("intend_again", lump=lump, in_background=True)
    place.start("intend_again", lump=lump)
    assert [place.finish()["answer"] for _ in range(8)] == [len(intents)] * 8
    assert {row.id for row in rows_of(place)} == set(intents)


# The harness itself is tried: each of these bugs must be reported, and by its own name.


def test_marking_before_sending_is_found_out(place: Installation) -> None:
    lump, *intents = fill(place, 4)
    place.start("sweep", at=NOON.isoformat(), crash_at="before_send", bug="mark_before_send")
    assert place.finish()["status"] == -signal.SIGKILL
    place.ask("work", at=(NOON + 2 * LEASE).isoformat(), bug="mark_before_send")
    found = violations(rows_of(place), arrivals_at(place), expected={lump: len(intents)})
    assert "is called sent and never arrived" in found[0]


def test_a_lost_constraint_is_found_out(place: Installation) -> None:
    lump, *intents = fill(place, 4)
    place.ask("forget_what_is_unique")
    try:
        place.ask("intend_again", lump=lump)
        place.ask("work", at=NOON.isoformat())
        found = violations(rows_of(place), arrivals_at(place), expected={lump: len(intents)})
    finally:
        place.ask("remember_what_is_unique")
    assert sum(slip.startswith("intended twice") for slip in found) == len(intents)


def test_a_lease_without_a_fence_is_found_out(place: Installation) -> None:
    fill(place, 4)
    found = sleep_and_wake(place, "before_send", bug="lease_not_fenced")
    assert any(slip.startswith("moved") for slip in found)


@pytest.mark.parametrize("bug", ["on_commit_only", "ack_before_commit"])
def test_work_that_is_only_promised_is_found_out(place: Installation, bug: str) -> None:
    lump = place.seed(NOON.isoformat())
    place.start("sweep", at=NOON.isoformat(), crash_at="before_intent", bug=bug)
    assert place.finish()["status"] == -signal.SIGKILL
    place.ask("work", at=(NOON + 2 * LEASE).isoformat(), bug=bug)
    found = violations(rows_of(place), arrivals_at(place), expected={lump: 2})
    assert found == [f"lost: {lump} has 0 intents of 2"]


def fill(place: Installation, people: int, subscription: dict[str, object] | None = None) -> list[str]:
    """So many are to be told something by each of two ways: the lump it is about, then the intents."""
    subscription = subscription or place.pushes.subscribe(uuid4().hex)
    return list(place.ask("fill", at=NOON.isoformat(), subscription=subscription, count=people))


def sleep_and_wake(place: Installation, where: str, *, bug: str = "") -> list[str]:
    """One falls asleep there, another does its work, the first wakes. What it moved that had ended."""
    nemesis = Nemesis(place, at=NOON)
    sleeper = nemesis.asleep(at=NOON.isoformat(), place=where, lease_seconds=0.2, bug=bug)
    place.ask("work", at=(NOON + LEASE).isoformat(), bug=bug)
    before = rows_of(place)
    assert nemesis.wake(sleeper) == 0
    return changed_after_the_end(before, rows_of(place))
