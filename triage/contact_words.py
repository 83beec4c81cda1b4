"""What a trusted contact is told, in words that are fixed once the account holder has seen them."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer

from tracking.errors import NotFound
from tracking.models import User
from tracking.texts import say
from triage import reach
from triage.channels import Message, Urgency
from triage.models import TrustedContact

_signer = Signer(salt="triage.contact")


def words_for(user: User) -> str:
    """The words, in the account's language. They name the account by its address and say nothing else about it."""
    return say("mail.contact", language=user.language, who=user.email)


def words_version(user: User) -> str:
    """Changes with the words, so that nobody agrees to words they have not seen."""
    return hashlib.sha256(f"{user.language} {words_for(user)}".encode()).hexdigest()[:16]


def contact_message(user: User, *, intent: UUID) -> Message:
    """The one message to the contact, exactly as it was seen."""
    contact = reach.agreed_contact(user)
    if contact is None:  # ended since: there is no address either, so this goes nowhere
        return Message(intent, "contact", user.language, settings.APP_NAME, settings.PUBLIC_URL)
    return _message(contact, intent, "contact", text=contact.text)


def asking_message(contact: TrustedContact, *, intent: UUID) -> Message:
    """Asks the contact whether they agree. Sent once for each naming."""
    return _message(contact, intent, "asked")


def contact_page(contact: TrustedContact) -> str:
    """Where the contact reads the words, and agrees or ends it by a press. The address tells only us who it is."""
    return f"{settings.PUBLIC_URL}/s/contact/{_signer.sign(contact.pk.hex)}/"


def contact_named(token: str) -> TrustedContact:
    """Whose page this is. Raises NotFound for an address that we never wrote or that speaks of nobody any more."""
    try:
        contact = TrustedContact.objects.select_related("user").filter(pk=UUID(_signer.unsign(token))).first()
    except (BadSignature, ValueError) as error:
        raise NotFound from error
    if contact is None:
        raise NotFound
    return contact


def _message(contact: TrustedContact, intent: UUID, urgency: Urgency, *, text: str = "") -> Message:
    return Message(
        intent,
        urgency,
        contact.language,
        settings.APP_NAME,
        settings.PUBLIC_URL,
        stop_url=contact_page(contact),
        who=contact.user.email,
        text=text,
        page=contact_page(contact),
    )
