"""Two-way synchronisation of phones that were offline: apply what they send, once; tell what they have not seen.

One transaction for a request, one savepoint for an operation: a bad one is told and the rest go on. Whatever is
repeated gets its first result, however old; the pair (account, op_id) is unique in the database, so also under
concurrency. Everything an operation may do, it does through the verbs of `record`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from tracking.errors import InvalidInput, TrackingError
from tracking.models import Membership, Operation, Person, User
from tracking.record import Written, merge_row
from tracking.record_kinds import KINDS, OBSERVATION, Kind
from tracking.record_removal import delete_row
from tracking.record_shapes import invalid
from tracking.statements import Question
from tracking.sync_cursor import LARGEST_REV
from tracking.sync_feed import changes_since, check_cursor
from tracking.sync_new import store_new_checks
from tracking.texts import say

MOST_OPERATIONS = 50
Result = dict[str, Any]  # Any: JSON
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One operation, read."""

    op_id: UUID
    kind: Kind
    row_id: UUID
    base_rev: int
    fields: Mapping[str, object] | None  # None: delete


def synchronise(user: User, *, cursor: object, operations: Sequence[object], at: datetime) -> Result:
    """Apply the operations in their order and tell what changed since the cursor.

    Raises Gone `resync` (before anything is applied), InvalidInput for more than fifty operations.
    """
    if len(operations) > MOST_OPERATIONS:
        raise invalid({"operations": [say("sync.too_many", most=MOST_OPERATIONS)]})
    with transaction.atomic():
        _hold(user)
        seen = check_cursor(user, cursor)
        results = _applied_in_order(user, operations, at=at)
        pulled = changes_since(user, seen)
    return {"results": results, "changes": pulled.changes, "cursor": pulled.cursor, "more": pulled.more}


def _applied_in_order(user: User, operations: Sequence[object], *, at: datetime) -> list[Result]:
    """New checks that follow each other are stored together as far as that goes, everything else one by one."""
    told = _first_results(user, operations)
    results: list[Result] = []
    while len(results) < len(operations):
        stored = store_new_checks(user, _new_checks(operations[len(results) :], told), at=at)
        results += stored
        told |= {UUID(result["op_id"]): result for result in stored}
        if len(results) < len(operations):
            operation = operations[len(results)]
            own_revs = frozenset(result["rev"] for result in results if result["rev"])
            result = _apply_once(user, operation, told=told, own_revs=own_revs, at=at)
            results.append(result)
    return results


def _new_checks(operations: Sequence[object], told: Mapping[UUID, Result]) -> list[Wanted]:
    """The operations up to the first that is anything else than a new check."""
    found: list[Wanted] = []
    for operation in operations:
        op_id = _uuid_in(operation, "op_id")
        if op_id is None or op_id in told or any(one.op_id == op_id for one in found):
            break
        try:
            wanted = _wanted(operation, op_id)
        except TrackingError:
            break
        if wanted.kind is not OBSERVATION or wanted.fields is None or wanted.base_rev:
            break
        found.append(wanted)
    return found


def _hold(user: User) -> None:
    """Lock the account's persons in one order, so that two phones of two accounts never wait for each other."""
    HELD.all(user=user.pk)


def _held(user: UUID) -> QuerySet[Person, UUID]:
    mine = Membership.objects.filter(user=user).values("person")
    return Person.objects.select_for_update().filter(pk__in=mine).order_by("pk").values_list("pk", flat=True)


HELD = Question(_held, user=UUID)


def _apply_once(
    user: User, operation: object, *, told: dict[UUID, Result], own_revs: frozenset[int], at: datetime
) -> Result:
    op_id = _uuid_in(operation, "op_id")
    if op_id is None:
        named = operation.get("op_id") if isinstance(operation, Mapping) else None
        return _rejected(named if isinstance(named, str) else None, invalid({"op_id": [say("field.uuid")]}))
    if op_id in told:
        return told[op_id]
    try:
        with transaction.atomic():
            result = _applied(user, operation, op_id, own_revs=own_revs, at=at)
            Operation.objects.create(user=user, op_id=op_id, result=json.dumps(result), at=at)
        told[op_id] = result
        return result
    except IntegrityError:
        return _first_result(user, op_id) or _rejected(str(op_id), _failure())
    except Exception as error:  # a defect of ours must not dam up everything behind it; unremembered, it may be retried
        log.error("An operation failed: %s", type(error).__name__)
        return _rejected(str(op_id), _failure())


