"""How far a phone has read, sealed in an opaque word: for each person the last rev and the role that it was told."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from uuid import UUID

from tracking.errors import Gone
from tracking.models import Membership
from tracking.texts import say

LARGEST_REV = 2**63 - 1
Seen = dict[UUID, tuple[int, str | None]]  # rev and role; None: it was never told a role


def write_cursor(seen: Mapping[UUID, tuple[int, str | None]]) -> str:
    """The word for what was told. Phones hand it back and never look inside."""
    plain = json.dumps({person.hex: list(told) for person, told in sorted(seen.items())}, separators=(",", ":"))
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read_cursor(word: object) -> Seen:
    """What is in it; nothing yet for None. Raises Gone `resync` for what was not written here."""
    if word is None:
        return {}
    try:
        if not isinstance(word, str):
            raise TypeError
        raw = json.loads(base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True))
        return {UUID(hex=person): _told(told) for person, told in raw.items()}
    except (binascii.Error, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise resync() from error


def resync() -> Gone:
    """The phone has to read everything anew, from no cursor."""
    return Gone("resync", say("sync.resync"))


def _told(told: object) -> tuple[int, str | None]:
    """A bare number is what the first release wrote, before persons were shared."""
    rev, role = told if isinstance(told, list) else (told, None)
    if not isinstance(rev, int) or isinstance(rev, bool) or not 0 <= rev <= LARGEST_REV:
        raise ValueError(rev)
    if role is not None and role not in Membership.Role.values:
        raise ValueError(role)
    return rev, role
