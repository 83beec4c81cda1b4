# ruff: noqa: N999  # Django names a command after its file
"""`manage.py rotate-key`: another DATA_KEY, while everything goes on."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lumptracker.data_key import end_data_key_change, make_data_key
from tracking.key_rotation import keys_of_others, rotate_keys


class Command(BaseCommand):
    help = "Wrap every key under today's DATA_KEY. See 'Changing DATA_KEY' in docs/hosting.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--make", action="store_true", help="make a new DATA_KEY in the data folder first")
        how.add_argument("--finish", action="store_true", help="then forget the earlier keys of the data folder")

    def handle(self, *_: object, make: bool, finish: bool, **__: Any) -> None:  # Any: Django's own options
        if make:
            settings.DATA_KEY, *settings.DATA_KEYS_ALSO = make_data_key(settings.ENV)
        done = rotate_keys()
        self.stdout.write(
            f"{done.keys} keys wrapped anew, {done.texts} texts and {done.pictures} pictures given a key of their own."
        )
        left = keys_of_others()
        if left or done.unopened:
            raise CommandError(
                f"{max(left, done.unopened)} could not be opened. Name the DATA_KEY that sealed them in DATA_KEY_ALSO."
            )
        if finish:
            end_data_key_change(settings.ENV)
            self.stdout.write("The earlier keys of the data folder are gone. Nothing here needs them.")
        elif settings.DATA_KEYS_ALSO:
            self.stdout.write("Start the app anew, then run rotate-key --finish: until then it holds the old key.")
