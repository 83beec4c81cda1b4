"""The only doors to a row on somebody's behalf. A refusal never tells whether the id exists.

Every door starts from the account: no row of the record is looked up by its id alone outside this file.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records
from django.db.models import QuerySet
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from tracking.errors import Forbidden, NotFound
from tracking.models import CareEvent, Lump, Membership, Observation, Person, Photo, User
from tracking.models.base import Synced
from tracking.texts import say

RECENT_SIGN_IN_SECONDS = 300
RANKS: dict[str, int] = {Membership.Role.VIEWER: 0, Membership.Role.LOGGER: 1, Membership.Role.OWNER: 2}

Row = TypeVar("Row", bound=Synced)


def persons_of(user: User) -> QuerySet[Person]:
    """Everybody whose record this account may read."""
    return Person.objects.filter(memberships__user=user)


def rows_of(model: type[Row], user: User) -> QuerySet[Row]:
    """The rows of one table (persons, lumps, observations, photos, care) that this account may read."""
    to_person = "" if issubclass(model, Person) else "person__"
    return model._default_manager.filter(**{f"{to_person}memberships__user": user})


def access_row(model: type[Row], user: User, row_id: UUID) -> Row:
    """One row of any of those tables, for reading. Raises NotFound."""
    return _one(rows_of(model, user), row_id)


def lumps_of(user: User) -> QuerySet[Lump]:
    """The lumps that this account may read, each with its person."""
    return rows_of(Lump, user).select_related("person")


def access_person(user: User, person_id: UUID, *, role: str = Membership.Role.VIEWER) -> Person:
    """One person. Raises NotFound, and Forbidden for a member of a smaller role."""
    person = _one(persons_of(user), person_id)
    _require_role(user, person.pk, role)
    return person


def access_lump(user: User, lump_id: UUID, *, role: str = Membership.Role.VIEWER) -> Lump:
    """One lump with its person. Raises NotFound, and Forbidden for a member of a smaller role."""
    lump = _one(lumps_of(user), lump_id)
    _require_role(user, lump.person_id, role)
    return lump


def access_observation(user: User, observation_id: UUID) -> Observation:
    """One check with its lump, for reading. Raises NotFound."""
    return _one(rows_of(Observation, user).select_related("lump__person"), observation_id)


def access_photo(user: User, photo_id: UUID) -> Photo:
    """One picture's row with its lump and person, for reading. Raises NotFound."""
    return _one(rows_of(Photo, user).select_related("lump__person"), photo_id)


def access_care(user: User, care_id: UUID) -> CareEvent:
    """One care event with its lump, for reading. Raises NotFound."""
    return _one(rows_of(CareEvent, user).select_related("lump__person"), care_id)


def access_person_for_change(user: User, person_id: UUID, *, role: str = Membership.Role.LOGGER) -> Person:
    """The person with its row locked, so that revs are given one at a time. Call inside a transaction.

    Raises NotFound, and Forbidden for a member of a smaller role (a viewer may only look).
    """
    person = _one(Person.objects.select_for_update().filter(pk__in=persons_of(user).values("pk")), person_id)
    _require_role(user, person_id, role)
    return person


def require_owner(user: User, person_id: UUID) -> None:
    """Raises NotFound for strangers, and Forbidden for members who do not own the person."""
    access_person(user, person_id, role=Membership.Role.OWNER)


def signed_in(request: Request) -> User:
    """The account behind a request that passed `IsAuthenticated`."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def require_recent_sign_in(request: Request, *, at: datetime) -> None:
    """Raises Forbidden `reauthentication_required` unless this session proved who it is within five minutes.

    Signing up, signing in and `auth/reauthenticate` count; merely using the session does not. A script's session
    (`X-Session-Token`) is not the one of its cookies, so it is taken from the authentication itself.
    """
    user = signed_in(request)
    session = request.auth if hasattr(request.auth, "get") else request._request.session
    proofs = get_authentication_records(_WithSession(session), user)
    last = max((float(proof["at"]) for proof in proofs), default=None)
    if last is None or at.timestamp() - last > RECENT_SIGN_IN_SECONDS:
        raise Forbidden("reauthentication_required", say("access.reauthenticate", language=user.language))


def _require_role(user: User, person_id: UUID, role: str) -> None:
    if role == Membership.Role.VIEWER:
        return
    held = Membership.objects.filter(user=user, person_id=person_id).values_list("role", flat=True).first()
    if held is None:
        raise NotFound
    if RANKS[held] < RANKS[role]:
        raise Forbidden("not_in_this_role", say("access.not_in_this_role", language=user.language))


class _WithSession:
    """The one attribute that allauth reads its records from."""

    def __init__(self, session: object) -> None:
        self.session = session


def _one(rows: QuerySet[Row], row_id: UUID) -> Row:
    row = rows.filter(pk=row_id).first()
    if row is None:
        raise NotFound
    return row
