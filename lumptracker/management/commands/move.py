"""`manage.py move`: this installation into another database, another place for pictures, or both; and back."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lumptracker.moving import ends, pictures, rows
from tracking.storage import place


class Command(BaseCommand):
    help = "Make another place equal to this installation. See 'Outgrowing one machine' in docs/hosting.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--database", metavar="URL", help="where the rows go: a DATABASE_URL")
        parser.add_argument("--storage", metavar="URL", help="where the pictures go: a STORAGE_URL")
        parser.add_argument(
            "--finish",
            action="store_true",
            help="the app is stopped: prove that both places are equal to the last byte",
        )

    def handle(
        self,
        *_: object,
        database: str | None,
        storage: str | None,
        finish: bool,
        **__: Any,  # Any: Django's own options
    ) -> None:
        if not database and not storage:
            raise CommandError("Say where to: --database URL, --storage URL, or both.")
        told: dict[str, Any] = {}  # Any: JSON
        if storage:
            told |= _carry_pictures(storage, finish=finish)
        if database:
            told |= _carry_rows(database, finish=finish)
        if storage and not finish:
            told["pictures_afterwards"] = _carry_pictures(storage, finish=False)["pictures"]  # that came with the rows
        self.stdout.write(json.dumps(told))
        if told.get("differing_tables") or told.get("differing_pictures"):
            raise CommandError("The two places are not equal. Is the app still running? Stop it and say it again.")
        if finish:
            self.stdout.write("Equal. Now start the app with the new settings, and keep the old place for a while.")


def _carry_rows(database: str, *, finish: bool) -> dict[str, Any]:  # Any: JSON
    ends.open_ends(database)
    if ends.is_same_place():
        raise CommandError("That is the database this installation uses.")
    ends.prepare_target()
    with ends.one_moment():
        told: dict[str, Any] = {"rows": rows.count_rows(), "carried": asdict(rows.carry_rows())}  # Any: JSON
    if finish:
        with ends.one_moment():
            told["differing_tables"] = rows.differing_tables()
    return told


def _carry_pictures(storage: str, *, finish: bool) -> dict[str, Any]:  # Any: JSON
    target = pictures.place_at(storage)
    if target == place():
        raise CommandError("That is where this installation keeps its pictures.")
    copied, removed = pictures.carry_pictures(target)
    told: dict[str, Any] = {"pictures": {"copied": copied, "removed": removed}}  # Any: JSON
    if finish:
        told["differing_pictures"] = pictures.differing_pictures(target)
    return told
