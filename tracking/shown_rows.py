"""Rows → JSON in one step, for lists: what the database holds in a column is written as the answer shows it.

Django makes an object of every id and gives every time its zone, and the answer makes text of both again. On SQLite,
which knows neither, that was a quarter of a page's cost. All else passes the converters it always did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Expression, QuerySet
from django.db.models.query import ValuesIterable
from django.db.models.sql.compiler import SQLCompiler

from tracking.models.base import Synced
from tracking.record_kinds import Kind

Show = Callable[[Any], Any]  # Any: what a column holds, and JSON
Shown = Mapping[str, tuple[str, Show]]  # column → its name in the answer, and how it is written there


def as_documents(rows: QuerySet[Synced], kind: Kind, *, also: set[str]) -> Any:  # Any: the stubs know no such query
    """The query with rows as `document_of` shows them. Columns in `also` stand there as text under their own name."""
    shown: Shown = kind.shown
    found: Any = rows.values(*shown.keys(), *sorted(also - shown.keys()))  # Any: as above
    found._iterable_class = type("ShownRows", (_ShownRows,), {"shown": shown})
    return found


class _ShownRows(ValuesIterable):
    """In place of Django's own, so that the query may still be narrowed, ordered and cut."""

    shown: Shown

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Any: JSON."""
        query = self.queryset.query
        compiler: SQLCompiler = query.get_compiler(self.queryset.db)
        found = compiler.execute_sql() or ()
        names = [*query.extra_select, *query.values_select, *query.annotation_select]
        expressions = [expression for expression, *_ in compiler.select or ()][: len(names)]
        converters = compiler.get_converters(expressions)
        plan = []
        for place, (column, expression) in enumerate(zip(names, expressions, strict=True)):
            name, show = self.shown.get(column, (column, str))
            plan.append(
                (place, name, _straight(compiler, expression) or _through(converters.get(place), compiler, show))
            )
        for rows in found:
            for row in rows:
                yield {name: None if row[place] is None else show(row[place]) for place, name, show in plan}


def _straight(compiler: SQLCompiler, expression: Expression) -> Show | None:
    """For what needs no more than a few signs to be the answer's, as it comes from SQLite."""
    if compiler.connection.vendor != "sqlite":
        return None
    return STRAIGHT.get(expression.output_field.get_internal_type())


def _through(converters: Any, compiler: SQLCompiler, show: Show) -> Show:  # Any: Django's own pairs
    """What Django makes of the value, then as the answer shows it."""
    if not converters:
        return show
    steps, expression = converters

    def convert(value: Any) -> Any:  # Any: see `Show`
        for step in steps:
            value = step(value, expression, compiler.connection)
        return None if value is None else show(value)

    return convert


def _instant(value: datetime) -> str:
    """SQLite's driver gives a time without its zone, which is UTC."""
    return f"{value.isoformat()}Z"


def _hyphened(text: str) -> str:
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


STRAIGHT: Mapping[str, Show] = {"DateTimeField": _instant, "UUIDField": _hyphened}
