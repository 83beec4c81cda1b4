"""Headers that every answer carries, and those of files that are the same for everybody."""

from __future__ import annotations

from collections.abc import Callable

from csp.constants import NONE, SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

PERMISSIONS_POLICY = (
    "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=(), interest-cohort=()"
)
CONTENT_POLICY: dict[str, list[str]] = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "blob:", "data:"],
    "connect-src": [SELF],
    "font-src": [SELF],
    "manifest-src": [SELF],
    "worker-src": [SELF],
    "media-src": [SELF, "blob:"],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
    "object-src": [NONE],
    # A text becomes HTML or the address of a script only through Svelte's own policy and the app's (main.ts).
    "require-trusted-types-for": ["'script'"],
    "trusted-types": ["svelte-trusted-html", "default"],
}
TRUSTED_TYPES = ("require-trusted-types-for", "trusted-types")
OLDER_SCRIPTS = ("/admin/", "/api/v1/docs/")  # Django's and Swagger's own pages write HTML as text
LINKS = ("s", "shl")  # the first part of every address that a link opens
UNLISTED = "noindex, nofollow, noarchive"
REVALIDATE = ("sw.js", "index.html", "start.html", "manifest.webmanifest")


class PrivateByDefaultMiddleware:
    """No answer is to be kept by anybody unless its view said so, and nobody but ourselves may use the camera."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", "DENY")  # on files too, which Django's own middleware never sees
        if (
            request.path.lstrip("/").partition("/")[0] in LINKS
        ):  # also where no view was reached: a wrong method, a busy server
            response.headers.setdefault("X-Robots-Tag", UNLISTED)
        return response


class ContentPolicyMiddleware(CSPMiddleware):
    """The one policy; two pages with other people's scripts go without Trusted Types."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path.startswith(OLDER_SCRIPTS):
            parts.config = {name: value for name, value in CONTENT_POLICY.items() if name not in TRUSTED_TYPES}
        return parts


def add_static_headers(headers: dict[str, str], path: str, _url: str) -> None:
    """The service worker and the page that starts everything are asked for anew, so that an update arrives."""
    if path.endswith(REVALIDATE):
        headers["Cache-Control"] = "no-cache"
