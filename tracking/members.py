"""Who shares in a person's record: seeing each other, changing a role, choosing who is told, ending it.

Each verb holds the person's row, so that of two owners who leave at once one stays: nobody's record is left without
an owner. What somebody could show others or carry away as an owner ends with that role. Refusals: NotFound to
strangers, Forbidden to members of a smaller role, Conflict where it would leave nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tracking.access import RANKS, access_person, access_person_for_change, told_memberships
from tracking.errors import Conflict, Forbidden, NotFound
from tracking.helping import end_helper_link
from tracking.models import Export, HelperLink, Invitation, Membership, ShareLink, User
from tracking.moving import drop
from tracking.record_revs import mark_due
from tracking.sharing import revoke_share
from tracking.texts import say

Role = Membership.Role


@dataclass(frozen=True, slots=True)
class Member:
    """One account's share in one person, as another member sees it."""

    membership: Membership
    is_told: bool
    is_me: bool


def members_of(user: User, person_id: UUID) -> list[Member]:
    """Owners see everybody; others see the owners and themselves. Owners first, then by when they came."""
    mine = access_person(user, person_id).role == Role.OWNER
    rows = Membership.objects.filter(person_id=person_id).select_related("user")
    seen = [row for row in rows if mine or row.role == Role.OWNER or row.user_id == user.pk]
    told = set(told_memberships().filter(person_id=person_id).values_list("pk", flat=True))
    members = [Member(row, row.pk in told, row.user_id == user.pk) for row in seen]
    return sorted(members, key=lambda one: (-RANKS[one.membership.role], one.membership.since, one.membership.pk))


def access_member(user: User, person_id: UUID, member_id: UUID) -> Member:
    """One of those whom `members_of` shows. Raises NotFound."""
    for member in members_of(user, person_id):
        if member.membership.user_id == member_id:
            return member
    raise NotFound


@transaction.atomic
def change_member(
    user: User, person_id: UUID, member_id: UUID, *, role: str | None = None, told: bool | None = None, at: datetime
) -> None:
    """Another role, or whether they are told; None changes nothing. By owners; a member may say no to being told."""
    says_no = user.pk == member_id and role is None and told is False
    access_person_for_change(user, person_id, role=Role.VIEWER if says_no else Role.OWNER)
    row = access_member(user, person_id, member_id).membership
    if role is not None and role != row.role:
        set_role(row, role, at=at)
    if told is not None:
        Membership.objects.filter(pk=row.pk).update(told=told)
        _refuse_silence(person_id, told=told)
        mark_due(person_id, at=at)


@transaction.atomic
def remove_member(user: User, person_id: UUID, member_id: UUID, *, at: datetime) -> None:
    """End somebody's share, or leave. By owners, and by oneself; the record leaves their phones at the next sync."""
    access_person_for_change(user, person_id, role=Role.VIEWER)
    row = access_member(user, person_id, member_id).membership
    if row.user_id != user.pk and access_person(user, person_id).role != Role.OWNER:
        raise Forbidden("not_in_this_role", say("access.not_in_this_role", language=user.language))
    end_membership(row, at=at)


def set_role(row: Membership, role: str, *, at: datetime) -> None:
    """Under the person's lock. Who owned and does not any more shows and invites nobody."""
    if row.role == Role.OWNER:
        _refuse_last_owner(row)
        _end_showing(row, at=at)
    Membership.objects.filter(pk=row.pk).update(role=role)
    mark_due(row.person_id, at=at)


def end_membership(row: Membership, *, at: datetime) -> None:
    """Under the person's lock."""
    if row.role == Role.OWNER:
        _refuse_last_owner(row)
    _end_showing(row, at=at)
    Membership.objects.filter(pk=row.pk).delete()
    mark_due(row.person_id, at=at)


def _refuse_last_owner(row: Membership) -> None:
    others = Membership.objects.filter(person=row.person_id, role=Role.OWNER, user__is_active=True).exclude(pk=row.pk)
    if not others.exists():
        raise Conflict("last_owner", say("member.last_owner"))


def _refuse_silence(person_id: UUID, *, told: bool) -> None:
    """Where everybody has said no, owners would be told all the same: say so rather than pretend."""
    rows = Membership.objects.filter(person_id=person_id, user__is_active=True)
    if not told and not rows.filter(told=True).exists() and not rows.filter(told=None, role=Role.OWNER).exists():
        raise Conflict("nobody_told", say("member.nobody_told"))


def _end_showing(row: Membership, *, at: datetime) -> None:
    """Share links without this person's lumps, no helper's link, no open invitation, no export with them in it."""
    for link in ShareLink.objects.filter(user=row.user_id, lumps__person=row.person_id, revoked_at=None).distinct():
        link.lumps.remove(*link.lumps.filter(person=row.person_id))
        if not link.lumps.exists():
            revoke_share(link, at=at)
    for helper in HelperLink.objects.filter(user=row.user_id, lump__person=row.person_id, answer=""):
        end_helper_link(helper, at=at)
    open_ones = Invitation.objects.filter(user=row.user_id, person=row.person_id, accepted_at=None, revoked_at=None)
    open_ones.update(revoked_at=at)
    for export in Export.objects.filter(user=row.user_id):
        drop(export)
