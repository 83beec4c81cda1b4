"""Invitations: an owner makes one and passes it on; whoever signed in holds the link or the code becomes a member.

Nobody is named by address, so nothing here tells whether an address has an account. Whatever cannot be accepted any
more (unknown, ended, expired, taken, its maker no owner now) is the same `NotFound`, found by the same one query.

Where accounts are made by invitation only, one of these is such an invitation too: the first account that is made with
it keeps it, and then looks at it and accepts it, or does not, like anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from tracking import share_secrets
from tracking.access import access_person_for_change
from tracking.errors import Conflict, InvalidInput, NotFound
from tracking.members import end_membership, set_role
from tracking.models import Invitation, Membership, Person, User
from tracking.record_revs import mark_due
from tracking.texts import say

DEFAULT_LIFE = timedelta(days=7)
LONGEST_LIFE = timedelta(days=30)
MOST_OPEN = 20  # for one person
MOST_NEWCOMERS = 10  # by the invitations of one account, in the time below: no one owner opens a whole installation
NEWCOMERS_WITHIN = timedelta(days=30)
OWNER = Membership.Role.OWNER


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationWish:
    """What an owner asks for. `told`: gets reminders and advice; None: as the role has it. `afterwards`: hands over."""

    person: UUID
    role: str
    told: bool | None = None
    afterwards: str = ""
    label: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MadeInvitation:
    """An invitation as its maker is told of it once."""

    invitation: Invitation
    url: str
    code: str


# The owner's side


def invitations_of(user: User) -> QuerySet[Invitation]:
    """Of all persons that this account owns, whichever owner made them."""
    owned = Membership.objects.filter(user=user, role=OWNER, person=OuterRef("person"))
    return Invitation.objects.filter(Exists(owned)).select_related("person", "user")


def access_invitation(user: User, invitation_id: UUID) -> Invitation:
    """The owner's door to one of them, whatever became of it. Raises NotFound."""
    invitation = invitations_of(user).filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFound
    return invitation


@transaction.atomic
def create_invitation(user: User, invitation_id: UUID, wish: InvitationWish, *, at: datetime) -> MadeInvitation:
    """A new invitation. Raises NotFound, Forbidden for a smaller role, InvalidInput for a bad wish."""
    person = access_person_for_change(user, wish.person, role=OWNER)
    expires_at = wish.expires_at or at + DEFAULT_LIFE
    _check(wish, person, expires_at, at=at)
    token, code = share_secrets.new_token(), share_secrets.new_code()
    invitation = Invitation.objects.create(
        id=invitation_id,
        person=person,
        user=user,
        role=wish.role,
        told=wish.told,
        afterwards=wish.afterwards,
        label=wish.label,
        created_at=at,
        expires_at=expires_at,
        token_sha256=share_secrets.hash_token(token),
        code_hmac=share_secrets.hash_code(code),
    )
    return MadeInvitation(invitation, f"{settings.PUBLIC_URL}/#/join/{token}", code)


def end_invitation(invitation: Invitation, *, at: datetime) -> None:
    """Ends it at once; may be repeated. Who accepted it stays a member: that ends where the members are."""
    open_one = Invitation.objects.filter(pk=invitation.pk, revoked_at=None, accepted_at=None)
    open_one.update(revoked_at=at)


def _check(wish: InvitationWish, person: Person, expires_at: datetime, *, at: datetime) -> None:
    slips = {
        "expires_at": not at < expires_at <= at + LONGEST_LIFE and say("invitation.expiry", days=LONGEST_LIFE.days),
        "afterwards": wish.afterwards and wish.role != OWNER and say("invitation.hand_over_to_owner"),
        "person": _open(at).filter(person=person).count() >= MOST_OPEN and say("invitation.too_many", most=MOST_OPEN),
    }
    fields = {name: [slip] for name, slip in slips.items() if slip}
    if fields:
        raise InvalidInput("invalid", say("record.invalid"), fields=fields)


# The side of whoever holds it


def look_at_invitation(user: User, secret: str, *, at: datetime) -> Invitation:
    """What the link or the typed code would open. Reads only. Raises NotFound."""
    return _acceptable(user, secret, at=at)


def opens_account(secret: str, *, at: datetime) -> bool:
    """Could somebody without an account make one with it? Reads only."""
    unused = _open(at).filter(newcomer_at=None, pk__in=_behind(secret).values("pk")).first()
    return unused is not None and not _has_enough_newcomers(unused.user_id, at=at)


@transaction.atomic
def keep_for_newcomer(user: User, secret: str, *, at: datetime) -> None:
    """From now on it is this new account's alone, accepted or not. Raises NotFound where it opens none any more."""
    found = _open(at).filter(newcomer_at=None, pk__in=_behind(secret).values("pk")).first()
    if found is None:
        raise NotFound
    User.objects.select_for_update(no_key=True).get(pk=found.user_id)  # so that a limit is a limit, however many come
    unused = Invitation.objects.filter(pk=found.pk, newcomer_at=None, accepted_at=None, revoked_at=None)
    if _has_enough_newcomers(found.user_id, at=at) or not unused.update(newcomer=user, newcomer_at=at):
        raise NotFound


@transaction.atomic
def accept_invitation(user: User, secret: str, *, at: datetime) -> Membership:
    """Become a member; said again by the same account, the same answer.

    Raises NotFound, and Conflict `already_member`, which spends nothing.
    """
    again = Membership.objects.filter(user=user, person__invitations__in=_behind(secret).filter(accepted_by=user))
    before = again.first()
    if before is not None:
        return before
    person_id = _acceptable(user, secret, at=at).person_id
    Person.objects.select_for_update().get(pk=person_id)  # of two who accept at once, the second finds it taken
    invitation = _acceptable(user, secret, at=at)
    if Membership.objects.filter(user=user, person=person_id).exists():
        raise Conflict("already_member", say("invitation.already_member"))
    invitation.accepted_at, invitation.accepted_by = at, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    made = Membership.objects.create(
        user=user, person_id=person_id, role=invitation.role, told=invitation.told, since=at
    )
    _hand_over(invitation, at=at)
    mark_due(person_id, at=at)
    return made


def _hand_over(invitation: Invitation, *, at: datetime) -> None:
    if not invitation.afterwards:
        return
    maker = Membership.objects.get(user=invitation.user_id, person=invitation.person_id)
    if invitation.afterwards == Invitation.Afterwards.LEAVE:
        end_membership(maker, at=at)
    else:
        set_role(maker, invitation.afterwards, at=at)


def _behind(secret: str) -> QuerySet[Invitation]:
    """Those that a link's token or a code as somebody typed it stands for."""
    code = share_secrets.hash_code(share_secrets.read_code(secret) or "")
    return Invitation.objects.filter(Q(token_sha256=share_secrets.hash_token(secret)) | Q(code_hmac=code))


def _open(at: datetime) -> QuerySet[Invitation]:
    owns = Membership.objects.filter(user=OuterRef("user"), person=OuterRef("person"), role=OWNER)
    live = Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=at, user__is_active=True)
    return live.filter(Exists(owns))


def _has_enough_newcomers(maker: UUID, *, at: datetime) -> bool:
    since = at - NEWCOMERS_WITHIN
    return Invitation.objects.filter(user=maker, newcomer_at__gt=since).count() >= MOST_NEWCOMERS


def _acceptable(user: User, secret: str, *, at: datetime) -> Invitation:
    theirs = _open(at).filter(Q(newcomer_at=None) | Q(newcomer=user), pk__in=_behind(secret).values("pk"))
    invitation = theirs.select_related("person", "user").first()
    if invitation is None:
        raise NotFound
    return invitation
