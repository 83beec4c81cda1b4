"""The whole database into one file and back, while it is in use: by SQLite's own backup, or by pg_dump."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.models import Model


class DatabaseToolMissing(Exception):
    """pg_dump or pg_restore is not installed here, or failed; says which."""


def kind() -> str:
    """sqlite or postgresql: a copy goes back into the same kind; `manage.py move` carries from one to the other."""
    return str(connection.vendor)


def tables() -> list[type[Model]]:
    """All that is ours to keep and to count."""
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def count_rows_of(names: Iterable[str]) -> dict[str, int]:
    """Rows of each table that is there, by its name: a backup may be of another version."""
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        return {name: _count(cursor, name) for name in names if name in there}


def _count(cursor: Any, name: str) -> int:  # Any: a cursor of either database
    cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608  # our own tables
    return int(cursor.fetchone()[0])


def write_copy(target: Path) -> dict[str, int]:
    """One consistent copy; returns how many rows of each table it holds."""
    if kind() == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
            return {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in _names()}  # noqa: S608  # our tables
    with _snapshot() as snapshot:
        _run(
            "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"
        )
        return count_rows_of(_names())


def read_copy(source: Path) -> None:
    """Put a copy in the place of what is there."""
    if kind() == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(source)) as copy:
            copy.backup(connection.connection)
        connections.close_all()
        return
    connections.close_all()
    _run(
        "pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction",
        f"--dbname={settings.DATABASES['default']['NAME']}", str(source),
    )  # fmt: skip


def _names() -> list[str]:
    return [model._meta.db_table for model in tables()]


@contextmanager
def _snapshot() -> Iterator[str]:
    """A moment of PostgreSQL that pg_dump and our counting share."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        yield str(cursor.fetchone()[0])


def _run(tool: str, *arguments: str) -> None:
    if shutil.which(tool) is None:
        raise DatabaseToolMissing(f"{tool} is not installed (Debian: apt-get install postgresql-client)")
    done = subprocess.run([tool, *arguments], env=_surroundings(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise DatabaseToolMissing(f"{tool} failed: {done.stderr.strip().splitlines()[-1:]}")


def _surroundings() -> dict[str, str]:
    """How to reach the database; a password is never part of a command line, which anybody may read."""
    database: dict[str, Any] = settings.DATABASES["default"]  # Any: Django's own shape
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    given = {variable: str(database.get(name) or "") for variable, name in names.items()}
    return {**os.environ, **{variable: value for variable, value in given.items() if value}}
