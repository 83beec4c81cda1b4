"""Links for tests, made by the verbs, and what came of trying them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.db import connection

from tracking.errors import NotFound
from tracking.models import Lump, Membership, Person, ShareLink, User
from tracking.shared import WrongPasscode, open_share_link, shared_by_token
from tracking.sharing import MadeLink, ShareWish, create_share_link

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def owned_lump(user: User, *, site: str = "lower_back", **person: object) -> Lump:
    """A lump of a person whom this account owns."""
    born = Person.objects.create(created_at=AT, updated_at=AT, **person)
    Membership.objects.create(user=user, person=born, role=Membership.Role.OWNER)
    return Lump.objects.create(person=born, site=site, created_at=AT, updated_at=AT)


def made(wish: ShareWish | None = None, **wishes: Any) -> MadeLink:  # Any: fields of a wish
    """A link to a new account's lump."""
    user = User.objects.create_user(f"{uuid4().hex}@example.org")
    wish = wish or ShareWish(lumps=(owned_lump(user).pk,), **wishes)
    return create_share_link(user, uuid4(), wish, at=AT)


def token_of(link: MadeLink) -> str:
    payload = link.url.partition("#shlink:/")[2]
    told = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return str(told["url"]).rstrip("/").rpartition("/")[2]


def opened(link: MadeLink, *, reader: str = "bea", passcode: str | None = None, at: datetime = AT) -> ShareLink:
    found = shared_by_token(token_of(link), reader=reader, at=at)
    open_share_link(found, passcode=(link.passcode or "") if passcode is None else passcode, reader=reader, at=at)
    return found


def outcome_of(call: Callable[[], object]) -> str:
    try:
        call()
    except WrongPasscode as error:
        return f"wrong {error.tries_left}"
    except NotFound:
        return "closed"
    return "open"


def outcome(call: Callable[[], object]) -> str:
    """The same in a thread of its own, whose connection ends with it."""
    try:
        return outcome_of(call)
    finally:
        connection.close()
