"""Imports: looked at in a moment (`preview`), done in the background in slices, and told of thing by thing.

A file waits as sealed pieces and is removed as soon as it is done with. Each thing in it is a step of its own: a bad
one is told and the rest go on, and since writing the same again changes nothing, a worker that died is simply
followed by another. Pictures come after their histories, one a step.
"""

from __future__ import annotations

import json
import logging
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from io import BufferedReader
from typing import Any
from uuid import UUID

from django.db import DatabaseError

from tracking import import_photos
from tracking.archive import Archive, is_archive, open_archive, refused
from tracking.errors import TrackingError
from tracking.import_history import Tally, import_history, plan_history, plan_person, write_person_line
from tracking.import_rows import Choices
from tracking.import_sheet import SheetChoices, read_sheet
from tracking.models import Import, User
from tracking.moving import Stopped, end, put_back, take_up, tell
from tracking.pieces import PieceReader, forget_pieces
from tracking.record_rules import day_of
from tracking.texts import say, speaking
from tracking.vault import VaultError

MOST_PROBLEMS = 500  # told one by one; of more only the number
MOST_SHEET_BYTES = 8 * 1024 * 1024
log = logging.getLogger(__name__)


@dataclass
class Report:
    """What became of the things in a file. `problems`: [{where, message, fields}]."""

    counts: Counter[str] = field(default_factory=Counter)  # "lump.new" → how many
    problems: list[dict[str, Any]] = field(default_factory=list)  # Any: JSON
    more_problems: int = 0
    others: int = 0  # entries that are none of ours
    questions: list[dict[str, Any]] = field(default_factory=list)  # of a spreadsheet; Any: JSON

    def add(self, tally: Tally) -> None:
        self.counts.update({f"{kind}.{status}": number for (kind, status), number in tally.items()})

    def blame(self, where: str, error: TrackingError) -> None:
        if len(self.problems) >= MOST_PROBLEMS:
            self.more_problems += 1
            return
        fields = dict(list(error.fields.items())[:20])
        self.problems.append({"where": where, "code": error.code, "message": error.message, "fields": fields})

    def to_json(self) -> str:
        return json.dumps(vars(self))


def read_report(text: str) -> Report:
    """What `to_json` gave; an empty report for nothing."""
    if not text:
        return Report()
    raw = json.loads(text)
    return Report(**{**raw, "counts": Counter(raw["counts"])})


@dataclass(frozen=True, slots=True)
class Step:
    """One thing of a file: the list of persons, a history, or a picture."""

    where: str
    document: object = None  # of a spreadsheet's lump; else it is read when its turn comes
    history: UUID | None = None
    photo: UUID | None = None


@dataclass
class Source:
    """A file, whatever its kind, as steps."""

    steps: Sequence[Step]
    archive: Archive | None
    report: Report

    def document(self, step: Step) -> object:
        if step.document is not None or self.archive is None:
            return step.document
        return self.archive.people() if step.history is None else self.archive.history(step.history)

    @property
    def pictures(self) -> frozenset[UUID]:
        return frozenset(self.archive.photos) if self.archive else frozenset()


def open_source(user: User, keys: Sequence[str], size_bytes: int, choices: dict[str, Any], *, at: datetime) -> Source:
    """The file behind these pieces. Raises InvalidInput where nothing of it can be used. Any: what was chosen, JSON."""
    file = BufferedReader(PieceReader(keys, size_bytes=size_bytes), buffer_size=64 * 1024)
    beginning = file.read(4)
    file.seek(0)
    if is_archive(beginning):
        archive = open_archive(file)
        return Source(list(_steps(archive)), archive, Report(others=archive.others))
    if size_bytes > MOST_SHEET_BYTES:
        raise refused("not_one")
    sheet = read_sheet(user, file.read(), SheetChoices.of(choices), at=at)
    report = Report(questions=[asdict(one) for one in sheet.questions])
    for slip in sheet.slips:
        report.blame(slip.where, slip.error)
    return Source([Step(lump.where, lump.document) for lump in sheet.lumps], None, report)


