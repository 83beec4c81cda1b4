"""Headers of everything that a link opens (contract, section 5), and the answers that never say why."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any  # Any: a view's path arguments
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lumptracker.headers import UNLISTED

View = Callable[..., HttpResponse]

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": UNLISTED,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_PAGE = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
PAGE_POLICY = f"{_PAGE}; form-action 'self'"
DOOR_POLICY = f"{_PAGE}; form-action 'self'; script-src 'self'"
BYTES_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"


def with_privacy(policy: str) -> Callable[[View], View]:
    """Put the headers on every answer of a view, errors included."""

    def wrap(view: View) -> View:
        @wraps(view)
        def private(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # Any: passed on untouched
            return with_headers(view(request, *args, **kwargs), policy)

        return private

    return wrap


def with_headers(response: HttpResponse, policy: str) -> HttpResponse:
    """An answer with the headers; one that carries its own policy keeps it."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Content-Security-Policy", policy)
    return response


def closed_page(request: HttpRequest, *, back: str = "/s/") -> HttpResponse:
    """404, the same bytes for what is unknown, revoked, expired, used up, or was never opened here."""
    response = render(request, "clinic/closed.html", {"back": back}, status=404)
    return with_headers(response, PAGE_POLICY)


def is_from_here(request: HttpRequest) -> bool:
    """Whether this form was sent by our own page, or by no browser at all.

    Under `Referrer-Policy: no-referrer` browsers send `Origin: null` with a form, so that alone proves nothing:
    `Sec-Fetch-Site` decides where the browser sends it, and it always does to https.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin", "null")
    if origin == "null":
        return True
    try:
        return origin == settings.PUBLIC_URL or urlsplit(origin).netloc == request.get_host()
    except ValueError:  # it is no address at all
        return False
