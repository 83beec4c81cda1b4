"""Rows of a question as plain values, thousands at a time.

Django asks the field of each column about each value. Here a column is turned at once, by what turns it fastest, and
JSON stays the text that it is stored as: whoever reads it knows what of it is always the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import DateTimeField, Field, ForeignKey, QuerySet, UUIDField

Row = tuple[Any, ...]  # Any: columns of as many types as there are
Reader = Callable[[Any], object]  # Any: as the driver gives it


def plain_rows(query: QuerySet[Any, Any]) -> list[Row]:  # Any: of any table
    """What `values_list` asks for, where that is nothing but columns. Its `__in` must not be empty."""
    sql, values = query.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[Row] = cursor.fetchall()
    if connection.vendor == "postgresql" or not rows:
        return rows
    columns = list(zip(*rows, strict=True))
    for place, column in enumerate(query.query.select):
        reader = _reader_of(column.output_field)
        if reader:
            columns[place] = tuple([None if value is None else reader(value) for value in columns[place]])
    return list(zip(*columns, strict=True))


def _reader_of(field: Field[Any, Any]) -> Reader | None:
    """What SQLite's driver leaves to do: it reads times and days by itself, but knows neither zones nor ids."""
    if isinstance(field, ForeignKey):
        return _reader_of(field.target_field)
    if isinstance(field, DateTimeField):
        return _in_utc
    return UUID if isinstance(field, UUIDField) else None


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
