"""What an export holds, file by file: equal records give equal bytes, whichever installation they lie in.

So nothing in it tells when or where it was made. Everything is in one order (by time, then by id), keys are sorted,
and only persons that the account owns are in it: what others shared with it is theirs to export.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any
from uuid import UUID

from tracking.days import read_zone
from tracking.history import History, PhotoFacts, write_history
from tracking.history_write import write_person
from tracking.models import Lump, Membership, Person, Photo, ShareLink, User
from tracking.reader import histories, person_facts
from tracking.record_account import SettingsShape
from tracking.spreadsheet import COLUMNS, READERS_COLUMNS, write_csv

PERSONS_FORMAT = "lumptracker.persons/1"
ACCOUNT_FORMAT = "lumptracker.account/1"
Document = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Scope:
    """What is exported: persons by id, lumps by person and id. Ids alone, so that it may be large."""

    persons: tuple[UUID, ...]
    lumps: tuple[UUID, ...]


def scope_of(user: User) -> Scope:
    """Everything that this account owns."""
    owned = Membership.objects.filter(user=user, role=Membership.Role.OWNER).values("person")
    persons = Person.objects.filter(pk__in=owned).order_by("pk")
    lumps = Lump.objects.filter(person__in=owned).order_by("person", "pk")
    return Scope(tuple(persons.values_list("pk", flat=True)), tuple(lumps.values_list("pk", flat=True)))


def ordered_history(lump_id: UUID) -> History | None:
    """A lump's history in the export's order; None where it was deleted meanwhile."""
    found = histories([lump_id]).get(lump_id)
    if found is None:
        return None
    return replace(
        found,
        observations=tuple(sorted(found.observations, key=lambda one: (one.observed_at, one.id.hex))),
        photos=tuple(sorted(found.photos, key=_when_taken)),
        care=tuple(sorted(found.care, key=lambda one: (one.on, one.id.hex))),
    )


def picture_keys(lump_id: UUID) -> dict[UUID, str]:
    """Photo → where its large picture lies."""
    ready = Photo.objects.filter(lump=lump_id, state=Photo.State.READY)
    return dict(ready.values_list("pk", "large_key"))


def json_bytes(document: Document) -> bytes:
    """The one way that a document becomes bytes."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8") + b"\n"


def history_bytes(history: History) -> bytes:
    return json_bytes(write_history(history))


def persons_bytes(scope: Scope) -> bytes:
    """Every person, those without a lump too: a history names only its own."""
    people = Person.objects.filter(pk__in=scope.persons).order_by("pk")
    return json_bytes({"format": PERSONS_FORMAT, "persons": [write_person(person_facts(one)) for one in people]})


def account_bytes(user: User) -> bytes:
    """The account's own settings and the links it gave out, to be read; an import passes it over."""
    links = user.share_links.order_by("created_at", "pk").prefetch_related("lumps", "accesses")
    document = {
        "format": ACCOUNT_FORMAT,
        "email": user.email,
        "settings": dict(SettingsShape(user).data),
        "share_links": [_link(link) for link in links],
    }
    return json_bytes(json.loads(json.dumps(document, default=str)))


def csv_bytes(rows: Iterable[tuple[str, ...]]) -> bytes:
    """Every check, a row each, in the columns of the template and some for the reader."""
    return write_csv([(*COLUMNS, *READERS_COLUMNS), *rows])


def check_rows(history: History) -> Iterator[tuple[str, ...]]:
    """The checks of one lump as cells."""
    zone, lump = read_zone(history.person.time_zone), history.lump
    for check in history.observations:
        at = check.observed_at.astimezone(zone)
        signs = "; ".join(f"{name}={_plain(answer)}" for name, answer in sorted(check.signs.items()) if name != "pain")
        yield (
            at.date().isoformat(), f"{at:%H:%M}", lump.label, lump.site, lump.side or "", _number(check.length_mm),
            _number(check.width_mm), _number(check.height_mm), "mm", check.method or "",
            _plain(check.signs.get("pain")), check.note, history.person.name, signs, str(check.id),
        )  # fmt: skip


def _when_taken(photo: PhotoFacts) -> tuple[str, str]:
    return photo.taken_at.astimezone(UTC).isoformat() if photo.taken_at else "", photo.id.hex


def _link(link: ShareLink) -> Document:
    return {
        "label": link.label,
        "created_at": link.created_at.isoformat(),
        "expires_at": link.expires_at.isoformat(),
        "revoked_at": link.revoked_at.isoformat() if link.revoked_at else None,
        "lumps": sorted(str(lump.pk) for lump in link.lumps.all()),
        "opened": [
            {"at": seen.at.isoformat(), "what": seen.what, "recipient": seen.recipient}
            for seen in sorted(link.accesses.all(), key=lambda one: (one.at, one.pk))
        ],
    }


def _number(length_mm: float | None) -> str:
    return "" if length_mm is None else f"{length_mm:g}"


def _plain(answer: object) -> str:
    if answer is None:
        return ""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return f"{answer:g}" if isinstance(answer, float) else str(answer)
