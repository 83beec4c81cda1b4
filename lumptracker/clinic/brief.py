"""What a single page has room for: long lists cut short, and how much was left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lumptracker.clinic.sheet import Sheet
from lumptracker.clinic.summary import Step, Summary
from tracking.texts import say

MOST_FINDINGS = 3
MOST_EARLIER = 2  # pieces of advice that no longer hold
BETWEEN = " · "  # labels have commas of their own


@dataclass(frozen=True, slots=True)
class Room:
    """How many letters the lists may take, whatever the language: a count of labels would be longer in some."""

    refused: int  # red flags answered with no
    unasked: int  # red flags that were not asked
    background: int  # background that was not asked
    steps: int  # of what was done: the latest so many
    words: int  # what is written beside all those steps together


SCREEN = Room(refused=590, unasked=170, background=130, steps=3, words=180)
PAPER = Room(refused=1200, unasked=500, background=300, steps=8, words=900)
RECORD = Room(refused=0, unasked=0, background=0, steps=40, words=12_000)  # its lists of labels are whole


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


def latest_done(summary: Summary, room: Room) -> list[Step]:
    """The latest steps with as much of their words as there is room for, after a line that counts those before."""
    steps = summary.done[-room.steps :]
    shown = [replace(step, note=_cut(step.note, letters=room.words // len(steps))) for step in steps]
    if len(steps) == len(summary.done):
        return shown
    return [Step("", "", say("clinic.done_before", count=len(summary.done) - len(steps))), *shown]


def _cut(text: str, *, letters: int) -> str:
    """At the end of a word where there is one, and never silently."""
    if len(text) <= letters:
        return text
    start = text[: letters - 1]
    return f"{start[: start.rfind(' ')].rstrip() if ' ' in start[letters // 2 :] else start}…"


def earlier_advice(sheet: Sheet) -> list[Step]:
    """The latest advice that was given and whose findings do not hold any more."""
    current = {finding.title for finding in sheet.summary.findings}
    steps = zip(sheet.summary.advised, sheet.advised, strict=True)
    return [step for step, advice in steps if not current & set(advice.titles)][-MOST_EARLIER:]
