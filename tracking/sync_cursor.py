"""How far a phone has read: for each person the last rev it was told, sealed in an opaque word."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from uuid import UUID

from tracking.errors import Gone
from tracking.texts import say

LARGEST_REV = 2**63 - 1


def write_cursor(revs: Mapping[UUID, int]) -> str:
    """The word for these revs. Phones hand it back and never look inside."""
    plain = json.dumps({person.hex: rev for person, rev in sorted(revs.items())}, separators=(",", ":"))
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read_cursor(word: object) -> dict[UUID, int]:
    """The revs in it; nothing yet for None. Raises Gone `resync` for what was not written here."""
    if word is None:
        return {}
    try:
        if not isinstance(word, str):
            raise TypeError
        raw = json.loads(base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True))
        return {UUID(hex=person): _rev(rev) for person, rev in raw.items()}
    except (binascii.Error, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise resync() from error


def resync() -> Gone:
    """The phone has to read everything anew, from no cursor."""
    return Gone("resync", say("sync.resync"))


def _rev(rev: object) -> int:
    if not isinstance(rev, int) or isinstance(rev, bool) or not 0 <= rev <= LARGEST_REV:
        raise ValueError(rev)
    return rev
