"""What somebody is to be told at one moment is taken by one process, and stays one message when that one dies."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from threading import Event

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, transaction

from tests.at_once import at_once, several_writers
from tests.sinks import MailSink
from tests.triage.rows import NOON, a_lump, an_account, an_intent
from tracking.models import Lump
from triage import deliver
from triage.bundles import due_bundles
from triage.leases import LEASE, lease_batch
from triage.models import Notification

LATER = NOON + LEASE + timedelta(seconds=1)
HELD = timedelta(minutes=10)


def two_in_one_message() -> tuple[Notification, Notification]:
    """One spoke, the other rode along, and who had them in hand is heard of no more."""
    user = an_account("bea@example.org")
    rows = an_intent(user, a_lump(user)), an_intent(user, a_lump(user))
    (bundle,) = lease_batch(at=NOON) or []
    assert {row.pk for row in bundle} == {row.pk for row in rows}
    speaker, rider = bundle
    return speaker, rider


@several_writers
@pytest.mark.django_db(transaction=True)
def test_of_many_who_take_what_is_due_one_has_all_that_one_person_is_told() -> None:
    users = [an_account(f"{number}@example.org") for number in range(24)]
    for _ in range(3):
        for user in users:
            an_intent(user, a_lump(user))
    taken = at_once(6, lambda _: [bundle for _ in range(40) for bundle in lease_batch(at=NOON, size=5) or []])
    messages = Counter(bundle[0].user_id for bundles in taken for bundle in bundles)
    assert messages == dict.fromkeys([user.pk for user in users], 1)
    assert Notification.objects.filter(state="leased").count() == 72


@several_writers
@pytest.mark.django_db(transaction=True)
def test_one_that_rode_along_is_left_while_somebody_writes_down_how_its_message_ended() -> None:
    speaker, rider = two_in_one_message()
    is_held, is_looked = Event(), Event()

    def verb(index: int) -> object:
        with transaction.atomic():
            if index:
                assert is_held.wait(20)
                found = due_bundles(at=LATER, size=5)
                is_looked.set()
                return found
            Notification.objects.filter(pk=speaker.pk).update(last_error="")
            is_held.set()
            assert is_looked.wait(20)
        return None

    assert at_once(2, verb)[1] == []
    with transaction.atomic():
        assert [[row.pk for row in bundle] for bundle in due_bundles(at=LATER, size=5) or []] == [
            [speaker.pk, rider.pk]
        ]


@pytest.mark.django_db
def test_one_that_rode_along_waits_for_the_message_that_somebody_else_has() -> None:
    speaker, rider = two_in_one_message()
    Notification.objects.filter(pk=speaker.pk).update(leased_until=LATER + HELD)
    assert lease_batch(at=LATER) is None, "there is nothing to be had, and a pass that asks again and again finds none"
    cal = an_account("cal@example.org")
    later = an_intent(cal, a_lump(cal), due_at=LATER)
    assert lease_batch(at=LATER, size=1) == [[later]], "nobody waits behind it"
    Notification.objects.filter(pk=speaker.pk).update(state="failed", leased_until=None)
    with transaction.atomic():
        assert due_bundles(at=LATER, size=5) == [[rider]]


@pytest.mark.django_db
def test_who_speaks_in_place_of_one_that_was_answered_speaks_after_a_death_too(
    sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = an_account("bea@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    answered = an_intent(user, a_lump(user), level="next_day")
    left = [an_intent(user, a_lump(user)) for _ in range(3)]
    Notification.objects.filter(pk=answered.pk).update(acknowledged_at=NOON)
    with monkeypatch.context() as patch:
        patch.setattr(deliver, "_mark", lambda ended, at: Counter())  # it dies before it wrote anything down
        deliver.deliver_due(at=NOON, seconds=5)
    assert deliver.deliver_due(at=LATER, seconds=5) == {"sent": 3}
    names = {str(mail["Message-ID"]) for mail in sink.mails}
    assert len(names) == 1
    speakers = Notification.objects.filter(pk__in=[row.pk for row in left], carried_by=None)
    assert names == {f"<{speaker.pk}@tracker.example.org>" for speaker in speakers}


@pytest.mark.django_db
def test_what_was_one_message_by_day_is_one_message_in_the_morning() -> None:
    speaker, rider = two_in_one_message()
    night = NOON + timedelta(hours=14)
    Notification.objects.filter(pk=rider.pk).update(due_at=night, created_at=night)
    assert lease_batch(at=night) == []
    morning = NOON + timedelta(hours=21)
    assert [[row.pk for row in bundle] for bundle in lease_batch(at=morning) or []] == [[speaker.pk, rider.pk]]


@pytest.mark.django_db
def test_what_is_urgent_and_new_goes_before_what_somebody_died_over() -> None:
    two_in_one_message()
    cal = an_account("cal@example.org")
    urgent = an_intent(cal, a_lump(cal), level="emergency", due_at=LATER)
    taken = [[row.level for row in bundle] for _ in range(2) for bundle in lease_batch(at=LATER) or []]
    assert taken == [["emergency"], ["this_week", "this_week"]]
    urgent.refresh_from_db()
    assert urgent.attempts == 1


@several_writers
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("mail_folder")
@pytest.mark.parametrize("end", ["of its lease", "of its address"])
def test_who_sets_a_message_aside_and_who_judges_its_lump_do_not_stand_in_each_others_way(end: str) -> None:
    user = an_account("bea@example.org")
    lump = a_lump(user)
    dead = an_intent(user, lump, channel="push")
    to_follow = an_intent(user, lump, due_at=LATER + HELD)
    Notification.objects.filter(pk=to_follow.pk).update(episode=dead.episode)
    if end == "of its lease":
        tried = {"state": "leased", "leased_until": NOON, "attempts": 5, "failures": 4}
        Notification.objects.filter(pk=dead.pk).update(**tried)
    is_held = Event()

    def verb(index: int) -> object:
        if index:
            assert is_held.wait(20)
            return deliver.deliver_due(at=LATER, seconds=5)
        with transaction.atomic():  # as whoever judges it: the lump, and then what waits of its messages
            Lump.objects.select_for_update(no_key=True).get(pk=lump.pk)
            is_held.set()
            until_somebody_waits()
            return Notification.objects.filter(pk=to_follow.pk).update(last_error="")

    changed, counts = at_once(2, verb)
    assert (changed, counts["written"]) == (1, 1), "what was to follow it follows now"
    dead.refresh_from_db()
    assert dead.state == "failed"


def until_somebody_waits() -> None:
    """Until another connection waits for what this one holds."""
    ends = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < ends:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
            if cursor.fetchone():
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits")
