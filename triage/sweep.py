"""The sweep: what beat rings for. A plain verb, safe at any time and for several processes, with no broker at all."""

from __future__ import annotations

import logging
import time
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from tracking.moving_work import move_due
from triage.assess import assess_lump, assess_together, note_stumble
from triage.bundles import due_notifications
from triage.deliver import deliver_due
from triage.faults import place_of
from triage.handed import forget_handed
from triage.looking import look
from triage.marks import Claim, claim_due, due_lumps, release
from triage.models import Heartbeat, Stumble
from triage.pulse import beat_heart, note_begun, note_nothing_due
from triage.watchman import report_to_watchman

logger = logging.getLogger(__name__)

BATCH = 1000  # claimed at once
CHUNK = 200  # judged and stored at once: writers of these lumps, and on SQLite all, wait for so many
OVERDUE = 0.25  # of an interval: a ring that comes so late is still a ring
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


@dataclass
class Judging:
    """What the first half of a pass did. `left`: due and free all the same, counted up to one batch."""

    assessed: int = 0
    stumbled: int = 0
    left: int = 0


def sweep(at: datetime, *, is_played: bool = False) -> Counts:
    """Judge the lumps whose moment has passed, then deliver what is due. `is_played`: `at` is not the real time, so
    this pass is no sign of life."""
    if not any(look(at)):
        counts = Counts()
        if not is_played:
            note_nothing_due(at)
            _look_after(at)
    else:
        counts = _sweep(at, is_played=is_played)
    logger.info("sweep %s", " ".join(f"{name}={count}" for name, count in counts.to_json().items()))
    return counts


def _sweep(at: datetime, *, is_played: bool) -> Counts:
    if not is_played:
        note_begun(at)
    judged = assess_due(at=at)
    has_messages = due_notifications(at).exists()  # mostly there is none: a pass that finds nothing should cost nothing
    delivered = deliver_due(at=at, seconds=SECONDS) if has_messages else Counter[str]()
    if not is_played:
        beat_heart(at)
        move_due(at=at)
        _look_after(at)
    known = {name: delivered[name] for name in ("sent", "written", "waiting", "failed", "cancelled")}
    left = judged.left + (due_notifications(at).count() if has_messages else 0)
    return Counts(assessed=judged.assessed, stumbled=judged.stumbled, left=left, **known)


def _look_after(at: datetime) -> None:
    """At the end of every pass."""
    report_to_watchman(at=at)
    forget_handed()


def assess_due(*, at: datetime, since: datetime | None = None, until: datetime | None = None) -> Judging:
    """Judge batch after batch until nothing is due any more or the time is up, news first."""
    done = Judging()
    if not due_lumps(at).exists():
        return done
    ends = time.monotonic() + SECONDS
    held: list[Claim] = []
    while time.monotonic() < ends:
        batch = claim_due(at, limit=BATCH, only_news=True)
        if not batch:
            batch = claim_due(at, limit=BATCH, since=since, until=until)
            since = batch[0].mark if batch else None
        if not batch:
            break
        for start in range(0, len(batch), CHUNK):
            held += _assess_chunk(batch[start : start + CHUNK], at=at, done=done)
    release(held)
    done.left = due_lumps(at)[:BATCH].count()
    return done


def _assess_chunk(claims: list[Claim], *, at: datetime, done: Judging) -> list[Claim]:
    """All of them together, or where that fails one by one: a bad one is set aside by its id and the others go on.
    Returns those that could not be judged because somebody else was writing."""
    try:
        assessed = assess_together(claims, at=at)
    except Exception as error:  # whatever it is, it may be one of many that is at fault
        logger.error("a batch of %d is judged one by one: %s", len(claims), place_of(error))
        answers = [(claim, _assess_one(claim, at=at)) for claim in claims]
        done.assessed += sum(answer == "assessed" for _, answer in answers)
        done.stumbled += sum(answer == "stumbled" for _, answer in answers)
        return [claim for claim, answer in answers if answer == "held"]
    done.assessed += assessed
    return list(claims) if assessed < len(claims) else []


def _assess_one(claim: Claim, *, at: datetime) -> str:
    """assessed, stumbled or held."""
    lump_id, mark = claim
    try:
        return "assessed" if assess_lump(lump_id, mark=mark, at=at) else "held"
    except Exception as error:  # whatever it is, the next lump must have its turn
        tries = note_stumble(lump_id, mark=mark, at=at, error=error)
        alarm = logger.critical if tries == Stumble.SET_ASIDE_AFTER else logger.error
        alarm("lump %s could not be judged, try %d: %s", lump_id, tries, place_of(error))
        return "stumbled"


def last_sweep_at() -> datetime | None:
    """When a pass last ended; `None` before the first."""
    return Heartbeat.objects.filter(name=Heartbeat.SWEEP).values_list("at", flat=True).first()


def is_overdue(at: datetime, *, sweep_seconds: float) -> bool:
    """Has the bell not rung for an interval and a bit? Also where a clock that was put back says when it last did."""
    last = Heartbeat.objects.filter(name=Heartbeat.SWEEP_BEGUN).values_list("at", flat=True).first()
    return last is None or abs(at - last) > timedelta(seconds=(1 + OVERDUE) * sweep_seconds)
