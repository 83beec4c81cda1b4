"""Writing a history document: every key, `null` where nothing is known, instants in the person's own zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo

from tracking.days import read_zone
from tracking.history_values import (
    FORMAT,
    Answers,
    CareFacts,
    History,
    LumpFacts,
    ObservationFacts,
    PersonFacts,
    PhotoFacts,
)

Document = dict[str, object]


def write_history(history: History) -> Document:
    """The document as JSON can carry it. `parse_history` of it gives an equal history."""
    zone = read_zone(history.person.time_zone)
    return {
        "format": FORMAT,
        "person": write_person(history.person),
        "lump": _lump(history.lump),
        "observations": [_observation(one, zone) for one in history.observations],
        "photos": [_photo(one, zone) for one in history.photos],
        "care": [_care(one) for one in history.care],
    }


def write_person(person: PersonFacts) -> Document:
    """The person alone, as they stand in every history of theirs."""
    return {
        "id": str(person.id),
        "name": person.name,
        "colour": person.colour,
        "birth_date": person.birth_date.text if person.birth_date else None,
        "sex": person.sex,
        "region": person.region,
        "time_zone": person.time_zone,
        "background": _answers(person.background),
    }


def _lump(lump: LumpFacts) -> Document:
    return {
        "id": str(lump.id),
        "label": lump.label,
        "site": lump.site,
        "side": lump.side,
        "pin": {"view": lump.pin.view, "x": lump.pin.x, "y": lump.pin.y} if lump.pin else None,
        "first_noticed_on": _day(lump.first_noticed_on),
        "first_noticed_certainty": lump.first_noticed_certainty,
        "closed_on": _day(lump.closed_on),
        "closed_reason": lump.closed_reason,
        "background": _answers(lump.background),
    }


def _observation(check: ObservationFacts, zone: tzinfo) -> Document:
    return {
        "id": str(check.id),
        "observed_at": _instant(check.observed_at, zone),
        "received_at": _instant(check.received_at, zone),
        "length_mm": check.length_mm,
        "width_mm": check.width_mm,
        "height_mm": check.height_mm,
        "readings_mm": list(check.readings_mm),
        "uncertainty_mm": check.uncertainty_mm,
        "method": check.method,
        "signs": _answers(check.signs),
        "note": check.note,
    }


def _photo(photo: PhotoFacts, zone: tzinfo) -> Document:
    return {
        "id": str(photo.id),
        "observation": str(photo.observation),
        "taken_at": _instant(photo.taken_at, zone),
        "sha256": photo.sha256,
        "width": photo.width,
        "height": photo.height,
        "mm_per_px": photo.mm_per_px,
        "marks": [dict(mark) for mark in photo.marks],
    }


def _care(step: CareFacts) -> Document:
    return {
        "id": str(step.id),
        "on": _day(step.on),
        "kind": step.kind,
        "outcome": step.outcome,
        "review_on": _day(step.review_on),
        "by": step.by,
        "confirmed": step.confirmed,
        "note": step.note,
    }


def _answers(answers: Answers) -> Mapping[str, object]:
    return {name: answer.isoformat() if isinstance(answer, date) else answer for name, answer in answers.items()}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _instant(instant: datetime | None, zone: tzinfo) -> str | None:
    return instant.astimezone(zone).isoformat() if instant else None
