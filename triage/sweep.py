"""The sweep: what beat rings for. A plain verb, safe at any time and for several processes, with no broker at all."""

from __future__ import annotations

import logging
import time
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from triage.assess import assess_lump, note_stumble
from triage.bundles import due_notifications
from triage.deliver import deliver_due
from triage.faults import place_of
from triage.marks import due_lumps
from triage.models import Heartbeat, Stumble
from triage.watchman import report_to_watchman

logger = logging.getLogger(__name__)

BATCH = 200
SECONDS = 20.0  # for each of the two halves: a pass ends well within the leases it takes


@dataclass(frozen=True)
class Counts:
    """What one pass did, and what it had to leave for the next."""

    assessed: int = 0
    stumbled: int = 0
    sent: int = 0
    written: int = 0
    waiting: int = 0
    failed: int = 0
    cancelled: int = 0
    left: int = 0

    def to_json(self) -> dict[str, int]:
        return asdict(self)


def sweep(at: datetime, *, is_played: bool = False) -> Counts:
    """Judge the lumps whose moment has passed, then deliver what is due. `is_played`: `at` is not the real time, so
    this pass is no sign of life."""
    assessed, stumbled = assess_due(at=at)
    delivered = deliver_due(at=at, seconds=SECONDS)
    if not is_played:
        beat_heart(at)
        report_to_watchman(at=at)
    known = {name: delivered[name] for name in ("sent", "written", "waiting", "failed", "cancelled")}
    left = len(due_lumps(at, limit=BATCH)) + due_notifications(at).count()
    counts = Counts(assessed=assessed, stumbled=stumbled, left=left, **known)
    logger.info("sweep %s", " ".join(f"{name}={count}" for name, count in counts.to_json().items()))
    return counts


def assess_due(*, at: datetime) -> tuple[int, int]:
    """How many lumps were judged, and how many could not be: batch after batch until nothing new is due or the time is
    up. A bad one is set aside by its id; the others go on."""
    done: Counter[str] = Counter()
    ends = time.monotonic() + SECONDS
    tried: set[tuple[UUID, datetime]] = set()  # what another process holds stays due, and is not tried twice in a pass
    while batch := [due for due in due_lumps(at, limit=BATCH) if due not in tried]:
        for lump_id, mark in batch:
            if time.monotonic() > ends:
                return done["assessed"], done["stumbled"]
            tried.add((lump_id, mark))
            done[_assess_one(lump_id, mark=mark, at=at)] += 1
    return done["assessed"], done["stumbled"]


def _assess_one(lump_id: UUID, *, mark: datetime, at: datetime) -> str:
    """assessed, stumbled or held."""
    try:
        return "assessed" if assess_lump(lump_id, mark=mark, at=at) else "held"
    except Exception as error:  # whatever it is, the next lump must have its turn
        tries = note_stumble(lump_id, mark=mark, at=at, error=error)
        alarm = logger.critical if tries == Stumble.SET_ASIDE_AFTER else logger.error
        alarm("lump %s could not be judged, try %d: %s", lump_id, tries, place_of(error))
        return "stumbled"


def beat_heart(at: datetime) -> None:
    """A pass has ended. The time never goes back."""
    if not Heartbeat.objects.filter(name=Heartbeat.SWEEP, at__lt=at).update(at=at):
        Heartbeat.objects.get_or_create(name=Heartbeat.SWEEP, defaults={"at": at})


def last_sweep_at() -> datetime | None:
    """When a pass last ended; `None` before the first."""
    return Heartbeat.objects.filter(name=Heartbeat.SWEEP).values_list("at", flat=True).first()


def is_overdue(at: datetime, *, sweep_seconds: float) -> bool:
    """Has the bell not rung for two intervals?"""
    last = last_sweep_at()
    return last is None or at - last > timedelta(seconds=2 * sweep_seconds)
