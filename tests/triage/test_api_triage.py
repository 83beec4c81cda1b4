"""The judgement over HTTP: what is judged, what was told, and the answers to it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4, uuid5

import pytest
from django.core.cache import cache
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.people import Somebody, ada, cal, nobody
from tests.sinks import MailSink
from tests.triage.conftest import growing
from tracking.models import CareEvent, Lump, User
from triage.models import Episode, Notification
from triage.sweep import sweep
from triage.unsubscribe import stop_url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def test_the_assessment_is_of_now_and_tells_nobody(owner: Somebody) -> None:
    lump_id = growing(owner)
    document = owner.get(f"lumps/{lump_id}/assessment/")
    assert document["lump"] == str(lump_id)
    assert document["level"] == "this_week"
    assert document["growth"]["state"] == "growing"
    assert document["findings"][0]["sources"]
    assert not Notification.objects.exists()
    assert not Episode.objects.exists()


def test_the_assessment_after_a_change_is_a_new_one(owner: Somebody) -> None:
    lump_id = growing(owner)
    sweep(timezone.now())
    first = owner.get(f"lumps/{lump_id}/assessment/")
    owner.put_observation(
        lump_id, observed_at=timezone.now().isoformat(), signs={"fever": True, "red": True, "hot": True}
    )
    second = owner.get(f"lumps/{lump_id}/assessment/")
    assert (first["level"], second["level"]) == ("this_week", "same_day")


def test_the_assessment_says_beside_its_level_what_stands_and_what_to_ask(owner: Somebody) -> None:
    lump_id = owner.put_lump(site="neck")
    then = timezone.now() - timedelta(days=2)
    owner.put_observation(lump_id, observed_at=then.isoformat(), signs={"hard_to_breathe": True})
    Lump.objects.update(assess_after=then)
    sweep(then, is_played=True)
    document = owner.get(f"lumps/{lump_id}/assessment/")
    assert document["level"] != "emergency"
    assert document["standing_level"] == "emergency"
    (row,) = [row for row in document["standing"] if row["level"] == "emergency"]
    assert (row["rule"], row["why"], row["answers"]) == ("airway", "unanswered", ["hard_to_breathe"])
    assert set(row) == {"rule", "version", "level", "title", "message", "sources", "since", "why", "answers"}
    assert "drooling" in document["ask"]
    assert "hard_to_breathe" not in document["ask"]


def test_the_contracts_own_fields_are_all_there_beside_what_was_added(owner: Somebody) -> None:
    document = owner.get(f"lumps/{growing(owner)}/assessment/")
    contract = {"lump", "at", "level", "findings", "unknown", "growth", "days_since_noticed", "next_check_on"}
    assert set(document) == contract | {"reassess_at", "rulebook"} | {"standing_level", "standing", "ask"}


def test_another_persons_assessment_and_notifications_are_not_there(owner: Somebody, intent: Notification) -> None:
    stranger = cal()
    for path in (f"lumps/{intent.lump_id}/assessment/", f"notifications/{intent.pk}/"):
        assert stranger.ask("GET", path).status_code == 404
        assert (
            stranger.ask("GET", path).content == stranger.ask("GET", path.replace(str(intent.pk), str(uuid4()))).content
        )
        assert nobody().ask("GET", path).status_code == 401
    for verb in ("acknowledge", "snooze"):
        answer = stranger.ask("POST", f"notifications/{intent.pk}/{verb}/", {"answer": "read"})
        assert answer.status_code == 404
    assert stranger.get("notifications/")["results"] == []


def test_the_rule_book_is_open_and_carries_sources() -> None:
    book = nobody().get("rulebook/")
    assert book["rulebook"].startswith("sha256:")
    assert all(rule["words"]["who"] and rule["words"]["where"] for rule in book["rules"])
    assert all(rule["sources"] for rule in book["rules"])


def test_what_was_told_is_listed_newest_first_with_its_state(owner: Somebody, intent: Notification) -> None:
    (row,) = owner.get("notifications/?page_size=10")["results"]
    assert row["id"] == str(intent.pk)
    assert (row["kind"], row["level"], row["step"], row["channel"]) == ("seek_care", "this_week", 1, "email")
    assert (row["state"], row["sent_at"], row["acknowledged_at"]) == ("written", None, None)


def test_a_get_answers_nothing(owner: Somebody, intent: Notification) -> None:
    """Mail scanners and link previews fetch every link they find."""
    for path in ("", "acknowledge/", "snooze/"):
        owner.ask("GET", f"notifications/{intent.pk}/{path}")
    intent.refresh_from_db()
    assert intent.acknowledged_at is None


def test_only_a_post_says_that_a_message_was_opened_and_it_answers_none(owner: Somebody, intent: Notification) -> None:
    Notification.objects.update(state="sent", sent_at=timezone.now())
    assert owner.ask("GET", "notifications/opened/").status_code == 405
    now = timezone.now().isoformat()
    for slip in (
        {},
        {"at": "soon", "address": "due"},
        {"at": now, "address": "mail"},
        {"at": now, "address": "due", "id": str(intent.pk)},
    ):
        assert owner.ask("POST", "notifications/opened/", slip).status_code == 400
    later = (timezone.now() + timedelta(days=9)).isoformat()
    assert owner.ask("POST", "notifications/opened/", {"at": later, "address": "open"}).status_code == 204
    intent.refresh_from_db()
    assert (intent.state, intent.acknowledged_at, intent.answer) == ("sent", None, "")


def test_read_ends_this_step_only(owner: Somebody, intent: Notification) -> None:
    answer = owner.post(f"notifications/{intent.pk}/acknowledge/", {"answer": "read"})
    assert answer["acknowledged_at"]
    episode = Episode.objects.get(pk=intent.episode_id)
    assert episode.closed_at is None
    assert episode.next_step_at is not None


def test_booked_is_recorded_as_care_and_asked_about_the_day_after(owner: Somebody, intent: Notification) -> None:
    on = timezone.now().date() + timedelta(days=11)
    for _ in range(2):
        owner.post(f"notifications/{intent.pk}/acknowledge/", {"answer": "booked", "on": on.isoformat()})
    (event,) = CareEvent.objects.filter(lump=intent.lump_id)
    assert (event.kind, event.on, event.by) == ("booked", on, "person")
    episode = Episode.objects.get(pk=intent.episode_id)
    assert episode.next_step_at is not None
    assert episode.next_step_at.date() == on + timedelta(days=1)
    sweep(timezone.now())
    assert Notification.objects.count() == 1
    sweep(episode.next_step_at, is_played=True)
    assert {row.step for row in Notification.objects.filter(episode=episode)} == {1, 2}


@pytest.mark.parametrize(("level", "days"), [("same_day", 1), ("next_day", 3), ("this_week", 14), ("routine", 90)])
def test_an_appointment_far_ahead_lets_each_level_rest_only_so_long(
    owner: Somebody, intent: Notification, level: str, days: int
) -> None:
    Notification.objects.update(level=level)
    Episode.objects.filter(pk=intent.episode_id).update(level=level)
    now = timezone.now()
    on = (now + timedelta(days=200)).date().isoformat()
    owner.post(f"notifications/{intent.pk}/acknowledge/", {"answer": "booked", "on": on})
    next_step_at = Episode.objects.get(pk=intent.episode_id).next_step_at
    assert next_step_at is not None
    assert timedelta(days=days) <= next_step_at - now < timedelta(days=days, minutes=5)
    assert CareEvent.objects.get().on.isoformat() == on


def test_no_appointment_answers_an_emergency(owner: Somebody, intent: Notification) -> None:
    Notification.objects.update(level="emergency")
    body = {"answer": "booked", "on": timezone.now().date().isoformat()}
    answer = owner.ask("POST", f"notifications/{intent.pk}/acknowledge/", body)
    assert answer.status_code == 400
    assert b"emergency number" in answer.content
    assert not CareEvent.objects.exists()


def test_seen_is_recorded_as_care_and_ends_the_episode(owner: Somebody, intent: Notification) -> None:
    owner.post(f"notifications/{intent.pk}/acknowledge/", {"answer": "seen"})
    assert CareEvent.objects.get(lump=intent.lump_id).kind == "seen"
    assert Episode.objects.get(pk=intent.episode_id).closed_by == "care"


def test_what_was_heard_stays_when_the_answer_arrives_after_the_entry(owner: Somebody, intent: Notification) -> None:
    on = timezone.now().date()
    name = uuid5(intent.pk, "seen")  # the app names its own entry so: both are one event
    heard = {"lump": str(intent.lump_id), "kind": "seen", "on": on.isoformat(), "outcome": "Come back in a month"}
    owner.put(f"care/{name}/", {**heard, "review_on": (on + timedelta(days=30)).isoformat()})
    for _ in range(2):
        owner.post(f"notifications/{intent.pk}/acknowledge/", {"answer": "seen", "on": on.isoformat()})
    (event,) = CareEvent.objects.filter(lump=intent.lump_id)
    assert (event.pk, event.outcome, event.review_on) == (name, "Come back in a month", on + timedelta(days=30))
    assert Episode.objects.get(pk=intent.episode_id).closed_by == "care"


def test_will_not_act_ends_the_episode_and_records_no_care(owner: Somebody, intent: Notification) -> None:
    owner.post(f"notifications/{intent.pk}/acknowledge/", {"answer": "will_not_act"})
    assert Episode.objects.get(pk=intent.episode_id).closed_by == "person"
    assert not CareEvent.objects.exists()
    sweep(timezone.now() + timedelta(days=30), is_played=True)
    assert Notification.objects.filter(episode=intent.episode_id).count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"answer": "maybe"},
        {"answer": "booked"},
        {"answer": "booked", "on": "2020-01-01"},
        {"answer": "seen", "on": "2099-01-01"},
        {"answer": "booked", "on": "soon"},
        {"answer": "read", "surprise": 1},
    ],
)
def test_an_answer_that_cannot_be_is_refused(owner: Somebody, intent: Notification, body: dict[str, str]) -> None:
    assert owner.ask("POST", f"notifications/{intent.pk}/acknowledge/", body).status_code == 400
    intent.refresh_from_db()
    assert intent.acknowledged_at is None


@pytest.mark.parametrize(
    ("level", "hours", "status"),
    [
        ("emergency", 1, 400),
        ("same_day", 3, 200),
        ("same_day", 5, 400),
        ("next_day", 23, 200),
        ("next_day", 25, 400),
        ("this_week", 167, 200),
        ("this_week", 169, 400),
        ("this_week", -1, 400),
    ],
)
def test_each_level_can_be_put_off_only_so_long(
    owner: Somebody, intent: Notification, level: str, hours: int, status: int
) -> None:
    Notification.objects.update(level=level)
    until = timezone.now() + timedelta(hours=hours)
    answer = owner.ask("POST", f"notifications/{intent.pk}/snooze/", {"until": until.isoformat()})
    assert answer.status_code == status
    if status == 200:
        assert Episode.objects.get(pk=intent.episode_id).next_step_at == until


def test_a_runaway_script_is_slowed_down(
    owner: Somebody, intent: Notification, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RATE_LIMITS_ON = True
    monkeypatch.setattr("tracking.api.WRITES_A_MINUTE", 0)
    cache.clear()
    paths = (
        f"notifications/{intent.pk}/acknowledge/",
        f"notifications/{intent.pk}/snooze/",
        "push-subscriptions/test/",
    )
    owner.ask("POST", paths[0], {"answer": "read"})
    statuses = [owner.ask("POST", path, {}).status_code for path in paths]
    assert [*statuses, owner.ask("PUT", "push-subscriptions/", {}).status_code] == [429, 429, 429, 429]


def test_advice_that_reached_nobody_goes_out_once_the_address_is_confirmed(sink: MailSink) -> None:
    owner = ada()
    growing(owner)
    sweep(timezone.now())
    assert not Notification.objects.exists()
    body = sink.mails[0].get_body()
    assert body is not None
    code = [line for line in body.get_content().splitlines() if line.strip()][1]
    owner.ask("POST", "/_allauth/app/v1/auth/email/verify", {"key": code})
    sweep(timezone.now())
    assert Notification.objects.get().state == "sent"
    assert sink.mails[-1]["Subject"] == "Please open this today"


def test_one_click_ends_reminder_mails_alone_and_a_get_or_a_forged_address_nothing(owner: Somebody) -> None:
    url = stop_url(owner.user).partition("/api/v1")[2]
    path = f"/api/v1{url}"
    assert "Stop the mails" in nobody().ask("GET", path).content.decode()
    assert owner.get("me/")["reminder_mails"]
    assert nobody().ask("POST", path.replace(owner.user.pk.hex, uuid4().hex), {}).status_code == 404
    page = nobody().ask("POST", path, {}).content.decode()
    assert "no more mails that say your check is due" in page
    assert "we still send that by mail" in page
    me = owner.get("me/")
    assert (me["reminder_mails"], me["channels"]["email"]) == (False, True)
    assert owner.ask("PATCH", "me/", {"reminder_mails": True}).status_code == 200
    assert User.objects.get().reminder_mails_wanted


def test_ready_means_that_what_is_due_gets_done(owner: Somebody) -> None:
    sweep(timezone.now())
    fine = owner.ask("GET", "/readyz")
    assert fine.status_code == 200
    owner.put_lump()
    Lump.objects.update(assess_after=timezone.now() - timedelta(minutes=6))
    late = owner.ask("GET", "/readyz")
    assert late.status_code == 503
    assert b'"oldest_due_seconds": 36' in late.content
    assert owner.ask("GET", "/healthz").status_code == 200


@pytest.fixture(autouse=True)
def _no_slow_down(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
