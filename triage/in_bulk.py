"""Many rows, each with values of its own, in one statement: what Django's `bulk_update` does with one CASE a column
and a comparison for each row, which costs more than the judgement itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model


def update_rows(rows: Sequence[Model], columns: Sequence[str]) -> None:
    """Write these columns of these rows, found by their keys."""
    if not rows:
        return
    model = type(rows[0])
    key = model._meta.pk
    fields = [model._meta.get_field(name) for name in columns]
    known = [field for field in (*fields, key) if isinstance(field, Field)]
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for field in known] for row in rows]
    if connection.vendor == "postgresql":
        _from_arrays(model, known, values)
    else:
        _one_by_one(model, known, values)


def _from_arrays(model: type[Model], fields: Sequence[Field[Any, Any]], values: list[list[Any]]) -> None:
    """PostgreSQL: one array a column."""
    quote = connection.ops.quote_name
    names = [quote(str(field.column)) for field in fields]
    sets = ", ".join(f"{name} = given.{name}" for name in names[:-1])
    arrays = ", ".join(f"(%s)::{field.db_type(connection)}[]" for field in fields)
    table, key = quote(model._meta.db_table), names[-1]
    statement = f"UPDATE {table} SET {sets} FROM unnest({arrays}) AS given({', '.join(names)}) WHERE {table}.{key} = given.{key}"  # noqa: E501,S608  names of our own columns
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(column) for column in zip(*values, strict=True)])


def _one_by_one(model: type[Model], fields: Sequence[Field[Any, Any]], values: list[list[Any]]) -> None:
    """SQLite: a prepared statement, which costs it next to nothing to repeat."""
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(str(field.column))} = %s" for field in fields[:-1])
    table, key = quote(model._meta.db_table), quote(str(fields[-1].column))
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {sets} WHERE {key} = %s", values)  # noqa: S608  as above
