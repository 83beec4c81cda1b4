"""One history document from a file: looked at for a preview, or written into the record.

It is written in one transaction, so that no judgement ever sees half of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from tracking import catalogue
from tracking.access import access_person_for_change
from tracking.errors import Forbidden
from tracking.history import History, parse_history
from tracking.import_rows import (
    Choices,
    Line,
    described,
    is_under,
    placed,
    rev_of_gone,
    unbury,
    write_lines,
)
from tracking.models import Membership, Person, User
from tracking.record_kinds import CARE, LUMP, OBSERVATION, PERSON, PHOTO, Kind
from tracking.record_revs import mark_due, save_changed
from tracking.record_rules import day_of
from tracking.record_shapes import invalid
from tracking.texts import say

Document = Mapping[str, Any]  # Any: JSON
Tally = Counter[tuple[str, str]]  # (kind, status) → how many


@dataclass(frozen=True, slots=True)
class Plan:
    """What a document would do. `photos`: old id → the id it has here, of pictures whose bytes are awaited."""

    person: Line
    lump: Line | None = None
    children: tuple[Line, ...] = ()

    def tally(self) -> Tally:
        lines = [self.person, *([self.lump] if self.lump else []), *self.children]
        return Counter((line.kind.name, line.status) for line in lines)


def plan_history(user: User, document: object, *, pictures: Set[UUID], at: datetime) -> Plan:
    """What this document would do. Raises InvalidInput naming every slip, Forbidden for somebody else's person.

    `pictures`: the photos whose bytes came along; the others of the document are not looked at.
    """
    history = parse_history(document, at=at)
    raw: Document = document  # type: ignore[assignment]  # a mapping: it was parsed
    today = day_of(at, history.person.time_zone)
    person = plan_person(user, raw["person"], history.person.id, today=today)
    lump = placed(user, LUMP, [history.lump.id], parent=person.row_id, is_ours=is_under(person.row_id))[history.lump.id]
    described(lump, _without(raw["lump"], "id") | {"person": str(person.row_id)}, today=today)
    return Plan(person, lump, tuple(_children(user, raw, history, person, lump, pictures, today=today, at=at)))


def plan_person(user: User, raw: Document, person_id: UUID, *, today: date) -> Line:
    """The person of a document. Only an owner may bring things into a record by file."""

    def is_ours(row: Person) -> bool:
        return Membership.objects.filter(user=user, person=row).exists()

    line = placed(user, PERSON, [person_id], parent=user.pk, is_ours=is_ours)[person_id]
    if line.row is not None:
        role = Membership.objects.get(user=user, person=line.row.pk).role
        if role != Membership.Role.OWNER:
            raise Forbidden("not_in_this_role", say("access.not_in_this_role"))
    fields = _without(raw, "id")
    if fields.get("colour") not in catalogue.COLOURS:
        fields.pop("colour", None)  # of a newer app: no reason to refuse a record
    if isinstance(fields.get("region"), str):
        fields["region"] = fields["region"][:2]  # GB-SCT: what is kept of it here is the country
    fields["time_zone"] = fields.get("time_zone") or "UTC"
    return described(line, fields, today=today)


def import_history(user: User, document: object, *, pictures: Set[UUID], choices: Choices, at: datetime) -> Plan:
    """Write what is new, and what differs where that was chosen."""
    with transaction.atomic():
        plan = plan_history(user, document, pictures=pictures, at=at)
        person = write_person_line(user, plan.person, choices, at=at)
        lump = plan.lump
        if person is None or lump is None:
            return plan
        held = access_person_for_change(user, person.pk, role=Membership.Role.OWNER)
        if lump.row is None and not lump.is_written(choices):
            return plan  # it was deleted here and stays so, with all that is below it
        for kind in (LUMP, OBSERVATION, CARE, PHOTO):
            lines = [line for line in (lump, *plan.children) if line.kind is kind and line.is_written(choices)]
            unbury(line for line in lines if line.status == "restored")
            write_lines(held, _with_parents(lines, plan, held, choices), at=at)
        mark_due(held.pk, lump_id=lump.row_id, at=at)
    return plan


def write_person_line(user: User, line: Line, choices: Choices, *, at: datetime) -> Person | None:
    """The person, written where that was chosen; None where they were deleted here and stay so."""
    with transaction.atomic():
        if line.row is not None:
            held = access_person_for_change(user, line.row_id, role=Membership.Role.OWNER)
            if line.status == "different" and line.is_written(choices):
                line.row = held
                write_lines(held, [line], at=at)
            return held
        if not line.is_written(choices):
            return None
        last_rev = rev_of_gone(line.row_id)
        unbury([line])
        person = Person(pk=line.row_id, created_at=at, updated_at=at, last_rev=last_rev)
        PERSON.write_leaves(person, line.after)
        person.save(force_insert=True)
        Membership.objects.create(user=user, person=person, role=Membership.Role.OWNER, since=at)
        save_changed(person, person, fields=line.after, at=at)
        return person


def _children(
    user: User,
    raw: Document,
    history: History,
    person: Line,
    lump: Line,
    pictures: Set[UUID],
    *,
    today: date,
    at: datetime,
) -> list[Line]:
    ours = is_under(person.row_id, lump.row_id)
    lines: list[Line] = []

    def among(kind: Kind, ids: list[UUID]) -> dict[UUID, Line]:
        return placed(user, kind, ids, parent=lump.row_id, is_ours=ours)

    checks = among(OBSERVATION, [one.id for one in history.observations])
    received = {one.id: one.received_at for one in history.observations}
    for one in raw["observations"]:
        line = described(
            checks[UUID(one["id"])], _without(one, "id", "received_at") | {"lump": str(lump.row_id)}, today=today
        )
        line.extra["received_at"] = _received(received[line.old_id], line.after["observed_at"], at=at)
        lines.append(line)
    steps = among(CARE, [one.id for one in history.care])
    for one in raw.get("care") or ():
        lines.append(described(steps[UUID(one["id"])], _without(one, "id") | {"lump": str(lump.row_id)}, today=today))
    shown = among(PHOTO, [one.id for one in history.photos if one.id in pictures])
    for one in raw.get("photos") or ():
        if (photo := shown.get(UUID(one["id"]))) is not None:
            fields = _without(one, "id", "width", "height")
            check = checks[UUID(one["observation"])]
            lines.append(described(photo, fields | {"observation": str(check.row_id)}, today=today))
    return lines


def _with_parents(lines: list[Line], plan: Plan, person: Person, choices: Choices) -> list[Line]:
    """The lines with the columns of their parents; a photo goes only where its check is."""
    lump_id = plan.lump.row_id if plan.lump else None
    gone = {
        line.row_id
        for line in plan.children
        if line.kind is OBSERVATION and line.row is None and not line.is_written(choices)
    }
    for line in lines:
        line.extra["person_id"] = person.pk
        if line.kind is LUMP:
            line.extra["assess_after"] = None
        else:
            line.extra["lump_id"] = lump_id
    return [line for line in lines if line.kind is not PHOTO or line.after["observation"] not in gone]


def _received(received_at: datetime | None, observed_at: datetime, *, at: datetime) -> datetime | None:
    """When it reached a server, as the file has it. What lies in the future is judged from now on at the earliest."""
    if received_at is not None:
        return min(received_at, at)
    return at if observed_at > at else None


def _without(raw: object, *names: str) -> dict[str, Any]:  # Any: JSON
    if not isinstance(raw, Mapping):
        raise invalid({"": [say("field.object")]})
    return {name: value for name, value in raw.items() if name not in names and value is not None}
