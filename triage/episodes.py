"""Episodes: what was found and is not dealt with. They decide who is told, and when again.

Everything here runs inside a transaction of `assess`, which holds the lump's row.
"""

from __future__ import annotations

from triage.again import grew_again
from triage.booked import rest_for_booked
from triage.closing import Ended, fate_of
from triage.judged import Judged, episode_name
from triage.ladder import LADDER, is_stronger
from triage.models import Episode
from triage.reminders import CHECK, keep_check
from triage.telling import tell


def keep_episodes(judged: Judged) -> None:
    """Close what is dealt with, open what is new or stronger, keep the reminder to check, and tell what is due."""
    still_open = {episode.finding: episode for episode in judged.papers.still_open}
    check = still_open.pop(CHECK, None)
    for episode in still_open.values():
        fate = fate_of(episode, judged)
        if isinstance(fate, Ended):
            judged.close_episode(episode, by=fate.by)
        elif not episode.about_growth and _rests_on_growth(episode.finding, judged):
            episode.about_growth = True  # and stays so: the person's word alone cannot end what the sizes showed
            judged.desk.keep_episode(episode)
    for finding, level in judged.firing.items():
        _open_if_new(finding, level, still_open.get(finding), judged)
    keep_check(check, judged)
    rest_for_booked(judged)
    tell(judged)


def _open_if_new(finding: str, level: str, current: Episode | None, judged: Judged) -> None:
    """New is what did not hold before. What a person or care has ended stays ended while nothing about it changes; that
    it grows on from there is a change.

    What stood silently and holds anew is told anew once its ladder had ended: or the second collapse would go unsaid.
    """
    standing = current if current and current.closed_at is None else None
    is_new = finding not in judged.before or is_stronger(level, judged.before[finding])
    if not is_new and (standing or not grew_again(finding, judged)):
        return
    if standing:
        stronger = is_stronger(level, standing.level)
        if not stronger and standing.next_step_at is not None:
            return
        judged.close_episode(standing, by="stronger" if stronger else "renewed")
    rows = [row["rule"] for row in judged.document["findings"] if episode_name(row["rule"]) == finding]
    opened = Episode(
        lump=judged.lump,
        finding=finding,
        rule=rows[0],  # findings come most urgent first
        level=level,
        about_growth=_rests_on_growth(finding, judged),
        opened_at=judged.at,
        next_step_at=judged.at + LADDER[level].steps[0].wait,
    )
    judged.papers.episodes.append(opened)
    judged.desk.keep_episode(opened)


def _rests_on_growth(finding: str, judged: Judged) -> bool:
    rows = [row for row in judged.document["findings"] if episode_name(row["rule"]) == finding]
    return any(reason["fact"].startswith("growth.") for row in rows for reason in row["because"])
