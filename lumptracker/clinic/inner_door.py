"""The door that every part of a link passes at every request."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any  # Any: a view's path arguments

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lumptracker.clinic.privacy import PAGE_POLICY, View, closed_page, with_privacy
from lumptracker.clinic.ticket import ticket_of
from tracking.errors import NotFound
from tracking.shared import access_shared

PartOfLink = Callable[..., HttpResponse]  # (request, link, ticket, at, **path)
READING = ("GET", "HEAD")


def for_holder(policy: str, *, methods: tuple[str, ...] = READING) -> Callable[[PartOfLink], View]:
    """A part of a link: only with a ticket for it, only while it is open, else the one 404 page."""

    def wrap(part: PartOfLink) -> View:
        @csrf_exempt  # there is no session; a part that takes a POST checks where it comes from
        @require_http_methods(list(methods))
        @with_privacy(policy)
        @wraps(part)
        def view(request: HttpRequest, **path: Any) -> HttpResponse:  # Any: passed on untouched
            at = timezone.now()
            ticket = ticket_of(request, at=at)
            try:
                if ticket is None:
                    raise NotFound
                return part(request, access_shared(ticket.link_id, at=at), ticket, at, **path)
            except NotFound:
                return closed_page(request)

        return view

    return wrap


@csrf_exempt  # it does nothing, and a refusal for want of a token would write the address into the log
@with_privacy(PAGE_POLICY)
def nothing(request: HttpRequest, **_: object) -> HttpResponse:
    """Any other address under `/s/`."""
    return closed_page(request)
