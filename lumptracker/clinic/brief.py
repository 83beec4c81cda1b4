"""What a single page has room for: long lists cut short, and how much was left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lumptracker.clinic.sheet import Sheet
from lumptracker.clinic.summary import Step
from tracking.texts import say

MOST_FINDINGS = 3
MOST_EARLIER = 2  # pieces of advice that no longer hold
BETWEEN = " · "  # labels have commas of their own


@dataclass(frozen=True, slots=True)
class Room:
    """How many letters three lists may take, whatever the language: a count of labels would be longer in some."""

    refused: int  # red flags answered with no
    unasked: int  # red flags that were not asked
    background: int  # background that was not asked


SCREEN = Room(refused=590, unasked=170, background=130)
PAPER = Room(refused=1200, unasked=500, background=300)


def short(labels: Sequence[str], *, letters: int) -> str:
    """As much of a list as there is room for, and how many more there are; the text for the record has them all."""
    most, taken = 0, 0
    for label in labels:
        taken += len(label) + len(BETWEEN)
        if most and taken > letters:
            break
        most += 1
    if most == len(labels):
        return BETWEEN.join(labels)
    return say("clinic.and_more", first=BETWEEN.join(labels[:most]), count=len(labels) - most)


def earlier_advice(sheet: Sheet) -> list[Step]:
    """The latest advice that was given and whose findings do not hold any more."""
    current = {finding.title for finding in sheet.summary.findings}
    steps = zip(sheet.summary.advised, sheet.advised, strict=True)
    return [step for step, advice in steps if not current & set(advice.titles)][-MOST_EARLIER:]
