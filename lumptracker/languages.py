"""Which language a request is answered in: the one it asks for, and where it asks for none of ours, English.

A person's own language (`me.language`) is what mails, pushes and assessments are written in; the app sends it with
every request, and a script that sends none is answered by the API in that of its account. Whoever opens a shared link
has no account: the browser's language counts, and a plain link to another.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from lumptracker.session_tokens import account_by_token
from tracking.models import User
from tracking.texts import DEFAULT_LANGUAGE, languages, nearest_language, speaking

API = "/api/"
PAGES = "/s/"  # pages for readers without the app; only these take `?lang=`


class LanguageMiddleware:
    """Sets the language for us and for the framework, whose own words reach people where accounts are concerned."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = chosen_language(request) or nearest_language(request.headers.get("Accept-Language", ""))
        language = asked or own_language(request) or DEFAULT_LANGUAGE
        with speaking(language), translation.override(language):
            response = self.get_response(request)
        patch_vary_headers(response, ["Accept-Language"])
        return response


def own_language(request: HttpRequest) -> str | None:
    """That of the account which asks the API, by session token or by cookie; None elsewhere, and for nobody's."""
    if not request.path.startswith(API):
        return None
    found = account_by_token(request)
    user = found[0] if found else request.user
    return user.language if isinstance(user, User) else None


def chosen_language(request: HttpRequest) -> str | None:
    """What a link on a page for readers named, which wins over the browser; None where it named none of ours."""
    named = request.GET.get("lang") if request.path.startswith(PAGES) else None
    return named if named in languages() else None


def kept_language(request: HttpRequest) -> str:
    """`?lang=es`, to be carried on to the next page, since no cookie does; nothing where none was chosen."""
    chosen = chosen_language(request)
    return f"?lang={chosen}" if chosen else ""
