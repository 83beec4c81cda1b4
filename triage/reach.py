"""Who is told, and by which ways somebody can be reached at all. Push is an echo; email is the floor."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Model

from tracking.access import told_memberships
from tracking.models import User
from triage.channels import GIVEN, Address, Outcome
from triage.models import GivenAddress, PushSubscription, TrustedContact
from triage.schedule import NIGHT, QuietHours

logger = logging.getLogger(__name__)

CONTACT = "contact"  # the channel of what a trusted contact is told: a mail, to somebody else's address


LOOKED_UP: Mapping[str, type[Model]] = {
    "push_subscriptions": PushSubscription,
    "given_addresses": GivenAddress,
    "emailaddress_set": EmailAddress,
}
_BOOK = "_addresses_looked_up"  # on an account: these rows of its own


def recipients(person_id: UUID) -> list[User]:
    """The accounts that are told about this person: whom the owners chose."""
    return recipients_of([person_id]).get(person_id, [])


def recipients_of(person_ids: Iterable[UUID]) -> Mapping[UUID, list[User]]:
    """The same for many persons in one query. An account that is told about several is one object."""
    found: dict[UUID, list[User]] = defaultdict(list)
    users: dict[UUID, User] = {}
    rows = told_memberships().filter(person_id__in=list(person_ids)).select_related("user").order_by("user_id")
    for row in rows:
        found[row.person_id].append(users.setdefault(row.user_id, row.user))
    return found


def look_up(users: Collection[User]) -> None:
    """Read the addresses of all of these at once; what follows asks for none of them again. Most have none, for which
    Django's own prefetching makes three managers and three queries each all the same."""
    books: dict[UUID, dict[str, list[Model]]] = {user.pk: {name: [] for name in LOOKED_UP} for user in users}
    for name, table in LOOKED_UP.items():
        for row in table._default_manager.filter(user__in=list(books)):
            books[row.user_id][name].append(row)  # type: ignore[attr-defined]  # each of these tables has it
    for user in users:
        user.__dict__[_BOOK] = books[user.pk]


def is_looked_up(user: User) -> bool:
    """Are the addresses of this account in memory?"""
    return _BOOK in user.__dict__


def _rows(user: User, name: str) -> Iterable[Any]:  # Any: rows of one of three tables
    """The addresses of one kind: as they were looked up, or as they are."""
    book = user.__dict__.get(_BOOK)
    return getattr(user, name).all() if book is None else book[name]  # type: ignore[no-any-return]  # as above


def channels_open_to(user: User) -> list[str]:
    """The channels that this account wants and that lead somewhere. Without a mail server email is only written."""
    return [name for name, addresses in ADDRESSES.items() if addresses(user)]


def reaching_channels(user: User) -> list[str]:
    """The channels that really reach this account: nobody is reached by a mail that is only written to a file."""
    return [name for name in channels_open_to(user) if name != "email" or settings.EMAIL_CONFIGURED]


def does_reach(user: User, channel: str) -> bool:
    """Does this way lead to somebody now?"""
    if channel == CONTACT:
        return agreed_contact(user) is not None and settings.EMAIL_CONFIGURED
    return channel in reaching_channels(user)


def addresses_of(user: User, channel: str) -> list[Address]:
    """Where one channel finds one account; empty when it cannot."""
    if channel == CONTACT:
        contact = agreed_contact(user)
        return [{"to": contact.email, "contact": str(contact.pk)}] if contact else []
    return ADDRESSES[channel](user)


def agreed_contact(user: User) -> TrustedContact | None:
    """Whom this account trusts to be told, if both have agreed and neither has ended it."""
    agreed = TrustedContact.objects.filter(user=user, agreed_at__isnull=False, stopped_at=None, returned_at=None)
    return agreed.first()


def quiet_hours_of(user: User, *, default: QuietHours | None = NIGHT) -> QuietHours | None:
    """What the account chose, or `default` where it chose nothing."""
    if user.quiet_from is None or user.quiet_to is None:
        return default
    return QuietHours(user.quiet_from, user.quiet_to)


