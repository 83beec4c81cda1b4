"""The cookie of somebody who opened a link: signed, for that link alone, for half an hour.

Its path is `/s/`, so that it goes to no other part of the product; `__Host-` would ask for the path `/`, hence
`__Secure-` where the address is https.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from tracking.shared import ONE_READING

_SALT = "lumptracker.clinic.ticket"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Which link its holder opened, when, and as which reader."""

    link_id: UUID
    reader: str
    opened_at: datetime


def new_reader() -> str:
    return secrets.token_urlsafe(12)


def cookie_name() -> str:
    return "__Secure-shared" if settings.PUBLIC_URL.startswith("https:") else "shared"


def give_ticket(response: HttpResponse, ticket: Ticket) -> None:
    """Set the cookie."""
    value = [ticket.link_id.hex, ticket.reader, int(ticket.opened_at.timestamp())]
    response.set_cookie(
        cookie_name(),
        signing.dumps(value, salt=_SALT),
        max_age=ONE_READING,
        path="/s/",
        secure=settings.PUBLIC_URL.startswith("https:"),
        httponly=True,
        samesite="Strict",
    )


def ticket_of(request: HttpRequest, *, at: datetime) -> Ticket | None:
    """The caller's ticket, None where there is none, it is not ours, or its half hour is over."""
    try:
        link_id, reader, opened = signing.loads(request.COOKIES.get(cookie_name(), ""), salt=_SALT)
        ticket = Ticket(UUID(link_id), reader, datetime.fromtimestamp(opened, tz=UTC))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return ticket if at < ticket.opened_at + ONE_READING else None
