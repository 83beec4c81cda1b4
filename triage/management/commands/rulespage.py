"""`manage.py rulespage`: write docs/rules.md from the rule files."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand

from triage.rulebook import load_rulebook
from triage.rules_page import rules_page

PAGE = Path(__file__).parents[3] / "docs/rules.md"


class Command(BaseCommand):
    """Skin over `rules_page`."""

    help = "Write docs/rules.md from the rule files."

    def handle(self, *_: object, **__: object) -> None:
        PAGE.write_text(rules_page(load_rulebook()), encoding="utf-8")
        self.stdout.write(f"{PAGE.name}: {len(load_rulebook().rules)} rules")
