"""Browsers that listen: kept, tried, forgotten, and told what reached nobody before."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.people import Somebody, cal, nobody
from tests.sinks import PushService
from tracking import consents
from tracking.models import Lump
from triage.models import Notification, PushSubscription
from triage.sweep import sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def test_a_browser_is_kept_once_however_often_it_tells_us(owner: Somebody, service: PushService) -> None:
    subscription = service.subscribe()
    agent = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
    statuses = [
        owner.ask("PUT", "push-subscriptions/", subscription, **{"User-Agent": agent}).status_code for _ in range(2)
    ]
    assert statuses == [201, 200]
    expected = {
        "endpoint_host": "127.0.0.1",
        "device": "Chrome on Android",
        "last_delivered_at": None,
        "state": "active",
    }
    assert owner.get("push-subscriptions/") == [expected]


def test_an_eleventh_browser_takes_the_place_of_the_oldest(owner: Somebody, service: PushService) -> None:
    names = [str(number) for number in range(11)]
    subscriptions = {name: service.subscribe(name) for name in names}
    for name in names:
        owner.put("push-subscriptions/", subscriptions[name])
    kept = set(PushSubscription.objects.values_list("endpoint", flat=True))
    assert kept == {subscriptions[name]["endpoint"] for name in names[1:]}


def test_a_browser_can_be_tried_and_forgotten(owner: Somebody, service: PushService) -> None:
    subscription = service.subscribe()
    owner.put("push-subscriptions/", subscription)
    assert owner.post("push-subscriptions/test/", {}) == [{"endpoint_host": "127.0.0.1", "outcome": "sent", "code": ""}]
    assert service.deliveries[0]["payload"]["notification"]["title"] == "This is a test"
    assert owner.get("push-subscriptions/")[0]["last_delivered_at"]
    assert owner.ask("DELETE", f"push-subscriptions/?endpoint={subscription['endpoint']}").status_code == 204
    assert owner.get("push-subscriptions/") == []


def test_another_account_can_neither_see_nor_forget_it(owner: Somebody, service: PushService) -> None:
    subscription = service.subscribe()
    owner.put("push-subscriptions/", subscription)
    stranger = cal()
    assert stranger.get("push-subscriptions/") == []
    assert stranger.ask("DELETE", f"push-subscriptions/?endpoint={subscription['endpoint']}").status_code == 204
    assert PushSubscription.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "https://evil.example/push"},
        {"endpoint": "http://169.254.169.254/latest"},
        {"endpoint": ""},
        {"keys": {"p256dh": "AAAA", "auth": "AAAA"}},
        {"keys": {"p256dh": "!!!", "auth": "???"}},
        {"keys": None},
    ],
)
def test_a_subscription_that_cannot_be_is_refused(
    owner: Somebody, service: PushService, change: dict[str, Any]
) -> None:
    answer = owner.ask("PUT", "push-subscriptions/", {**service.subscribe(), **change})
    assert answer.status_code == 400, answer.content
    assert not PushSubscription.objects.exists()


def test_the_public_key_is_open(settings: Settings) -> None:
    assert len(nobody().get("push-subscriptions/key/")["key"]) == 87


def test_subscribing_brings_what_reached_nobody_so_far(
    owner: Somebody, intent: Notification, service: PushService
) -> None:
    assert intent.state == "written"
    owner.put("push-subscriptions/", service.subscribe())
    sweep(timezone.now())
    (push,) = service.deliveries
    assert push["payload"]["notification"]["title"] == "Please open this today"


def test_a_dead_browser_that_listens_again_brings_what_reached_nobody_so_far(
    owner: Somebody, intent: Notification, service: PushService
) -> None:
    subscription = service.subscribe()
    owner.put("push-subscriptions/", subscription)
    PushSubscription.objects.update(state="gone")
    Lump.objects.update(assess_after=None)
    owner.put("push-subscriptions/", subscription)
    sweep(timezone.now())
    assert len(service.deliveries) == 1


def consent_of(somebody: Somebody) -> tuple[bool | None, int]:
    """How it stands with notifications, and in how many rows it was said."""
    told = next(one for one in somebody.get("me/consents/") if one["purpose"] == "push")
    return told["given"], somebody.user.consents.filter(purpose="push").count()


def refusal(somebody: Somebody, subscription: dict[str, Any]) -> tuple[int, str]:
    answer = somebody.ask("PUT", "push-subscriptions/", subscription)
    return answer.status_code, json.loads(answer.content).get("code", "")


def taken_back(somebody: Somebody) -> None:
    assert somebody.ask("DELETE", "me/consents/push/").status_code == 204


def test_the_first_browser_of_an_account_is_its_yes(owner: Somebody, service: PushService) -> None:
    for _ in range(2):
        owner.put("push-subscriptions/", service.subscribe())
    assert consent_of(owner) == (True, 1)


def test_after_it_was_taken_back_no_browser_comes_back_by_itself(owner: Somebody, service: PushService) -> None:
    subscription = service.subscribe()
    owner.put("push-subscriptions/", subscription)
    taken_back(owner)
    for again in (subscription, service.subscribe("another"), {**subscription, "agreed": False}):
        assert refusal(owner, again) == (409, "push_not_agreed")
    assert not PushSubscription.objects.exists()
    assert consent_of(owner) == (False, 2)


def test_the_setting_says_no_as_well(owner: Somebody, service: PushService) -> None:
    owner.ask("PATCH", "me/", {"channels": {"push": False}})
    assert refusal(owner, service.subscribe()) == (409, "push_not_agreed")


def test_a_yes_after_a_no_is_one_and_brings_what_reached_nobody(
    owner: Somebody, intent: Notification, service: PushService
) -> None:
    subscription = service.subscribe()
    owner.put("push-subscriptions/", subscription)
    taken_back(owner)
    sweep(timezone.now())
    assert not service.deliveries
    owner.put("push-subscriptions/", {**subscription, "agreed": True})
    assert consent_of(owner) == (True, 3)
    assert owner.get("me/")["channels"]["push"] is True
    sweep(timezone.now())
    assert len(service.deliveries) == 1


def test_what_renews_by_itself_agrees_to_no_wider_wording(
    owner: Somebody, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.put("push-subscriptions/", service.subscribe())
    monkeypatch.setattr(consents, "PURPOSES", tuple(replace(purpose, version=2) for purpose in consents.PURPOSES))
    owner.put("push-subscriptions/", service.subscribe())
    assert consent_of(owner) == (None, 1)
    owner.put("push-subscriptions/", {**service.subscribe(), "agreed": True})
    assert consent_of(owner) == (True, 2)


def test_the_next_account_at_a_browser_takes_it_over_by_a_yes_alone(owner: Somebody, service: PushService) -> None:
    subscription, stranger = service.subscribe(), cal()
    owner.put("push-subscriptions/", subscription)
    assert refusal(stranger, subscription) == (409, "push_not_agreed")
    assert (consent_of(stranger), len(owner.get("push-subscriptions/"))) == ((None, 0), 1)
    stranger.put("push-subscriptions/", {**subscription, "agreed": True})
    assert (consent_of(stranger), owner.get("push-subscriptions/")) == ((True, 1), [])


def test_a_browser_asks_whether_it_listens_for_this_account(owner: Somebody, service: PushService) -> None:
    mine, other = service.subscribe(), service.subscribe("another")
    owner.put("push-subscriptions/", mine)
    owner.put("push-subscriptions/", other)
    assert len(owner.get("push-subscriptions/")) == 2
    assert len(owner.get(f"push-subscriptions/?endpoint={mine['endpoint']}")) == 1
    assert owner.get("push-subscriptions/?endpoint=https://push.example.org/gone") == []
    assert cal().get(f"push-subscriptions/?endpoint={mine['endpoint']}") == []


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_what_no_address_can_hold_is_refused(owner: Somebody, method: str) -> None:
    assert owner.ask(method, "push-subscriptions/?endpoint=https://push.example.org/%00").status_code == 400
