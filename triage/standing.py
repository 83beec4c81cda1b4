"""What the app shows beside `level`: advice of `this_week` or above that stands, and the most urgent of all that asks.

`assess` judges the document alone, as of now. A level once reached stands until an answer contradicts it, or care, or
closing does; that is what the open episodes remember. Found here and shown; nothing is opened, closed or told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from triage.closing import Ended, Standing, fate_of, last_told
from triage.contradiction import Told, answers_that_end
from triage.engine import instant_text
from triage.judged import Judged, episode_name
from triage.ladder import LASTING, LEVELS, is_stronger
from triage.reminders import CHECK

Row = dict[str, Any]  # Any: JSON, as docs/api.md shows it


def standing_of(judged: Judged) -> list[Row]:
    """Most urgent first. What was just found and has no episode yet is among them; what care has ended is not."""
    rows = list(_remembered(judged))
    known = {episode_name(row["rule"]) for row in rows}
    rows += [row for row in _just_found(judged) if episode_name(row["rule"]) not in known]
    return sorted(rows, key=lambda row: (LEVELS.index(row["level"]), row["since"], row["rule"]))


def standing_level(document: Mapping[str, Any], standing: Iterable[Row]) -> str:  # Any: as above
    """The most urgent of what holds and what stands."""
    return str(min([document["level"], *(row["level"] for row in standing)], key=LEVELS.index))


def _remembered(judged: Judged) -> Iterable[Row]:
    for episode in judged.papers.still_open:
        if episode.finding == CHECK or episode.level not in LASTING:
            continue
        fate = fate_of(episode, judged)
        told = last_told(episode, judged)
        if told is not None and not isinstance(fate, Ended):
            yield _row(told, fate, since=instant_text(episode.opened_at))


def _just_found(judged: Judged) -> Iterable[Row]:
    for finding in judged.document["findings"]:
        before = judged.before.get(episode_name(finding["rule"]))
        if finding["level"] in LASTING and (before is None or is_stronger(finding["level"], before)):
            told = Told(finding, judged.at, judged.papers.bare.last_rev)
            yield _row(told, Standing("holds", tuple(answers_that_end(told))), since=judged.document["at"])


def _row(told: Told, standing: Standing, *, since: str) -> Row:
    kept = ("rule", "version", "level", "title", "message", "sources")
    return {
        **{name: told.finding[name] for name in kept},
        "since": since,
        "why": standing.why,
        "answers": list(standing.answers),
    }
