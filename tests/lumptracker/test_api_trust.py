"""Who looked at my data, and what I agreed to, as the app shows it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone
from pytest_django.fixtures import Settings

from lumptracker.translations import ROOT
from tests.lumptracker.signing_in import sent, signed_in_again
from tests.people import PASSWORD, Somebody, ada, cal
from tests.tracking.links import opened
from tracking import consents
from tracking.access_log import WHAT, By, Who, record_access, record_helper, record_shared_read
from tracking.helping import HelperWish, create_helper_link
from tracking.models import LogEntry, Membership, Photo, User
from tracking.sharing import MadeLink, ShareWish, create_share_link
from tracking.texts import languages
from triage.models import PushSubscription

pytestmark = pytest.mark.django_db
EMAIL = "ada@example.org"


def told(somebody: Somebody) -> list[dict[str, object]]:
    return list(somebody.get("me/access-log/")["results"])


def whats(somebody: Somebody) -> list[object]:
    return [line["what"] for line in told(somebody)]


def link_of(somebody: Somebody) -> MadeLink:
    lump = somebody.put_lump()
    wish = ShareWish(lumps=(lump,), label="My GP", passcode="")
    return create_share_link(somebody.user, uuid4(), wish, at=timezone.now())


def test_signing_in_stands_in_the_log_with_the_device() -> None:
    owner = ada()
    body = {"email": EMAIL, "password": PASSWORD}
    agent = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
    Somebody().ask("POST", "/_allauth/app/v1/auth/login", body, **{"User-Agent": agent})
    line = told(owner)[0]
    assert (line["what"], line["by"], line["number"]) == ("sign_in", "self", 2)
    assert "Firefox" in str(line["device"])


def test_failing_to_sign_in_stands_there_once_however_often_it_is_tried() -> None:
    owner = ada()
    for _ in range(4):
        assert sent("auth/login", {"email": EMAIL, "password": "not the right password"})[0] == 400
    assert whats(owner) == ["sign_in_failed", "sign_in"]
    assert told(owner)[0]["by"] == "unknown"


MAILED = {
    "auth/code/request": ("auth/code/confirm", {"code": "AAAAAA"}),
    "auth/password/request": ("auth/password/reset", {"key": "AAAAAA", "password": "another long way home"}),
}


@pytest.mark.parametrize("asking", sorted(MAILED))
def test_a_wrong_answer_to_a_mailed_code_stands_there_as_well(asking: str, settings: Settings) -> None:
    owner, stranger = ada(), Somebody()
    settings.EMAIL_CONFIGURED = True
    answering, body = MAILED[asking]
    stranger.token = sent(asking, {"email": EMAIL}, stranger)[1]["meta"]["session_token"]
    assert [sent(answering, body, stranger)[0] for _ in range(4)] == [400, 400, 400, 409]
    assert whats(owner) == ["sign_in_failed", "sign_in"]


ASKED_AGAIN = {
    "auth/reauthenticate": {"password": "not the right password"},
    "account/password/change": {"current_password": "not the right one", "new_password": "another long way home"},
}


@pytest.mark.parametrize("asking", sorted(ASKED_AGAIN))
def test_a_wrong_password_of_who_sits_at_an_open_session_stands_there_as_well(asking: str) -> None:
    owner = ada()
    assert [sent(asking, ASKED_AGAIN[asking], owner)[0] for _ in range(2)] == [400, 400]
    assert whats(owner) == ["sign_in_failed", "sign_in"]


def test_a_new_password_that_is_too_short_is_no_try_to_get_in() -> None:
    owner = ada()
    body = {"current_password": PASSWORD, "new_password": "short"}
    assert sent("account/password/change", body, owner)[0] == 400
    assert whats(owner) == ["sign_in"]


def test_what_the_holder_of_a_link_opened_is_told_by_the_name_of_the_link() -> None:
    owner = ada()
    opened(link_of(owner), at=timezone.now())
    line = told(owner)[0]
    assert (line["what"], line["by"], line["name"]) == ("link_opened", "link", "My GP")


@pytest.mark.parametrize("what", WHAT)
def test_every_line_of_the_log_has_its_words_in_every_language(what: str) -> None:
    for language in languages():
        said = json.loads((ROOT / f"frontend/src/texts/account/{language}.json").read_text(encoding="utf-8"))
        assert said[f"log.{what}"]


def test_what_a_helper_did_is_told_to_whoever_made_the_link_and_looking_again_is_one_look() -> None:
    owner = ada()
    lump = owner.put_lump()
    link = create_helper_link(owner.user, uuid4(), HelperWish(lump=lump), at=timezone.now()).link
    for minutes in (0, 29, 31):
        record_helper(link, what="helper_photo", at=timezone.now() + timedelta(minutes=minutes))
    record_helper(link, what="helper_sent", at=timezone.now() + timedelta(minutes=32))
    assert whats(owner) == ["helper_sent", "helper_photo", "helper_photo", "sign_in"]
    assert [line["by"] for line in told(owner)[:3]] == ["link"] * 3


def test_what_the_owner_reads_writes_nothing() -> None:
    owner = ada()
    lump = owner.put_lump()
    before = LogEntry.objects.count()
    for path in ("persons/", "lumps/", f"lumps/{lump}/", f"lumps/{lump}/history/", "me/", "me/access-log/"):
        owner.get(path)
    owner.post("sync/", {"cursor": None, "operations": []})
    assert LogEntry.objects.count() == before


READS = {
    "persons/": "member_read",
    "persons/{person}/": "member_read",
    "lumps/": "member_read",
    "lumps/{lump}/": "member_read",
    "lumps/{lump}/history/": "member_read",
    "lumps/{lump}/assessment/": "member_read",
    "observations/{observation}/": "member_read",
    "sync/": "member_read",
    "photos/{photo}/large/": "member_photo",
    "photos/{photo}/thumb/": "member_photo",
}


@pytest.mark.parametrize("path", sorted(READS))
def test_every_way_of_reading_by_a_member_is_told_to_the_owner(path: str) -> None:
    owner, reader = ada(), cal()
    person = owner.put_person()
    lump = owner.put_lump(person)
    observation, photo = owner.put_observation(lump), uuid4()
    Photo.objects.create(
        pk=photo,
        person_id=person,
        lump_id=lump,
        observation_id=observation,
        created_at=timezone.now(),
        updated_at=timezone.now(),
    )
    Membership.objects.create(user=reader.user, person_id=person, role="viewer")
    for _ in range(2):
        address = path.format(person=person, lump=lump, observation=observation, photo=photo)
        body: dict[str, object] | None = {"cursor": None, "operations": []} if path == "sync/" else None
        assert reader.ask("POST" if body else "GET", address, body).status_code in (200, 503)
    assert [line["what"] for line in told(owner)].count(READS[path]) == 1
    assert whats(reader) == ["sign_in"]


def test_two_owners_read_what_is_theirs_without_a_line() -> None:
    owner, other = ada(), cal()
    person = owner.put_person()
    Membership.objects.create(user=other.user, person_id=person, role="owner")
    other.get(f"persons/{person}/")
    assert whats(owner) == ["sign_in"]


def test_an_export_stands_in_the_log() -> None:
    owner = ada()
    owner.post("export/", {})
    assert whats(owner)[0] == "export"


def test_a_member_is_named_only_as_long_as_they_still_share() -> None:
    owner, reader = ada(), cal()
    person = owner.put_person()
    membership = Membership.objects.create(user=reader.user, person_id=person, role="viewer")
    record_shared_read([person], reader=reader.user, at=timezone.now())
    assert (told(owner)[0]["what"], told(owner)[0]["name"]) == ("member_read", "cal@example.org")
    membership.delete()
    assert told(owner)[0]["name"] == ""


def test_the_log_of_somebody_else_is_theirs_alone() -> None:
    owner, stranger = ada(), cal()
    record_access(owner.user.pk, what="export", who=Who(By.SELF), at=timezone.now())
    assert whats(stranger) == ["sign_in"]


def test_a_change_of_password_stands_there() -> None:
    owner = ada()
    body = {"current_password": PASSWORD, "new_password": "another way to the sea"}
    _, answer = sent("account/password/change", body, owner)
    owner.token = answer["meta"].get("session_token", owner.token)
    assert whats(owner)[0] == "password_changed"


def test_erasing_the_account_erases_its_log_and_its_consents() -> None:
    owner = ada()
    assert owner.ask("DELETE", "me/").status_code == 204
    assert not LogEntry.objects.exists()


def given(somebody: Somebody) -> dict[str, bool | None]:
    return {one["purpose"]: one["given"] for one in somebody.get("me/consents/")}


def test_signing_up_agrees_to_keeping_the_record_and_to_nothing_else() -> None:
    assert given(ada()) == {"record": True, "reminder_mails": None, "push": None, "trusted_contact": None}


def test_a_consent_is_given_and_taken_back_with_its_moment_and_what_it_was_for() -> None:
    owner = ada()
    assert owner.put("me/consents/reminder_mails/", {})["given"] is True
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        again = signed_in_again(EMAIL)
        assert again.ask("DELETE", "me/consents/reminder_mails/").status_code == 204
        told_now = next(one for one in again.get("me/consents/") if one["purpose"] == "reminder_mails")
    assert (told_now["given"], told_now["version"], told_now["given_version"]) == (False, 1, 1)
    assert not User.objects.get().reminder_mails_wanted
    assert [row.given for row in owner.user.consents.filter(purpose="reminder_mails").order_by("pk")] == [True, False]


def listed(somebody: Somebody, purpose: str) -> tuple[bool | None, int, int | None]:
    one = next(one for one in somebody.get("me/consents/") if one["purpose"] == purpose)
    return one["given"], one["version"], one["given_version"]


def on_record(somebody: Somebody, purpose: str) -> list[tuple[int, bool, datetime]]:
    rows = somebody.user.consents.filter(purpose=purpose).order_by("pk")
    return list(rows.values_list("version", "given", "at"))


def test_a_new_version_asks_again_and_what_was_agreed_to_before_stays_on_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = ada()
    owner.put("me/consents/reminder_mails/", {})
    assert owner.ask("DELETE", "me/consents/push/").status_code == 204
    before = on_record(owner, "reminder_mails")
    monkeypatch.setattr(consents, "PURPOSES", tuple(replace(purpose, version=2) for purpose in consents.PURPOSES))
    assert [listed(owner, purpose) for purpose in ("record", "reminder_mails")] == [(None, 2, 1), (None, 2, 1)]
    assert listed(owner, "push") == (False, 2, 1), "a no is a no to more as well"
    for _ in range(2):
        owner.put("me/consents/reminder_mails/", {})
    assert listed(owner, "reminder_mails") == (True, 2, 2)
    after = on_record(owner, "reminder_mails")
    assert (after[:1], [line[:2] for line in after]) == (before, [(1, True), (2, True)])


def test_what_was_agreed_to_in_an_earlier_version_can_be_taken_back_in_the_new_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = ada()
    owner.put("me/consents/reminder_mails/", {})
    monkeypatch.setattr(consents, "PURPOSES", tuple(replace(purpose, version=2) for purpose in consents.PURPOSES))
    assert owner.ask("DELETE", "me/consents/reminder_mails/").status_code == 204
    assert listed(owner, "reminder_mails") == (False, 2, 2)
    assert not owner.user.reminder_mails_wanted


def test_taking_back_notifications_forgets_every_browser() -> None:
    owner = ada()
    PushSubscription.objects.create(
        user=owner.user, endpoint="https://push.example.org/1", p256dh="x", auth="x", created_at=timezone.now()
    )
    assert owner.ask("DELETE", "me/consents/push/").status_code == 204
    assert not PushSubscription.objects.exists()


def test_the_settings_say_yes_and_no_as_well() -> None:
    owner = ada()
    owner.ask("PATCH", "me/", {"channels": {"push": False}})
    assert given(owner)["push"] is False


@pytest.mark.parametrize(
    ("method", "purpose", "status", "code"),
    [
        ("DELETE", "record", 409, "erase_instead"),
        ("PUT", "trusted_contact", 409, "name_somebody"),
        ("PUT", "advertising", 404, "not_found"),
        ("DELETE", "advertising", 404, "not_found"),
    ],
)
def test_what_cannot_be_said_is_refused(method: str, purpose: str, status: int, code: str) -> None:
    answer = ada().ask(method, f"me/consents/{purpose}/")
    assert (answer.status_code, json.loads(answer.content)["code"]) == (status, code)
