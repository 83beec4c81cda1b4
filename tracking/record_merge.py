"""Two phones changed the same row apart: what is kept, and what is told about the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from tracking.models import Person, Superseded
from tracking.models.base import Synced
from tracking.record_rules import measure_disagrees

Leaves = Mapping[str, Any]  # Any: column values of as many types as there are columns
MEASURE = ("length_mm", "readings_mm")


@dataclass(frozen=True, slots=True)
class Clash:
    """One field with two answers: the later arrival is kept, the other one is told and remembered."""

    kept: Any  # Any: column values
    other: Any


def clashes_of(before: Leaves, given: Leaves, *, foreign: Set[str]) -> dict[str, Clash]:
    """The given fields that somebody else (`foreign`) set to another value meanwhile."""
    return {
        name: Clash(kept=value, other=before.get(name))
        for name, value in given.items()
        if name in foreign and value != before.get(name)
    }


def reconciled(after: Leaves, given: Leaves, *, foreign: Set[str]) -> tuple[dict[str, Any], dict[str, Clash]]:
    """A length from one phone and readings from another that disagree: the later arrival is the measurement."""
    asked = [name for name in MEASURE if name in given]
    if len(asked) != 1 or not measure_disagrees(after):
        return dict(after), {}
    name = MEASURE[1 - MEASURE.index(asked[0])]
    if name not in foreign:
        return dict(after), {}
    empty: list[float] | None = [] if name == "readings_mm" else None
    return {**after, name: empty}, {name: Clash(kept=empty, other=after[name])}


def keep_superseded(person: Person, kind: str, row: Synced, clashes: Mapping[str, Clash], *, at: datetime) -> None:
    """Remember the values that lost, sealed like any text."""
    Superseded.objects.bulk_create(
        Superseded(
            person=person,
            kind=kind,
            row_id=row.pk,
            field=name,
            value=json.dumps(clash.other, cls=DjangoJSONEncoder),
            rev=row.rev,
            at=at,
        )
        for name, clash in clashes.items()
    )
