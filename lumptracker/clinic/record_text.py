"""The record as a GP would type it: plain lines to paste into another system."""

from __future__ import annotations

from lumptracker.clinic.brief import RECORD, latest_done
from lumptracker.clinic.sentences import method_text, place_text
from lumptracker.clinic.sheet import Sheet
from lumptracker.clinic.words import day_text, mm_text, zone_of
from tracking.texts import say

MOST_SIZES = 12


def record_text(sheet: Sheet) -> str:
    """Lines of plain text, each a sentence; what was not asked is said as such."""
    told, done = sheet.summary, latest_done(sheet.summary, RECORD)
    lines = [
        say("clinic.record_title", place=place_text(sheet.history)),
        f"{told.who}. {say('clinic.as_of', when=told.as_of)}.",
        told.headline,
        say("clinic.record_sizes", sizes=sizes_text(sheet)) if told.measurements else "",
        say(
            "clinic.record_yes",
            list="; ".join(f"{one.text} ({one.when})" for one in told.yes) or say("clinic.none_yes"),
        ),
        say("clinic.record_no", list="; ".join(told.no)) if told.no else "",
        say("clinic.record_not_asked", list="; ".join(told.not_asked)) if told.not_asked else "",
        _background(sheet),
        say("clinic.record_told", list="; ".join(f"{one.when} {one.text}: {one.note}" for one in told.advised))
        if told.advised
        else say("clinic.told_none"),
        say("clinic.record_done", list="; ".join(f"{one.when} {one.text} {one.note}".strip() for one in done))
        if done
        else say("clinic.done_none"),
        say("clinic.record_end"),
    ]
    return "\n".join(line for line in lines if line) + "\n"


def sizes_text(sheet: Sheet) -> str:
    """First size and the latest ones."""
    zone = zone_of(sheet.history.person.time_zone)
    taken = sheet.summary.measurements
    chosen = taken if len(taken) <= MOST_SIZES else (taken[0], *taken[-MOST_SIZES + 1 :])
    return ", ".join(
        f"{day_text(one.at.astimezone(zone).date(), year=True)} {mm_text(one.length_mm)} mm ({method_text(one.method)})"
        for one in chosen
    )


def _background(sheet: Sheet) -> str:
    known = sheet.summary.background
    parts = [*known.yes, *known.told, *(say("clinic.negated", label=label) for label in known.no)]
    return say("clinic.record_background", list="; ".join(parts)) if parts else ""
