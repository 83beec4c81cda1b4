"""Brings an installation up to date: folders, tables, the shared cache. Safe to run any number of times."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def prepare_installation() -> None:
    """Make folders, apply migrations, make the cache table. Reads before it writes, so a second start is quick."""
    for folder in (settings.STORAGE_DIR, settings.MAIL_DIR, settings.QUEUE_DIR):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
    if "cache" not in connection.introspection.table_names():
        call_command("createcachetable", verbosity=0)
