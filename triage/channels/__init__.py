"""The registry: the ways a message can take. A new one is a file beside these, a line here, and its test."""

from __future__ import annotations

from collections.abc import Mapping

from triage.channels.email import send_email
from triage.channels.message import Address, Given, Message, Outcome, Send, Urgency
from triage.channels.ntfy import NTFY
from triage.channels.push import send_push

CHANNELS: Mapping[str, Send] = {
    "push": send_push,
    "email": send_email,
    "ntfy": NTFY,
}
GIVEN: Mapping[str, Given] = {name: channel for name, channel in CHANNELS.items() if isinstance(channel, Given)}

__all__ = ["CHANNELS", "GIVEN", "Address", "Given", "Message", "Outcome", "Send", "Urgency"]
