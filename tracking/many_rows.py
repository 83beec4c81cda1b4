"""Many new rows in one statement, at what they cost the database.

Django's `bulk_create` puts together an expression for every value of every row, and PostgreSQL is sent an array a
column, each with signs before its quotes. Here the rows are copied in there, or are one piece of JSON where some of
them may exist already; on SQLite they are a prepared statement. Values are taken and turned column by column.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Field, JSONField, Model

Column = list[Any]  # Any: what the column holds

AS_IT_IS = frozenset({str, int, float, bool})  # to a driver, in any column but one of JSON


def insert_rows(rows: Sequence[Model], *, ignore_known: bool = False) -> None:
    """Store new rows of one table, inside a transaction. A key that the database counts stays unknown to the rows, and
    what it would fill in by itself must be there. `ignore_known`: those that exist already stay as they are."""
    if not rows:
        return
    known = type(rows[0])._meta.concrete_fields
    fields = [field for field in known if isinstance(field, Field) and not (field.primary_key and field.db_returning)]
    columns = [_taken(field, rows) for field in fields]
    quote = connection.ops.quote_name
    table = quote(type(rows[0])._meta.db_table)
    names = ", ".join(quote(str(field.column)) for field in fields)
    end = "ON CONFLICT DO NOTHING" if ignore_known else ""
    if connection.vendor != "postgresql":
        _one_by_one(f"INSERT INTO {table} ({names})", end, fields, columns)
    elif ignore_known:
        _from_json(table, names, end, fields, columns)
    else:
        _copied(f"COPY {table} ({names}) FROM STDIN", fields, columns)


def look_up_by_key() -> None:
    """For the rest of this transaction PostgreSQL finds rows by an index wherever there is one.

    A plan is kept as long as the connection: one that was made while a table was as good as empty, say to look up what
    a new row points to, would go on reading all of it while it fills, ever more slowly. Nothing that is written by the
    batch is better read from end to end.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")


def _taken(field: Field[Any, Any], rows: Sequence[Model]) -> Column:
    """The values of one column. Only some kinds of field have something to do before they are saved."""
    if type(field).pre_save is Field.pre_save:
        return list(map(attrgetter(field.attname), rows))
    return [field.pre_save(row, True) for row in rows]


def _copied(statement: str, fields: Sequence[Field[Any, Any]], columns: Sequence[Column]) -> None:
    """PostgreSQL: nothing is planned there, and each value is read as what its column holds."""
    told = [_as_json(one) if isinstance(field, JSONField) else one for field, one in zip(fields, columns, strict=True)]
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in zip(*told, strict=True):
            copy.write_row(row)


def _from_json(table: str, names: str, end: str, fields: Sequence[Field[Any, Any]], columns: Sequence[Column]) -> None:
    """PostgreSQL: the table's own row type says what each value is."""
    keys = [str(field.column) for field in fields]
    told = json.dumps([dict(zip(keys, row, strict=True)) for row in zip(*columns, strict=True)], default=_text)
    source = f"json_populate_recordset(NULL::{table}, %s::json)"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {source} {end}", [told])  # noqa: S608  our own


def _one_by_one(start: str, end: str, fields: Sequence[Field[Any, Any]], columns: Sequence[Column]) -> None:
    marks = ", ".join(["%s"] * len(fields))
    told = [_as_stored(field, column) for field, column in zip(fields, columns, strict=True)]
    with connection.cursor() as cursor:
        cursor.executemany(f"{start} VALUES ({marks}) {end}", list(zip(*told, strict=True)))


def _as_stored(field: Field[Any, Any], column: Column) -> Column:
    """A column as SQLite's driver takes it; of the usual kinds the field itself is not asked value by value."""
    kinds = set(map(type, column)) - {type(None)}
    if isinstance(field, JSONField) and field.encoder is None:
        return _as_json(column)
    if kinds <= AS_IT_IS and not isinstance(field, JSONField):
        return column
    if kinds == {UUID}:
        return [value and value.hex for value in column]
    if kinds == {datetime}:
        return list(map(_moment, column))
    return [field.get_db_prep_save(value, connection) for value in column]


@lru_cache(maxsize=1024)
def _moment(value: datetime | None) -> str | None:
    """Most rows of a batch were made at one instant."""
    return connection.ops.adapt_datetimefield_value(value)


def _as_json(column: Column) -> Column:
    return [None if value is None else json.dumps(value) for value in column]


def _text(value: object) -> str:
    """Ids and times as the database reads them; nothing else may come by unseen."""
    if isinstance(value, (UUID, date, time)):
        return str(value)
    raise TypeError(f"A row cannot be stored with a {type(value).__name__} in it.")
