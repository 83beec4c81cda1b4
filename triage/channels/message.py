"""What is said outside the app, and how a channel reports back. Three texts a language (and one for a
test that the person asked for), none with a health word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from tracking.texts import say

Urgency = Literal["check", "today", "now", "test", "contact", "asked"]
Address = Mapping[str, str]  # what one channel needs to find one recipient, such as {"to": …}

FOR_OTHERS = ("contact", "asked")  # to a trusted contact, who has no account


@dataclass(frozen=True, slots=True)
class Message:
    """One intent in words. `intent` is its identity everywhere: Message-ID, push topic, notification tag."""

    intent: UUID
    urgency: Urgency
    language: str
    app_name: str
    public_url: str  # of this installation, without a slash at the end
    stop_url: str = ""  # one-click unsubscribe, for reminders
    who: str = ""  # to a trusted contact: whose account it is about
    text: str = ""  # to a trusted contact: the words that the account holder saw
    page: str = ""  # to a trusted contact: where to agree or to end it
    is_again: bool = False  # a step before this one was told, and nothing ended the ladder

    @property
    def title(self) -> str:
        key = "today" if self.urgency in FOR_OTHERS else self.urgency
        return say(f"push.{key}", language=self.language)

    @property
    def body(self) -> str:
        again = "again_" if self.is_again else ""
        return self.text or say(f"mail.{again}{self.urgency}", language=self.language, who=self.who)

    @property
    def why(self) -> str:
        """Why this reader gets it, and how it ends."""
        key = f"mail.why_{self.urgency}" if self.urgency in FOR_OTHERS else "mail.why"
        return say(key, language=self.language, app=self.app_name, who=self.who)

    @property
    def link(self) -> str:
        """Opens the app where the reason stands, behind its lock."""
        if self.page:
            return self.page
        place = {"check": "due", "test": ""}.get(self.urgency, "open")  # the app knows which lump that is
        return f"{self.public_url}/#/{place}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended.

    sent: handed over. written: only to a file, nobody was reached. later: try again, not before `retry_after`.
    gone: this address is dead. broken: our key or contact is refused here. refused: this message will never pass.
    """

    state: Literal["sent", "written", "later", "gone", "broken", "refused"]
    code: str = ""
    retry_after: timedelta | None = None


Send = Callable[[Message, Address], Outcome]


@dataclass(frozen=True, slots=True)
class Given:
    """A channel whose address the person types in; called like any other.

    accept: the text taken apart into what sending needs; raises EndpointRefused. is_offered: does the hoster allow it?
    """

    send: Send
    accept: Callable[[str], Address]
    is_offered: Callable[[], bool]

    def __call__(self, message: Message, address: Address) -> Outcome:
        return self.send(message, address)
