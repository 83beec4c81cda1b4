"""The verbs that change the record. One way in for the API, `sync/`, imports and the clinician's reply.

Each verb is one transaction: it holds the person's row, gives the changed row the person's next rev, rings the lump's
alarm clock (`assess_after`), and may be repeated any number of times: saying the same again changes nothing.
All raise InvalidInput, NotFound (missing and somebody else's alike), Conflict `deleted`, Forbidden.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction

from tracking.access import access_person_for_change, persons_of, row_for_change, whose_row
from tracking.errors import Conflict, Forbidden, NotFound
from tracking.models import Lump, Membership, Observation, Person, Photo, Tombstone, User
from tracking.models.base import Synced
from tracking.record_closing import GONE, MOVERS, settle_closed
from tracking.record_kinds import CARE, KINDS, OBSERVATION, PERSON, Kind
from tracking.record_merge import Clash, clashes_of, keep_superseded, reconciled
from tracking.record_revs import mark_due, save_changed
from tracking.record_rules import day_of, is_owners_to_say, settled
from tracking.record_shapes import invalid, read_shape
from tracking.statements import Question
from tracking.texts import say

Result = TypeVar("Result")
Leaves = dict[str, Any]  # Any: column values of as many types as there are columns
STONE = Question(lambda kind, row: Tombstone.objects.filter(kind=kind, row_id=row), kind=str, row=UUID)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to have written."""

    user: User
    kind: Kind
    row_id: UUID
    document: object  # JSON, not read yet
    at: datetime
    mode: Literal["put", "change", "merge"]
    base_rev: int = 0  # the rev that the writer last saw; 0: never
    own_revs: frozenset[int] = frozenset()  # given to the same writer since then


@dataclass(frozen=True, slots=True)
class Written:
    """What a write did. `clashes`: fields that another phone had set meanwhile, by dotted name."""

    row: Synced
    created: bool
    changed: bool
    merged: bool = False  # others had changed the row since `base_rev`
    clashes: Mapping[str, Clash] = field(default_factory=dict)


def put_row(user: User, kind: Kind, row_id: UUID, document: object, *, at: datetime) -> Written:
    """Create the row under the id its maker chose, or replace it whole: what is not in the document is not asked."""
    return _once_more(lambda: _write(Wish(user, kind, row_id, document, at, "put")))


def change_row(user: User, kind: Kind, row_id: UUID, document: object, *, at: datetime) -> Written:
    """Change what the document names and leave the rest, answer by answer inside `signs` and `background`."""
    return _once_more(lambda: _write(Wish(user, kind, row_id, document, at, "change")))


def merge_row(
    user: User,
    kind: Kind,
    row_id: UUID,
    document: object,
    *,
    base_rev: int,
    own_revs: frozenset[int] = frozenset(),
    at: datetime,
) -> Written:
    """`change_row` from a phone that last saw the row at `base_rev` (0: never), or create it.

    A field that nobody else set since then is simply set. Where somebody did, the later arrival is kept and the other
    value is told in `clashes` and remembered in `Superseded`.
    """
    return _once_more(lambda: _write(Wish(user, kind, row_id, document, at, "merge", base_rev, own_revs)))


def refuse_used_id(user: User, kind: Kind, row_id: UUID) -> None:
    """Raises Conflict for an id that this account's record used and deleted, NotFound for somebody else's."""
    holder, is_mine = whose_row(kind.model, user, row_id)
    _refuse_used(user, kind, row_id, is_somebody_elses=holder is not None and not is_mine)


def _refuse_used(user: User, kind: Kind, row_id: UUID, *, is_somebody_elses: bool) -> None:
    """One's own row that another request has made meanwhile is not refused but found."""
    stone = STONE.first(kind=kind.name, row=row_id)
    if stone is not None and is_own_stone(user, stone):
        raise Conflict("deleted", say("record.deleted", language=user.language))
    if stone is not None or is_somebody_elses:
        raise NotFound


def is_own_stone(user: User, stone: Tombstone) -> bool:
    """Whether the account may know that this row was once there."""
    return stone.user_id == user.pk or persons_of(user).filter(pk=stone.person_id).exists()


def _once_more(verb: Callable[[], Result]) -> Result:
    """Two requests that make the same row at once: the one that came second sees the first and tries again."""
    try:
        with transaction.atomic():
            return verb()
    except IntegrityError:
        with transaction.atomic():
            return verb()


def _write(wish: Wish) -> Written:
    held = _held(wish)
    values = _values(wish, exists=held is not None)
    person, row = held or _begun(wish, values)
    before = wish.kind.leaves_of(row) if held else {}
    _refuse_move(wish.kind, before, values)
    given = _without_fixed(row, _given(wish, before, values))
    after, clashes = _after(wish, row, before, given)
    zone = values.get("time_zone") or person.time_zone
    after = settled(wish.kind.name, after, given=values.keys(), today=day_of(wish.at, zone), before=before)
    if wish.kind is CARE and is_owners_to_say(before, after):
        require_owner(wish.user, person, say_key="owner_changes" if before.get("confirmed") else "owner_confirms")
    clashes = {name: replace(clash, kept=after.get(name)) for name, clash in clashes.items()}
    changed = {name for name in before | after if before.get(name) != after.get(name)} if held else set(given)
    is_behind = bool(held) and row.rev > wish.base_rev and row.rev not in wish.own_revs
    if changed or not held:
        _store(wish, person, row, before, after, changed)
        keep_superseded(person, wish.kind.name, row, clashes, at=wish.at)
    return Written(row, created=not held, changed=bool(changed or not held), merged=is_behind, clashes=clashes)


