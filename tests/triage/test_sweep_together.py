"""Many due lumps are claimed, judged and stored together; what is asked of the database does not grow with them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.triage.rows import NOON, a_check, a_growing_lump, a_lump, an_account
from tracking.history import History
from tracking.models import Lump, User
from triage import assess, engine
from triage.marks import CLAIM, claim_due, due_lumps, release
from triage.models import Assessment, Episode, Notification

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_folder")]


@pytest.fixture
def ada() -> User:
    return an_account()


def queries_to_judge(count: int) -> int:
    claims = claim_due(NOON, limit=count)
    assert len(claims) == count
    with CaptureQueriesContext(connection) as asked:
        assert assess.assess_together(claims, at=NOON) == count
    return len(asked.captured_queries)


def test_nine_lumps_that_are_told_about_take_as_many_queries_as_three(ada: User) -> None:
    for number in range(13):
        a_growing_lump(an_account(f"ada+{number}@example.org"))
    queries_to_judge(1)  # the rule book in use is kept by the first
    assert queries_to_judge(3) == queries_to_judge(9) < 30
    assert Notification.objects.count() == 13


def test_a_batch_finds_rows_by_their_keys_also_while_their_table_is_as_good_as_empty(ada: User) -> None:
    """Or its plans, which are kept, would read all of a table that fills with each batch."""
    a_growing_lump(ada)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert queries_to_judge(1)
    assert "index" in Episode.objects.filter(pk=ada.pk).explain().lower()


def test_what_is_claimed_is_nobody_elses_until_the_claim_runs_out(ada: User) -> None:
    lump = a_lump(ada)
    assert [claim.lump_id for claim in claim_due(NOON, limit=10)] == [lump.pk]
    assert claim_due(NOON, limit=10) == []
    lump.refresh_from_db()
    assert lump.assess_after == NOON
    assert len(claim_due(NOON + CLAIM, limit=10)) == 1


def test_what_is_given_back_may_be_taken_at_once(ada: User) -> None:
    a_lump(ada)
    release(claim_due(NOON, limit=10))
    assert len(claim_due(NOON, limit=10)) == 1


def test_a_claim_of_a_clock_that_ran_ahead_holds_nobody_up(ada: User) -> None:
    a_lump(ada)
    claim_due(NOON + timedelta(days=365), limit=10)
    assert due_lumps(NOON).count() == 1


def test_what_is_logged_while_it_is_thought_about_is_judged_anew_and_first(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    lump = a_lump(ada)
    claims = claim_due(NOON, limit=10)
    think, later = engine.assess, NOON + timedelta(seconds=5)

    def meanwhile(history: History, at: datetime) -> engine.Assessment:
        a_check(lump, at=later, signs={"collapse": True})
        return think(history, at)

    monkeypatch.setattr("triage.engine.assess", meanwhile)
    assert assess.assess_together(claims, at=NOON) == 0
    monkeypatch.undo()
    assert not Assessment.objects.exists()
    assert [claim.lump_id for claim in claim_due(later, limit=10, only_news=True)] == [lump.pk]
    assert Lump.objects.get().assess_after == later
