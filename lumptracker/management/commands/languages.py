"""`manage.py languages`: what each translation lacks; `--mark es` once its stale sentences were read again."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from lumptracker.translations import mark_translated, review
from tracking.texts import DEFAULT_LANGUAGE, languages


class Command(BaseCommand):
    """For whoever translates: docs/languages.md."""

    help = "Show what each translation lacks, or what its English has become since."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mark", metavar="LANGUAGE", help="every sentence of it says what the English says now")

    def handle(self, *_: object, **options: Any) -> None:  # Any: Django's signature
        if options["mark"]:
            self.stdout.write(f"{options['mark']}: {mark_translated(options['mark'])} sentences")
            return
        for language in languages():
            if language == DEFAULT_LANGUAGE:
                continue
            found = review(language)
            self.stdout.write(f"{language}: {'whole' if found.is_whole else 'not whole'}")
            for kind, keys in asdict(found).items():
                for key in keys:
                    self.stdout.write(f"  {kind.replace('_', ' ')}: {key}")
