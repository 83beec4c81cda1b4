"""Mail that came back: reports of delivery (RFC 3464) name the mailbox that does not exist.

Anybody can write such a report. It is believed only where it brings back the Message-ID of a mail of ours, which
nobody but its reader has seen, and names the address which that mail went to.
"""

from __future__ import annotations

import email
import email.policy
import re
from datetime import datetime
from email.message import Message
from uuid import UUID

from django.db.models import Q, QuerySet

from triage.addresses import note_bounce
from triage.contacts import stop
from triage.models import Notification, TrustedContact
from triage.reach import CONTACT, note_contact_gone

OUR_ID = re.compile(rb"(?im)^Message-ID:\s*<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")
FOR_GOOD = re.compile(r"^5\.\d{1,3}\.\d{1,3}\b")
LONGEST = 1024 * 1024  # bytes of a report


def note_returned_mail(raw: bytes, *, at: datetime) -> int:
    """Read a report; returns how many mailboxes, of accounts and of their
    contacts, are no longer written to. 0: not a report, or not of our mail."""
    intents = [UUID(found.decode()) for found in OUR_ID.findall(raw[:LONGEST])]
    noted = 0
    for address, status in failed_for_good(raw[:LONGEST]):
        rows = Notification.objects.filter(pk__in=intents, channel="email", user__email__iexact=address)
        if rows.exists():
            noted += note_bounce(address, code=f"returned_{status}", at=at)
        for contact in _contacts_written_to(intents):
            if contact.email.lower() == address.lower():
                note_contact_gone(contact, at=at)
                noted += 1
    return noted


def note_mail_ended(email: str, *, code: str, at: datetime, is_complaint: bool = False) -> int:
    """A provider that we know says so of this address. Contacts are looked through one by one, since their addresses
    are sealed; one who calls the mail unwanted has said no. How many accounts and contacts it was."""
    contacts = [one for one in TrustedContact.objects.iterator() if one.email.lower() == email.lower()]
    for contact in contacts:
        if is_complaint:
            stop(contact, at=at)
        else:
            note_contact_gone(contact, at=at)
    return note_bounce(email, code=code, at=at) + len(contacts)


def _contacts_written_to(intents: list[UUID]) -> QuerySet[TrustedContact]:
    """By the question, which bears the name of the contact's own row, or by a message."""
    told = Notification.objects.filter(pk__in=intents, channel=CONTACT)
    return TrustedContact.objects.filter(Q(pk__in=intents) | Q(user__in=told.values("user")))


def failed_for_good(raw: bytes) -> list[tuple[str, str]]:
    """Each address that a report gives up on, with its status code."""
    report = email.message_from_bytes(raw, policy=email.policy.default)
    parts = [part for part in report.walk() if part.get_content_type() == "message/delivery-status"]
    blocks = [block for part in parts for block in _blocks(part)]
    found = []
    for block in blocks:
        status = FOR_GOOD.match(str(block.get("Status", "")).strip())
        kind, _, address = str(block.get("Final-Recipient", "")).partition(";")
        is_failed = str(block.get("Action", "")).strip().lower() == "failed"
        if status and is_failed and kind.strip().lower() == "rfc822" and "@" in address:
            found.append((address.strip().strip("<>"), status.group()))
    return found


def _blocks(part: Message) -> list[Message]:
    """A report has one block of fields for the mail and one for each recipient."""
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []
