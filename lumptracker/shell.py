"""What stands beside the built app, which WhiteNoise serves: its manifest under the neutral name the hoster chose."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from lumptracker.hoster import has_second_factor
from tracking.models import User
from tracking.texts import language_in_force, say

ICONS = [
    {"src": "/icons/icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
    {"src": "/icons/icon-192.png", "sizes": "192x192", "type": "image/png", "purpose": "any"},
    {"src": "/icons/icon-512.png", "sizes": "512x512", "type": "image/png", "purpose": "any"},
    {"src": "/icons/maskable-192.png", "sizes": "192x192", "type": "image/png", "purpose": "maskable"},
    {"src": "/icons/maskable-512.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    {"src": "/icons/monochrome-512.png", "sizes": "512x512", "type": "image/png", "purpose": "monochrome"},
]


@require_safe
def index(_: HttpRequest) -> HttpResponse:
    """Asked only where WhiteNoise has no start page, so the app was never built: 503 with the mend."""
    return HttpResponse(say("shell.not_built"), status=503, content_type="text/plain; charset=utf-8")


@gzip_page
@require_safe
def manifest(_: HttpRequest) -> HttpResponse:
    """The web app manifest (W3C). The name on the home screen says nothing about health."""
    document = {
        "id": "/",
        "name": settings.APP_NAME,
        "short_name": settings.APP_NAME,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "lang": language_in_force(),
        "dir": say("language.direction"),
        "background_color": "#f7f4ee",
        "theme_color": "#f7f4ee",
        "icons": ICONS,
    }
    return HttpResponse(
        json.dumps(document), content_type="application/manifest+json", headers={"Cache-Control": "no-cache"}
    )


@require_safe
def robots(_: HttpRequest) -> HttpResponse:
    """Only the start page may be found, which says nothing of what this is for; nothing that it loads or leads to."""
    return HttpResponse("User-agent: *\nAllow: /$\nDisallow: /\n", content_type="text/plain")


@require_safe
def admin_door(request: HttpRequest) -> HttpResponse:
    """The admin has no door of its own: whoever runs this signs in through the app, with all its limits on guessing.

    Without a second factor, or where it was proved too long ago, they are led to where one is set up and asked for.
    """
    if not isinstance(request.user, User) or not request.user.is_staff:
        return HttpResponseRedirect("/#/sign-in")
    return HttpResponseRedirect("/admin/" if has_second_factor(request, at=timezone.now()) else "/#/security")
