"""The SMART Health Link behind the same link (HL7 STU 1): a manifest and its encrypted files, for record systems.

`/shl/` is the one path that must carry the token. It stays out of every log (`lumptracker/logs.py`), any site may ask
it, and no cookie is read or set.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any  # Any: JSON from outside, and a view's path arguments
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from joserfc import jwe
from joserfc.jwk import OctKey

from lumptracker.clinic.fhir import Resource, bundle_of, photo_document, report_document
from lumptracker.clinic.privacy import BYTES_POLICY, with_privacy
from lumptracker.clinic.report import Busy, report_of
from lumptracker.clinic.sheet import Sheet, shared_sheets
from lumptracker.plain_json import read_json
from tracking.errors import NotFound
from tracking.models import ShareLink
from tracking.share_secrets import hash_token, open_jwe_key
from tracking.shared import (
    WrongPasscode,
    access_shared,
    access_shared_photo,
    note_access,
    open_share_link,
    shared_by_token,
    shared_photos,
)
from tracking.texts import say
from tracking.vault import VaultError, read_bytes

FHIR = "application/fhir+json"
BUNDLE, REPORT = "bundle", "report"  # names of files; any other is a photo's id
EMBEDDED_MOST = 200_000  # characters, where the caller names no limit
_FILE_LIFE = timedelta(hours=1)
_SALT = "lumptracker.clinic.file"
_ALGORITHMS = ["dir", "A256GCM", "DEF"]
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST, GET, OPTIONS",
    "Access-Control-Allow-Headers": "content-type",
    "Access-Control-Max-Age": "600",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


Endpoint = Callable[..., HttpResponse]  # (request, at=, **path): a view of this file before its wrapping


class BadRequest(Exception):
    """What was posted is not what HL7's manifest request is."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A manifest request."""

    recipient: str
    passcode: str
    embedded_most: int


def for_everyone(*methods: str) -> Callable[[Endpoint], Callable[..., HttpResponse]]:
    """Any origin, these methods, JSON errors of one shape; a closed link is the same 404 whatever closed it."""

    def wrap(endpoint: Endpoint) -> Callable[..., HttpResponse]:
        @csrf_exempt  # no cookie is read here
        @with_privacy(BYTES_POLICY)
        @wraps(endpoint)
        def view(request: HttpRequest, **path: Any) -> HttpResponse:  # Any: passed on untouched
            response = _answer(endpoint, request, methods, path)
            for name, value in _CORS.items():
                response.headers[name] = value
            return response

        return view

    return wrap


def _answer(endpoint: Endpoint, request: HttpRequest, methods: tuple[str, ...], path: dict[str, Any]) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    if request.method not in methods:
        return _error(405, "method_not_allowed", "Send POST.", {"Allow": ", ".join((*methods, "OPTIONS"))})
    try:
        return endpoint(request, at=timezone.now(), **path)
    except BadRequest as error:
        return _error(400, "invalid", str(error))
    except WrongPasscode as error:
        body = {"code": error.code, "message": error.message, "fields": {}, "remainingAttempts": error.tries_left}
        return JsonResponse(body, status=401)
    except Busy:
        return _error(503, "busy", say("door.busy"), {"Retry-After": "5"})
    except NotFound as error:
        return _error(404, error.code, error.message)


@for_everyone("POST")
def manifest(request: HttpRequest, *, at: datetime, token: str) -> HttpResponse:
    """The files of the link: bundle, report, then each picture. Counts once per recipient and address in 30 minutes."""
    ask = _ask(request)
    reader = hash_token(f"{request.META.get('REMOTE_ADDR', '')}|{ask.recipient}|{token}")[:32]
    link = shared_by_token(token, reader=reader, at=at)
    open_share_link(link, passcode=ask.passcode, reader=reader, recipient=ask.recipient, at=at)
    note_access(link, reader=reader, recipient=ask.recipient, what="bundle", at=at)
    sheets = shared_sheets(link, at=at)
    key = _key(link, token)
    sealed = _sealed(bundle_of(sheets, at=at), key, is_text=True)
    files: list[dict[str, object]] = [_file(link, token, BUNDLE, reader)]
    if len(sealed) <= ask.embedded_most:
        files = [{"contentType": FHIR, "embedded": sealed}]
    names = [REPORT, *(str(photo.id) for sheet in sheets for photo in sheet.photos)]
    files += [_file(link, token, name, reader) for name in names]
    return JsonResponse({"files": files})


