"""What the app shows of the ladder: each step told and planned, when, why, by which way, and how to take it out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.people import Somebody, ada, cal
from tests.sinks import MailSink, PushService
from tests.triage.rows import a_browser
from tracking.models import LogEntry, Lump, Membership
from triage.contact_words import words_version
from triage.contacts import agree, name_contact
from triage.models import Episode, Heartbeat, Notification, ReminderTest
from triage.sweep import sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def owner(sink: MailSink, service: PushService) -> Somebody:
    somebody = ada()
    EmailAddress.objects.update_or_create(user=somebody.user, email=somebody.email, defaults={"verified": True})
    a_browser(somebody.user, service)
    return somebody


def bigger(owner: Somebody) -> UUID:
    """Something of this week."""
    lump_id = owner.put_lump(site="forearm")
    owner.put_observation(lump_id, observed_at=timezone.now().isoformat(), signs={"trend": "bigger"})
    return lump_id


def shown(owner: Somebody, *, kind: str = "seek_care") -> dict[str, Any]:  # Any: JSON
    (episode,) = [row for row in owner.get("episodes/?open=true")["results"] if row["kind"] == kind]
    return dict(episode)


def ways(episode: dict[str, Any]) -> list[tuple[int, str, str, str]]:  # Any: JSON
    return [(one["step"], one["channel"], one["state"], one["why"]) for one in episode["steps"]]


def with_contact(owner: Somebody) -> None:
    user = owner.user
    contact = name_contact(user, name="", email="bea@example.org", words=words_version(user), at=timezone.now())
    agree(contact, at=timezone.now())


def test_what_was_told_and_what_is_planned_with_when_and_why(owner: Somebody) -> None:
    with_contact(owner)
    bigger(owner)
    sweep(timezone.now())
    episode = shown(owner)
    assert episode["title"] == "A lump that is getting bigger"
    assert ways(episode) == [
        (1, "email", "sent", "found"),
        (1, "push", "sent", "found"),
        (2, "push", "planned", "unanswered"),
        (2, "email", "planned", "unanswered"),
        (3, "push", "planned", "unanswered"),
        (3, "email", "planned", "unanswered"),
        (3, "contact", "planned", "contact"),
        (4, "push", "planned", "unanswered"),
        (4, "email", "planned", "unanswered"),
    ]
    opened_at = datetime.fromisoformat(episode["opened_at"])
    days = {
        one["step"]: (datetime.fromisoformat(one["due_at"]) - opened_at) / timedelta(days=1) for one in episode["steps"]
    }
    for step, planned in ((1, 0), (2, 3), (3, 7), (4, 14)):
        assert planned <= days[step] <= planned + 0.5, "later than the night allows"


def test_a_reminder_to_check_is_shown_before_it_is_due(owner: Somebody) -> None:
    lump_id = owner.put_lump(site="forearm")
    owner.put_observation(lump_id, observed_at=timezone.now().isoformat(), length_mm=12, method="ruler")
    sweep(timezone.now())
    episode = shown(owner, kind="check_due")
    assert (episode["title"], episode["level"]) == (None, "watch")
    assert ways(episode)[:3] == [
        (1, "push", "planned", "due"),
        (1, "email", "planned", "unopened"),
        (2, "push", "planned", "overdue"),
    ]


def test_a_step_is_taken_out_and_does_not_come(owner: Somebody) -> None:
    with_contact(owner)
    bigger(owner)
    sweep(timezone.now())
    path = f"episodes/{shown(owner)['id']}/stop/"
    owner.post(path, {"step": 3, "channel": "contact"})
    owner.post(path, {"step": 2})
    states = {(step, channel): state for step, channel, state, _ in ways(shown(owner))}
    assert [states[key] for key in ((2, "push"), (2, "email"), (3, "contact"))] == 3 * ["stopped"]
    assert states[3, "push"] == "planned"
    for days in (4, 8):
        sweep(timezone.now() + timedelta(days=days), is_played=True)
    rows = Notification.objects.filter(kind="seek_care").values_list("step", "channel")
    assert sorted(rows) == [(1, "email"), (1, "push"), (3, "email"), (3, "push")]
    assert Episode.objects.get(pk=shown(owner)["id"]).closed_at is None


def test_a_message_that_waits_is_taken_out(owner: Somebody) -> None:
    lump_id = owner.put_lump(site="forearm")
    owner.put_observation(lump_id, observed_at=timezone.now().isoformat(), signs={"pain": 5})
    sweep(timezone.now())
    episode = shown(owner)
    assert ways(episode)[:2] == [(1, "push", "sent", "found"), (1, "email", "waiting", "unopened")]
    owner.post(f"episodes/{episode['id']}/stop/", {"step": 1})
    sweep(timezone.now() + timedelta(days=2), is_played=True)
    assert ways(shown(owner))[1] == (1, "email", "cancelled", "unopened")


@pytest.mark.parametrize("body", [{"step": 1}, {"step": 9}, {"step": 2, "channel": "pigeon"}, {}, {"step": 2, "at": 1}])
def test_what_is_not_planned_cannot_be_stopped(owner: Somebody, body: dict[str, object]) -> None:
    bigger(owner)
    sweep(timezone.now())
    assert owner.ask("POST", f"episodes/{shown(owner)['id']}/stop/", body).status_code == 400


def test_one_owner_stops_only_what_comes_to_that_one(owner: Somebody) -> None:
    lump = Lump.objects.get(pk=bigger(owner))
    other = cal()
    Membership.objects.create(user=other.user, person=lump.person)
    sweep(timezone.now())
    owner.post(f"episodes/{shown(owner)['id']}/stop/", {"step": 2})
    theirs = [(state, channel) for step, channel, state, _ in ways(shown(other)) if step == 2]
    assert {state for state, _ in theirs} <= {"planned"}


def test_a_viewer_is_told_nothing_and_sees_no_episode(owner: Somebody) -> None:
    lump = Lump.objects.get(pk=bigger(owner))
    other = cal()
    Membership.objects.create(user=other.user, person=lump.person, role="viewer")
    sweep(timezone.now())
    assert other.get("episodes/")["results"] == []
    assert other.ask("GET", f"episodes/{shown(owner)['id']}/").status_code == 404


def test_a_booked_day_that_is_over_asks_how_it_went(owner: Somebody) -> None:
    bigger(owner)
    sweep(timezone.now())
    row = Notification.objects.get(channel="push", kind="seek_care")
    today = timezone.now().date()
    owner.post(f"notifications/{row.pk}/acknowledge/", {"answer": "booked", "on": str(today + timedelta(days=1))})
    episode = shown(owner)
    assert (episode["booked_on"], episode["asks"]) == (str(today + timedelta(days=1)), None)
    assert ways(episode)[2][3] == "booked"
    Episode.objects.update(booked_on=today - timedelta(days=1))
    assert shown(owner)["asks"] == "seen"


def test_less_urgent_advice_says_who_speaks_for_it(owner: Somebody) -> None:
    lump_id = bigger(owner)
    owner.put_observation(lump_id, observed_at=timezone.now().isoformat(), signs={"pain": 5})
    sweep(timezone.now())
    rows = [row for row in owner.get(f"episodes/?lump={lump_id}")["results"] if row["kind"] == "seek_care"]
    urgent, lesser = sorted(rows, key=lambda row: str(row["level"]), reverse=True)
    assert (urgent["level"], lesser["level"]) == ("this_week", "routine")
    assert (urgent["told_with"], lesser["told_with"]) == (None, urgent["id"])
    assert lesser["steps"] == []


def test_lists_are_narrowed_by_lump_and_by_what_is_open(owner: Somebody) -> None:
    bigger(owner)
    sweep(timezone.now())
    assert owner.get(f"episodes/?lump={uuid4()}")["results"] == owner.get("episodes/?lump=x")["results"] == []
    assert owner.get("episodes/?open=false")["results"] == []
    assert owner.get("episodes/?open=true")["results"]


# Do reminders arrive?


def test_the_app_hears_when_it_was_last_looked_what_is_due(owner: Somebody) -> None:
    assert (owner.get("reminders/")["checked_at"], owner.get("reminders/")["is_late"]) == (None, True)
    sweep(timezone.now())
    assert owner.get("reminders/")["is_late"] is False
    Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=6))
    assert owner.get("reminders/")["is_late"] is True


def test_a_test_goes_out_by_every_way_and_is_remembered(owner: Somebody, sink: MailSink, service: PushService) -> None:
    assert owner.get("reminders/")["test_due"] is True
    before = len(sink.mails)
    answer = owner.post("reminders/test/", None)
    assert {(one["channel"], one["outcome"]) for one in answer["test"]["outcomes"]} == {
        ("push", "sent"),
        ("email", "sent"),
    }
    assert (len(sink.mails) - before, len(service.deliveries)) == (1, 1)
    assert answer["test_due"] is False
    assert not Notification.objects.exists()


def test_a_test_that_did_not_arrive_is_asked_for_again_as_one_that_is_a_month_old(owner: Somebody) -> None:
    owner.post("reminders/test/", None)
    assert owner.post("reminders/test/arrived/", {"arrived": False})["test_due"] is True
    assert owner.post("reminders/test/arrived/", {"arrived": True})["test_due"] is False
    ReminderTest.objects.update(at=timezone.now() - timedelta(days=31))
    assert owner.get("reminders/")["test_due"] is True


def test_without_a_way_a_test_says_so(settings: Settings) -> None:
    settings.EMAIL_CONFIGURED = False
    assert ada().post("reminders/test/", None)["test"]["outcomes"] == []


def test_a_phone_that_is_gone_is_named(owner: Somebody, service: PushService) -> None:
    service.answers["phone"] = (410, {})
    outcomes = owner.post("reminders/test/", None)["test"]["outcomes"]
    assert [one["outcome"] for one in outcomes if one["channel"] == "push"] == ["gone"]


def test_owners_are_told_that_a_member_read_what_was_advised(owner: Somebody) -> None:
    lump, reader = Lump.objects.get(pk=bigger(owner)), cal()
    sweep(timezone.now())
    episode = shown(owner)["id"]
    Membership.objects.create(user=reader.user, person_id=lump.person_id, role="viewer", told=True)
    assert not LogEntry.objects.filter(what="member_read").exists()  # owners read their own
    for path in ("episodes/", f"episodes/{episode}/"):
        assert reader.ask("GET", path).status_code == 200
        (line,) = LogEntry.objects.filter(what="member_read")
        assert (line.user_id, line.by_id, line.about) == (owner.user.pk, reader.user.pk, lump.person_id)
        LogEntry.objects.filter(pk=line.pk).update(at=timezone.now() - timedelta(hours=2))
        if path == "episodes/":
            LogEntry.objects.filter(pk=line.pk).update(what="member_photo")  # so that the next is seen by itself
