"""JSON from strangers, and to them: what cannot be read is a slip of theirs and never an accident here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from rest_framework.renderers import JSONRenderer

from tracking.shown_rows import WrittenJSON

ACCOUNTS = "/_allauth/"


def read_json(body: bytes) -> Any:  # Any: JSON
    """ValueError for what is no JSON, is nested too deep, or holds half of a surrogate pair, which is no text."""
    try:
        read = json.loads(body)
        json.dumps(read, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    return read


class TellingJSONRenderer(JSONRenderer):
    """DRF's, which leaves alone what is JSON already.

    It also tells back a name that holds half of a surrogate pair: whoever sent fifty operations at once
    hears of that one, and of the others too."""

    def render(
        self,
        data: Any,  # Any: JSON
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,  # Any: DRF's own signature
    ) -> Any:  # Any: as above
        if isinstance(data, WrittenJSON):
            if self.get_indent(accepted_media_type or "", dict(renderer_context or {})) is None:
                return data.text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").encode()
            data = json.loads(data.text)
        try:
            return super().render(data, accepted_media_type, renderer_context)
        except UnicodeEncodeError:
            return _Ascii().render(data, accepted_media_type, renderer_context)


class _Ascii(JSONRenderer):
    ensure_ascii = True


class ReadableMiddleware:
    """Refuses bodies that allauth's doors would stumble over, and leaves out cookies that no browser was given here.

    A cookie can hold the one character that PostgreSQL takes in no text, and a session is looked up by a cookie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if "\0" in value]:
            del request.COOKIES[name]
        if request.path.startswith(ACCOUNTS) and request.body and not _is_readable(request.body):
            return HttpResponseBadRequest()
        return self.get_response(request)


def _is_readable(body: bytes) -> bool:
    try:
        read_json(body)
    except ValueError:
        return False
    return True