def preview(user: User, keys: Sequence[str], size_bytes: int, choices: dict[str, Any], *, at: datetime) -> Report:
    """What an import of this file would do. Nothing is written. Any: what was chosen, JSON."""
    source = open_source(user, keys, size_bytes, choices, at=at)
    report = source.report
    seen: set[tuple[str, UUID]] = set()  # a person is in each of their histories
    for step in source.steps:
        try:
            if step.photo is not None:
                continue  # counted with its history
            document = source.document(step)
            if step.where == PERSONS:
                lines = [plan_person(user, raw, one, today=day_of(at, None)) for one, raw in _people(document)]
            else:
                plan = plan_history(user, document, pictures=source.pictures, at=at)
                lines = [plan.person, *([plan.lump] if plan.lump else []), *plan.children]
            fresh = [line for line in lines if (line.kind.name, line.row_id) not in seen]
            seen |= {(line.kind.name, line.row_id) for line in fresh}
            report.add(Counter((line.kind.name, line.status) for line in fresh))
        except TrackingError as error:
            report.blame(step.where, error)
    return report


def run_import(*, at: datetime, ends: float) -> bool:
    """Go on with the next import that waits, if there is one, until it is done or `ends` (monotonic seconds)."""
    row = take_up(Import, at=at)
    if row is None:
        return False
    began = time.monotonic()

    def now() -> datetime:
        return at + timedelta(seconds=time.monotonic() - began)

    user = row.user
    try:
        with speaking(user.language):
            source = open_source(user, row.pieces, row.size_bytes, row.choices, at=at)
            report = read_report(row.report) if row.done else source.report
            tell(row, at=now(), total=len(source.steps))
            for step in list(source.steps)[row.done :]:
                if time.monotonic() > ends:
                    put_back(row, at=now())
                    return True
                _take(user, source, step, report, choices_of(row.choices), at=now())
                _keep_report(row, report)
                tell(row, at=now(), done=row.done + 1)
            _keep_report(row, report)
        _finish(row, at=now())
    except Stopped:
        pass
    except (TrackingError, VaultError) as error:
        _finish(row, at=now(), code=error.code if isinstance(error, TrackingError) else "unreadable")
    return True


def choices_of(raw: dict[str, Any]) -> Choices:  # Any: what was chosen, JSON
    return Choices(raw.get("different", "take"), raw.get("deleted", "restore"))


PERSONS = "persons.json"


def _take(user: User, source: Source, step: Step, report: Report, choices: Choices, *, at: datetime) -> None:
    """One step. Whatever is wrong with it stays with it."""
    try:
        if step.photo is not None and source.archive is not None:
            report.add(import_photos.import_photo(user, step.photo, source.archive, at=at))
            return
        document = source.document(step)
        if step.where != PERSONS:
            plan = import_history(user, document, pictures=source.pictures, choices=choices, at=at)
            tally = plan.tally()
            has_people = source.archive is not None and source.archive.persons is not None
            report.add(Counter({key: number for key, number in tally.items() if _counts_here(*key, has_people)}))
            return
        for one, raw in _people(document):
            line = plan_person(user, raw, one, today=day_of(at, None))
            write_person_line(user, line, choices, at=at)
            report.add(Counter({("person", line.status): 1}))
    except TrackingError as error:
        report.blame(step.where, error)
    except Exception as error:  # a defect of ours must not stop the rest
        log.error("A step of an import failed: %s", type(error).__name__)
        report.blame(step.where, TrackingError("server_error", say("api.server_error")))


def _counts_here(kind: str, status: str, has_people: bool) -> bool:
    """A new picture counts once its bytes are here; a person who stands in the list counted there."""
    if kind == "photo":
        return status in ("same", "different")
    return kind != "person" or not has_people


def _keep_report(row: Import, report: Report) -> None:
    """It is sealed, so it goes by its row, which may have been taken back."""
    row.report = report.to_json()
    try:
        row.save(update_fields=["report"])
    except DatabaseError as error:
        raise Stopped from error


def _finish(row: Import, *, at: datetime, code: str = "") -> None:
    """The file has done its service."""
    keys = list(row.pieces)
    try:
        tell(row, at=at, pieces=[])
        end(row, at=at, code=code)
    except Stopped:
        pass  # taken back meanwhile
    forget_pieces(keys)


def _steps(archive: Archive) -> Iterator[Step]:
    if archive.persons is not None:
        yield Step(PERSONS)
    for history in sorted(archive.histories):
        yield Step(f"histories/{history}.json", history=history)
    for photo in sorted(archive.photos):
        yield Step(f"photos/{photo}.jpg", photo=photo)


def _people(document: object) -> Iterator[tuple[UUID, dict[str, Any]]]:  # Any: JSON
    """The persons of a list. Raises InvalidInput."""
    rows = document.get("persons") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise refused("not_persons")
    for raw in rows:
        try:
            yield UUID(raw["id"]), raw
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            raise refused("not_persons") from error
