"""What every answer carries, whatever its address."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver
from pytest_django.fixtures import Settings

from tests.doors import KNOCKS, OWN, routes
from tests.people import ada, nobody
from tracking.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.any_database("what middlewares add to an answer")]
APP = (
    "/", "/manifest.webmanifest", "/robots.txt", "/healthz", "/api/v1/me/", "/api/v1/rulebook/", "/api/v1/never/",
    "/_allauth/browser/v1/auth/session", "/_allauth/app/v1/config", "/never",
)  # fmt: skip
PLACES = {"app_label": "tracking", "content_type_id": "1", "object_id": "1", "url": "never"}
LINKS = ("/s/", "/shl/")
KEPT = ("/", "/manifest.webmanifest", "/api/v1/rulebook/", "/api/v1/push-subscriptions/key/")  # the same for everybody
A_YEAR = 365 * 24 * 60 * 60


def addresses() -> list[str]:
    """Every address of the product, with something in each place, and two that lead nowhere."""
    found = []
    for path, _ in routes(get_resolver()):
        plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda place: PLACES[place[1]], path).replace("s/.+", "s/never")
        plain = re.sub(r"<uuid:\w+>", str(UUID(int=7)), plain.strip("^$").replace("/^", "/"))
        found.append("/" + re.sub(r"<\w+:\w+>", "7", plain))
    assert not any(set(address) & set("<>^$()?+*") for address in found), found
    return [*dict.fromkeys(found), "/never", "/assets/never.js"]


@pytest.fixture(name="public")
def _public(settings: Settings) -> Client:
    """A browser that came by https to an installation that is reached so."""
    settings.SECURE_HSTS_SECONDS = A_YEAR
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = settings.SECURE_SSL_REDIRECT = True
    settings.ACCOUNT_RATE_LIMITS = settings.RATE_LIMITS_ON = False
    return Client()


def slips(address: str, answer: HttpResponse) -> list[str]:
    """What this answer's headers lack."""
    headers = answer.headers
    policy = headers.get("Content-Security-Policy", "")
    parts = {part.split(" ", 1)[0]: part for part in policy.split("; ")}
    shared = "cross-origin" if address.startswith("/shl/") else "same-origin"  # record systems ask from other sites
    wanted = {
        "policy": parts.get("default-src") == "default-src 'none'" and "unsafe" not in policy,
        "base": parts.get("base-uri") == "base-uri 'none'",
        "frames": parts.get("frame-ancestors") == "frame-ancestors 'none'",
        "objects": parts.get("object-src", "object-src 'none'") == "object-src 'none'",
        "sniffing": headers.get("X-Content-Type-Options") == "nosniff",
        "old frames": headers.get("X-Frame-Options") == "DENY",
        "referrer": headers.get("Referrer-Policy") == "no-referrer",
        "opener": headers.get("Cross-Origin-Opener-Policy") == "same-origin",
        "other sites": headers.get("Cross-Origin-Resource-Policy") == shared,
        "permissions": headers.get("Permissions-Policy", "").startswith("camera=(self), microphone=()"),
        "transport": headers.get("Strict-Transport-Security") == f"max-age={A_YEAR}; includeSubDomains; preload",
        "robots": headers.get("X-Robots-Tag") == "noindex, nofollow, noarchive" or not address.startswith(LINKS),
        "keeping": "no-store" in headers.get("Cache-Control", "") or address in KEPT,
    }
    return [f"{address}: {name}" for name, is_there in wanted.items() if not is_there]


def test_every_answer_of_every_address_carries_the_policies(public: Client) -> None:
    places = addresses()
    assert len(places) > 150
    for address in places:
        for method in KNOCKS:
            answer = public.generic(method, address, secure=True)
            assert slips(address, answer) == [], (method, answer.status_code)  # type: ignore[arg-type]  # the stubs' own
            assert answer.status_code < 500 or address == "/readyz", (method, address)  # nothing is at work here


def test_what_somebody_who_is_signed_in_reads_carries_them_too(public: Client) -> None:
    public.force_login(User.objects.create_user("ada@example.org"))
    for path in sorted(OWN):
        if "<" not in path:
            answer = public.get(f"/api/v1/{path}", secure=True)
            assert slips(path, answer) == [], answer.status_code  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize("address", APP)
def test_no_text_becomes_markup_or_the_address_of_a_script(client: Client, address: str) -> None:
    policy = client.get(address).headers["Content-Security-Policy"]
    assert "require-trusted-types-for 'script'" in policy
    assert "trusted-types svelte-trusted-html default" in policy


@pytest.mark.parametrize("address", ["/admin/login/", "/api/v1/docs/"])
def test_pages_with_other_peoples_scripts_keep_the_rest_of_the_policy(client: Client, address: str) -> None:
    policy = client.get(address).headers["Content-Security-Policy"]
    assert "trusted-types" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("path", ["me/", "persons/", "lumps/", "sync/", "me/access-log/", "share-links/", "never/"])
def test_private_answers_are_kept_by_nobody(path: str) -> None:
    for somebody in (ada(), nobody()):
        assert "no-store" in somebody.ask("GET", path).headers["Cache-Control"]
        if somebody.email:
            somebody.ask("DELETE", "me/")
