"""Rows → JSON in one step, for lists: what the database holds in a column is written as the answer shows it.

Django makes an object of every id, time and piece of JSON, and the answer makes text of each again, which was most of a
page's cost. So a column goes to its text straight where both are the same but for a few signs; all else passes the
converters and the field that it always did.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from json.encoder import encode_basestring
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Expression, QuerySet
from django.db.models.query import ValuesIterable
from django.db.models.sql.compiler import SQLCompiler
from rest_framework.serializers import ListField

from tracking.models.base import Synced
from tracking.record_fields import AnswersField
from tracking.record_kinds import Kind

Show = Callable[[Any], Any]  # Any: a column's value as Django knows it, and as JSON
Write = Callable[[Any], str]  # Any: what the driver gives for a column; its JSON as text
Shown = Mapping[str, tuple[str, Show]]  # column → its name in the answer, and how it is shown there
AS_STORED = (AnswersField, ListField)  # fields that show a piece of JSON as it was stored
TEXT = ""  # under this name, which no column has, stands the row's JSON
NO_ZONE = "+00"  # how PostgreSQL ends a time: every connection of Django's speaks UTC


@dataclass(frozen=True, slots=True)
class WrittenJSON:
    """An answer that is JSON already; a renderer has no more to do with it."""

    text: str


def as_documents(rows: QuerySet[Synced], kind: Kind, *, also: set[str]) -> Any:  # Any: the stubs know no such query
    """The query with each row as the JSON that `document_of` shows, under `TEXT`, and the columns in `also` as text."""
    shown: Shown = kind.shown
    found: Any = rows.values(*shown.keys(), *sorted(also - shown.keys()))  # Any: as above
    found._iterable_class = type("ShownRows", (_ShownRows,), {"shown": shown, "also": also})
    return found


class _ShownRows(ValuesIterable):
    """In place of Django's own, so that the query may still be narrowed, ordered and cut."""

    shown: Shown
    also: set[str]

    def __iter__(self) -> Iterator[dict[str, str]]:
        query = self.queryset.query
        compiler: SQLCompiler = query.get_compiler(self.queryset.db)
        found = _asked(compiler)
        names = [*query.extra_select, *query.values_select, *query.annotation_select]
        expressions = [expression for expression, *_ in compiler.select or ()][: len(names)]
        converters = compiler.get_converters(expressions)
        shows = [self.shown.get(name, (name, str))[1] for name in names]
        writes = [
            _straight(compiler, expression, show) or _through(converters.get(place), compiler, show)
            for place, (expression, show) in enumerate(zip(expressions, shows, strict=True))
        ]
        places = [(name, place) for place, name in enumerate(names) if name in self.also]
        told = [place for place, name in enumerate(names) if name in self.shown]
        template = "{" + ",".join(f"{json.dumps(self.shown[names[place]][0])}:%s" for place in told) + "}"
        for row in found:
            texts = ["null" if value is None else write(value) for write, value in zip(writes, row, strict=True)]
            shown = {name: texts[place].strip('"') for name, place in places}
            shown[TEXT] = template % tuple([texts[place] for place in told])
            yield shown


def _asked(compiler: SQLCompiler) -> Any:  # Any: rows of values as the driver gives them
    """PostgreSQL's driver is asked for ids and times as they come, and not for objects."""
    connection: Any = compiler.connection  # Any: what the backends share has no types
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return ()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            as_text = connection.Database.types.string.TextLoader
            for name in ("uuid", "timestamptz"):
                cursor.adapters.register_loader(name, as_text)
        cursor.execute(sql, params)
        return cursor.fetchall()


def _straight(compiler: SQLCompiler, expression: Expression, show: Show) -> Write | None:
    """For what needs no more than a few signs to be JSON, as it comes from this database."""
    kind = expression.output_field.get_internal_type()
    if kind == "JSONField" and isinstance(getattr(show, "__self__", None), AS_STORED):
        return str
    return STRAIGHT[compiler.connection.vendor].get(kind)


def _through(converters: Any, compiler: SQLCompiler, show: Show) -> Write:  # Any: Django's own pairs
    """What Django makes of the value, then as the answer shows it."""
    steps, expression = converters or ((), None)

    def write(value: Any) -> str:  # Any: see `Write`
        for step in steps:
            value = step(value, expression, compiler.connection)
        shown = None if value is None else show(value)
        return encode_basestring(shown) if type(shown) is str else json.dumps(shown, ensure_ascii=False)

    return write


def _instant(value: datetime) -> str:
    """SQLite's driver gives a time without its zone, which is UTC."""
    return f'"{value.isoformat()}Z"'


def _instant_text(text: str) -> str:
    """PostgreSQL leaves out the zeros at the end of a second's parts, which the answer has."""
    if not text.endswith(NO_ZONE):
        return f'"{datetime.fromisoformat(text).isoformat()}"'
    day, time = text[:10], text[11:-3]
    return f'"{day}T{time if len(time) == 8 else time.ljust(15, "0")}Z"'


def _hyphened(text: str) -> str:
    return f'"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"'


def _quoted(text: str) -> str:
    return f'"{text}"'


STRAIGHT: Mapping[str, Mapping[str, Write]] = {
    "sqlite": {"DateTimeField": _instant, "UUIDField": _hyphened, "FloatField": repr, "BigIntegerField": repr},
    "postgresql": {"DateTimeField": _instant_text, "UUIDField": _quoted, "FloatField": repr, "BigIntegerField": repr},
}
