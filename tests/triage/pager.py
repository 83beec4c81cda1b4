"""A fourth channel as somebody would write it: this one small module, and a line in the registry."""

from __future__ import annotations

from triage.channels.endpoints import EndpointRefused
from triage.channels.message import Address, Given, Message, Outcome

PAGED: list[tuple[str, str]] = []  # number, title


def accept_number(text: str) -> Address:
    if not text.isdigit():
        raise EndpointRefused("endpoint_form")
    return {"number": text}


def send_page(message: Message, address: Address) -> Outcome:
    PAGED.append((address["number"], message.title))
    return Outcome("sent")


PAGER = Given(send_page, accept_number, lambda: True)