def push_addresses(user: User) -> list[Address]:
    """The account's browsers that still listen, wherever pushes are wanted."""
    if not user.push_wanted:
        return []
    active = [row for row in _rows(user, "push_subscriptions") if row.state == PushSubscription.State.ACTIVE]
    return [push_address(row) for row in sorted(active, key=lambda row: row.pk)]


def push_address(row: PushSubscription) -> Address:
    """One browser, in the form that the push channel takes."""
    return {"id": str(row.pk), "endpoint": row.endpoint, "p256dh": row.p256dh, "auth": row.auth}


def settle_address(address: Address, outcome: Outcome, *, at: datetime) -> None:
    """What was said at the other end. A dead address is never tried again; a broken browser only by a test."""
    if "given" in address and outcome.state in ("gone", "broken"):
        GivenAddress.objects.filter(pk=address["given"]).update(state=outcome.state, code=outcome.code[:80])
    elif "account" in address and outcome.state == "gone":
        for user in User.objects.filter(pk=address["account"]):  # or it was erased meanwhile
            note_mailbox_gone(user, code=outcome.code, at=at)
    elif "contact" in address and outcome.state == "gone":
        for contact in TrustedContact.objects.filter(pk=address["contact"]):
            note_contact_gone(contact, at=at)
    if "endpoint" not in address:
        return
    row = PushSubscription.objects.filter(pk=address["id"])
    if outcome.state == "sent":
        row.update(last_delivered_at=at, state=PushSubscription.State.ACTIVE)
    elif outcome.state in ("gone", "broken"):
        row.update(state=outcome.state)
        logger.warning("push subscription %s is %s: %s", address["id"], outcome.state, outcome.code)


def _email_addresses(user: User) -> list[Address]:
    """With a mail server only an address whose code was entered counts: others may belong to a stranger."""
    if not user.email_wanted:
        return []
    if settings.EMAIL_CONFIGURED and (not is_email_verified(user) or has_bounced(user)):
        return []
    return [{"to": user.email, "account": str(user.pk)}]


def has_bounced(user: User) -> bool:
    """Did mail to this very address come back for good?"""
    mailboxes = [row for row in _rows(user, "given_addresses") if row.channel == "email"]
    return any(row.text.lower() == user.email.lower() for row in mailboxes)


def note_mailbox_gone(user: User, *, code: str, at: datetime) -> None:
    """Mail to this account came back for good: it reaches nobody until its owner says otherwise."""
    values = {"text": user.email, "state": GivenAddress.State.GONE, "code": code[:80]}
    GivenAddress.objects.update_or_create(
        user=user, channel="email", defaults=values, create_defaults={**values, "created_at": at}
    )
    logger.warning("mail to account %s came back: %s", user.pk, code[:80])


def note_contact_gone(contact: TrustedContact, *, at: datetime) -> None:
    """Mail to this contact came back for good: nothing goes there any more, and who named them sees why."""
    TrustedContact.objects.filter(pk=contact.pk, returned_at=None).update(returned_at=at)
    logger.warning("mail to the contact %s came back", contact.pk)


def _addresses_given(channel: str) -> Callable[[User], list[Address]]:
    """What people typed in for this channel, while the hoster offers it."""

    def found(user: User) -> list[Address]:
        if not GIVEN[channel].is_offered():
            return []
        rows = [row for row in _rows(user, "given_addresses") if row.channel == channel]
        active = [row for row in rows if row.state == GivenAddress.State.ACTIVE]
        return [{**row.address, "given": str(row.pk)} for row in active]

    return found


def is_email_verified(user: User) -> bool:
    """Was the code sent to this very address entered?"""
    rows = _rows(user, "emailaddress_set")
    return any(row.verified and row.email.lower() == user.email.lower() for row in rows)


ADDRESSES: Mapping[str, Callable[[User], list[Address]]] = {
    "push": push_addresses,
    "email": _email_addresses,
    **{name: _addresses_given(name) for name in GIVEN},
}
