"""What the forks of `tests.crashing` do."""

from __future__ import annotations

from datetime import datetime
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress
from django.core.management import call_command

from tests.triage.rows import a_growing_lump, an_account
from triage import crash
from triage.models import Notification, PushSubscription


def migrate() -> None:
    call_command("migrate", verbosity=0)


def seed(at: datetime, subscription: dict[str, Any]) -> str:  # Any: JSON
    user = an_account(f"ada+{uuid4().hex}@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    keys, endpoint = subscription["keys"], subscription["endpoint"]
    PushSubscription.objects.create(user=user, endpoint=endpoint, created_at=at, **keys)
    return str(a_growing_lump(user, at=at).pk)


def sweep(at: datetime, crash_at: str) -> str:
    crash.arm(crash_at)
    out = StringIO()
    call_command("sweep", "--at", at.isoformat(), stdout=out)
    return out.getvalue()


def outbox(lump: str) -> list[list[str]]:
    rows = Notification.objects.filter(lump=UUID(lump)).order_by("channel", "step")
    return [[row.channel, str(row.step), row.state, str(row.pk)] for row in rows]
