"""Web push (RFC 8030, 8291, 8292) in the declarative form, which shows even where no service worker answers."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from functools import lru_cache

import requests
from django.conf import settings
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from tracking.texts import say
from triage.channels.endpoints import EndpointRefused, session_for
from triage.channels.message import Address, Message, Outcome, Urgency
from triage.channels.waits import wait_of

TIMEOUT_SECONDS = 10
MOST_BYTES = 200  # a payload stays below
TTL: dict[Urgency, timedelta] = {  # how long a phone that is off may still be told
    "check": timedelta(hours=12),
    "today": timedelta(hours=24),
    "now": timedelta(hours=24),
    "test": timedelta(minutes=5),
}
URGENCY: dict[Urgency, str] = {"check": "normal", "today": "high", "now": "high", "test": "high"}


def send_push(message: Message, address: Address) -> Outcome:
    """Push one message to one browser."""
    try:
        session = session_for(address["endpoint"], hosts=settings.PUSH_HOSTS)
    except EndpointRefused as error:
        return Outcome("later", error.code) if error.may_pass else Outcome("gone", error.code)
    headers: dict[str, str | int | float] = {"Urgency": URGENCY[message.urgency], "Topic": topic_of(message)}
    try:
        webpush(
            {"endpoint": address["endpoint"], "keys": {"p256dh": address["p256dh"], "auth": address["auth"]}},
            payload_of(message),
            vapid_private_key=vapid_key(settings.VAPID_PRIVATE_KEY),
            vapid_claims={"sub": subject()},  # fresh: the library writes to it
            ttl=int(TTL[message.urgency].total_seconds()),
            timeout=TIMEOUT_SECONDS,
            headers=headers,
            requests_session=session,
        )
    except WebPushException as error:
        return _outcome_of(error)
    except requests.TooManyRedirects:
        return Outcome("gone", "push_redirect")
    except requests.RequestException as error:
        return Outcome("later", type(error).__name__)
    finally:
        session.close()
    return Outcome("sent")


def payload_of(message: Message) -> str:
    """The declarative JSON: a title, where it leads, a tag that makes a repeat replace the first. Under 200 bytes at an
    address of up to 72 characters.

    Where there is room, what was told before stays on the screen until it is seen to, if it has haste, and says so."""
    notification: dict[str, object] = {
        "title": message.title,
        "navigate": message.link,
        "tag": topic_of(message)[:16],
        "lang": message.language,
    }
    if message.is_again:
        if message.urgency != "check":
            notification |= _where_room_is(notification, "requireInteraction", True)
        notification |= _where_room_is(notification, "body", say("push.again", language=message.language))
    return _as_json(notification)


def _where_room_is(notification: dict[str, object], name: str, value: object) -> dict[str, object]:
    more = {name: value}
    return more if len(_as_json({**notification, **more}).encode()) < MOST_BYTES else {}


def topic_of(message: Message) -> str:
    """A name for this intent that tells the push service nothing: a repeat that still waits there is replaced."""
    digest = hashlib.sha256(b"topic:" + message.intent.bytes).digest()
    return base64.urlsafe_b64encode(digest)[:32].decode()


@lru_cache(maxsize=2)
def vapid_key(private_key: str) -> Vapid02:
    """The server's key, raw in base64url or PEM."""
    if "BEGIN" in private_key:
        return Vapid02.from_pem(private_key.encode())
    return Vapid02.from_string(private_key)


def subject() -> str:
    """Whom a push service may ask about us. Without one only a push service of one's own can be used."""
    return settings.VAPID_SUBJECT or "https://localhost"


def public_key() -> str:
    """What a browser needs to subscribe: the uncompressed point, base64url."""
    numbers = vapid_key(settings.VAPID_PRIVATE_KEY).public_key.public_numbers()
    point = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def _as_json(notification: dict[str, object]) -> str:
    return json.dumps({"web_push": 8030, "notification": notification}, ensure_ascii=False, separators=(",", ":"))


def _outcome_of(error: WebPushException) -> Outcome:
    response = error.response
    if response is None:
        return Outcome("refused", "not_encrypted")
    code = f"push_{response.status_code}"
    if response.status_code in (404, 410):
        return Outcome("gone", code)
    if response.status_code in (401, 403):
        return Outcome("broken", code)
    if response.status_code == 429 or response.status_code >= 500:
        return Outcome("later", code, wait_of(response))
    return Outcome("refused", code)
