"""Rule books by digest: the one in use, and those that old advice was given by."""

from __future__ import annotations

import json
import re
import zlib
from datetime import datetime
from typing import Any

from tracking.errors import NotFound
from triage.models import RulebookEdition
from triage.rule_words import with_words
from triage.rulebook import load_rulebook

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def keep_edition(*, at: datetime) -> None:
    """Remember the rule book in use, once. Runs within each judgement that is stored; two at once write one row."""
    book = load_rulebook()
    if RulebookEdition.objects.filter(pk=book.digest).exists():
        return
    rules = zlib.compress(json.dumps(with_words(book.to_json()), ensure_ascii=False).encode(), level=9)
    edition = RulebookEdition(digest=book.digest, first_used_at=at, rules=rules)
    RulebookEdition.objects.bulk_create([edition], ignore_conflicts=True)


def past_edition(digest: str) -> dict[str, Any]:  # Any: JSON
    """The rule book of that digest in the words it was served with while it was in use. Raises NotFound."""
    row = RulebookEdition.objects.filter(pk=digest).first() if DIGEST.fullmatch(digest) else None
    if row is None:
        raise NotFound
    return dict(json.loads(zlib.decompress(row.rules)))
