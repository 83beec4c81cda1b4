"""What an account has agreed to, purpose by purpose. Sharing is not among them: making a link is an act of its own.

A row for each yes and each no, with the version of the wording that was read; rows are never changed. Where the
wording gains in reach its version rises, and an earlier yes counts as not asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tracking.models import Consent, User


@dataclass(frozen=True)
class Purpose:
    """Something that data is used for. `version` is that of the wording in the app's catalogue."""

    name: str
    version: int
    can_be_withdrawn: bool = True


PURPOSES = (
    Purpose("record", 1, can_be_withdrawn=False),  # keeping the record on the server: withdrawn by erasing the account
    Purpose("reminder_mails", 1),
    Purpose("push", 1),  # notifications pass the maker of the browser
    Purpose("trusted_contact", 1),  # somebody is told where urgent advice is not answered
)


@dataclass(frozen=True)
class Standing:
    """How it stands with one purpose. `given` is None where nobody was asked, or asked about less than it is now."""

    purpose: Purpose
    given: bool | None
    version: int | None
    at: datetime | None


def purpose_of(name: str) -> Purpose | None:
    return next((purpose for purpose in PURPOSES if purpose.name == name), None)


def record_consent(user: User, purpose: str, *, given: bool, at: datetime) -> None:
    """Note a yes or a no to the wording of today. What is said twice stands once."""
    now = standing(user, purpose)
    if now.given is not given:
        Consent.objects.create(user=user, purpose=purpose, version=now.purpose.version, given=given, at=at)


def standing(user: User, purpose: str) -> Standing:
    """How it stands with this purpose. Raises LookupError for one that does not exist."""
    known = purpose_of(purpose)
    if known is None:
        raise LookupError(purpose)
    newest = Consent.objects.filter(user=user, purpose=purpose).order_by("-at", "-pk").first()
    if newest is None:
        return Standing(known, None, None, None)
    is_about_this = newest.version == known.version or not newest.given
    return Standing(known, newest.given if is_about_this else None, newest.version, newest.at)


def standings(user: User) -> list[Standing]:
    return [standing(user, purpose.name) for purpose in PURPOSES]
