"""Everything that was logged, newest first, one line an entry, for the part of the page that is folded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lumptracker.clinic.answers import answer_text
from lumptracker.clinic.sentences import care_text, method_text
from lumptracker.clinic.sheet import Sheet, taken_at
from lumptracker.clinic.words import day_text, mm_text, zone_of
from tracking import catalogue
from tracking.history import ObservationFacts
from tracking.texts import say

MOST_ENTRIES = 120  # a page stays under 100 kB; it says how many there are
_LONGEST_NOTE = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: when, what kind, what."""

    at: datetime
    when: str
    kind: str
    text: str
    is_alarming: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """The newest entries, and how many there are in all."""

    entries: tuple[Entry, ...]
    total: int


def timeline_of(sheet: Sheet) -> Timeline:
    """Checks, pictures, care and advice."""
    zone = zone_of(sheet.history.person.time_zone)
    checks = sorted((one for one in sheet.history.observations if one.judged_at <= sheet.at), key=_judged_at)
    entries = [
        *map(_check, checks[-MOST_ENTRIES:]),  # older ones have no place, and need no words
        *(_dated(taken_at(photo, sheet.history), "photo", say("clinic.timeline_photo")) for photo in sheet.photos),
        *(
            _dated(one.at, "advice", f"{say(f'clinic.level_{one.level}')}: {'; '.join(one.titles)}", is_alarming=True)
            for one in sheet.advised
        ),
    ]
    for care in sheet.history.care:
        noon = datetime(care.on.year, care.on.month, care.on.day, 12, tzinfo=zone)
        kind = care_text(care)
        said = kind if care.confirmed else say("clinic.unconfirmed", text=kind)
        words = " ".join(part for part in (said, care.outcome or "", care.note) if part)
        entries.append(_dated(noon, "care", words))
    newest = sorted(entries, key=lambda one: one.at, reverse=True)
    shown = tuple(_local(entry, zone) for entry in newest[:MOST_ENTRIES])
    return Timeline(shown, len(newest) + len(checks[:-MOST_ENTRIES]))


def _judged_at(observation: ObservationFacts) -> datetime:
    return observation.judged_at


def _local(entry: Entry, zone: object) -> Entry:
    local = entry.at.astimezone(zone)  # type: ignore[arg-type]  # a ZoneInfo, kept out of this signature
    return Entry(entry.at, day_text(local.date(), year=True), entry.kind, entry.text, entry.is_alarming)


def _dated(at: datetime, kind: str, text: str, *, is_alarming: bool = False) -> Entry:
    return Entry(at, "", say(f"clinic.timeline_{kind}"), text[:_LONGEST_NOTE], is_alarming)


def _check(observation: ObservationFacts) -> Entry:
    """Size, then what was answered with yes or a value, then how many were answered with no, then the note."""
    fields = catalogue.FIELDS["observation.signs"]
    said = [answer_text(fields[name], answer) for name, answer in observation.signs.items() if answer is not False]
    refused = sum(1 for answer in observation.signs.values() if answer is False)
    parts = [_size_text(observation), *said]
    if refused:
        parts.append(say("clinic.answered_no", count=refused))
    if observation.note:
        parts.append(f"“{observation.note[:_LONGEST_NOTE]}”")
    alarms = any(fields[name].is_alarming(answer) for name, answer in observation.signs.items())
    text = "; ".join(part for part in parts if part) or say("clinic.nothing_else")
    return Entry(observation.judged_at, "", say("clinic.timeline_check"), text, alarms)


def _size_text(observation: ObservationFacts) -> str:
    sides = (observation.length_mm, observation.width_mm, observation.height_mm)
    sizes = " × ".join(mm_text(side) for side in sides if side)
    return f"{sizes} mm, {method_text(observation.method)}" if sizes else ""
