"""The only doors to a row on somebody's behalf. A refusal never tells whether the id exists.

Every door starts from the account: no row of the record is looked up by its id alone outside this file.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from tracking.errors import Forbidden, NotFound
from tracking.models import Lump, Membership, Observation, Person, Photo, User
from tracking.models.base import Synced
from tracking.statements import Question
from tracking.texts import say

RECENT_SIGN_IN_SECONDS = 300
RANKS: dict[str, int] = {Membership.Role.VIEWER: 0, Membership.Role.LOGGER: 1, Membership.Role.OWNER: 2}

Row = TypeVar("Row", bound=Synced)


def persons_of(user: User) -> QuerySet[Person]:
    """Everybody whose record this account may read, each with the account's `role`."""
    return rows_of(Person, user)


def all_persons_of(user: User) -> list[Person]:
    """Those of `persons_of`, in the order in which they were made."""
    return PERSONS.all(user=user.pk)


def told_memberships() -> QuerySet[Membership]:
    """Those whose accounts get reminders and advice: whom the owners chose, and owners where nobody chose otherwise.

    Where nobody is left whom they could reach, every owner is told: a record never falls silent because one leaves.
    """
    chosen = Q(told=True) | Q(told=None, role=Membership.Role.OWNER)
    others = Membership.objects.filter(chosen, person=OuterRef("person"), user__is_active=True)
    return Membership.objects.filter(chosen | Q(~Exists(others), role=Membership.Role.OWNER), user__is_active=True)


def persons_told_about(user: User) -> QuerySet[Membership, UUID]:
    """The ids of those about whom this account gets reminders and advice."""
    return told_memberships().filter(user=user).values_list("person_id", flat=True)


def is_told(user: User, person_id: UUID) -> bool:
    """Does this account get reminders and advice about this person?"""
    return told_memberships().filter(user=user, person_id=person_id).exists()


def rows_of(model: type[Row], user: User) -> QuerySet[Row]:
    """The rows of one table (persons, lumps, observations, photos, care) that this account may read."""
    return _rows_of(model, user.pk)


def _rows_of(model: type[Row], user: UUID) -> QuerySet[Row]:
    to_person = "" if issubclass(model, Person) else "person__"
    rows = model._default_manager.filter(**{f"{to_person}memberships__user": user})
    return rows if to_person else rows.annotate(role=F("memberships__role"))  # type: ignore[return-value]  # the same row


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


def access_person_for_change(user: User, person_id: UUID, *, role: str = Membership.Role.LOGGER) -> Person:
    """The person with its row locked, so that revs are given one at a time. Call inside a transaction.

    Raises NotFound, and Forbidden for a member of a smaller role (a viewer may only look).
    """
    person = _one(Person.objects.select_for_update().filter(pk__in=persons_of(user).values("pk")), person_id)
    _require_role(user, person_id, role)
    return person


def whose_row(model: type[Synced], user: User, row_id: UUID) -> tuple[UUID | None, bool]:
    """The person whose row it is, and whether this account may read it. (None, False) where the id is nobody's."""
    return _whose(model).first(user=user.pk, row=row_id) or (None, False)


def row_for_change(model: type[Row], user: User, row_id: UUID) -> tuple[Person, Row] | None:
    """A row of any table below a person's, read anew once that person's row is locked; None where there is none for
    this account. Call inside a transaction. Raises Forbidden for a viewer.

    The first query may have waited, and then knows the members and the row only as they were before: hence the second.
    """
    person = _held_person(model).first(user=user.pk, row=row_id)
    if person is None:
        return None
    row: Any = _row_below(model).first(user=user.pk, person=person.pk, row=row_id)  # Any: a row with a column more
    if row is None:
        return None
    _refuse_below(Membership.Role.LOGGER, held=row.role_here, user=user)
    return person, row


@cache
def _whose(model: type[Synced]) -> Question[tuple[UUID, bool]]:
    owner = "pk" if model is Person else "person_id"

    def rows(user: UUID, row: UUID) -> Any:  # Any: a query with a column of its own
        is_mine = Exists(Membership.objects.filter(user=user, person=OuterRef(owner)))
        return model._default_manager.filter(pk=row).values_list(owner, is_mine)

    return Question(rows, user=UUID, row=UUID)


@cache
def _held_person(model: type[Synced]) -> Question[Person]:
    up = model._meta.get_field("person").remote_field.get_accessor_name()  # type: ignore[misc]  # of all but a person

    def rows(user: UUID, row: UUID) -> QuerySet[Person]:
        return Person.objects.select_for_update(of=("self",)).filter(**{str(up): row, "memberships__user": user})

    return Question(rows, user=UUID, row=UUID)


@cache
def _row_below(model: type[Row]) -> Question[Row]:
    def rows(user: UUID, person: UUID, row: UUID) -> QuerySet[Row]:
        found = model._default_manager.filter(pk=row, person=person, person__memberships__user=user)
        return found.annotate(role_here=F("person__memberships__role"))  # type: ignore[return-value]  # the same row

    return Question(rows, user=UUID, person=UUID, row=UUID)


def signed_in(request: Request) -> User:
    """The account behind a request that passed `IsAuthenticated`."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def require_recent_sign_in(request: Request, *, at: datetime) -> None:
    """Raises Forbidden `reauthentication_required` unless this sign-in proved who it is within five minutes.

    Signing up, signing in and `auth/reauthenticate` count; merely using the session does not. A script's session
    (`X-Session-Token`) is not the one of its cookies, so it is taken from the authentication itself.
    """
    user = signed_in(request)
    session = request.auth if hasattr(request.auth, "get") else request._request.session
    proofs = get_authentication_records(_WithSession(session), user)
    last = max((float(proof["at"]) for proof in proofs), default=None)
    if last is None or at.timestamp() - last > RECENT_SIGN_IN_SECONDS:
        raise Forbidden("reauthentication_required", say("access.reauthenticate", language=user.language))


PERSONS = Question(lambda user: _rows_of(Person, user).order_by("created_at", "id"), user=UUID)


def _require_role(user: User, person_id: UUID, role: str) -> None:
    if role == Membership.Role.VIEWER:
        return
    held = Membership.objects.filter(user=user, person_id=person_id).values_list("role", flat=True).first()
    if held is None:
        raise NotFound
    _refuse_below(role, held=held, user=user)


def _refuse_below(role: str, *, held: str, user: User) -> None:
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
