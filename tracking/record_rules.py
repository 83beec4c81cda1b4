"""What must hold among the fields of one row, and what is filled in. Leaves in, leaves out; no database."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date, datetime, timedelta, timezone
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from tracking.record_shapes import invalid
from tracking.texts import say

DISAGREEMENT_MM = 0.1  # of `length_mm` with the median of its readings, beyond which one of them is a slip
FURTHEST_AHEAD = timezone(timedelta(hours=14))  # where the day begins first: nobody's today is later than there
ROUNDING_MM = 1e-6
CLINICIAN = "clinician"  # who wrote a step of care

Leaves = dict[str, Any]  # Any: column values of as many types as there are columns


def settled(
    kind: str, leaves: Leaves, *, given: Set[str], today: date, before: Mapping[str, Any] | None = None
) -> Leaves:  # Any: as in `Leaves`
    """The leaves with what follows from them filled in. Raises InvalidInput naming the field.

    `given` are the names that the request set, `today` the person's calendar day, `before` what a row that is there
    holds.
    """
    match kind:
        case "person":
            _refuse_future({"birth_date": _earliest(leaves["birth_date"])}, today=today, given=given)
        case "lump":
            days = {name: leaves.get(name) for name in ("first_noticed_on", "background.cause_on")}
            _refuse_future(days, today=today, given=given)
        case "observation":
            return _with_length(leaves, given=given)
        case "care":
            return _with_confirmation(leaves, given=given, before=before or {})
    return leaves


def day_of(at: datetime, time_zone: str | None) -> date:
    """The person's calendar day; where the zone is not known, the latest day that it may be anywhere."""
    return at.astimezone(ZoneInfo(time_zone) if time_zone else FURTHEST_AHEAD).date()


def measure_disagrees(leaves: Mapping[str, Any]) -> bool:
    """Whether the longest diameter is something else than the median of its readings."""
    length, readings = leaves["length_mm"], leaves["readings_mm"]
    return bool(readings) and length is not None and abs(length - median(readings)) > DISAGREEMENT_MM + ROUNDING_MM


def _with_length(leaves: Leaves, *, given: Set[str]) -> Leaves:
    readings = leaves["readings_mm"]
    if readings and (leaves["length_mm"] is None or "length_mm" not in given):
        return {**leaves, "length_mm": round(median(readings), 1)}
    if measure_disagrees(leaves):
        raise invalid({"length_mm": [say("field.readings")]})
    return leaves


def is_owners_to_say(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:  # Any: as in `Leaves`
    """Whether this change to a step of care answers for the owner: it touches what a clinician wrote, or lets words
    count as a clinician's that did not before. Once it counts, anybody who logs may set a note of their own beside it.
    """
    if before and before["by"] == CLINICIAN:
        changed = {name for name in before if before[name] != after[name]}
        return bool(changed - {"note"} if before["confirmed"] else changed)
    return after["by"] == CLINICIAN and bool(after["confirmed"])


def _with_confirmation(leaves: Leaves, *, given: Set[str], before: Mapping[str, Any]) -> Leaves:  # Any: as in `Leaves`
    """What a clinician wrote counts once the person has confirmed it; everything else counts at once.

    A yes that was given stays until it is taken back by name: an older phone that changes the day, or an undo, says
    nothing of it.
    """
    if leaves["review_on"] is not None and leaves["review_on"] < leaves["on"]:
        raise invalid({"review_on": [say("field.review_before")]})
    if "confirmed" in given:
        return leaves
    return {**leaves, "confirmed": before["confirmed"] if before else leaves["by"] != CLINICIAN}


def _refuse_future(days: Mapping[str, date | str | None], *, today: date, given: Set[str]) -> None:
    late = [name for name, day in days.items() if name in given and day is not None and str(day) > today.isoformat()]
    if late:
        raise invalid({name: [say("field.in_future")] for name in late})


def _earliest(birth_date: str | None) -> str | None:
    return None if birth_date is None else (birth_date + "-01-01")[:10]
