"""What a batch of judgements wants written. It is put down together, at the end of the batch's one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from tracking.many_rows import insert_rows
from tracking.models import Lump
from triage.crash import crash_point
from triage.in_bulk import update_rows
from triage.models import Assessment, Episode, Notification, Stumble

State = Notification.State
EPISODE = (
    "about_growth", "check_on", "opened_at", "step", "step_at", "next_step_at", "booked_on", "closed_at", "closed_by",
)  # fmt: skip  # what judging changes
ASSESSMENT = ("confirmed_at", "level", "document", "rulebook", "history_rev", "entries", "reassess_at")


class Desk:
    """Rows change at once for whoever looks at them while judging, and in the tables when `put_down` is called."""

    def __init__(self) -> None:
        self._opened: dict[UUID, Episode] = {}
        self._changed: dict[UUID, Episode] = {}
        self._silenced: set[UUID] = set()
        self._intents: list[Notification] = []
        self._revived: list[tuple[Notification, datetime]] = []
        self._new: list[Assessment] = []
        self._confirmed: list[Assessment] = []
        self._marked: list[Lump] = []

    def keep_episode(self, episode: Episode) -> None:
        """A new one, or one that has changed."""
        (self._opened if episode._state.adding else self._changed)[episode.pk] = episode

    def silence(self, episode: Episode) -> None:
        """What still waits of its steps so far is not sent any more."""
        if not episode._state.adding:
            self._silenced.add(episode.pk)

    def intend(self, intents: Iterable[Notification]) -> None:
        self._intents.extend(intents)

    def revive(self, row: Notification, *, due_at: datetime) -> None:
        """Try an old intent anew, if it is still as it was seen."""
        self._revived.append((row, due_at))

    def keep_assessment(self, row: Assessment) -> None:
        """A new answer, or the last one confirmed."""
        (self._new if row._state.adding else self._confirmed).append(row)

    def mark(self, lump: Lump, at: datetime | None) -> None:
        """It was judged, and is due again then."""
        lump.assess_after, lump.claimed_until, lump.has_news = at, None, False
        self._marked.append(lump)

    def put_down(self) -> None:
        """Write it all. What is cancelled and closed comes before what takes its place."""
        if self._silenced:
            waiting = Notification.objects.filter(episode__in=self._silenced, state=State.WAITING)
            waiting.update(state=State.CANCELLED)
        insert_rows(self._new)
        update_rows(self._confirmed, ASSESSMENT)
        update_rows(list(self._changed.values()), EPISODE)
        insert_rows(list(self._opened.values()))
        for row, due_at in self._revived:
            as_seen = Notification.objects.filter(pk=row.pk, state=row.state, attempts=row.attempts)
            as_seen.update(state=State.WAITING, attempts=0, leased_until=None, last_error="", due_at=due_at)
        if self._intents:
            write_intents(self._intents)
        update_rows(self._marked, ("assess_after", "claimed_until", "has_news"))
        Stumble.objects.filter(lump__in=self._marked).delete()


def write_intents(intents: list[Notification]) -> None:
    """Their ids follow from what they are, so writing them twice is writing them once."""
    crash_point("before_intent")
    insert_rows(intents, ignore_known=True)
    crash_point("after_intent")
