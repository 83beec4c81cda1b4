"""What is said outside the app, and how a channel reports back. Three texts a language (and one for a
test that the person asked for), none with a health word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from tracking.texts import say

Urgency = Literal["check", "today", "now", "test"]
Address = Mapping[str, str]  # what one channel needs to find one recipient, such as {"to": …}

URGENCY_OF_LEVEL: Mapping[str, Urgency] = {"watch": "check", "emergency": "now", "same_day": "now"}


@dataclass(frozen=True, slots=True)
class Message:
    """One intent in words. `intent` is its identity everywhere: Message-ID, push topic, notification tag."""

    intent: UUID
    urgency: Urgency
    language: str
    app_name: str
    public_url: str  # of this installation, without a slash at the end
    stop_url: str = ""  # one-click unsubscribe, for reminders

    @property
    def title(self) -> str:
        return say(f"push.{self.urgency}", language=self.language)

    @property
    def body(self) -> str:
        return say(f"mail.{self.urgency}", language=self.language)

    @property
    def link(self) -> str:
        """Opens the app where the reason stands, behind its lock."""
        return f"{self.public_url}/#/" if self.urgency in ("check", "test") else f"{self.public_url}/#/open"


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


def urgency_of(level: str) -> Urgency:
    """Which of the three texts a level speaks with."""
    return URGENCY_OF_LEVEL.get(level, "today")
