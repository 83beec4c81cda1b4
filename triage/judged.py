"""One lump as it was just judged: what opening, closing and telling are decided from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from tracking.history import History
from tracking.models import Lump
from triage.desk import Desk
from triage.facts import Record
from triage.ladder import is_stronger
from triage.models import Episode, Notification
from triage.papers import Papers
from triage.rulebook import load_rulebook

Document = Mapping[str, Any]  # Any: the contract's assessment as JSON


@dataclass(frozen=True)
class Judged:
    """One lump as it was just judged. What is changed because of it goes to `desk`."""

    papers: Papers
    document: Document
    before: Mapping[str, str]  # finding → level, as they stood before
    at: datetime
    is_caused_now: bool  # by something that was just logged, not by the passing of time
    desk: Desk = field(default_factory=Desk)

    @property
    def lump(self) -> Lump:
        return self.papers.lump

    @property
    def history(self) -> History:
        return self.papers.bare.history

    def close_episode(self, episode: Episode, *, by: str) -> None:
        """End it, and cancel what was not sent yet."""
        episode.closed_at, episode.closed_by, episode.next_step_at = self.at, by, None
        self.desk.keep_episode(episode)
        self.silence(episode)

    def silence(self, episode: Episode) -> None:
        """What still waits of its steps so far is not sent any more."""
        self.desk.silence(episode)
        for row in self.papers.messages:
            if row.episode_id == episode.pk and row.state == Notification.State.WAITING:
                row.state = Notification.State.CANCELLED

    @cached_property
    def firing(self) -> dict[str, str]:
        return levels_of(self.document)

    @cached_property
    def undecided(self) -> frozenset[str]:
        """What may or may not hold, as nobody has answered."""
        return frozenset(episode_name(row["rule"]) for row in self.document["unknown"])

    @cached_property
    def record(self) -> Record:
        """The history as it stood then: answers, calendar, whether it is closed."""
        return Record(self.history, self.at)


def levels_of(document: Document) -> dict[str, str]:
    """What asks for something → how urgently."""
    levels: dict[str, str] = {}
    for row in document["findings"]:
        name, level = episode_name(row["rule"]), row["level"]
        if level != "watch" and (name not in levels or is_stronger(level, levels[name])):
            levels[name] = level
    return levels


def episode_name(rule_id: str) -> str:
    """A rule, or the family of rules that differ by age or sex only: a birthday opens no new episode."""
    return _families(load_rulebook().digest).get(rule_id, rule_id)


@cache
def _families(_digest: str) -> dict[str, str]:
    return {rule.id: rule.family for rule in load_rulebook().rules if rule.family}
