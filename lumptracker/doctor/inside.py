"""Checks of what lies here: folders, database, keys, pictures, the built app."""

from __future__ import annotations

import os
import shutil
import sqlite3
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string

from lumptracker.doctor.findings import Finding, bad, good, mind
from tracking import storage
from tracking.key_proof import is_data_key_right
from tracking.key_rotation import first_forms, keys_of_others
from tracking.vault import new_key

LOW_BYTES, LOWEST_BYTES = 2_000_000_000, 300_000_000  # a day of photos; less than a few uploads
OLDEST_POSTGRESQL = 140000  # as the server counts
OLDEST_SQLITE = (3, 37)


def data_folder(_: datetime) -> list[Finding]:
    folder = Path(settings.DATA_DIR)
    if not os.access(folder, os.W_OK | os.X_OK):
        return [bad(f"{folder} cannot be written by this user", "Give it to the user that the app runs as")]
    secrets = [path for path in (folder / "secrets").glob("*") if path.stat().st_mode & 0o077]
    if secrets:
        names = ", ".join(path.name for path in secrets)
        return [bad(f"others on this machine can read {names}", f"chmod 600 {folder}/secrets/*")]
    if folder.stat().st_mode & 0o007:
        return [mind("everybody on this machine can look into it", f"chmod 700 {folder}")]
    return [good(str(folder))]


def disk(_: datetime) -> list[Finding]:
    free = shutil.disk_usage(settings.DATA_DIR).free
    told = f"{free / 1e9:.1f} GB free"
    if free < LOWEST_BYTES:
        return [bad(told, "Make room now: soon nothing can be saved")]
    return [mind(told, "Make room before it is full")] if free < LOW_BYTES else [good(told)]


def database(_: datetime) -> list[Finding]:
    if connection.vendor == "sqlite":
        return _sqlite()
    try:
        connection.ensure_connection()
    except Exception as error:  # whatever the driver raises
        return [bad(f"does not answer ({type(error).__name__})", "Look at DATABASE_URL, and whether the server runs")]
    version: int = connection.pg_version  # type: ignore[attr-defined]  # of the PostgreSQL connection alone
    if version < OLDEST_POSTGRESQL:
        return [bad(f"PostgreSQL {version // 10000} is too old", "Use PostgreSQL 14 or later")]
    return [good(f"PostgreSQL {version // 10000}")]


def _sqlite() -> list[Finding]:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        return [bad(f"SQLite {sqlite3.sqlite_version} is too old", "Use a Python with SQLite 3.37 or later")]
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            said = cursor.fetchone()[0]
    except Exception as error:  # a file that is no database, or cannot be read
        return [bad(f"the file cannot be opened ({type(error).__name__})", "Bring back a backup: manage.py restore")]
    if said != "ok":
        return [bad("the file is damaged", "Stop the app and bring back a backup: manage.py restore")]
    return [good(f"SQLite {sqlite3.sqlite_version}")]


def tables(_: datetime) -> list[Finding]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    known = set(executor.loader.disk_migrations)
    newer = [
        name for name in executor.loader.applied_migrations if name not in known and name[0] in {"tracking", "triage"}
    ]
    if newer:
        return [bad("they belong to a newer version", "Install that version again, or bring back an older backup")]
    if plan:
        return [bad(f"{len(plan)} steps behind this version", "manage.py prepare")]
    return [good("up to date")]


def keys(_: datetime) -> list[Finding]:
    if not is_data_key_right():
        return [bad("DATA_KEY is not the one that this data was sealed with", "Give back the earlier one")]
    found = []
    if settings.DATA_KEYS_ALSO:
        left = keys_of_others()
        found.append(mind(f"DATA_KEY is being changed, {left} keys to go", "manage.py rotate-key, then --finish"))
    if first_forms():
        found.append(mind("some words lie under DATA_KEY itself, from an early version", "manage.py rotate-key"))
    return found or [good("they open what lies here")]


def photos(_: datetime) -> list[Finding]:
    place, key, data = storage.place(), new_key(), b"the doctor was here"
    try:
        place.write(key, data)
        same = place.read(key) == data
        place.delete(key)
        if not same or place.has(key):
            return [bad("what is written there does not come back, or does not go", "Look at the storage behind it")]
    except Exception as error:  # of the file system or the bucket
        where = "the bucket" if settings.STORAGE_BUCKET else str(settings.STORAGE_DIR)
        return [bad(f"{where} cannot be used ({type(error).__name__})", "Look at STORAGE_URL and who may write there")]
    if settings.STORAGE_BUCKET and import_string("tracking.bucket.bucket")().keeps_versions():
        return [mind("the bucket keeps versions, so deleted photos stay in it, sealed", "Turn versions off for it")]
    return [good("in a bucket" if settings.STORAGE_BUCKET else str(settings.STORAGE_DIR))]


def app(_: datetime) -> list[Finding]:
    if not (Path(settings.FRONTEND_DIST) / "index.html").is_file():
        return [bad("the phone app is not built", "make setup")]
    return [good("built")]
