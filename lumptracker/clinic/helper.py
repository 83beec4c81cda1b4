"""`/s/help/`: a helper takes one photo of a place that its owner cannot see, and sees nothing but the one before.

As with every link the door is the same page for all, the secret stands behind the `#` or is typed as a code, and only
the photo itself spends anything. Nothing here says whose photo it is, of what, or why.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lumptracker.clinic.guesses import count_guess, seconds_to_wait
from lumptracker.clinic.privacy import BYTES_POLICY, DOOR_POLICY, closed_page, is_from_here, with_privacy
from lumptracker.languages import kept_language
from tracking.access_log import record_helper
from tracking.api_photos import MemoryUpload
from tracking.errors import NotFound, TooLarge, UnsupportedImage
from tracking.helping import (
    LONGEST_LIFE,
    access_helping,
    give_helped_photo,
    helping_by_code,
    helping_by_token,
    like_of,
)
from tracking.models import HelperLink
from tracking.photos import Busy
from tracking.texts import say
from tracking.vault import VaultError, read_bytes

PATH = "/s/help/"
_SALT = "lumptracker.clinic.helper"
Part = Callable[[HttpRequest, HelperLink, datetime], HttpResponse]
View = Callable[[HttpRequest], HttpResponse]


def _cookie() -> str:
    return "__Secure-helping" if settings.PUBLIC_URL.startswith("https:") else "helping"


@require_safe
@with_privacy(DOOR_POLICY)
def door(request: HttpRequest) -> HttpResponse:
    """The same bytes for every link."""
    return render(request, "clinic/helper_door.html")


@csrf_exempt  # whoever holds the link has no session to ride on; the page it is sent from is checked instead
@require_http_methods(["POST"])
@with_privacy(DOOR_POLICY)
def open_help(request: HttpRequest) -> HttpResponse:
    """303 to the camera page with a cookie for this link alone. Spends nothing."""
    if not is_from_here(request):
        return _say(request, 403, "door.refused_heading", say("door.refused"))
    at, token = timezone.now(), request.POST.get("token", "").strip()
    try:
        link = helping_by_token(token, at=at) if token else _by_code(request, at=at)
    except NotFound:
        return closed_page(request, back=PATH)
    if link is None:
        wait = seconds_to_wait(_address(request), at=at) or 1
        answer = _say(request, 429, "door.too_many_heading", say("door.too_many", minutes=-(-wait // 60)))
        answer.headers["Retry-After"] = str(wait)
        return answer
    response = redirect(f"{PATH}photo/{kept_language(request)}")
    response.status_code = 303
    response.set_cookie(
        _cookie(),
        signing.dumps(link.pk.hex, salt=_SALT),
        max_age=LONGEST_LIFE,
        path=PATH,
        secure=settings.PUBLIC_URL.startswith("https:"),
        httponly=True,
        samesite="Strict",
    )
    return response


def _by_code(request: HttpRequest, *, at: datetime) -> HelperLink | None:
    """None where this address has to pause: codes are short."""
    if seconds_to_wait(_address(request), at=at):
        return None
    try:
        return helping_by_code(request.POST.get("code", ""), at=at)
    except NotFound:
        if count_guess(_address(request), at=at):
            raise
        return None


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def for_helper(policy: str, method: str) -> Callable[[Part], View]:
    """A page of a link: only with its cookie, only while it can be used."""

    def wrap(part: Part) -> View:
        @csrf_exempt  # there is no session; a POST checks where it comes from
        @require_http_methods(["GET", "HEAD"] if method == "GET" else [method])
        @with_privacy(policy)
        @wraps(part)
        def view(request: HttpRequest) -> HttpResponse:
            at = timezone.now()
            try:
                link_id = UUID(signing.loads(request.COOKIES.get(_cookie(), ""), salt=_SALT))
                return part(request, access_helping(link_id, at=at), at)
            except (NotFound, signing.BadSignature, ValueError):
                return closed_page(request, back=PATH)

        return view

    return wrap


@for_helper(DOOR_POLICY, "GET")
def camera(request: HttpRequest, link: HelperLink, _: datetime) -> HttpResponse:
    """The picture to take it like, and a place for the new one."""
    return render(request, "clinic/helper.html", {"like": like_of(link) is not None})


@for_helper(BYTES_POLICY, "GET")
def like(_: HttpRequest, link: HelperLink, at: datetime) -> HttpResponse:
    """The picture to take it like."""
    photo = like_of(link)
    try:
        if photo is None:
            raise NotFound
        picture = read_bytes(photo.large_key)
    except VaultError as error:
        raise NotFound from error
    record_helper(link, what="helper_photo", at=at)
    return HttpResponse(picture, content_type="image/jpeg", headers={"Content-Disposition": "inline"})


@for_helper(DOOR_POLICY, "POST")
def send(request: HttpRequest, link: HelperLink, at: datetime) -> HttpResponse:
    """The photo itself: the one thing that spends the link."""
    if not is_from_here(request):
        return _say(request, 403, "door.refused_heading", say("door.refused"))
    request.upload_handlers = [MemoryUpload(request)]  # nothing plain touches the disk
    try:
        image = request.FILES.get("image")
        if image is None:
            return _again(request, 400, say("helper.no_photo"))
        give_helped_photo(link, image.read(), at=at)
    except Busy:
        return _again(request, 503, say("photo.busy"))
    except TooLarge as error:
        return _again(request, 413, error.message)
    except UnsupportedImage as error:
        return _again(request, 415, error.message)
    except (MultiPartParserError, RequestDataTooBig):
        return _again(request, 400, say("helper.no_photo"))
    record_helper(link, what="helper_sent", at=at)
    response = render(request, "clinic/helper_thanks.html")
    response.delete_cookie(_cookie(), path=PATH, samesite="Strict")
    return response


def _again(request: HttpRequest, status: int, text: str) -> HttpResponse:
    context = {"heading": say("helper.again_heading"), "text": text, "back": f"{PATH}photo/{kept_language(request)}"}
    return render(request, "clinic/refused.html", context, status=status)


def _say(request: HttpRequest, status: int, heading: str, text: str) -> HttpResponse:
    context = {"heading": say(heading), "text": text, "back": PATH}
    return render(request, "clinic/refused.html", context, status=status)
