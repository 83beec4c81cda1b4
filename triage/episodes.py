"""Episodes: what was found and is not dealt with. They decide who is told, and when again.

Everything here runs inside the transaction of `assess.assess_lump`, which holds the lump's row.
"""

from __future__ import annotations

from triage.closing import close_episode, reason_to_close
from triage.judged import Judged, episode_name
from triage.ladder import STEPS, is_stronger
from triage.models import Episode
from triage.reminders import CHECK, keep_check
from triage.telling import tell


def keep_episodes(judged: Judged) -> None:
    """Close what is dealt with, open what is new or stronger, keep the reminder to check, and tell what is due."""
    still_open = {episode.finding: episode for episode in judged.lump.episodes.filter(closed_at=None)}
    check = still_open.pop(CHECK, None)
    for episode in still_open.values():
        reason = reason_to_close(episode, judged)
        if reason:
            close_episode(episode, by=reason, at=judged.at)
    for finding, level in judged.firing.items():
        _open_if_new(finding, level, still_open.get(finding), judged)
    keep_check(check, judged)
    tell(judged)


def _open_if_new(finding: str, level: str, current: Episode | None, judged: Judged) -> None:
    """New is what did not stand before. What a person or care has ended stays ended while nothing about it changes."""
    standing = current if current and current.closed_at is None else None
    if standing and not is_stronger(level, standing.level):
        return
    if finding in judged.before and not is_stronger(level, judged.before[finding]):
        return
    if standing:
        close_episode(standing, by="stronger", at=judged.at)
    rows = [row for row in judged.document["findings"] if episode_name(row["rule"]) == finding]
    facts = [reason["fact"] for row in rows for reason in row["because"]]
    Episode.objects.create(
        lump=judged.lump,
        finding=finding,
        level=level,
        about_growth=any(fact.startswith("growth.") for fact in facts),
        opened_at=judged.at,
        next_step_at=judged.at + STEPS[level][0],
    )
