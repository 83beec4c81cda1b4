"""Gives every error one shape, `{"code", "message", "fields"}`, whoever raised it.

The framework's own words never reach a client: they differ between versions, and some name what must not be named.
Messages here are the ones of the catalogue; `fields` maps the dotted name of what to mend to messages.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from inspect import unwrap
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import IntegrityError, connections
from django.http import Http404, HttpRequest, HttpResponse
from django.views import defaults
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from lumptracker import storage_trouble
from tracking.errors import (
    Conflict,
    Forbidden,
    Gone,
    InvalidInput,
    NotFound,
    TooLarge,
    TrackingError,
    UnsupportedImage,
)
from tracking.models import User
from tracking.record_shapes import field_slips
from tracking.texts import say

STATUS: dict[type[TrackingError], int] = {
    InvalidInput: 400,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Gone: 410,
    TooLarge: 413,
    UnsupportedImage: 415,
}
FRAMEWORK: dict[type[exceptions.APIException], tuple[int, str]] = {
    exceptions.ParseError: (400, "malformed"),
    exceptions.ValidationError: (400, "invalid"),
    exceptions.NotAuthenticated: (401, "not_authenticated"),
    exceptions.AuthenticationFailed: (401, "not_authenticated"),
    exceptions.PermissionDenied: (403, "forbidden"),
    exceptions.NotFound: (404, "not_found"),
    exceptions.MethodNotAllowed: (405, "method_not_allowed"),
    exceptions.NotAcceptable: (406, "not_acceptable"),
    exceptions.UnsupportedMediaType: (415, "unsupported_media_type"),
    exceptions.Throttled: (429, "too_fast"),
}


# Django's own pages without the look for a CSRF token that comes before them: it reads the body, and where that cannot
# be read the page about it would be an accident of its own.
Page = Callable[..., HttpResponse]
_missing: Page = unwrap(defaults.page_not_found)
_slip: Page = unwrap(defaults.bad_request)
_shut: Page = unwrap(defaults.permission_denied)
_accident: Page = unwrap(defaults.server_error)


def shape_error(exc: Exception, context: Mapping[str, Any]) -> Response | None:  # Any: what DRF was doing
    """DRF's exception handler; None lets the error through as a 500."""
    match exc:
        case TrackingError():
            status = next((STATUS[kind] for kind in type(exc).__mro__ if kind in STATUS), 400)
            body = error_body(exc.code, exc.message, exc.fields)
        case Http404() | exceptions.NotFound():
            status, body = 404, not_found_body()
        case RequestDataTooBig():
            status, body = 413, error_body("too_large", say("api.too_large"))
        case IntegrityError() if _is_erased(context["request"].user):
            status, body = 401, error_body("not_authenticated", say("api.not_authenticated"))
        case PermissionDenied():
            status, body = 403, error_body("forbidden", say("api.forbidden"))
        case exceptions.APIException():
            status, code = next(
                (FRAMEWORK[kind] for kind in type(exc).__mro__ if kind in FRAMEWORK), (exc.status_code, "error")
            )
            fields = field_slips(exc.detail) if isinstance(exc, exceptions.ValidationError) else {}
            body = error_body(code, say(f"api.{code}"), fields)
        case _:
            return None
    set_rollback()
    return Response(body, status=status, headers=_headers(exc))


def _is_erased(user: User | AnonymousUser) -> bool:
    """Another phone erased the account while this request was under way: what it wrote would belong to nobody."""
    return isinstance(user, User) and not User.objects.filter(pk=user.pk).exists()


def error_body(code: str, message: str, fields: dict[str, list[str]] | None = None) -> dict[str, object]:
    """The one shape of an error."""
    return {"code": code, "message": message, "fields": fields or {}}


def not_found_body() -> dict[str, object]:
    """What is missing, deleted, revoked or somebody else's: the same bytes."""
    missing = NotFound()
    return error_body(missing.code, missing.message)


def _headers(exc: Exception) -> dict[str, str]:
    wait = getattr(exc, "wait", None)  # seconds, of Throttled
    return {} if wait is None else {"Retry-After": str(int(wait) + 1)}


def _json(body: dict[str, object], status: int) -> HttpResponse:
    """The same bytes as DRF's renderer makes: who asked for what must not show in the spaces."""
    return HttpResponse(JSONRenderer().render(body), status=status, content_type="application/json")


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler404`: an address that does not exist answers like an object that does not."""
    return _json(not_found_body(), 404) if _is_api(request) else _missing(request, exception)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler400`."""
    if not _is_api(request):
        return _slip(request, exception)
    return _json(error_body("malformed", say("api.malformed")), 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler403`."""
    if not _is_api(request):
        return _shut(request, exception)
    return _json(error_body("forbidden", say("api.forbidden")), 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: says nothing about what went wrong inside, but that the disk is the reason where it is."""
    status = storage_trouble.status_of(sys.exc_info()[1]) or 500
    code = {storage_trouble.FULL: "disk_full", storage_trouble.UNWRITABLE: "not_writable"}.get(status, "server_error")
    page = _json(error_body(code, say(f"api.{code}")), status) if _is_api(request) else _accident(request)
    if status == storage_trouble.UNWRITABLE:
        connections.close_all()  # SQLite goes on calling a file unwritable for as long as it holds it open
    if status != 500:
        page.status_code, page["Retry-After"] = status, str(storage_trouble.RETRY_SECONDS)
    return page
