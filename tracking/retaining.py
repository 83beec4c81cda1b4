"""What is too old goes: the rows whose clock stands in `retention.toml`, and copies whose days are over."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session

from tracking import retention
from tracking.moving import forget_old


def forget_old_rows(*, at: datetime) -> int:
    """Remove them; how many."""
    gone = forget_old(at=at) + forget_ended_sessions(at=at) + forget_old_mails(at=at)
    for kept in retention.kept().values():
        if kept.days is None or kept.clock is None:
            continue
        app, model, column = kept.clock.split(".")
        rows = apps.get_model(app, model)._default_manager
        gone += rows.filter(**{f"{column}__lt": at - timedelta(days=kept.days)}).delete()[0]
    return gone


def forget_ended_sessions(*, at: datetime) -> int:
    """Sign-ins that have ended by time. Those that a person ended go at once."""
    return Session.objects.filter(expire_date__lt=at).delete()[0]


def forget_old_mails(*, at: datetime) -> int:
    """Mails that were written to files because no mail server is set up."""
    before = (at - retention.span_of("mails")).timestamp()
    old = [file for file in Path(settings.MAIL_DIR).glob("*.eml") if file.stat().st_mtime < before]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)
