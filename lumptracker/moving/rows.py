"""Rows from end to end. Sealed words are carried as they lie; no key is needed and nothing is opened.

What is gone at the source goes first, then rows that changed, then new ones: so no two rows that must differ are ever
there at once. A row that points to another of its own table is put in without that, and told of it afterwards.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.management.color import no_style
from django.db import IntegrityError, connections, transaction
from django.db.models import CharField, F, Field, Model
from django.db.models.functions import Cast

from lumptracker.moving.ends import SOURCE, TARGET, tables_parents_first
from tracking.models import User
from tracking.models.base import SealedText, SealedTextField

BATCH = 500

Row = dict[str, Any]  # Any: column values by name


@dataclass(frozen=True, slots=True)
class Carried:
    """What one pass did to the rows of the target."""

    added: int
    changed: int
    removed: int


def carry_rows() -> Carried:
    """Make the target's rows equal to the source's. Within `one_moment`."""
    tables = tables_parents_first()
    if not User.objects.using(TARGET).exists():
        _empty(tables)  # of what migrations put there: kinds of content, permissions, under other numbers
    removed = sum(_remove_gone(model) for model in reversed(tables))
    added = changed = 0
    for model in tables:
        changed += _change(model)
        added += _add(model)
        _point_at_own_kind(model)
    _set_counters(tables)
    return Carried(added, changed, removed)


def differing_tables() -> dict[str, tuple[int, int]]:
    """Tables whose rows are not equal, with how many there are at each end. Empty: all is equal."""
    found = {}
    for model in tables_parents_first():
        here, there = (_sum_of(model, alias) for alias in (SOURCE, TARGET))
        if here != there:
            found[model._meta.db_table] = (here[0], there[0])
    return found


def count_rows() -> int:
    return sum(model._base_manager.using(SOURCE).count() for model in tables_parents_first())


def _empty(tables: list[type[Model]]) -> None:
    with transaction.atomic(using=TARGET):
        for model in reversed(tables):
            model._base_manager.using(TARGET).all().delete()


def _remove_gone(model: type[Model]) -> int:
    removed = 0
    for batch in _batches(model, TARGET):
        pks = [row["pk"] for row in batch]
        there = set(model._base_manager.using(SOURCE).filter(pk__in=pks).values_list("pk", flat=True))
        gone = [pk for pk in pks if pk not in there]
        if gone:
            removed += len(gone)
            model._base_manager.using(TARGET).filter(pk__in=gone).delete()
    return removed


def _change(model: type[Model]) -> int:
    """Twice over what stands in each other's way: two rows may have exchanged what must be unique."""
    changed = 0
    for batch in _batches(model, SOURCE):
        there = _rows_by_pk(model, [row["pk"] for row in batch])
        for row in batch:
            if row["pk"] in there and there[row["pk"]] != row:
                changed += _write(model, row)
    return changed


def _write(model: type[Model], row: Row) -> int:
    values = {name: value for name, value in _sealed(model, row).items() if name != "pk"}
    rows = model._base_manager.using(TARGET).filter(pk=row["pk"])
    try:
        with transaction.atomic(using=TARGET):
            return rows.update(**values)
    except IntegrityError:  # another row still holds what must be unique: let go of this one, it is added anew below
        with transaction.atomic(using=TARGET):
            rows.delete()
        return 0


def _add(model: type[Model]) -> int:
    added = 0
    own = _own_kind(model)
    for batch in _batches(model, SOURCE):
        there = _pks(model, [row["pk"] for row in batch])
        new = [{**_sealed(model, row), **dict.fromkeys(own)} for row in batch if row["pk"] not in there]
        if new:
            model._base_manager.using(TARGET).bulk_create([model(**row) for row in new])
            added += len(new)
    return added


def _point_at_own_kind(model: type[Model]) -> None:
    for name in _own_kind(model):
        pointing = model._base_manager.using(SOURCE).exclude(**{name: None}).values_list("pk", name)
        for pk, other in pointing.iterator(BATCH):
            model._base_manager.using(TARGET).filter(pk=pk).exclude(**{name: other}).update(**{name: other})


def _own_kind(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if field.related_model is model]


def _set_counters(tables: list[type[Model]]) -> None:
    """New rows take numbers after those that came."""
    connection = connections[TARGET]
    with connection.cursor() as cursor:
        for line in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(line)


def _batches(model: type[Model], alias: str) -> Iterator[list[Row]]:
    """All rows of one end in the order of their keys, as that end sorts them."""
    last = None
    while True:
        rows = _as_they_lie(model, alias).order_by("pk")
        batch = list((rows if last is None else rows.filter(pk__gt=last))[:BATCH])
        if not batch:
            return
        last = batch[-1]["pk"]
        yield batch


def _rows_by_pk(model: type[Model], pks: list[Any]) -> dict[Any, Row]:  # Any: keys of any table
    return {row["pk"]: row for row in _as_they_lie(model, TARGET).filter(pk__in=pks)}


def _pks(model: type[Model], pks: list[Any]) -> set[Any]:  # Any: as above
    return set(model._base_manager.using(TARGET).filter(pk__in=pks).values_list("pk", flat=True))


def _as_they_lie(model: type[Model], alias: str) -> Any:  # Any: a query of dictionaries
    """Each row as column → value; sealed columns unopened, under the name `lies_NAME`."""
    sealed = {f"lies_{field.attname}": Cast(F(field.attname), CharField()) for field in _columns(model, sealed=True)}
    plain = [field.attname for field in _columns(model, sealed=False)]
    return model._base_manager.using(alias).annotate(**sealed).values("pk", *plain, *sealed)


def _columns(model: type[Model], *, sealed: bool) -> list[Field[Any, Any]]:  # Any: of any type
    return [one for one in model._meta.concrete_fields if isinstance(one, SealedTextField) is sealed]


def _sealed(model: type[Model], row: Row) -> Row:
    """As the model takes it."""
    values = {name: value for name, value in row.items() if not name.startswith("lies_") and name != "pk"}
    for field in _columns(model, sealed=True):
        lying = row[f"lies_{field.attname}"]
        values[field.attname] = SealedText(lying) if lying else lying
    return values


def _sum_of(model: type[Model], alias: str) -> tuple[int, int]:
    """How many rows, and a sum over their hashes that does not depend on their order."""
    count = total = 0
    for batch in _batches(model, alias):
        for row in batch:
            text = json.dumps(row, sort_keys=True, default=str).encode()
            total = (total + int.from_bytes(hashlib.sha256(text).digest(), "big")) % 2**256
            count += 1
    return count, total
