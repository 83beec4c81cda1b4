"""A large installation in a minute: the rows are made inside the database, by one statement a table and week. What is
true of them by the way they are made is not proved row by row, and indexes are made once the rows are there.

One account, one person and one lump a number, with a check a week that answers six questions; so many of them are due.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from tracking.models import Lump, Membership, Observation, Person, User

SIGNS = (
    '{"fever": false, "back_pain": false, "saddle_numbness": false, '
    '"consistency": "soft", "mobility": "moves", "pain": 1}'
)
PERIOD_SECONDS = 3600  # within which all that is due fell due


def fill(count: int, *, due: int, at: datetime, checks: int = 10) -> None:
    """So many lumps, the first `due` of them due at `at` and never judged; the others asleep for a year."""
    with _in_haste():
        _fill(count, due=due, at=at, checks=checks)
    _settle()


def _fill(count: int, *, due: int, at: datetime, checks: int) -> None:
    start = at - timedelta(weeks=checks)
    since = {"created_at": start, "updated_at": start, "rev": 1}
    _insert(User, count, {"id": _key("user"), "email": "'ada+' || i || '@example.org'"}, {"time_zone": "Europe/London"})
    person = {"birth_date": "1970", "region": "GB", "time_zone": "Europe/London", "last_rev": 2 + checks}
    _insert(Person, count, {"id": _key("person")}, {**since, **person})
    _insert(Membership, count, {"user_id": _key("user"), "person_id": _key("person")}, {"role": "owner"})
    lump = {"site": "lower_back", "first_noticed_on": start.date(), "first_noticed_certainty": "exact"}
    mark = _marks(due, at)
    _insert(Lump, count, {"id": _key("lump"), "person_id": _key("person"), "assess_after": mark}, {**since, **lump})
    for week in range(checks):
        observed_at = start + timedelta(weeks=week)
        keys = {"id": _key(f"check {week}"), "person_id": _key("person"), "lump_id": _key("lump")}
        sizes = {"length_mm": f"14 + (i + {week}) % 5", "width_mm": "11", "signs": _json(SIGNS)}
        times = {"observed_at": observed_at, "created_at": observed_at, "updated_at": observed_at, "rev": 2 + week}
        _insert(Observation, count, {**keys, **sizes}, {**times, "method": "ruler"})


HASTE = {
    "postgresql": (
        "SET session_replication_role = replica",  # what points to a row is made from the same number as that row
        "SET synchronous_commit = off",
        "SET maintenance_work_mem = '256MB'",
    ),
    "sqlite": ("PRAGMA foreign_keys = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -262144"),
}
AT_EASE = {
    "postgresql": ("RESET session_replication_role", "RESET synchronous_commit", "RESET maintenance_work_mem"),
    "sqlite": ("PRAGMA foreign_keys = ON", "PRAGMA synchronous = FULL", "PRAGMA cache_size = -8000"),
}
INDEXES = {  # name, and what makes it: those that no promise of the table rests on
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexdef LIKE 'CREATE INDEX%%'",
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE tbl_name = %s AND sql LIKE 'CREATE INDEX%%'",
}
TO_REST = {
    "postgresql": ("VACUUM ANALYZE", "CHECKPOINT"),
    "sqlite": ("ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)"),
}


@contextmanager
def _in_haste() -> Iterator[None]:
    with connection.cursor() as cursor:
        for statement in HASTE[connection.vendor]:
            cursor.execute(statement)
        made = []
        for table in (User, Person, Membership, Lump, Observation):
            cursor.execute(INDEXES[connection.vendor], [table._meta.db_table])
            made += cursor.fetchall()
        for name, _ in made:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        yield
        for _, statement in made:
            cursor.execute(statement)
        for statement in AT_EASE[connection.vendor]:
            cursor.execute(statement)


def _settle() -> None:
    """As it would be after a quiet minute: statistics there, and nothing of this still on its way to the disk."""
    with connection.cursor() as cursor:
        for statement in TO_REST[connection.vendor]:
            cursor.execute(statement)
    os.sync()


def _insert(model: type[Model], count: int, made: Mapping[str, str], same: Mapping[str, Any]) -> None:
    """`made`: SQL over the number `i`. `same`: values that all rows share; other columns have their defaults."""
    columns, parts, values = [], [], []
    for field in model._meta.concrete_fields:
        if not isinstance(field, Field) or (field.attname not in made and field.primary_key):
            continue  # counted by the database
        columns.append(connection.ops.quote_name(str(field.column)))
        if field.attname in made:
            parts.append(made[field.attname].replace("%", "%%"))
        else:
            parts.append("%s")
            value = same[field.attname] if field.attname in same else field.get_default()
            values.append(field.get_db_prep_save(value, connection))
    numbers = f"generate_series(1, {count}) AS numbers(i)"
    if connection.vendor != "postgresql":
        numbers = f"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT i FROM n)"  # noqa: S608  our own number
    with connection.cursor() as cursor:
        into = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)})"
        cursor.execute(f"{into} SELECT {', '.join(parts)} FROM {numbers}", values)  # noqa: S608  our own names


def _key(part: str) -> str:
    """An id that looks random, as phones make them."""
    if connection.vendor == "postgresql":
        return f"md5('{part} ' || i)::uuid"
    salt = sum(ord(letter) * 31**place for place, letter in enumerate(part)) % 2**16
    return f"lower(printf('%08x%04x%020x', ((i + {salt}) * 2654435761) % 4294967296, {salt}, i))"


def _json(text: str) -> str:
    return f"'{text}'::jsonb" if connection.vendor == "postgresql" else f"'{text}'"


def _marks(due: int, at: datetime) -> str:
    then = at.strftime("%Y-%m-%d %H:%M:%S")
    if connection.vendor == "postgresql":
        moment = f"timestamptz '{then}+00' - (i % {PERIOD_SECONDS}) * interval '1 second'"
        return f"CASE WHEN i <= {due} THEN {moment} ELSE timestamptz '{then}+00' + interval '1 year' END"
    moment = f"datetime('{then}', '-' || (i % {PERIOD_SECONDS}) || ' seconds')"
    return f"CASE WHEN i <= {due} THEN {moment} ELSE datetime('{then}', '+1 year') END"
