"""What must hold once the dust has settled, whatever was killed. An empty list is a clean bill."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Row:
    """One intent as the database has it: `key` is what must be unique, `attempts` how often it was taken up."""

    id: str
    key: tuple[str, ...]
    lump: str
    channel: str
    state: str
    attempts: int
    failures: int
    last_error: str
    times: str  # when it is due, and until when somebody holds it or nobody tries it; for the reader of a failure
    carried_by: str  # whose message said it: its own, or another's that was due at the same moment


@dataclass(frozen=True)
class Arrivals:
    """What reached the two ends of the line: Message-IDs, and (topic, tag) of pushes, each as often as it came."""

    mails: Counter[str]
    pushes: Counter[tuple[str, str]]
    names: Mapping[str, set[str]]  # reader → the Message-IDs of what came to them

    @classmethod
    def of(cls, mails: Iterable[Any], pushes: Iterable[dict[str, Any]]) -> Arrivals:  # Any: mails, and JSON
        names: defaultdict[str, set[str]] = defaultdict(set)
        came = [(str(mail["To"]), str(mail["Message-ID"]).strip("<>").partition("@")[0]) for mail in mails]
        for reader, name in came:
            names[reader].add(name)
        return cls(
            Counter(name for _, name in came),
            Counter((push["topic"], push["payload"]["notification"]["tag"]) for push in pushes),
            names,
        )

    def copies(self, row: Row) -> int:
        name = row.carried_by
        return self.mails[name] if row.channel == "email" else self.pushes[screen_name(name)]


def screen_name(intent: str) -> tuple[str, str]:
    """Topic and tag that an intent must have, worked out a second time: two of them are two pushes on a screen."""
    digest = hashlib.sha256(b"topic:" + UUID(intent).bytes).digest()
    topic = base64.urlsafe_b64encode(digest)[:32].decode()
    return topic, topic[:16]


def violations(rows: list[Row], arrivals: Arrivals, *, expected: dict[str, int], may_fail: int = 0) -> list[str]:
    """All that is wrong. `expected`: lump → how many intents it must have; `may_fail`: how many are poison."""
    return [
        *_lost(rows, arrivals, expected),
        *_doubled(rows),
        *_repeated(rows, arrivals),
        *_unknown(rows, arrivals),
        *_set_aside(rows, may_fail),
    ]


def _lost(rows: list[Row], arrivals: Arrivals, expected: dict[str, int]) -> list[str]:
    there = Counter(row.lump for row in rows)
    found = [
        f"lost: {lump} has {there[lump]} intents of {count}" for lump, count in expected.items() if there[lump] < count
    ]
    for row in rows:
        if row.state not in ("sent", "failed", "cancelled"):
            found.append(f"lost: {row.id} is still {row.state}: {row}")
        elif row.state == "sent" and not arrivals.copies(row):
            found.append(f"lost: {row.id} is called sent and never arrived")
        elif row.state == "failed" and not row.last_error:
            found.append(f"lost: {row.id} failed without a reason")
    return found


def _doubled(rows: list[Row]) -> list[str]:
    intents = Counter(row.key for row in rows)
    return [f"intended twice: {key}" for key, count in intents.items() if count > 1]


def _repeated(rows: list[Row], arrivals: Arrivals) -> list[str]:
    """A message may come once more for each death of who had it; so two copies at most where that was one death."""
    found = []
    for row in rows:
        copies = arrivals.copies(row)
        if copies > max(1, row.attempts):
            found.append(f"repeated: {row.id} came {copies} times in {row.attempts} attempts")
    return found


def _unknown(rows: list[Row], arrivals: Arrivals) -> list[str]:
    """A repeat under another name would be a second mail in the inbox, a second push on the screen; so would a message
    of its own for what rode along with another."""
    mails = {row.carried_by for row in rows if row.channel == "email"}
    pushes = {screen_name(row.carried_by) for row in rows if row.channel == "push"}
    found = [f"unknown mail: {name}" for name in arrivals.mails if name not in mails]
    return found + [f"second push on the screen: {name}" for name in arrivals.pushes if name not in pushes]


def _set_aside(rows: list[Row], may_fail: int) -> list[str]:
    failed = [row for row in rows if row.state == "failed"]
    return [] if len(failed) <= may_fail else [f"set aside: {len(failed)} rows, {failed[0].last_error}"]


def changed_after_the_end(before: list[Row], after: list[Row]) -> list[str]:
    """A row that was sent stays sent: nobody who lost its lease may move it."""
    now = {row.id: row.state for row in after}
    return [f"moved: {row.id} was {row.state}" for row in before if row.state == "sent" and now[row.id] != "sent"]
