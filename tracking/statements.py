"""Questions that come with every request: put into SQL once for each connection, then asked again with other values.

Django writes a question as SQL anew each time it is asked, which takes longer than the answer does, and PostgreSQL
plans it anew. What is asked here is the same query, built by the same Django; only its values are exchanged, and
PostgreSQL is sent a prepared statement. A pooler in between has to know those (docs/hosting.md).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.sql import UpdateQuery
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row")
Values = Mapping[str, Any]  # Any: the types of as many columns as there are
SAMPLES: Mapping[type, Callable[[int], object]] = {  # values that nothing else in a query can be taken for
    UUID: lambda number: UUID(int=0xA5A5_0000_0000_4000_8000_0000_0000_0000 + number),
    int: lambda number: 0x5A5A_0000_0000_0000 + number,
    str: lambda number: f"\u2402 {number} \u2403",
    datetime: lambda number: datetime(1907, 5, 22, 3, 4, 5, 600_000 + number, tzinfo=UTC),
}


@dataclass(frozen=True, slots=True)
class _Written:
    """The question as one connection takes it. `slots`: for each sign in it the value's name, or what always stands."""

    connection: BaseDatabaseWrapper
    sql: str
    slots: tuple[tuple[str | None, Any], ...]
    compiler: SQLCompiler
    is_locking: bool

    def values(self, given: Values) -> list[Any]:
        sent = {name: _sent(self.connection, value) for name, value in given.items()}
        return [always if name is None else sent[name] for name, always in self.slots]

    def cursor(self) -> CursorWrapper:
        """On PostgreSQL one that lets the server put the values in: only such a one prepares anything."""
        asked: Any = self.connection  # Any: what Django keeps for its own backends has no types
        if self.is_locking and asked.get_autocommit():
            raise TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        if asked.vendor != "postgresql":
            return self.connection.cursor()
        asked.close_if_health_check_failed()
        asked.ensure_connection()
        with asked.wrap_database_errors:
            cursor: CursorWrapper = asked._prepare_cursor(asked.Database.Cursor(asked.connection))
        return cursor


class _Statement:
    """What questions and changes share. `kinds`: the name of each value that is exchanged, and its type."""

    def __init__(self, build: Callable[..., Any], **kinds: type) -> None:  # Any: a query, or one with its new values
        self._build = build
        self._samples = {name: SAMPLES[kind](number) for number, (name, kind) in enumerate(kinds.items())}
        self._here = threading.local()  # a connection belongs to a thread

    def _written(self) -> _Written:
        found: _Written | None = getattr(self._here, "written", None)
        if found is None or found.connection is not connections[DEFAULT_DB_ALIAS]:
            found = self._here.written = self._write()
        return found

    def _write(self) -> _Written:
        here = connections[DEFAULT_DB_ALIAS]
        query = self._query()
        compiler = query.get_compiler(connection=here)
        sql, params = compiler.as_sql()
        names = {_sent(here, sample): name for name, sample in self._samples.items()}
        slots = tuple((names.get(param) if param.__hash__ else None, param) for param in params)
        if {name for name, _ in slots if name} != self._samples.keys():
            raise ValueError("A value of this statement is not in its SQL.")
        return _Written(here, sql, slots, compiler, query.select_for_update)

    def _query(self) -> Any:  # Any: Django's own, of a select or of an update
        return self._build(**self._samples).query


class Question(_Statement, Generic[Row]):
    """A query whose values alone change: `Question(lambda person: Lump.objects.filter(person=person), person=UUID)`."""

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], **kinds: type) -> None:
        super().__init__(build, **kinds)

    def all(self, **given: Any) -> list[Row]:
        """Every row, as the query gives it. Any: the types that were named."""
        written = self._written()
        with written.cursor() as cursor:
            cursor.execute(written.sql, written.values(given))
            found = cursor.fetchall()
        return self._read(written, found)

    def first(self, **given: Any) -> Row | None:
        """The first row, if there is one; the query itself says that it wants no more. Any: as above"""
        found = self.all(**given)
        return found[0] if found else None

    def _read(self, written: _Written, found: Sequence[Sequence[Any]]) -> list[Row]:
        read: Callable[[Sequence[Sequence[Any]]], list[Row]] | None = getattr(self._here, "read", None)
        if read is None or self._here.reads is not written:
            read = self._here.read = self._reader(written)
            self._here.reads = written
        return read(found)

    def _reader(self, written: _Written) -> Callable[[Sequence[Sequence[Any]]], list[Row]]:
        rows: Any = self._build(**self._samples)  # Any: which rows a query makes is its own affair
        makes = rows._iterable_class
        return _models(written) if makes is ModelIterable else _tuples(written, is_flat="Flat" in makes.__name__)


class Change(_Statement):
    """An update whose values alone change; `build` gives the query and the new values of columns."""

    def make(self, **given: Any) -> int:
        """How many rows it changed. Any: the types that were named."""
        written = self._written()
        with written.cursor() as cursor:
            cursor.execute(written.sql, written.values(given))
            return int(cursor.rowcount)

    def _query(self) -> Any:  # Any: Django's own
        rows, columns = self._build(**self._samples)
        query = rows.query.chain(UpdateQuery)
        query.add_update_values(columns)
        return query


def _sent(here: BaseDatabaseWrapper, value: Any) -> Any:
    """A value as Django hands it to this database. Any: see `Values`."""
    if here.vendor != "sqlite":
        return value
    if isinstance(value, UUID):
        return value.hex
    return here.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _converted(written: _Written) -> Callable[[Sequence[Sequence[Any]]], Sequence[Sequence[Any]]]:
    """Values as Django makes them of what a driver gives. Any: see `Values`."""
    compiler: Any = written.compiler  # Any: the stubs know little of it
    converters = compiler.get_converters([expression for expression, *_ in compiler.select[: compiler.col_count]])
    return lambda found: list(compiler.apply_converters(found, converters)) if converters else found


def _tuples(written: _Written, *, is_flat: bool) -> Callable[[Sequence[Sequence[Any]]], list[Any]]:
    """For `values_list`. Any: as above."""
    converted = _converted(written)
    if is_flat:
        return lambda found: [row[0] for row in converted(found)]
    return lambda found: [tuple(row) for row in converted(found)]


def _models(written: _Written) -> Callable[[Sequence[Sequence[Any]]], list[Any]]:
    """For rows of a model, with what was annotated and what `select_related` brought. Any: as above."""
    compiler: Any = written.compiler  # Any: as above
    klass = compiler.klass_info
    start, end = klass["select_fields"][0], klass["select_fields"][-1] + 1
    names = [one[0].target.attname for one in compiler.select[start:end]]
    populators = get_related_populators(klass, compiler.select, compiler.using)  # type: ignore[call-arg]  # stubs of Django 6
    converted, also = _converted(written), compiler.annotation_col_map or {}

    def read(found: Sequence[Sequence[Any]]) -> list[Any]:  # Any: as above
        rows = []
        for row in converted(found):
            one = klass["model"].from_db(compiler.using, names, row[start:end])
            for populator in populators:
                populator.populate(row, one)
            for name, place in also.items():
                setattr(one, name, row[place])
            rows.append(one)
        return rows

    return read
