"""One pass: what is due is judged and told; a bad record and a second sweeper change nothing for the others."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from lumptracker.bell import sweep_if_overdue
from tests.triage.rows import NOON, a_check, a_growing_lump, a_lump, an_account, an_intent, state_of
from tracking import bare_reader
from tracking.bare_reader import Bare
from tracking.models import Lump, User
from triage.ages import was_set_aside
from triage.marks import Claim, claim_due, due_lumps
from triage.models import Assessment, Heartbeat, Notification, Stumble
from triage.sweep import Counts, Judging, assess_due, is_overdue, last_sweep_at, sweep
from triage.tasks import ring

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_folder")]


@pytest.fixture
def ada() -> User:
    return an_account()


def test_one_pass_judges_tells_and_says_what_it_did(ada: User) -> None:
    a_growing_lump(ada)
    a_lump(ada)
    assert sweep(NOON) == Counts(assessed=2, written=1)
    assert last_sweep_at() == NOON


def test_a_second_pass_finds_nothing_to_do(ada: User) -> None:
    a_growing_lump(ada)
    sweep(NOON)
    assert sweep(NOON + timedelta(seconds=30)) == Counts()


def test_a_lump_that_cannot_be_judged_is_tried_ever_more_rarely_and_the_others_go_on(
    ada: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = a_lump(ada), a_lump(ada)
    real = bare_reader.bare_histories

    def bare_histories(lump_ids: list[UUID]) -> dict[UUID, Bare]:
        if bad.pk in lump_ids:
            raise ValueError("a private note")
        return real(lump_ids)

    monkeypatch.setattr("triage.assess.bare_histories", bare_histories)
    counts = sweep(NOON)
    assert (counts.assessed, counts.stumbled) == (1, 1)
    assert Assessment.objects.filter(lump=good).exists()
    for _ in range(Stumble.SET_ASIDE_AFTER - 1):
        bad.refresh_from_db()
        assert bad.assess_after is not None
        assert sweep(bad.assess_after).stumbled == 1
    stumble = Stumble.objects.get()
    assert stumble.attempts == Stumble.SET_ASIDE_AFTER
    assert was_set_aside(stumble.at)
    assert stumble.error.startswith("ValueError at test_sweep.py")
    assert [record.levelname for record in caplog.records if str(bad.pk) in record.message].count("CRITICAL") == 1
    assert "a private note" not in caplog.text


def test_a_lump_that_can_be_judged_again_is_no_longer_set_aside(ada: User) -> None:
    lump = a_lump(ada)
    Stumble.objects.create(lump=lump, attempts=4, error="ValueError", at=NOON)
    sweep(NOON)
    assert not Stumble.objects.exists()


def test_the_pause_between_two_judgements_is_never_nothing(ada: User) -> None:
    lump = a_growing_lump(ada)
    sweep(NOON)
    lump.refresh_from_db()
    assert lump.assess_after is not None
    assert lump.assess_after >= NOON + timedelta(minutes=1)
    assert not due_lumps(NOON).exists()


def test_a_played_time_is_no_sign_of_life(ada: User) -> None:
    sweep(NOON, is_played=True)
    assert not Heartbeat.objects.exists()


def test_the_heart_never_beats_backwards() -> None:
    for minutes in (5, 1):
        sweep(NOON + timedelta(minutes=minutes))
    assert last_sweep_at() == NOON + timedelta(minutes=5)


def test_the_bell_without_a_broker_rings_only_when_nobody_else_did_for_an_interval_and_a_bit(ada: User) -> None:
    a_growing_lump(ada)
    assert is_overdue(NOON, sweep_seconds=30)
    sweep(NOON, is_played=False)
    assert not is_overdue(NOON + timedelta(seconds=37), sweep_seconds=30)
    assert is_overdue(NOON + timedelta(seconds=38), sweep_seconds=30)
    assert is_overdue(NOON - timedelta(days=1), sweep_seconds=30), "the clock was put back"


def test_a_pass_that_died_or_takes_long_is_followed_no_sooner_than_any_other(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_lump(ada)

    def die(**_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("triage.sweep.assess_due", die)
    with pytest.raises(MemoryError):
        sweep(NOON)
    assert last_sweep_at() is None
    assert not is_overdue(NOON + timedelta(seconds=30), sweep_seconds=30)
    assert is_overdue(NOON + timedelta(seconds=38), sweep_seconds=30)


@pytest.mark.django_db(transaction=True)
def test_the_timer_of_the_worker_does_the_whole_job_with_no_broker_at_all(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = an_intent(ada, a_growing_lump(ada), level="same_day")
    before_judging: list[str] = []

    def assess(**values: Any) -> Judging:  # Any: as the real one
        before_judging.append(state_of(waiting.pk))
        return assess_due(**values)

    monkeypatch.setattr("triage.sweep.assess_due", assess)
    assert sweep_if_overdue(sweep_seconds=30)
    assert before_judging == ["written"], "what is due waits for no judging"
    assert Notification.objects.filter(state="written").count() == 2
    assert not sweep_if_overdue(sweep_seconds=30)


def test_the_task_carries_nothing_and_answers_with_counts(ada: User) -> None:
    a_growing_lump(ada)
    assert ring()["assessed"] == 1


def test_the_command_prints_counts_as_json(ada: User) -> None:
    a_growing_lump(ada)
    assert run("--at", "2026-11-20T13:00:00+01:00")["assessed"] == 1


def test_another_time_is_played_only_where_nobody_else_can_be_told(settings: Settings) -> None:
    settings.PUBLIC_IS_LOCAL = False
    with pytest.raises(CommandError, match="PUBLIC_URL"):
        run("--at", "2026-11-20T12:00:00Z")


@pytest.mark.parametrize("text", ["2026-11-20T12:00:00", "yesterday"])
def test_a_time_without_an_offset_is_refused(text: str) -> None:
    with pytest.raises(CommandError):
        run("--at", text)


def test_many_lumps_are_all_judged_in_one_pass(ada: User) -> None:
    person = a_lump(ada).person
    Lump.objects.bulk_create(
        Lump(person=person, site="forearm", created_at=NOON, updated_at=NOON, assess_after=NOON) for _ in range(40)
    )
    assert sweep(NOON).assessed == 41


def test_a_pass_goes_on_after_its_first_batch(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triage.sweep.BATCH", 2)
    for _ in range(5):
        a_lump(ada)
    assert assess_due(at=NOON) == Judging(assessed=5)


def test_what_another_process_holds_does_not_keep_a_pass_busy(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    a_lump(ada)
    tried: list[Claim] = []

    def held(claims: list[Claim], **_: object) -> int:
        tried.extend(claims)
        return 0

    monkeypatch.setattr("triage.sweep.assess_together", held)
    assert assess_due(at=NOON) == Judging(left=1)
    assert len(tried) == 1


def test_a_new_check_is_judged_before_what_only_time_has_brought(ada: User) -> None:
    old, silent = a_lump(ada), a_lump(ada)
    a_check(old, at=NOON)
    sweep(NOON, is_played=True)
    later = NOON + timedelta(hours=1)
    Lump.objects.update(assess_after=later)
    new = a_lump(ada, at=later)
    a_check(new, at=later + timedelta(minutes=1), signs={"collapse": True})
    soon = later + timedelta(hours=1)
    assert [claim.lump_id for claim in claim_due(soon, limit=10, only_news=True)] == [new.pk]
    assert {claim.lump_id for claim in claim_due(soon, limit=10)} == {old.pk, silent.pk}


def run(*arguments: str) -> dict[str, Any]:  # Any: JSON
    out = StringIO()
    call_command("sweep", *arguments, stdout=out)
    return dict(json.loads(out.getvalue()))
