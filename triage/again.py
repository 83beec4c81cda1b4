"""Growth that begins again after care. Sizes that once grew go on saying so, long after the visit that dealt with them.

So what was logged since the visit is judged by itself, with the size that was known there to begin from. A finding that
fires on that alone is new, though it never fell silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from triage import engine
from triage.closing import CARE_THAT_ENDS
from triage.judged import Judged, episode_name
from triage.models import Episode

SHOWS_GROWTH = ("growth.", "sign.trend")
DEALT_WITH = ("care", "person")  # how the last episode ended: what was contradicted has fallen silent in between


def grew_again(finding: str, judged: Judged) -> bool:
    """Has this finding's last episode been ended, and does what was logged since show growth by itself?"""
    last = judged.lump.episodes.filter(finding=finding, closed_at__isnull=False).order_by("-closed_at", "-pk").first()
    if last is None or last.closed_at is None or last.closed_by not in DEALT_WITH:
        return False
    if not any(_shows_growth(row) for row in _rows_of(finding, judged.document)):
        return False
    since = _dealt_with_at(last, last.closed_at, judged)
    before = [one for one in judged.record.observations if one.judged_at <= since]
    after = [one for one in judged.record.observations if one.judged_at > since]
    if not after:
        return False
    sized = [one for one in before if one.length_mm is not None]
    known = [one._replace(signs={}) for one in sized[-1:]]  # what was answered then is not said again
    alone = engine.assess(replace(judged.history, observations=(*known, *after)), judged.at).to_json()
    return any(_shows_growth(row) for row in _rows_of(finding, alone))


def _dealt_with_at(episode: Episode, closed_at: datetime, judged: Judged) -> datetime:
    """The end of the day of the visit, where it was logged later than that."""
    record = judged.record
    days = [event.on for event in record.care if event.kind in CARE_THAT_ENDS and event.confirmed]
    if episode.closed_by != "care" or not days:
        return closed_at
    return min(closed_at, record.start_of(max(days) + timedelta(days=1)))


def _rows_of(finding: str, document: Mapping[str, Any]) -> list[Mapping[str, Any]]:  # Any: the assessment as JSON
    return [row for row in document["findings"] if episode_name(row["rule"]) == finding]


def _shows_growth(row: Mapping[str, Any]) -> bool:  # Any: as above
    return any(reason["fact"].startswith(SHOWS_GROWTH) for reason in row["because"])
