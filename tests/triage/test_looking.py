"""A pass that finds nothing asks one question and leaves one sign of life; the question forgets nothing that is due."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.triage.rows import NOON, a_lump, an_account, an_intent
from tracking.models import Export, Import, Lump, User
from tracking.moving import Row, take_up
from triage.bundles import due_notifications
from triage.looking import Found, look
from triage.marks import CLAIM, due_lumps
from triage.models import Heartbeat, Notification
from triage.pulse import beat_heart, note_nothing_due
from triage.sweep import Counts, is_overdue, last_sweep_at, sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_folder")]

A_SECOND = timedelta(seconds=1)
MOMENTS = [None, NOON - CLAIM, NOON - A_SECOND, NOON, NOON + A_SECOND, NOON + CLAIM, NOON + CLAIM + A_SECOND]


@pytest.fixture
def ada() -> User:
    return an_account()


def test_a_lump_is_seen_where_it_would_be_claimed(ada: User) -> None:
    a_lump(ada)
    seen = set()
    for assess_after, claimed_until in product(MOMENTS, MOMENTS):
        Lump.objects.update(assess_after=assess_after, claimed_until=claimed_until)
        is_due = due_lumps(NOON).exists()
        assert look(NOON) == Found(is_due, messages=False, exports=False, imports=False), (assess_after, claimed_until)
        seen.add(is_due)
    assert seen == {True, False}


def test_a_message_is_seen_where_it_would_be_handed_over(ada: User) -> None:
    an_intent(ada, a_lump(ada))
    Lump.objects.update(assess_after=None)
    seen = set()
    for state, leased_until, due_at in product(Notification.State.values, MOMENTS, [NOON, NOON + A_SECOND]):
        Notification.objects.update(state=state, leased_until=leased_until, due_at=due_at)
        is_due = due_notifications(NOON).exists()
        assert look(NOON) == Found(lumps=False, messages=is_due, exports=False, imports=False), (state, leased_until)
        seen.add(is_due)
    assert seen == {True, False}


@pytest.mark.parametrize("table", [Export, Import])
def test_what_is_to_be_moved_is_seen_where_it_would_be_taken_up(ada: User, table: type[Row]) -> None:
    seen = set()
    for state, leased_until in product(table.State.values, MOMENTS):
        row = table._default_manager.create(user=ada, created_at=NOON, state=state, leased_until=leased_until)
        found, is_due = look(NOON), take_up(table, at=NOON) is not None
        assert found == Found(False, False, is_due and table is Export, is_due and table is Import)
        row.delete()
        seen.add(is_due)
    assert seen == {True, False}


def test_a_pass_that_finds_nothing_asks_once_and_says_once_that_it_was_there(ada: User) -> None:
    a_lump(ada)
    sweep(NOON)
    with CaptureQueriesContext(connection) as asked:
        assert sweep(NOON + A_SECOND) == Counts()
    assert [one["sql"].split()[0] for one in asked.captured_queries] == ["SELECT", "INSERT"]
    assert last_sweep_at() == NOON + A_SECOND
    assert not is_overdue(NOON + timedelta(seconds=38), sweep_seconds=30)
    assert is_overdue(NOON + timedelta(seconds=39), sweep_seconds=30)


def test_a_clock_that_was_put_back_is_seen_at_the_next_pass() -> None:
    note_nothing_due(NOON)
    note_nothing_due(NOON - CLAIM)
    moments = dict(Heartbeat.objects.values_list("name", "at"))
    assert moments == {Heartbeat.SWEEP: NOON, Heartbeat.SWEEP_BEGUN: NOON - CLAIM}


@pytest.mark.django_db(transaction=True)
def test_what_is_stored_after_a_sign_of_life_waits_for_the_disk_as_before() -> None:
    """And the sign itself does not."""
    question = "SHOW synchronous_commit" if connection.vendor == "postgresql" else "PRAGMA synchronous"
    with CaptureQueriesContext(connection) as asked, connection.cursor() as cursor:
        cursor.execute(question)
        before = cursor.fetchone()
        beat_heart(NOON)
        note_nothing_due(NOON)
        cursor.execute(question)
        assert cursor.fetchone() == before
    assert before in [("on",), (2,), ("off",)]  # off: the servers of tests wait for no disk
    hasty = [one["sql"] for one in asked.captured_queries if "'off'" in one["sql"] or "NORMAL" in one["sql"]]
    assert len(hasty) == 2
    assert last_sweep_at() == NOON
