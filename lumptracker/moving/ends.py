"""The two ends of a move as Django connections: `source`, read at one moment, and `target`, brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.db.models import Model

from lumptracker.env import SQLITE_OPTIONS, Environment

SOURCE, TARGET = "source", "target"


def open_ends(target_url: str) -> None:
    """Name both ends. The source is a second connection: as a reader it never holds up those who write."""
    source = {**settings.DATABASES["default"], "CONN_MAX_AGE": 0}
    if source["ENGINE"].endswith("sqlite3"):
        source["OPTIONS"] = {**source["OPTIONS"], "transaction_mode": "DEFERRED"}
    target = Environment({"DATABASE_URL": target_url}, base=settings.BASE_DIR).database("")
    if target["ENGINE"].endswith("sqlite3"):
        target["OPTIONS"] = dict(SQLITE_OPTIONS)
    named: dict[str, Any] = {**settings.DATABASES, SOURCE: source, TARGET: target}  # Any: Django's own shape
    known = connections.configure_settings(named)
    connections.settings = known


def prepare_target() -> None:
    """The tables that the rows go into."""
    call_command("migrate", database=TARGET, interactive=False, verbosity=0)


def is_same_place() -> bool:
    """Would it be carried onto itself?"""
    here, there = (
        [end.vendor, *(str(end.settings_dict[name]) for name in ("NAME", "HOST", "PORT"))]
        for end in (connections[SOURCE], connections[TARGET])
    )
    return here == there


@contextmanager
def one_moment() -> Iterator[None]:
    """The source as it is now, however long reading takes."""
    with transaction.atomic(using=SOURCE):
        if connections[SOURCE].vendor == "postgresql":
            with connections[SOURCE].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def tables_parents_first() -> list[type[Model]]:
    """Every table of ours, each after those it points to."""
    waiting = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    done: list[type[Model]] = []
    while waiting:
        free = [model for model in waiting if not _parents(model) & set(waiting)]
        if not free:
            raise RuntimeError("the tables point at each other in a circle")
        done += free
        waiting = [model for model in waiting if model not in free]
    return done


def _parents(model: type[Model]) -> set[type[Model]]:
    """What its foreign keys point to, but for itself."""
    related = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
    return {parent for parent in related if isinstance(parent, type) and parent is not model}
