"""A spreadsheet as history documents, so that it goes into the record by the same door as an export.

Rows of one lump belong together by its name (or, without one, by its place). Ids are made from what a row says of
itself: person, lump, day and time. So the same sheet may come again and again, longer each time, and a row that was
mended is found again as the check it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, tzinfo
from typing import Any, cast
from uuid import UUID, uuid5

from tracking.access import persons_of
from tracking.days import read_zone
from tracking.errors import InvalidInput
from tracking.history import FORMAT, write_history
from tracking.history_write import write_person
from tracking.models import Lump, Membership, Person, User
from tracking.reader import histories, person_facts
from tracking.sheet_cells import Order
from tracking.sheet_rows import Question, SheetRow, Slip, read_rows
from tracking.texts import say

NOON = time(12)  # of a day without a time: the same day in every zone near the person's
Document = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class SheetChoices:
    """Answers to what a sheet leaves open; None: not answered."""

    order: Order | None = None
    unit: str | None = None
    person: UUID | None = None

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> SheetChoices:  # Any: what was chosen, JSON
        person = raw.get("person")
        return cls(cast("Order | None", raw.get("date_order")), raw.get("unit"), UUID(person) if person else None)


@dataclass(frozen=True, slots=True)
class SheetLump:
    """One lump of the sheet with its checks, as a document. `where` names it by its first line."""

    where: str
    document: Document


@dataclass
class Sheet:
    lumps: list[SheetLump] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def read_sheet(user: User, content: bytes, choices: SheetChoices, *, at: datetime) -> Sheet:
    """The sheet for this account. Raises InvalidInput where it is none, or names a person who is not the account's."""
    rows = read_rows(content, order=choices.order, unit=choices.unit)
    sheet = Sheet(slips=rows.slips, questions=rows.questions)
    person = _person(user, choices, sheet)
    zone = read_zone(person["time_zone"])
    now = at.astimezone(zone).replace(tzinfo=None)
    good = []
    for row in rows.rows:
        if datetime.combine(row.day, row.at or time(0)) > now:
            message = say("sheet.in_future")
            slip = InvalidInput("invalid", message, fields={"date": [message]})
            sheet.slips.append(Slip(say("sheet.line", line=row.line), slip))
        else:
            good.append(row)
    known = _known_lumps(user, UUID(person["id"]))
    for group in _grouped(good):
        where = say("sheet.line", line=group[0].line)
        sheet.lumps.append(SheetLump(where, _document(group, person, known, zone=zone)))
    return sheet


def _person(user: User, choices: SheetChoices, sheet: Sheet) -> Document:
    """Whose lumps they are: the chosen one, the only one, or the first person of a new account."""
    owned = list(persons_of(user).filter(memberships__role=Membership.Role.OWNER).order_by("created_at", "pk"))
    chosen = [one for one in owned if one.pk == choices.person] if choices.person else owned
    if choices.person and not chosen:
        message = say("api.not_found")
        raise InvalidInput("invalid", message, fields={"person": [message]})
    if len(chosen) > 1:
        sheet.questions.append(Question("person", tuple(str(one.pk) for one in chosen)))
    if not chosen:
        zone = user.time_zone or "UTC"
        return {"id": str(uuid5(user.pk, "sheet:person")), "name": "", "time_zone": zone}
    return dict(write_person(person_facts(chosen[0])))


def _known_lumps(user: User, person_id: UUID) -> list[Lump]:
    if not Person.objects.filter(pk=person_id, memberships__user=user).exists():
        return []
    return list(Lump.objects.filter(person=person_id).order_by("created_at", "pk"))


def _grouped(rows: Sequence[SheetRow]) -> Iterator[list[SheetRow]]:
    """The rows of one lump: the same name; without a name, the same place and side."""
    groups: dict[tuple[str, ...], list[SheetRow]] = {}
    for row in rows:
        name = row.lump.casefold().strip()
        key = (name,) if name else ("", row.site or "", row.side or "")
        groups.setdefault(key, []).append(row)
    yield from groups.values()


def _document(group: Sequence[SheetRow], person: Document, known: Sequence[Lump], *, zone: tzinfo) -> Document:
    site = next((row.site for row in group if row.site), None)
    side = next((row.side for row in group if row.side), None)
    label = next((row.lump for row in group if row.lump), "")
    lump = _lump(person, known, label=label, site=site, side=side)
    there = {one["id"]: one for one in lump.pop("observations", [])}
    times: Counter[str] = Counter()
    checks: dict[str, Document] = {}
    for row in group:
        moment = f"{row.day.isoformat()}T{(row.at or NOON):%H:%M}"
        times[moment] += 1
        check_id = _own_id(row) or str(uuid5(UUID(lump["id"]), f"sheet:{moment}#{times[moment]}"))
        observed_at = datetime.combine(row.day, row.at or NOON, tzinfo=zone).astimezone(UTC)
        checks[check_id] = _check(row, check_id, observed_at, there.get(check_id))
    return {
        "format": FORMAT,
        "person": person,
        "lump": lump,
        "observations": list(checks.values()),
        "photos": [],
        "care": [],
    }


def _lump(person: Document, known: Sequence[Lump], *, label: str, site: str | None, side: str | None) -> Document:
    """The lump of that name that is there, as it is; else a new one."""
    for lump in known:
        is_named = bool(label) and lump.label.casefold().strip() == label.casefold().strip()
        is_placed = not label and not lump.label and (lump.site, lump.side) == (site, side)
        if (is_named and site in (None, lump.site)) or is_placed:
            document: Document = write_history(histories([lump.pk])[lump.pk])
            return {**document["lump"], "observations": document["observations"]}
    name = f"sheet:lump:{label.casefold().strip()}:{site or ''}:{side or ''}"
    return {"id": str(uuid5(UUID(person["id"]), name)), "label": label, "site": site or "other", "side": side}


def _check(row: SheetRow, check_id: str, observed_at: datetime, there: Document | None) -> Document:
    """What the row says, over what the check has already: an empty cell takes nothing away."""
    pain = {} if row.pain is None else {"pain": row.pain}
    check: Document = dict(there or {"id": check_id})
    if there is None or row.at is not None:
        check["observed_at"] = observed_at.isoformat()
    if "length_mm" in row.sizes_mm and row.sizes_mm["length_mm"] != check.get("length_mm"):
        check["readings_mm"] = []
    check |= row.sizes_mm
    check |= {name: value for name, value in (("method", row.method), ("note", row.note)) if value}
    check["signs"] = {**(check.get("signs") or {}), **pain}
    return check


def _own_id(row: SheetRow) -> str | None:
    """The id that an export wrote beside the check; one of another lump gets a new one where rows are placed."""
    try:
        found = str(UUID(row.id))
    except ValueError:
        return None
    return found
