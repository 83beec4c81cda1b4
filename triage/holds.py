"""Services that asked to be left alone for a while: nothing goes there meanwhile, whoever it is for.

A push service counts what this installation sends, and not only one message of it. What it asked is kept in the
database, so that a restart and every other worker know it as well.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock
from urllib.parse import urlsplit

from triage.channels import Address, Message, Outcome, Send
from triage.models import ServiceHold

HELD = "service_held"  # the code of what was not even tried: its service asked to be left alone


class Held:
    """What one pass knows of them. Its lanes ask and add; only its own thread looks into the table and writes there.

    A wait counts from the beginning of the pass, `at`, as everything does that the pass marks.
    """

    def __init__(self, *, at: datetime) -> None:
        self._at, self._began = at, time.monotonic()
        self._until: dict[str, datetime] = {}
        self._asked: dict[str, datetime] = {}  # and not written down yet
        self._asking = Lock()

    def look(self) -> None:
        """Read what the table says now."""
        self._until = dict(ServiceHold.objects.filter(until__gt=self._now()).values_list("service", "until"))

    def send(self, send: Send, message: Message, address: Address) -> Outcome:
        """By this channel, unless its service asked to be left alone; what it asks for now counts from here on."""
        if (wait_for := self.wait_for(address)) is not None:
            return Outcome("later", HELD, wait_for)
        outcome = send(message, address)
        if outcome.state == "later" and outcome.retry_after is not None:
            return replace(outcome, retry_after=self.ask(address, outcome.retry_after))
        return outcome

    def wait_for(self, address: Address) -> timedelta | None:
        """How long nothing may go there; `None`: it may go now."""
        until = self._until.get(service_of(address))
        return until - self._at if until else None

    def ask(self, address: Address, wait: timedelta) -> timedelta:
        """It has just answered that it wants to be left alone so long. Of two answers at once the longer holds."""
        service, until = service_of(address), self._now() + wait
        with self._asking:
            until = max(until, self._until.get(service, until))
            self._until[service] = self._asked[service] = until
        return until - self._at

    def keep(self) -> None:
        """Write down what was asked. Outside any transaction: two workers that note the same services in another order
        must not wait for each other."""
        while self._asked:
            service, until = self._asked.popitem()
            _, is_new = ServiceHold.objects.get_or_create(service=service, defaults={"until": until})
            if not is_new:
                ServiceHold.objects.filter(service=service, until__lt=until).update(until=until)

    def _now(self) -> datetime:
        return self._at + timedelta(seconds=time.monotonic() - self._began)


def service_of(address: Address) -> str:
    """The host that an address lies at; empty where it names none, as a mailbox does."""
    return next((urlsplit(value).netloc.lower() for value in address.values() if "://" in value), "")