@for_everyone("GET")
def shared_file(_: HttpRequest, *, at: datetime, token: str, ticket: str) -> HttpResponse:
    """One file of the manifest, encrypted; its address holds for an hour and asks the same door."""
    try:
        link_id, name, reader = signing.loads(ticket, salt=_SALT, max_age=_FILE_LIFE)
        link = access_shared(UUID(link_id), at=at)
    except (signing.BadSignature, ValueError) as error:
        raise NotFound from error
    if link.token_sha256 != hash_token(token):
        raise NotFound
    resource = _resource(link, name, at=at)
    note_access(link, reader=reader, what=name if name in (BUNDLE, REPORT) else "photo", at=at)
    return HttpResponse(_sealed(resource, _key(link, token), is_text=name == BUNDLE), content_type="application/jose")


def _resource(link: ShareLink, name: str, *, at: datetime) -> Resource:
    """What stands behind the name of a file; NotFound for a picture that may not be looked at."""
    sheets = shared_sheets(link, at=at)
    if name == BUNDLE:
        return bundle_of(sheets, at=at)
    if name == REPORT:
        keys = {photo.pk: photo.large_key for photo in shared_photos(link)}
        return report_document(sheets, report_of(sheets, keys, at=at), at=at)
    return _photo(link, sheets, UUID(name))


def _ask(request: HttpRequest) -> Ask:
    try:
        asked = read_json(request.body)
    except ValueError as error:
        raise BadRequest("Send a JSON object.") from error
    if not isinstance(asked, dict):
        raise BadRequest("Send a JSON object.")
    recipient, passcode = asked.get("recipient"), asked.get("passcode")
    most = asked.get("embeddedLengthMax", EMBEDDED_MOST)
    if not isinstance(recipient, str) or not recipient.strip() or "\0" in recipient:
        raise BadRequest("Say who asks: recipient.")
    if not isinstance(passcode, str | None):
        raise BadRequest("passcode is text.")
    if isinstance(most, bool) or not isinstance(most, int) or most < 0:
        raise BadRequest("embeddedLengthMax is a whole number.")
    return Ask(recipient.strip()[:200], passcode or "", most)


def _photo(link: ShareLink, sheets: list[Sheet], photo_id: UUID) -> Resource:
    photo = access_shared_photo(link, photo_id)
    for sheet in sheets:
        facts = next((one for one in sheet.photos if one.id == photo_id), None)
        if facts is not None:
            try:
                return photo_document(sheet, facts, read_bytes(photo.large_key))
            except VaultError as error:
                raise NotFound from error
    raise NotFound


def _file(link: ShareLink, token: str, name: str, reader: str) -> dict[str, object]:
    ticket = signing.dumps([link.pk.hex, name, reader], salt=_SALT)
    return {"contentType": FHIR, "location": f"{settings.PUBLIC_URL}/shl/{token}/file/{ticket}/"}


def _key(link: ShareLink, token: str) -> OctKey:
    try:
        return OctKey.import_key(open_jwe_key(link.jwe_key_sealed, token=token))
    except ValueError as error:
        raise NotFound from error


def _sealed(resource: Resource, key: OctKey, *, is_text: bool) -> str:
    """JWE compact: direct key, A256GCM, a fresh IV each time. Text alone is deflated.

    Pictures would not get smaller by it, and readers refuse to inflate more than 250 kB, against bombs.
    """
    header = {"alg": "dir", "enc": "A256GCM", "cty": FHIR, **({"zip": "DEF"} if is_text else {})}
    plain = json.dumps(resource, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return jwe.encrypt_compact(header, plain, key, algorithms=_ALGORITHMS)


def _error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return JsonResponse({"code": code, "message": message, "fields": {}}, status=status, headers=headers)
