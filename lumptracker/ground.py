"""Brings an installation up to date: folders, tables, the shared cache. Safe to run any number of times."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lumptracker.env import WrongSetting
from tracking.key_proof import is_data_key_right


def prepare_folders() -> None:
    """Make the folders that everything lies in."""
    for folder in (settings.STORAGE_DIR, settings.MAIL_DIR, settings.QUEUE_DIR):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def prepare_installation() -> None:
    """Make folders, apply migrations, try the key, make the cache table. Reads first, so a second start is quick."""
    prepare_folders()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
    if not is_data_key_right():
        raise WrongSetting("DATA_KEY", "is not the one this data was sealed with", "Give back the earlier one")
    if "cache" not in connection.introspection.table_names():
        call_command("createcachetable", verbosity=0)
