"""One lump, one transaction: read, judge, store, open and close episodes, write the outbox, set the next mark.

The mark is `Lump.assess_after`. It is claimed by taking the row while it still shows the mark that was seen; a process
that dies before the commit leaves mark and everything else as they were, so nothing is lost and nothing is half done.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from tracking.history import History
from tracking.models import Lump, Person, Tombstone
from tracking.reader import history_of
from tracking.record_kinds import LUMP
from triage import engine
from triage.crash import crash_point
from triage.editions import keep_edition
from triage.episodes import keep_episodes
from triage.faults import place_of
from triage.judged import Judged, levels_of
from triage.models import Assessment, Stumble
from triage.rulebook import load_rulebook
from triage.telling import next_step_of

SHORTEST_PAUSE = timedelta(minutes=1)  # between two judgements that nothing but time has caused
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)  # after each stumble in a row

Document = dict[str, Any]  # Any: the contract's assessment as JSON


def assess_lump(lump_id: UUID, *, mark: datetime, at: datetime) -> bool:
    """Judge one due lump and do all that follows from it. False when somebody else has it or its mark has moved."""
    with transaction.atomic():
        lump = _claimed(lump_id, mark)
        if lump is None:
            return False
        history = history_of(lump.pk)
        document = engine.assess(history, at).to_json()
        previous = lump.assessments.order_by("-at", "-pk").first()
        is_caused_now = previous is None or _changed_since(lump, previous)
        before = _standing_before(previous, lump, history, document)
        keep_edition(at=at)
        _store(lump, document, previous, at=at)
        keep_episodes(Judged(lump, history, document, before, at, is_caused_now))
        lump.assess_after = _next_mark(document, next_step_of(lump), at=at)
        lump.save(update_fields=["assess_after"])
        Stumble.objects.filter(lump=lump).delete()
        crash_point("after_assessment")
    return True


def note_stumble(lump_id: UUID, *, mark: datetime, at: datetime, error: Exception) -> int:
    """Judging it failed: remember that, and look again later. Returns how often in a row it has failed."""
    with transaction.atomic():
        lump = _claimed(lump_id, mark)
        if lump is None:
            return 0
        row, _ = Stumble.objects.get_or_create(lump=lump, defaults={"at": at, "error": ""})
        row.attempts, row.error, row.at = row.attempts + 1, place_of(error)[:80], at
        row.save()
        lump.assess_after = at + PAUSES[min(row.attempts, len(PAUSES)) - 1]
        lump.save(update_fields=["assess_after"])
    return row.attempts


def levels_before(lump: Lump) -> dict[str, str]:
    """What stood when it was last judged: finding → level."""
    stored = lump.assessments.order_by("-at", "-pk").first()
    return levels_of(stored.document) if stored else {}


def current_assessment(lump: Lump, *, at: datetime) -> Document:
    """The judgement as of now: the stored one if nothing has changed since, else a fresh one.

    A fresh one is only shown, not stored: the job must still find out for itself that it is new, and tell.
    """
    stored = lump.assessments.order_by("-at", "-pk").first()
    if stored and _is_fresh(stored, lump, at=at):
        return dict(stored.document)
    return dict(engine.assess(history_of(lump.pk), at).to_json())


def _claimed(lump_id: UUID, mark: datetime) -> Lump | None:
    """The lump, held for this transaction. Its person comes first, in the order in which writers of the record lock."""
    persons = Person.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    person = persons.filter(lumps__pk=lump_id).first()
    if person is None:
        return None
    rows = Lump.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=lump_id, assess_after=mark)
    lump = rows.first()
    if lump is not None:
        lump.person = person
    return lump


def _store(lump: Lump, document: Document, previous: Assessment | None, *, at: datetime) -> None:
    """A new row when the answer is another one; else the last one is confirmed and brought up to date."""
    values = {
        "confirmed_at": at,
        "level": document["level"],
        "document": document,
        "rulebook": document["rulebook"],
        "history_rev": lump.person.last_rev,
        "entries": _entries_of(lump),
        "reassess_at": datetime.fromisoformat(document["reassess_at"]) if document["reassess_at"] else None,
    }
    if previous is None or _answer_of(previous.document) != _answer_of(document):
        Assessment.objects.create(lump=lump, at=at, **values)
        return
    Assessment.objects.filter(pk=previous.pk).update(**values)


def _answer_of(document: Document) -> tuple[object, ...]:
    """What makes two judgements the same answer."""
    findings = sorted((row["rule"], row["version"], row["level"]) for row in document["findings"])
    return document["level"], findings, document["growth"]["state"], document["rulebook"]


def _standing_before(previous: Assessment | None, lump: Lump, history: History, document: Document) -> dict[str, str]:
    """What stood before this judgement. Where the rules have changed since, what they would have said then, of what
    was logged by then, counts as having stood: a new version of the rules alone never opens anything."""
    if previous is None:
        return {}
    before = levels_of(previous.document)
    known = _known_by(previous, lump, history) if previous.rulebook != document["rulebook"] else None
    return before | levels_of(engine.assess(known, previous.confirmed_at).to_json()) if known else before


def _known_by(previous: Assessment, lump: Lump, history: History) -> History | None:
    """The history without the checks and care that were written since; `None` where more than these was: then it
    cannot be told any more, and telling once too often is the lesser harm."""
    rev = previous.history_rev
    if max(lump.rev, lump.person.rev) > rev:
        return None
    checks = set(lump.observations.filter(rev__gt=rev).values_list("pk", flat=True))
    care = set(lump.care_events.filter(rev__gt=rev).values_list("pk", flat=True))
    return replace(
        history,
        observations=tuple(one for one in history.observations if one.id not in checks),
        care=tuple(one for one in history.care if one.id not in care),
    )


def _changed_since(lump: Lump, previous: Assessment) -> bool:
    """Was anything logged, changed or deleted since that bears on this lump? What was logged about another does not."""
    rev = previous.history_rev
    if max(lump.rev, lump.person.rev) > rev:
        return True
    if any(rows.filter(rev__gt=rev).exists() for rows in (lump.observations, lump.photos, lump.care_events)):
        return True
    return _was_deleted_since(lump, previous)


def _was_deleted_since(lump: Lump, previous: Assessment) -> bool:
    """A tombstone does not say whose child it was, but where nothing was added the entries can be counted."""
    stones = Tombstone.objects.filter(person_id=lump.person_id, rev__gt=previous.history_rev).exclude(kind=LUMP.name)
    return stones.exists() and (previous.entries is None or _entries_of(lump) < previous.entries)


def _entries_of(lump: Lump) -> int:
    return lump.observations.count() + lump.photos.count() + lump.care_events.count()


def _next_mark(document: Document, next_step_at: datetime | None, *, at: datetime) -> datetime | None:
    reassess_at = datetime.fromisoformat(document["reassess_at"]) if document["reassess_at"] else None
    moments = [moment for moment in (reassess_at, next_step_at) if moment]
    return max(min(moments), at + SHORTEST_PAUSE) if moments else None


def _is_fresh(stored: Assessment, lump: Lump, *, at: datetime) -> bool:
    return (
        stored.history_rev == lump.person.last_rev
        and stored.rulebook == load_rulebook().digest
        and (lump.assess_after is None or lump.assess_after > at)
        and (stored.reassess_at is None or stored.reassess_at > at)
    )
