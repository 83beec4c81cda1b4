"""Browsers that listen: kept, tried, forgotten, and told what reached nobody before."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.people import Somebody, cal, nobody
from tests.sinks import PushService
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
