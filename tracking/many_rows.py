"""Many new rows in one statement, at what they cost the database.

Django's `bulk_create` puts together an expression for every value of every row, and PostgreSQL is sent an array a
column, each with signs before its quotes. Here all rows are one piece of JSON there, and on SQLite a prepared
statement.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, time
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Field, JSONField, Model

AS_IT_IS = frozenset({str, int, float, bool, type(None)})  # to a driver, in any column but one of JSON


def insert_rows(rows: Sequence[Model]) -> None:
    """Store new rows of one table, inside a transaction. A key that the database counts stays unknown to the rows, and
    what it would fill in by itself must be there."""
    if not rows:
        return
    known = type(rows[0])._meta.concrete_fields
    fields = [field for field in known if isinstance(field, Field) and not (field.primary_key and field.db_returning)]
    values = [[field.pre_save(row, True) for field in fields] for row in rows]
    quote = connection.ops.quote_name
    table = quote(type(rows[0])._meta.db_table)
    columns = ", ".join(quote(str(field.column)) for field in fields)
    if connection.vendor == "postgresql":
        _from_json(table, columns, [str(field.column) for field in fields], values)
    else:
        _one_by_one(table, columns, fields, values)


def _from_json(table: str, columns: str, names: Sequence[str], values: Sequence[Sequence[Any]]) -> None:
    """The table's own row type says what each value is."""
    told = json.dumps([dict(zip(names, row, strict=True)) for row in values], default=_text)
    source = f"json_populate_recordset(NULL::{table}, %s::json)"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {source}", [told])  # noqa: S608  our own


def _one_by_one(table: str, columns: str, fields: Sequence[Field[Any, Any]], values: Sequence[Sequence[Any]]) -> None:
    marks = ", ".join(["%s"] * len(fields))
    is_json = [isinstance(field, JSONField) for field in fields]
    rows = [
        [
            value if type(value) in AS_IT_IS and not json_too else field.get_db_prep_save(value, connection)
            for value, field, json_too in zip(row, fields, is_json, strict=True)
        ]
        for row in values
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608  our own names


def _text(value: object) -> str:
    """Ids and times as the database reads them; nothing else may come by unseen."""
    if isinstance(value, (UUID, date, time)):
        return str(value)
    raise TypeError(f"A row cannot be stored with a {type(value).__name__} in it.")
