"""What changes once people reach it by https: the cookies, the transport, and whose word about an address is taken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from lumptracker.proxy import TrustedProxyMiddleware

pytestmark = pytest.mark.any_database("what settings and middlewares do")

ROOT = Path(__file__).parents[2]
ASKED = (
    "DEBUG", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
    "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS",
)  # fmt: skip
PRINT = "import json; from django.conf import settings; print(json.dumps([getattr(settings, n) for n in {}]))"


def test_in_public_the_session_is_secure_and_debugging_is_off(tmp_path: Path) -> None:
    asked = subprocess.run(
        [sys.executable, "-c", PRINT.format(ASKED)],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "lumptracker.settings",
            "PUBLIC_URL": "https://tracker.example.org",
            "LUMPTRACKER_DATA": str(tmp_path),
            "DEBUG": "true",
        },
        check=True,
        capture_output=True,
        text=True,
    )
    assert dict(zip(ASKED, json.loads(asked.stdout), strict=True)) == {
        "DEBUG": False,
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 365 * 24 * 60 * 60,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    }


@pytest.mark.parametrize(
    ("caller", "forwarded", "believed"),
    [
        ("203.0.113.9", "198.51.100.7", ("203.0.113.9", "http")),
        ("192.0.2.1", "198.51.100.7", ("198.51.100.7", "https")),
        ("192.0.2.1", "10.9.9.9, 198.51.100.7, 192.0.2.2", ("198.51.100.7", "https")),
    ],
)
def test_only_the_named_proxy_is_believed_about_who_calls(
    settings: Settings, caller: str, forwarded: str, believed: tuple[str, str]
) -> None:
    settings.TRUSTED_PROXY = [ip_network("192.0.2.0/30")]
    seen: list[tuple[str, str]] = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append((request.META["REMOTE_ADDR"], str(request.scheme)))
        assert "HTTP_X_FORWARDED_FOR" not in request.META
        return HttpResponse()

    headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https", "X-Forwarded-Host": "elsewhere.example"}
    TrustedProxyMiddleware(answer)(RequestFactory(headers=headers).get("/", REMOTE_ADDR=caller))
    assert seen == [believed]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/api/v1/me/", "/_allauth/browser/v1/auth/session", "/s/", "/s/view/"])
def test_no_other_site_is_invited_to_read_an_answer(client: Client, address: str) -> None:
    answer = client.get(address, headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers
