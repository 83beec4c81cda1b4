"""What the forks of `tests.crashing` do."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Max, Sum, UniqueConstraint
from django.test import Client
from django.utils import timezone

from tests.triage.killing.seeded import BUGS
from tests.triage.rows import a_growing_lump, a_lump, an_account
from tracking.models import Lump, Membership, User
from triage import crash, deliver, leases
from triage import sweep as sweep_module
from triage.channels import CHANNELS, Address, Message, Outcome
from triage.models import Episode, Notification, PushSubscription
from triage.sweep import last_sweep_at
from triage.sweep import sweep as sweep_once

LONGEST_SECONDS = 240.0  # of one worker's life, unless said otherwise, so that a test says what it waits for


def migrate() -> None:
    call_command("migrate", verbosity=0)


def seed(at: datetime, subscription: dict[str, Any], zone: str = "Europe/London") -> str:  # Any: JSON
    with transaction.atomic():  # a worker that looks meanwhile would judge half of it, and tell that as well
        return str(a_growing_lump(_somebody(at, subscription, zone), at=at).pk)


def fill(at: datetime, subscription: dict[str, Any], count: int, zone: str = "Europe/London") -> list[str]:  # Any: JSON
    """So many people, each to be told by mail and by push; every fourth has a second message of the same moment, which
    rides along. The lump that it is about, and the intents."""
    lump = a_lump(an_account(f"ada+{uuid4().hex}@example.org", email_wanted=False), at=at)
    Lump.objects.filter(pk=lump.pk).update(assess_after=None)
    people = [User(email=f"{number}.{uuid4().hex}@example.org", time_zone=zone) for number in range(count)]
    User.objects.bulk_create(people)
    Membership.objects.bulk_create(
        Membership(user=user, person=lump.person, role=Membership.Role.OWNER) for user in people
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in people
    )
    PushSubscription.objects.bulk_create(
        PushSubscription(
            user=user, endpoint=f"{subscription['endpoint']}?{user.pk}", created_at=at, **subscription["keys"]
        )
        for user in people
    )
    told = [user for number, user in enumerate(people) for _ in range(1 + (number % 4 == 3))]
    episodes = [
        Episode(lump=lump, finding=str(number), level="this_week", opened_at=at, step=1) for number in range(len(told))
    ]
    Episode.objects.bulk_create(episodes)
    rows = [
        Notification(
            user=user, person=lump.person, lump=lump, episode=episode, kind="seek_care", level="this_week",
            channel=channel, created_at=at, due_at=at,
        )
        for user, episode in zip(told, episodes, strict=True)
        for channel in ("email", "push")
    ]  # fmt: skip
    Notification.objects.bulk_create(rows)
    return [str(lump.pk), *(str(row.pk) for row in rows)]


def grow(at: datetime, subscription: dict[str, Any], count: int, zone: str = "Europe/London") -> list[str]:  # Any: JSON
    """So many people with something that just grew and that nobody has judged yet: the lumps."""
    keys, endpoint = subscription["keys"], subscription["endpoint"]
    people = [{"keys": keys, "endpoint": f"{endpoint}?{uuid4()}"} for _ in range(count)]
    return [seed(at, somebody, zone) for somebody in people]


def stranded() -> int:
    """Lumps that somebody claimed to judge them, and died before it was done."""
    return Lump.objects.filter(assess_after__isnull=False, claimed_until__isnull=False).count()


def taken() -> int:
    """How often a message was taken in hand."""
    return Notification.objects.aggregate(taken=Sum("attempts"))["taken"] or 0


def spread(at: datetime, seconds: float) -> str:
    """Have all that waits fall due one after the other within so many seconds: of twenty one is urgent, three are other
    advice to seek care, the rest remind to check. In a file."""
    rows = list(Notification.objects.filter(state="waiting").order_by("created_at", "user_id"))
    for number, row in enumerate(rows):
        row.due_at = at + timedelta(seconds=seconds * number / len(rows))
        row.level = ("same_day", "this_week", "next_day", "routine")[number % 20] if number % 20 < 4 else "watch"
        row.kind = "seek_care" if row.level != "watch" else "check_due"
    Notification.objects.bulk_update(rows, ["due_at", "level", "kind"], batch_size=100)
    return _in_file(
        {"id": str(row.pk), "channel": row.channel, "kind": row.kind, "due": row.due_at.timestamp()} for row in rows
    )


def put_off_until() -> str:
    """When the last of those is tried again that were not taken at first; empty if all were."""
    refused = Notification.objects.filter(state="waiting", attempts__gt=0)
    last = refused.aggregate(last=Max("leased_until"))["last"]
    return last.isoformat() if last else ""


def carriers() -> str:
    """Which message said it for those that rode along. In a file."""
    rows = Notification.objects.filter(carried_by__isnull=False).values_list("pk", "carried_by_id")
    return _in_file([str(row), str(carrier)] for row, carrier in rows)


def _in_file(rows: Iterable[Any]) -> str:  # Any: JSON
    """More than a pipe holds."""
    file = Path(os.environ["LUMPTRACKER_DATA"]) / f"{uuid4().hex}.json"
    file.write_text(json.dumps(list(rows)))
    return str(file)


def spoil(at: datetime, subscription: dict[str, Any]) -> None:  # Any: JSON
    """Make the browser one whose keys nothing can be encrypted for."""
    rows = PushSubscription.objects.filter(endpoint__startswith=subscription["endpoint"])
    rows.update(p256dh="BAAA", auth="AAAA")


def sweep(at: datetime, crash_at: str, bug: str = "") -> str:
    BUGS[bug]()
    crash.arm(crash_at)
    out = StringIO()
    call_command("sweep", "--at", at.isoformat(), stdout=out)
    return out.getvalue()


def work(
    at: datetime,
    bug: str = "",
    stop_at: str = "",
    lease_seconds: float = 90,
    deadly: list[str] | None = None,
    longest_seconds: float = LONGEST_SECONDS,
) -> dict[str, int]:
    """Sweep until nothing is left to do: what a worker does between two rings of the bell."""
    BUGS[bug]()
    vars(sweep_module).update(BATCH=4, CHUNK=2)  # many small judgements, so that deaths come between them
    for module in (leases, deliver):
        vars(module)["LEASE"] = timedelta(seconds=lease_seconds)
    if stop_at:
        crash.arm(stop_at, number=signal.SIGSTOP)
    if deadly:
        _let_kill(set(deadly))
    began = time.monotonic()
    done = 0
    while time.monotonic() < began + longest_seconds:
        counts = sweep_once(at + timedelta(seconds=time.monotonic() - began), is_played=True)
        done += counts.sent
        if not (counts.sent or counts.waiting or counts.failed or counts.assessed):
            return {"sent": done}
    raise TimeoutError("it never came to an end")


def _let_kill(deadly: set[str]) -> None:
    """Rows whose handling ends the process, as a fault in a library's C code would."""
    real = CHANNELS

    def send(channel: str, message: Message, address: Address) -> Outcome:
        if str(message.intent) in deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        return real[channel](message, address)

    vars(deliver)["CHANNELS"] = {name: partial(send, name) for name in real}


def now() -> str:
    return timezone.now().isoformat()


def last_sweep() -> str:
    """When a pass last ended; empty before the first."""
    last = last_sweep_at()
    return last.isoformat() if last else ""


def ready() -> str:
    """What `/readyz` says."""
    return Client(HTTP_HOST="localhost").get("/readyz").content.decode()


def ledger() -> str:
    """The whole outbox, in a file: it is more than a pipe holds."""
    fields = _what_is_unique()
    rows = [
        {
            "id": str(row.pk),
            "key": [str(getattr(row, field)) for field in fields],
            "lump": str(row.lump_id),
            "channel": row.channel,
            "state": row.state,
            "attempts": row.attempts,
            "failures": row.failures,
            "last_error": row.last_error,
            "times": f"due {row.due_at}, leased until {row.leased_until}",
            "carried_by": str(row.carried_by_id or row.pk),
        }
        for row in Notification.objects.order_by("pk")
    ]
    return _in_file(rows)


def empty() -> None:
    """Nobody and nothing: the next test begins anew."""
    User.objects.all().delete()
    Lump.objects.all().delete()
    Notification.objects.all().delete()


def intend_again(lump: str) -> int:
    """Write the intents of a lump once more, as an evaluator would that saw nothing of what another one did."""
    rows = list(Notification.objects.filter(lump=UUID(lump)))
    for row in rows:
        row.pk = uuid4()
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def forget_what_is_unique() -> None:
    """The database no longer refuses a second intent."""
    lost = _constraint()
    others = [one for one in Notification._meta.constraints if one is not lost]
    Notification._meta.constraints = others  # SQLite makes the table anew from what the model says
    with connection.schema_editor() as editor:
        editor.remove_constraint(Notification, lost)


def remember_what_is_unique() -> None:
    Notification.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Notification, _constraint())


def outbox(lump: str) -> list[list[str]]:
    rows = Notification.objects.filter(lump=UUID(lump)).order_by("channel", "step")
    return [[row.channel, str(row.step), row.state, str(row.pk)] for row in rows]


def _somebody(at: datetime, subscription: dict[str, Any], zone: str) -> User:  # Any: JSON
    user = an_account(f"ada+{uuid4().hex}@example.org", time_zone=zone)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if subscription:
        keys, endpoint = subscription["keys"], subscription["endpoint"]
        PushSubscription.objects.create(user=user, endpoint=endpoint, created_at=at, **keys)
    return user


def _constraint() -> UniqueConstraint:
    return next(one for one in Notification._meta.constraints if isinstance(one, UniqueConstraint))


def _what_is_unique() -> list[str]:
    return [field.attname for field in Notification._meta.fields if field.name in _constraint().fields]
