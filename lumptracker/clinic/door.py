"""The door: `/s/` shows the same page for every link, and only a POST from it opens anything."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lumptracker.clinic.guesses import count_guess, seconds_to_wait
from lumptracker.clinic.privacy import DOOR_POLICY, closed_page, is_from_here, with_privacy
from lumptracker.clinic.ticket import Ticket, give_ticket, new_reader, ticket_of
from lumptracker.languages import kept_language
from tracking.errors import NotFound
from tracking.models import ShareLink
from tracking.share_secrets import is_token, read_code
from tracking.shared import WrongPasscode, open_share_link, shared_by_code, shared_by_token
from tracking.texts import say


@require_safe
@with_privacy(DOOR_POLICY)
def door(request: HttpRequest) -> HttpResponse:
    """The same bytes for every link, known or not: the part that differs stays in the reader's browser."""
    return render(request, "clinic/door.html")


@csrf_exempt  # whoever holds the link has no session to ride on; the page it is sent from is checked instead
@require_http_methods(["GET", "HEAD", "POST"])
@with_privacy(DOOR_POLICY)
def open_link(request: HttpRequest) -> HttpResponse:
    """Open a link by token or code: 303 to the page with a cookie for it, or the reason why not."""
    if request.method != "POST":
        return door(request)  # somebody reloaded: nothing was asked
    if not is_from_here(request):
        return _say(request, 403, "door.refused_heading", say("door.refused"))
    token, at = request.POST.get("token", "").strip(), timezone.now()
    if token:
        return _open(request, token=token, at=at)
    return _open_by_code(request, request.POST.get("code", ""), at=at)


def _open_by_code(request: HttpRequest, typed: str, *, at: datetime) -> HttpResponse:
    address = request.META.get("REMOTE_ADDR", "")
    wait = seconds_to_wait(address, at=at)
    if not wait:
        response = _open(request, code=typed, at=at)
        if response.status_code != 404 or count_guess(address, at=at):
            return response
        wait = seconds_to_wait(address, at=at) or 1
    answer = _say(request, 429, "door.too_many_heading", say("door.too_many", minutes=-(-wait // 60)))
    answer.headers["Retry-After"] = str(wait)
    return answer


def _open(request: HttpRequest, *, token: str = "", code: str = "", at: datetime) -> HttpResponse:
    ticket = ticket_of(request, at=at)
    reader = ticket.reader if ticket else new_reader()
    try:
        link = shared_by_token(token, reader=reader, at=at) if token else shared_by_code(code, reader=reader, at=at)
        if ticket and ticket.link_id != link.pk:
            ticket, reader = None, new_reader()  # nobody can tell that two links were opened by the same browser
        open_share_link(link, passcode=request.POST.get("passcode", ""), reader=reader, at=at)
    except WrongPasscode as error:
        return _ask_passcode(request, token=token, code=code, error=error)
    except NotFound:
        return closed_page(request)
    return _let_in(request, link, reader, at=at)


def _let_in(request: HttpRequest, link: ShareLink, reader: str, *, at: datetime) -> HttpResponse:
    response = redirect(f"/s/view/{kept_language(request)}")
    response.status_code = 303
    give_ticket(response, Ticket(link.pk, reader, at))
    return response


def _ask_passcode(request: HttpRequest, *, token: str, code: str, error: WrongPasscode) -> HttpResponse:
    """401, with what was sent put back into the form in its canonical shape, so that only the passcode is retyped."""
    was_typed = bool(request.POST.get("passcode"))
    context = {
        "token": token if is_token(token) else "",
        "code": (read_code(code) or "") if not token else "",
        "message": error.message if was_typed else say("door.passcode_needed"),
        "tries_left": error.tries_left,
    }
    return render(request, "clinic/passcode.html", context, status=401)


def _say(request: HttpRequest, status: int, heading: str, text: str) -> HttpResponse:
    context = {"heading": say(heading), "text": text}
    return render(request, "clinic/refused.html", context, status=status)
