"""After a backup was brought back nothing old is sent, and what nobody has answered is not forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.triage.rows import NOON, a_lump, an_account, an_intent
from tracking.models import Lump
from triage.models import Episode, Notification
from triage.restored import RESTORED, review_restored

pytestmark = pytest.mark.django_db


def test_what_waits_or_is_being_sent_is_cancelled_and_says_why() -> None:
    user = an_account()
    lump = a_lump(user)
    rows = [an_intent(user, lump, state=state) for state in ("waiting", "leased", "sent", "failed")]
    assert review_restored(at=NOON + timedelta(days=2)).cancelled == 2
    now = [Notification.objects.get(pk=row.pk) for row in rows]
    assert [row.state for row in now] == ["cancelled", "cancelled", "sent", "failed"]
    assert [row.last_error for row in now] == [RESTORED, RESTORED, "", ""]


@pytest.mark.parametrize(("level", "wait_hours"), [("emergency", 1), ("same_day", 4), ("this_week", 72)])
def test_a_ladder_goes_on_after_its_usual_wait_from_now(level: str, wait_hours: int) -> None:
    user, at = an_account(), NOON + timedelta(days=2)
    lump = a_lump(user)
    episode = an_intent(user, lump, level=level).episode
    Episode.objects.filter(pk=episode.pk).update(next_step_at=NOON + timedelta(hours=1))
    assert review_restored(at=at).ladders == 1
    episode.refresh_from_db()
    assert (episode.step, episode.next_step_at) == (1, at + timedelta(hours=wait_hours))


def test_what_was_never_told_or_comes_later_anyway_keeps_its_moment() -> None:
    user, at = an_account(), NOON + timedelta(days=2)
    lump = a_lump(user)
    never, later = (an_intent(user, lump).episode for _ in range(2))
    Episode.objects.filter(pk=never.pk).update(step=0, next_step_at=NOON)
    Episode.objects.filter(pk=later.pk).update(next_step_at=at + timedelta(hours=1))
    assert review_restored(at=at).ladders == 0
    assert Episode.objects.get(pk=never.pk).next_step_at == NOON
    assert Episode.objects.get(pk=later.pk).next_step_at == at + timedelta(hours=1)


def test_each_lump_with_something_open_is_judged_anew() -> None:
    user, at = an_account(), NOON + timedelta(days=2)
    open_one, quiet = a_lump(user), a_lump(user)
    Lump.objects.update(assess_after=None)
    an_intent(user, open_one)
    assert review_restored(at=at).lumps == 1
    assert [Lump.objects.get(pk=lump.pk).assess_after for lump in (open_one, quiet)] == [at, None]
