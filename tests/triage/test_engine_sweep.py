"""The moment of asking again is kept: the lump's mark is set to it, and the sweep that follows judges anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.triage.rows import NOON, a_check, a_lump, an_account
from tracking.models import Lump
from triage.models import Assessment
from triage.sweep import sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_folder")]


def mark_of(lump: Lump) -> datetime | None:
    return Lump.objects.get(pk=lump.pk).assess_after


def marks_until(lump: Lump, due: datetime) -> Iterator[datetime]:
    for _ in range(20):
        mark = mark_of(lump)
        assert mark is not None
        if mark >= due:
            return
        yield mark
    raise AssertionError(f"never due at {due}")


def latest(lump: Lump) -> Assessment:
    return Assessment.objects.filter(lump=lump).latest("at")


def test_the_sweep_runs_at_the_moment_of_asking_again() -> None:
    """Noticed ten days ago: two weeks are over at midnight four days on."""
    noticed = (NOON - timedelta(days=10)).date().isoformat()
    lump = a_lump(an_account(), first_noticed_on=noticed, first_noticed_certainty="exact")
    sweep(NOON)
    due = latest(lump).reassess_at
    assert due == datetime.fromisoformat("2026-11-24T00:00:00+00:00")
    for mark in marks_until(lump, due):  # those before it are reminders, which change no advice
        assert sweep(mark).assessed == 1
        assert latest(lump).level == "watch"
    assert mark_of(lump) == due
    assert sweep(due).assessed == 1
    assert latest(lump).level == "routine"


def test_an_alarm_that_grows_old_is_asked_about_when_it_does() -> None:
    lump = a_lump(an_account())
    a_check(lump, at=NOON, signs={"back_shape_changed": True, "trend": "same"})
    sweep(NOON)
    first = latest(lump)
    assert first.reassess_at is not None
    mark = mark_of(lump)
    assert mark is not None
    assert NOON < mark <= first.reassess_at
