"""However many clocks are started, one rings; and when that one dies another does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lumptracker import celery
from lumptracker.beat import LEASE, LEASE_NAME, LOOK_SECONDS, Lease, OneOfMany
from triage.models import Heartbeat

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
SOON = timedelta(seconds=LOOK_SECONDS)


def test_of_two_clocks_one_holds_the_lease_for_as_long_as_it_looks_in_time() -> None:
    first, second = Lease(), Lease()
    assert first.take(AT)
    for look in range(1, 20):
        assert first.take(AT + look * SOON)
        assert not second.take(AT + look * SOON)


def test_when_it_dies_the_other_takes_over_and_it_does_not_come_back_by_itself() -> None:
    first, second = Lease(), Lease()
    assert first.take(AT)
    assert not second.take(AT + LEASE)
    after = AT + LEASE + SOON
    assert second.take(after)
    assert not first.take(after)
    assert second.take(after + SOON)


def test_one_that_ends_properly_makes_room_at_once() -> None:
    first, second = Lease(), Lease()
    assert first.take(AT)
    first.give_up()
    assert second.take(AT)


def test_a_lease_from_a_clock_that_was_put_back_does_not_silence_everybody() -> None:
    Heartbeat.objects.create(name=LEASE_NAME, at=AT + timedelta(days=3))
    assert Lease().take(AT)


@pytest.mark.django_db(transaction=True)  # it drops connections that look left over
def test_the_scheduler_that_celery_is_given_stays_silent_without_the_lease(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert celery.app.conf.beat_scheduler == "lumptracker.beat:OneOfMany"
    clocks = [OneOfMany(app=celery.app, schedule_filename=str(tmp_path / name)) for name in ("one", "two")]
    rung: list[str] = []
    for name, clock in zip(("one", "two"), clocks, strict=True):
        monkeypatch.setattr(clock, "apply_entry", lambda entry, producer=None, name=name: rung.append(name))
        for entry in clock.schedule.values():
            entry.last_run_at -= timedelta(days=2)  # all of them are due
        clock.tick()
    assert set(rung) == {"one"}
    for clock in clocks:
        clock.close()
