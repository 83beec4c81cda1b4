"""Naming a trusted contact, asking them, and ending it, which either side may do at any time."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from tracking.errors import InvalidInput
from tracking.models import User
from tracking.texts import say
from triage.channels import CHANNELS
from triage.contact_words import asking_message, words_for, words_version
from triage.models import Notification, TrustedContact
from triage.reach import CONTACT

State = Notification.State


def contact_of(user: User) -> TrustedContact | None:
    """Whom this account has named, in whatever state."""
    return TrustedContact.objects.filter(user=user).first()


def name_contact(user: User, *, name: str, email: str, words: str, at: datetime) -> TrustedContact:
    """Name somebody, having seen the words of that version, and ask them. Said again it changes nothing and asks only
    if the question did not go out. Raises InvalidInput."""
    if words != words_version(user):
        raise _refused("words", "contact.not_seen")
    email = email.strip().lower()
    if email == user.email:
        raise _refused("email", "contact.not_oneself")
    with transaction.atomic():
        contact = _kept_contact(user, name=name, email=email, words=words, at=at)
    if contact.state == "not_asked" and settings.EMAIL_CONFIGURED:
        _ask(contact, at=at)
    return contact


def forget_contact(user: User) -> None:
    """The account holder ends it: nothing that waits goes there, and the address is deleted."""
    with transaction.atomic():
        _cancel_waiting(user)
        TrustedContact.objects.filter(user=user).delete()


def agree(contact: TrustedContact, *, at: datetime) -> None:
    """The contact says yes. After a no it stays at no. Who can press this reads the mail, so it does not come back."""
    TrustedContact.objects.filter(pk=contact.pk, agreed_at=None, stopped_at=None).update(agreed_at=at, returned_at=None)
    contact.refresh_from_db()


def stop(contact: TrustedContact, *, at: datetime) -> None:
    """The contact says no, or no longer: nothing that waits goes there."""
    with transaction.atomic():
        _cancel_waiting(contact.user)
        TrustedContact.objects.filter(pk=contact.pk, stopped_at=None).update(stopped_at=at)
    contact.refresh_from_db()


def _kept_contact(user: User, *, name: str, email: str, words: str, at: datetime) -> TrustedContact:
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # a message about them may be written meanwhile
    contact = contact_of(user)
    has_ended = contact is not None and contact.state in ("stopped", "returned")
    if contact and contact.email == email and contact.words == words and not has_ended:
        contact.name = name
        contact.save(update_fields=["name"])
        return contact
    forget_contact(user)
    return TrustedContact.objects.create(
        user=user, name=name, email=email, language=user.language, text=words_for(user), words=words, consented_at=at
    )


def _ask(contact: TrustedContact, *, at: datetime) -> None:
    """Right now, as the codes of accounts are mailed: the person sees whether it went out, and can say it again."""
    outcome = CHANNELS["email"](asking_message(contact, intent=contact.pk), {"to": contact.email})
    if outcome.state == "sent":
        TrustedContact.objects.filter(pk=contact.pk).update(asked_at=at)
        contact.asked_at = at


def _cancel_waiting(user: User) -> None:
    Notification.objects.filter(user=user, channel=CONTACT, state=State.WAITING).update(state=State.CANCELLED)


def _refused(field: str, key: str) -> InvalidInput:
    return InvalidInput("invalid", say(key), fields={field: [say(key)]})
