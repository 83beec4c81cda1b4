"""Judging what is due: read, think, then in one transaction store, open and close episodes, write the outbox, set the
next marks.

The mark is `Lump.assess_after`. What was thought is stored only while the row still shows the mark that was seen; a
process that dies before the commit leaves mark and everything else as they were, so nothing is lost or half done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import transaction

from tracking.bare_reader import Bare, bare_histories
from tracking.history import History
from tracking.many_rows import look_up_by_key
from tracking.models import Lump, Person, Tombstone
from tracking.record_kinds import LUMP
from triage import engine
from triage.ages import note_set_aside
from triage.crash import crash_point
from triage.desk import Desk
from triage.editions import keep_edition
from triage.episodes import keep_episodes
from triage.faults import place_of
from triage.judged import Judged, levels_of
from triage.marks import Claim
from triage.models import Assessment, Stumble
from triage.papers import Papers, lay_out
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
        lumps = _held([Claim(lump_id, mark)])
        read = bare_histories([lump.pk for lump in lumps])
        _settle(lumps, read, _judged(read, at), at=at)
    return bool(lumps)


def assess_together(claims: Sequence[Claim], *, at: datetime) -> int:
    """Judge many at once, all or none: how many. Whatever goes wrong with one of them is raised, and none is stored.

    The thinking is done before anything is held, so that nobody waits for it who writes meanwhile. A lump whose mark
    has moved by then is left to the next pass: what was thought is out of date.
    """
    read = bare_histories([claim.lump_id for claim in claims])
    documents = _judged(read, at)
    with transaction.atomic():
        look_up_by_key()
        lumps = _held(claims)
        _settle(lumps, read, documents, at=at)
    return len(lumps)


def _judged(read: Mapping[UUID, Bare], at: datetime) -> dict[UUID, Document]:
    return {pk: engine.assess(bare.history, at).to_json() for pk, bare in read.items()}


def _settle(
    lumps: Sequence[Lump], read: Mapping[UUID, Bare], documents: Mapping[UUID, Document], *, at: datetime
) -> None:
    """Store what was thought about lumps that are held, and do all that follows from it."""
    if not lumps:
        return
    keep_edition(at=at)
    desk = Desk()
    for papers in lay_out(lumps, read):
        document, previous = documents[papers.lump.pk], papers.previous
        is_caused_now = previous is None or _changed_since(papers, previous)
        before = _standing_before(papers, document)
        desk.keep_assessment(_row_of(papers, document, at=at))
        keep_episodes(Judged(papers, document, before, at, is_caused_now, desk))
        desk.mark(papers.lump, _next_mark(document, next_step_of(papers), at=at))
    desk.put_down()
    crash_point("after_assessment")


def note_stumble(lump_id: UUID, *, mark: datetime, at: datetime, error: Exception) -> int:
    """Judging it failed: remember that, and look again later. Returns how often in a row it has failed."""
    with transaction.atomic():
        lumps = _held([Claim(lump_id, mark)])
        if not lumps:
            return 0
        lump = lumps[0]
        row, _ = Stumble.objects.get_or_create(lump=lump, defaults={"at": at, "error": ""})
        row.attempts, row.error, row.at = row.attempts + 1, place_of(error)[:80], at
        row.save()
        if row.attempts == Stumble.SET_ASIDE_AFTER:
            note_set_aside(at)
        lump.assess_after, lump.claimed_until = at + PAUSES[min(row.attempts, len(PAUSES)) - 1], None
        lump.save(update_fields=["assess_after", "claimed_until"])
    return row.attempts


def levels_before(papers: Papers) -> dict[str, str]:
    """What stood when it was last judged: finding → level."""
    return levels_of(papers.previous.document) if papers.previous else {}


def current_assessment(papers: Papers, *, at: datetime) -> Document:
    """The judgement as of now: the stored one if nothing has changed since, else a fresh one.

    A fresh one is only shown, not stored: the job must still find out for itself that it is new, and tell.
    """
    stored = papers.previous
    if stored and _is_fresh(stored, papers.lump, at=at):
        return dict(stored.document)
    return dict(engine.assess(papers.bare.history, at).to_json())


def _held(claims: Sequence[Claim]) -> list[Lump]:
    """Those that nobody else has and whose mark has not moved, held for this transaction. Their persons come first, in
    the order in which writers of the record lock."""
    marks = dict(claims)
    persons = Person.objects.select_for_update(skip_locked=True, no_key=True, of=("self",)).order_by("pk")
    owners = Lump.objects.filter(pk__in=marks).values("person")
    free = {person.pk: person for person in persons.filter(pk__in=owners).only("rev", "last_rev")}
    rows = Lump.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk__in=marks, person__in=free)
    lumps = []
    for lump in rows.only("rev", "person", "assess_after", "claimed_until", "has_news"):
        if lump.assess_after == marks[lump.pk]:
            lump.person = free[lump.person_id]
            lumps.append(lump)
    return lumps


def _row_of(papers: Papers, document: Document, *, at: datetime) -> Assessment:
    """A new row when the answer is another one; else the last one, confirmed and brought up to date."""
    values = {
        "confirmed_at": at,
        "level": document["level"],
        "document": document,
        "rulebook": document["rulebook"],
        "history_rev": papers.bare.last_rev,
        "entries": papers.bare.entries,
        "reassess_at": datetime.fromisoformat(document["reassess_at"]) if document["reassess_at"] else None,
    }
    last = papers.previous
    if last is None or _answer_of(last.document) != _answer_of(document):
        return Assessment(lump=papers.lump, at=at, **values)
    row = Assessment(pk=last.pk, lump=papers.lump, at=last.at, **values)
    row._state.adding = False
    return row


def _answer_of(document: Document) -> tuple[object, ...]:
    """What makes two judgements the same answer."""
    findings = sorted((row["rule"], row["version"], row["level"]) for row in document["findings"])
    return document["level"], findings, document["growth"]["state"], document["rulebook"]


def _standing_before(papers: Papers, document: Document) -> dict[str, str]:
    """What stood before this judgement. Where the rules have changed since, what they would have said then, of what
    was logged by then, counts as having stood: a new version of the rules alone never opens anything."""
    previous = papers.previous
    if previous is None:
        return {}
    before = levels_of(previous.document)
    known = _known_by(previous, papers) if previous.rulebook != document["rulebook"] else None
    return before | levels_of(engine.assess(known, previous.confirmed_at).to_json()) if known else before


def _known_by(previous: Assessment, papers: Papers) -> History | None:
    """The history without the checks and care that were written since; `None` where more than these was: then it
    cannot be told any more, and telling once too often is the lesser harm."""
    rev, lump, bare = previous.history_rev, papers.lump, papers.bare
    if max(lump.rev, lump.person.rev) > rev:
        return None
    return replace(
        bare.history,
        observations=tuple(one for one in bare.history.observations if bare.checks[one.id].rev <= rev),
        care=tuple(one for one in bare.history.care if bare.care[one.id].rev <= rev),
    )


def _changed_since(papers: Papers, previous: Assessment) -> bool:
    """Was anything logged, changed or deleted since that bears on this lump? What was logged about another does not."""
    rev, lump, bare = previous.history_rev, papers.lump, papers.bare
    if lump.person.last_rev == rev:
        return False
    stamps = chain(bare.checks.values(), bare.care.values())
    written = max(lump.rev, lump.person.rev, *(stamp.rev for stamp in stamps), *bare.photos)
    return written > rev or _was_deleted_since(papers, previous)


def _was_deleted_since(papers: Papers, previous: Assessment) -> bool:
    """A tombstone does not say whose child it was, but where nothing was added the entries can be counted."""
    stones = Tombstone.objects.filter(person_id=papers.lump.person_id, rev__gt=previous.history_rev)
    is_some = stones.exclude(kind=LUMP.name).exists()
    return is_some and (previous.entries is None or papers.bare.entries < previous.entries)


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
