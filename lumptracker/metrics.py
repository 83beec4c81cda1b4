"""`/metrics`: the ages and counts of `/readyz` and a few more, as Prometheus reads them. Nothing about anybody.

With `METRICS_TOKEN` only who brings it is answered. Without one the page is there only while nobody but this machine
can reach the installation. Everybody else learns no more than that there is no such page.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lumptracker.env import is_loopback
from lumptracker.health import measured_ages
from triage.models import Notification, PushSubscription

HELP = {
    "oldest_due_seconds": "How long the longest waiting of all that is due has waited.",
    "last_sweep_seconds": "How long ago the last sweep ended.",
    "put_off": "Messages that a mail server or push service would not take yet: tried again later.",
    "set_aside": "Messages and judgements that were given up.",
    "messages": "Messages by their way and state.",
    "browsers": "Browsers that agreed to be pushed to, by state.",
}


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The page that Prometheus reads."""
    if not is_allowed(request):
        raise Http404
    return HttpResponse("".join(lines()), content_type="text/plain; version=0.0.4; charset=utf-8")


def is_allowed(request: HttpRequest) -> bool:
    """Does it bring the token, or where there is none: can only this machine ask?"""
    if settings.METRICS_TOKEN:
        brought = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return secrets.compare_digest(brought.encode(), settings.METRICS_TOKEN.encode())
    return bool(settings.PUBLIC_IS_LOCAL) and is_loopback(request.META.get("REMOTE_ADDR", ""))


def lines() -> Iterator[str]:
    """Text exposition format, one gauge after the other."""
    for name, value in measured_ages(timezone.now()).items():
        yield from _gauge(name, [({}, value)])
    rows = Notification.objects.values("channel", "state").annotate(count=Count("pk")).order_by("channel", "state")
    yield from _gauge("messages", [({"channel": row["channel"], "state": row["state"]}, row["count"]) for row in rows])
    listening = PushSubscription.objects.values("state").annotate(count=Count("pk")).order_by("state")
    yield from _gauge("browsers", [({"state": row["state"]}, row["count"]) for row in listening])


def _gauge(name: str, samples: list[tuple[dict[str, str], int]]) -> Iterator[str]:
    yield f"# HELP tracker_{name} {HELP[name]}\n# TYPE tracker_{name} gauge\n"
    for labels, value in samples:
        marks = ",".join(f'{label}="{text}"' for label, text in labels.items())
        yield f"tracker_{name}{{{marks}}} {value}\n" if marks else f"tracker_{name} {value}\n"
