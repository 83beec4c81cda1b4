"""Headers that every answer carries, and those of files that are the same for everybody."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PERMISSIONS_POLICY = (
    "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=(), interest-cohort=()"
)
REVALIDATE = ("sw.js", "index.html", "manifest.webmanifest")


class PrivateByDefaultMiddleware:
    """No answer is to be kept by anybody unless its view said so, and nobody but ourselves may use the camera."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


def add_static_headers(headers: dict[str, str], path: str, _url: str) -> None:
    """The service worker and the page that starts everything are asked for anew, so that an update arrives."""
    if path.endswith(REVALIDATE):
        headers["Cache-Control"] = "no-cache"
