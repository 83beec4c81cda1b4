"""What a single page has room for: long lists cut short, and how much was left out."""

from __future__ import annotations

from collections.abc import Sequence

from lumptracker.clinic.sheet import Sheet
from lumptracker.clinic.summary import Step
from tracking.texts import say

MOST_NAMED = 12  # questions that were not asked
MOST_REFUSED = 42  # red flags answered with no
MOST_FINDINGS = 3
MOST_EARLIER = 2  # pieces of advice that no longer hold
BETWEEN = " · "  # labels have commas of their own


def short(labels: Sequence[str], *, most: int) -> str:
    """The first of a long list, and how many more there are; the text for the record has them all."""
    if len(labels) <= most:
        return BETWEEN.join(labels)
    return say("clinic.and_more", first=BETWEEN.join(labels[:most]), count=len(labels) - most)


def earlier_advice(sheet: Sheet) -> list[Step]:
    """The latest advice that was given and whose findings do not hold any more."""
    current = {finding.title for finding in sheet.summary.findings}
    steps = zip(sheet.summary.advised, sheet.advised, strict=True)
    return [step for step, advice in steps if not current & set(advice.titles)][-MOST_EARLIER:]
