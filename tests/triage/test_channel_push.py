"""Web push against a push service that decrypts and verifies."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from tests.sinks import PushService, push_service
from tracking.texts import say
from triage.channels import Address, Message, Urgency
from triage.channels.push import payload_of, public_key, send_push


def test_a_push_is_encrypted_for_its_browser_and_signed_for_its_service(service: PushService) -> None:
    message = a_message("now")
    outcome = send_push(message, address_of(service.subscribe()))
    assert outcome.state == "sent"
    (push,) = service.deliveries
    assert push["claims"]["aud"] == service.origin
    assert push["claims"]["sub"] == "mailto:hoster@example.org"
    assert push["ttl"] >= 3600
    assert push["urgency"] == "high"
    assert push["payload"]["web_push"] == 8030
    assert push["payload"]["notification"]["title"] == "Please open this now"
    assert push["payload"]["notification"]["navigate"] == "https://tracker.example.org/#/open"


def test_a_repeat_has_the_same_topic_and_tag_and_another_intent_has_others(service: PushService) -> None:
    phone = address_of(service.subscribe())
    message = a_message("check")
    for sent in (message, message, a_message("check")):
        send_push(sent, phone)
    first, second, other = [(push["topic"], push["payload"]["notification"]["tag"]) for push in service.deliveries]
    assert first == second
    assert first[0] != other[0]
    assert first[1] != other[1]
    assert len(first[0]) <= 32


@pytest.mark.parametrize(
    ("status", "headers", "state", "wait"),
    [
        (404, {}, "gone", None),
        (410, {}, "gone", None),
        (401, {}, "broken", None),
        (403, {}, "broken", None),
        (413, {}, "refused", None),
        (400, {}, "refused", None),
        (429, {"Retry-After": "120"}, "later", timedelta(seconds=120)),
        (503, {}, "later", None),
        (429, {"Retry-After": "\u00b2"}, "later", None),  # a digit, but no number
        (503, {"Retry-After": "99999999"}, "later", timedelta(hours=6)),
    ],
)
def test_each_answer_of_a_push_service_is_understood(
    service: PushService, status: int, headers: dict[str, str], state: str, wait: timedelta | None
) -> None:
    phone = address_of(service.subscribe())
    service.answers["phone"] = (status, headers)
    outcome = send_push(a_message("check"), phone)
    assert (outcome.state, outcome.code, outcome.retry_after) == (state, f"push_{status}", wait)


def test_a_redirect_is_not_followed(service: PushService, tmp_path: Path) -> None:
    phone = address_of(service.subscribe())
    with push_service(tmp_path / "elsewhere.jsonl") as elsewhere:
        elsewhere.subscribe()
        service.answers["phone"] = (307, {"Location": f"{elsewhere.origin}/push/phone"})
        assert send_push(a_message("check"), phone).state == "gone"
        assert elsewhere.seen == 0


def test_a_service_that_is_down_means_later(service: PushService, settings: Settings) -> None:
    settings.PUSH_HOSTS = ["http://127.0.0.1:1"]
    phone = {**address_of(service.subscribe()), "endpoint": "http://127.0.0.1:1/push/phone"}
    assert send_push(a_message("check"), phone).state == "later"


def test_two_services_each_get_their_own_audience(service: PushService, tmp_path: Path, settings: Settings) -> None:
    with push_service(tmp_path / "other.jsonl") as other:
        settings.PUSH_HOSTS = [service.origin, other.origin]
        for running in (service, other):
            assert send_push(a_message("check"), address_of(running.subscribe())).state == "sent"


@pytest.mark.parametrize("urgency", ["check", "today", "now", "test"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_payload_stays_under_two_hundred_bytes(urgency: Urgency, language: str) -> None:
    near, far = "https://tracker.example.org", "https://tracker.".ljust(48, "x") + ".example.org"
    assert len(far) == 60
    said_again = [
        payload_of(Message(uuid4(), urgency, language, "Tracker", origin, is_again=True))
        for origin in (near, far, near.replace("tracker", "notes"))
    ]
    assert all(len(payload.encode()) < 200 for payload in [payload_of(a_message(urgency)), *said_again])
    assert ("requireInteraction" in said_again[0]) == (urgency != "check"), "where there is room it stays"
    assert say("push.again", language=language) in said_again[2], "and with a little more says so"


def test_the_public_key_is_an_uncompressed_point() -> None:
    assert len(public_key()) == 87
    assert public_key().startswith("B")


def a_message(urgency: Urgency) -> Message:
    return Message(uuid4(), urgency, "en", "Tracker", "https://tracker.example.org")


def address_of(subscription: dict[str, Any]) -> Address:  # Any: JSON
    return {"endpoint": subscription["endpoint"], **subscription["keys"]}