def _held(wish: Wish) -> tuple[Person, Synced] | None:
    """The row with its person locked, or None where the id is free. A change to what is not there is NotFound."""
    holder, is_mine = whose_row(wish.kind.model, wish.user, wish.row_id)
    if holder is not None and is_mine:
        if wish.kind is PERSON:
            person = access_person_for_change(wish.user, holder)
            return person, person
        held = row_for_change(wish.kind.model, wish.user, wish.row_id)
        if held is not None:
            return held
    if wish.mode == "change":
        raise NotFound
    _refuse_used(wish.user, wish.kind, wish.row_id, is_somebody_elses=holder is not None and not is_mine)
    return None


def require_owner(user: User, person: Person, *, say_key: str) -> None:
    """What a clinician wrote counts, changes and goes by an owner's word only. Raises Forbidden with that sentence."""
    if not Membership.objects.filter(user=user, person=person, role=Membership.Role.OWNER).exists():
        raise Forbidden("not_in_this_role", say(f"access.{say_key}", language=user.language))


def _values(wish: Wish, *, exists: bool) -> Leaves:
    partial = exists and wish.mode != "put"
    values = read_shape(wish.kind.shape, wish.document, partial=partial)
    sent = _named(wish.document, "id")
    if sent is not None and str(sent).lower() != str(wish.row_id):
        raise invalid({"id": [say("field.other_id")]})
    return wish.kind.leaves_in(values)


def _named(document: object, name: str) -> object:
    return document.get(name) if isinstance(document, Mapping) else None


def _begun(wish: Wish, values: Leaves) -> tuple[Person, Synced]:
    """A new row, unsaved, with its person locked and its parent looked up under that lock."""
    new = {"id": wish.row_id, "created_at": wish.at, "updated_at": wish.at}
    if wish.kind is PERSON:
        person = Person.objects.create(**new)
        Membership.objects.create(user=wish.user, person=person, role=Membership.Role.OWNER, since=wish.at)
        return person, person
    person, parents = _parents(wish, values)
    columns: dict[str, Any] = {"person": person, **parents, **new}  # Any: rows and values
    row = wish.kind.model(**columns)
    if isinstance(row, Observation):
        row.received_at = wish.at
    return person, row


def _parents(wish: Wish, values: Leaves) -> tuple[Person, dict[str, Synced]]:
    parent = KINDS[str(wish.kind.parent)]
    parent_id = values[parent.name]
    if parent is PERSON:
        return access_person_for_change(wish.user, parent_id), {}
    found = row_for_change(parent.model, wish.user, parent_id)
    if found is None:
        raise NotFound
    person, held = found
    return person, {parent.name: held, **({"lump": held.lump} if isinstance(held, Observation) else {})}


def _refuse_move(kind: Kind, before: Leaves, values: Leaves) -> None:
    if kind.parent and before and values.get(kind.parent, before[kind.parent]) != before[kind.parent]:
        raise invalid({kind.parent: [say("field.not_movable")]})


def _without_fixed(row: Synced, given: Leaves) -> Leaves:
    """Once a picture's bytes are here, what they hash to is known and not a matter of opinion."""
    if isinstance(row, Photo) and row.state == Photo.State.READY:
        return {name: value for name, value in given.items() if name != "sha256"}
    return given


def _given(wish: Wish, before: Leaves, values: Leaves) -> Leaves:
    """The leaves that this request sets: a replacement sets all, and `signs: null` takes every answer back."""
    answers = f"{wish.kind.answers}."
    known = dict.fromkeys(name for name in before if name.startswith(answers))
    if wish.mode == "put":
        return {**wish.kind.leaves_of(None), **known, **values} if before else values
    takes_all_back = isinstance(wish.document, Mapping) and wish.document.get(wish.kind.answers, ...) is None
    return {**known, **values} if takes_all_back else values


def _after(wish: Wish, row: Synced, before: Leaves, given: Leaves) -> tuple[Leaves, dict[str, Clash]]:
    start = before or wish.kind.leaves_of(None)
    answers = f"{wish.kind.answers}."
    after = {
        name: value for name, value in {**start, **given}.items() if value is not None or not name.startswith(answers)
    }
    if wish.mode != "merge" or not before:
        return after, {}
    foreign = {name for name, rev in row.field_revs.items() if rev > wish.base_rev and rev not in wish.own_revs}
    clashes = clashes_of(before, given, foreign=foreign)
    if wish.kind is not OBSERVATION:
        return after, clashes
    after, more = reconciled(after, given, foreign=foreign)
    return after, {**clashes, **more}


def _store(wish: Wish, person: Person, row: Synced, before: Leaves, after: Leaves, changed: set[str]) -> None:
    wish.kind.write_leaves(row, after)
    if isinstance(row, Lump):
        row.assess_after, row.claimed_until = wish.at, None
    save_changed(person, row, fields=changed, at=wish.at)
    if isinstance(row, Person):
        mark_due(row.pk, at=wish.at)
    elif not isinstance(row, Lump):
        lump_id = row.lump_id  # type: ignore[attr-defined]  # checks, photos and care have a lump
        mark_due(person.pk, lump_id=lump_id, at=wish.at, is_news=isinstance(row, Observation))
    if isinstance(row, Observation) and (not before or changed & MOVERS):
        settle_closed(person, row.lump, was_gone=before.get("signs.trend") == GONE, at=wish.at)
