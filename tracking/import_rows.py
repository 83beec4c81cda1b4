"""Rows from a file against the record: which are new, the same, different, or were deleted here; and writing them.

A row keeps its id wherever it may. Where the id is somebody else's, or lies under another parent, the row gets one that
is made from its parent and the old id: the same one at every repetition, and nothing is told about the other row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID, uuid5

from tracking.models import Person, Photo, Tombstone, User
from tracking.models.base import Synced
from tracking.record import is_own_stone
from tracking.record_kinds import OBSERVATION, PERSON, Kind
from tracking.record_merge import Clash, keep_superseded
from tracking.record_revs import save_changed
from tracking.record_rules import settled
from tracking.record_shapes import read_shape

Status = Literal["new", "same", "different", "restored"]
Leaves = dict[str, Any]  # Any: column values of as many types as there are columns
BATCH = 500


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person chose. `different`: take the file's word or keep what is here; `deleted`: bring back what was
    deleted here, or leave it away."""

    different: Literal["take", "keep"] = "take"
    deleted: Literal["restore", "leave"] = "restore"


@dataclass
class Line:
    """One row of the file, and the row of the record that it meets (None: none)."""

    kind: Kind
    old_id: UUID
    row_id: UUID
    status: Status
    after: Leaves
    row: Synced | None = None
    extra: Leaves = field(default_factory=dict)  # columns that no phone can set

    @property
    def before(self) -> Leaves:
        return {} if self.row is None else leaves_here(self.kind, self.row)

    def is_written(self, choices: Choices) -> bool:
        if self.status == "different":
            return choices.different == "take"
        return self.status == "new" or (self.status == "restored" and choices.deleted == "restore")


def placed(
    user: User, kind: Kind, ids: Sequence[UUID], *, parent: UUID, is_ours: Callable[[Any], bool]
) -> dict[UUID, Line]:
    """Each id of the file with the id it gets here and the row that lies there. `is_ours` tests one row (hence Any).

    An id that is taken is told from a free one by nothing but the id that comes back.
    """
    found: dict[UUID, Line] = {}
    waiting = {one: one for one in ids}
    for attempt in (0, 1):
        taken = rows_by_id(kind, waiting.values())
        stones = {stone.row_id: stone for stone in _stones(kind, waiting.values())}
        again = {}
        for old, new in waiting.items():
            row, stone = taken.get(new), stones.get(new)
            is_foreign = (row is not None and not is_ours(row)) or (stone is not None and not is_own_stone(user, stone))
            if is_foreign and attempt == 0:
                again[old] = uuid5(parent, f"{kind.name}:{old}")
                continue
            status: Status = "different" if row is not None else "restored" if stone is not None else "new"
            found[old] = Line(kind, old, new, status, {}, row)
        waiting = again
    return found


def described(line: Line, fields: Mapping[str, object], *, today: date) -> Line:
    """The line with what the file says of it, and how that differs. Raises InvalidInput naming the fields."""
    values = line.kind.leaves_in(read_shape(line.kind.shape, fields, partial=False))
    after = {**line.kind.leaves_of(None), **values}
    after = settled(line.kind.name, after, given=values.keys(), today=today)
    answers = f"{line.kind.answers}."
    line.after = {name: value for name, value in after.items() if value is not None or not name.startswith(answers)}
    if line.row is not None and not differences(line):
        line.status = "same"
    return line


def differences(line: Line) -> dict[str, Clash]:
    """Field → (the file's value, the one here)."""
    before, after = line.before, line.after
    return {
        name: Clash(kept=after.get(name), other=before.get(name))
        for name in before.keys() | after.keys()
        if name != line.kind.parent and before.get(name) != after.get(name)
    }


def leaves_here(kind: Kind, row: Synced) -> Leaves:
    """A row's leaves as a file would say them: an unknown zone is written as UTC, an uncertainty of 0 as unknown."""
    leaves = kind.leaves_of(row)
    if kind is PERSON and leaves.get("time_zone") is None:
        leaves["time_zone"] = "UTC"
    if kind is OBSERVATION:
        leaves["uncertainty_mm"] = leaves.get("uncertainty_mm") or None
    return leaves


def rows_by_id(kind: Kind, ids: Iterable[UUID]) -> dict[UUID, Synced]:
    rows: dict[UUID, Synced] = {}
    for batch in _batches(ids):
        rows |= {row.pk: row for row in kind.model._default_manager.filter(pk__in=batch)}
    return rows


def unbury(lines: Iterable[Line]) -> None:
    """Take away the tombstones of rows that come back."""
    for line in lines:
        Tombstone.objects.filter(kind=line.kind.name, row_id=line.row_id).delete()


def rev_of_gone(person_id: UUID) -> int:
    """The last rev that phones were told of a person who was deleted: what comes back goes on from there."""
    last = Tombstone.objects.filter(person_id=person_id).order_by("-rev").values_list("rev", flat=True).first()
    return last or 0


def write_lines(person: Person, lines: Sequence[Line], *, at: datetime) -> None:
    """Write lines of one kind, whose parents are there. The person's row is locked by the caller."""
    fresh = [line for line in lines if line.row is None]
    rows = []
    for line in fresh:
        row = line.kind.model(id=line.row_id, created_at=at, updated_at=at, **line.extra)
        line.kind.write_leaves(row, line.after)
        person.last_rev += 1
        row.rev = person.last_rev
        row.field_revs = dict.fromkeys(line.after, row.rev)
        rows.append(row)
    if fresh:
        fresh[0].kind.model._default_manager.bulk_create(rows, batch_size=BATCH)
        Person.objects.filter(pk=person.pk).update(last_rev=person.last_rev)
    for line in lines:
        if line.row is not None:
            _rewrite(person, line, line.row, at=at)


def _rewrite(person: Person, line: Line, row: Synced, *, at: datetime) -> None:
    """Over what was there, which is remembered. A picture's digest is no matter of opinion once its bytes are here."""
    clashes = differences(line)
    after = {**line.before, **line.after}
    gone = [name for name in line.before if name not in line.after]
    after = {name: value for name, value in after.items() if name not in gone}
    if isinstance(row, Photo) and row.state == Photo.State.READY:
        after["sha256"] = row.sha256
    line.kind.write_leaves(row, after)
    save_changed(person, row, fields=clashes, at=at)
    keep_superseded(person, line.kind.name, row, clashes, at=at)


def _stones(kind: Kind, ids: Iterable[UUID]) -> Iterator[Tombstone]:
    for batch in _batches(ids):
        yield from Tombstone.objects.filter(kind=kind.name, row_id__in=batch)


def _batches(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    waiting = list(ids)
    for start in range(0, len(waiting), BATCH):
        yield waiting[start : start + BATCH]


def is_under(person: UUID, lump: UUID | None = None) -> Callable[[Any], bool]:  # Any: a row of any kind but person
    """Whether a row lies where the file puts it."""
    return lambda row: row.person_id == person and (lump is None or row.lump_id == lump)
