"""`manage.py prepare`: what `make setup` ends in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from lumptracker.ground import prepare_installation


class Command(BaseCommand):
    help = "Makes the folders and tables, or brings them up to date."

    def handle(self, *_: Any, **__: Any) -> None:  # Any: Django's own signature
        prepare_installation()
