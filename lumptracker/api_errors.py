"""Gives every error one shape, `{"code", "message", "fields"}`, whoever raised it.

The framework's own words never reach a client: they differ between versions, and some name what must not be named.
Messages here are the ones of the catalogue; `fields` maps the dotted name of what to mend to messages.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.views import defaults
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

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


def shape_error(exc: Exception, context: object) -> Response | None:  # noqa: ARG001  DRF's own signature
    """DRF's exception handler; None lets the error through as a 500."""
    match exc:
        case TrackingError():
            status = next((STATUS[kind] for kind in type(exc).__mro__ if kind in STATUS), 400)
            body = error_body(exc.code, exc.message, exc.fields)
        case Http404() | exceptions.NotFound():
            status, body = 404, not_found_body()
        case RequestDataTooBig():
            status, body = 413, error_body("too_large", say("api.too_large"))
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
    return _json(not_found_body(), 404) if _is_api(request) else defaults.page_not_found(request, exception)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler400`."""
    if not _is_api(request):
        return defaults.bad_request(request, exception)
    return _json(error_body("malformed", say("api.malformed")), 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler403`."""
    if not _is_api(request):
        return defaults.permission_denied(request, exception)
    return _json(error_body("forbidden", say("api.forbidden")), 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: says nothing about what went wrong inside."""
    if not _is_api(request):
        return defaults.server_error(request)
    return _json(error_body("server_error", say("api.server_error")), 500)