def _applied(user: User, operation: object, op_id: UUID, *, own_revs: frozenset[int], at: datetime) -> Result:
    try:
        with transaction.atomic():
            wanted = _wanted(operation, op_id)
            if wanted.fields is None:
                rev, was_there = delete_row(user, wanted.kind, wanted.row_id, at=at)
                return _result(wanted, status="applied" if was_there else "unchanged", rev=rev)
            written = merge_row(
                user,
                wanted.kind,
                wanted.row_id,
                wanted.fields,
                base_rev=wanted.base_rev,
                own_revs=own_revs,
                at=at,
            )
            return _told(wanted, written)
    except TrackingError as error:
        return _rejected(str(op_id), error)


def _told(wanted: Wanted, written: Written) -> Result:
    status = "unchanged" if not written.changed else "merged" if written.merged else "applied"
    column = wanted.kind.json_of
    conflicts = {
        name: {"kept": column(name, clash.kept), "other": column(name, clash.other)}
        for name, clash in written.clashes.items()
    }
    return {**_result(wanted, status=status, rev=written.row.rev), "conflicts": conflicts}


def _result(wanted: Wanted, *, status: str, rev: int) -> Result:
    return {"op_id": str(wanted.op_id), "status": status, "rev": rev, "error": None, "conflicts": {}}


def _rejected(op_id: object, error: TrackingError) -> Result:
    told = {"code": error.code, "message": error.message, "fields": error.fields}
    return {"op_id": op_id, "status": "rejected", "rev": None, "error": told, "conflicts": {}}


def _failure() -> TrackingError:
    return TrackingError("server_error", say("api.server_error"))


def _first_results(user: User, operations: Sequence[object]) -> dict[UUID, Result]:
    """Of those that were sent before."""
    ids = {op_id for operation in operations if (op_id := _uuid_in(operation, "op_id"))}
    rows = Operation.objects.filter(user=user, op_id__in=ids) if ids else ()
    return {row.op_id: dict(json.loads(row.result)) for row in rows}


def _first_result(user: User, op_id: UUID) -> Result | None:
    kept = Operation.objects.filter(user=user, op_id=op_id).first()
    return None if kept is None else dict(json.loads(kept.result))


def _wanted(operation: object, op_id: UUID) -> Wanted:
    """The operation, or InvalidInput that names what is wrong with it."""
    if not isinstance(operation, Mapping):
        raise invalid({"body": [say("field.object")]})
    kind, row_id = KINDS.get(str(operation.get("type"))), _uuid_in(operation, "id")
    base_rev, fields = operation.get("base_rev") or 0, operation.get("fields")
    is_deletion = operation.get("deleted") is True
    slips = {
        "type": kind is None and say("field.choice"),
        "id": row_id is None and say("field.uuid"),
        "base_rev": not _is_rev(base_rev) and say("field.number"),
        "fields": not is_deletion and not isinstance(fields, Mapping) and say("field.object"),
    }
    if kind is None or row_id is None or any(slips.values()):
        raise invalid({name: [slip] for name, slip in slips.items() if slip})
    return Wanted(op_id, kind, row_id, base_rev, None if is_deletion else _nested(kind, fields))


def _nested(kind: Kind, fields: Any) -> dict[str, object]:  # Any: a mapping, proved above
    """`signs.fever` put back into `signs`; whatever else is dotted stays, to be refused by its name."""
    document = {name: value for name, value in fields.items() if not name.startswith(f"{kind.answers}.")}
    dotted = {name.partition(".")[2]: value for name, value in fields.items() if name.startswith(f"{kind.answers}.")}
    if not dotted or kind.answers is None:
        return document
    nested = document.get(kind.answers) or {}
    if not isinstance(nested, Mapping):
        raise InvalidInput("invalid", say("record.invalid"), fields={kind.answers: [say("field.answers")]})
    return {**document, kind.answers: {**nested, **dotted}}


def _uuid_in(operation: object, name: str) -> UUID | None:
    try:
        return UUID(operation[name]) if isinstance(operation, Mapping) else None
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def _is_rev(rev: object) -> bool:
    return isinstance(rev, int) and not isinstance(rev, bool) and 0 <= rev <= LARGEST_REV
