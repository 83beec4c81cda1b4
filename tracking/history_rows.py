"""Reading what was logged about a lump, row by row: observations, photos and care."""

from __future__ import annotations

import dataclasses
import json
import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID

from tracking import catalogue
from tracking.catalogue import SIZES
from tracking.days import read_instant
from tracking.errors import InvalidInput
from tracking.history_slips import (
    NIL,
    Raw,
    Slips,
    answers_at,
    checked_number,
    choice_at,
    day_at,
    id_at,
    instant_at,
    number_at,
    own_id,
    read_at,
    refuse_unknown,
    text_at,
)
from tracking.history_values import Answers, CareBy, CareFacts, ObservationFacts, PhotoFacts

NOTE_LIMIT = 10_000  # characters of a note or an outcome
READINGS_LIMIT = 20  # at one sitting
MARKS_LIMIT = 20_000  # characters of what was drawn on a photo
MEDIAN_TOLERANCE_MM = 0.1

_SOME_DAY, _SOME_TIME = date(1900, 1, 1), datetime(1900, 1, 1, tzinfo=UTC)  # stand in for what is wrong, until stop()
_OBSERVATION_KEYS = frozenset(ObservationFacts._fields)
_BOUNDS = tuple([(key, SIZES[key].min_mm, SIZES[key].max_mm) for key in ("length_mm", "width_mm", "height_mm")])
_PHOTO_KEYS = frozenset(field.name for field in dataclasses.fields(PhotoFacts))
_CARE_KEYS = frozenset(field.name for field in dataclasses.fields(CareFacts))
_DIGEST = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)


def read_observation(raw: Raw, index: int, slips: Slips, *, for_judging: bool) -> ObservationFacts:
    """One check; its length filled in from the readings where it is missing."""
    usual = _usual_observation(raw)
    if usual is not None:
        return usual
    path = f"observations.{index}"
    refuse_unknown(raw, path, slips, known=_OBSERVATION_KEYS, passed_over="lump")
    if raw.get("observed_at") is None:
        slips.note(path, "observed_at", "needed")
    given: dict[str, Any] = {  # Any: as each reader says
        key: reader(raw, key, path, slips) for key, reader in _OBSERVATION_READERS if raw.get(key) is not None
    }
    if given.get("readings_mm"):
        given["length_mm"] = _median(given["readings_mm"], given.get("length_mm"), path, slips)
    given["observed_at"] = given.get("observed_at") or _SOME_TIME
    return ObservationFacts(own_id(raw, path, slips, for_judging=for_judging), **given)


def _usual_observation(raw: Raw) -> ObservationFacts | None:
    """A check as the app writes most of them, read without a word about what could be wrong.

    None where anything is out of the usual: the readers below then say what, or read what is rare.
    """
    name, observed_at, method, signs = raw.get("id"), raw.get("observed_at"), raw.get("method"), raw.get("signs", {})
    if (
        name.__class__ is not str
        or observed_at.__class__ is not str
        or signs.__class__ is not dict
        or not (method is None or (method.__class__ is str and method in catalogue.METHODS))
        or not raw.keys() <= _OBSERVATION_KEYS
        or raw.get("received_at") is not None
        or raw.get("readings_mm") is not None
        or raw.get("uncertainty_mm") is not None
        or raw.get("note") not in (None, "")
    ):
        return None
    sizes: list[float | None] = []
    for key, low, high in _BOUNDS:
        size = raw.get(key)
        if size is not None and (size := checked_number(size, low=low, high=high)) is None:
            return None
        sizes.append(size)
    length_mm, width_mm, height_mm = sizes
    try:
        given = catalogue.check_answers("observation.signs", signs)
        return ObservationFacts(
            UUID(name), read_instant(observed_at), None, length_mm, width_mm, height_mm, method=method, signs=given
        )
    except (ValueError, InvalidInput):
        return None


def _size(raw: Raw, key: str, path: str, slips: Slips) -> float | None:
    size = SIZES[key]
    return number_at(raw, key, path, slips, low=size.min_mm, high=size.max_mm)


def _method(raw: Raw, key: str, path: str, slips: Slips) -> str | None:
    return choice_at(raw, key, path, slips, known=catalogue.METHODS)


def _signs(raw: Raw, key: str, path: str, slips: Slips) -> Answers:
    return answers_at(raw, key, path, slips, scope="observation.signs")


def _note(raw: Raw, key: str, path: str, slips: Slips) -> str:
    return text_at(raw, key, path, slips, limit=NOTE_LIMIT) or ""


def _readings(raw: Raw, key: str, path: str, slips: Slips) -> tuple[float, ...]:
    value = raw[key]
    if value == []:
        return ()
    size = SIZES["length_mm"]
    given = value if isinstance(value, list) and len(value) <= READINGS_LIMIT else [None]
    readings = [checked_number(one, low=size.min_mm, high=size.max_mm) for one in given]
    if None in readings:
        slips.note(path, key, "not_readings", limit=READINGS_LIMIT, low=size.min_mm, high=size.max_mm)
        return ()
    return tuple(one for one in readings if one is not None)


def _median(readings: Sequence[float], length: float | None, path: str, slips: Slips) -> float:
    """The length that the readings give. Two people reading one record must see one number, hence the refusal."""
    median = statistics.median(readings)
    if length is None:
        return round(median, 1)
    if abs(length - median) > MEDIAN_TOLERANCE_MM + 1e-9:  # 1e-9: 17.1 - 17 is a little more than 0.1 in binary
        slips.note(path, "length_mm", "not_the_median", median=f"{median:g}")
    return length


def _positive(raw: Raw, key: str, path: str, slips: Slips) -> float | None:
    """A number above 0 as fine as it comes: rounded to one decimal it could become 0, which claims perfection."""
    value = raw.get(key)
    if value is None:
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= SIZES["length_mm"].max_mm:
        return value
    slips.note(path, key, "not_positive", high=f"{SIZES['length_mm'].max_mm:g}")
    return None


# In the order in which slips are told; what is missing or null keeps the field's default
_OBSERVATION_READERS: tuple[tuple[str, Callable[[Raw, str, str, Slips], object]], ...] = (
    ("observed_at", instant_at),
    ("readings_mm", _readings),
    ("length_mm", _size),
    ("received_at", instant_at),
    ("width_mm", _size),
    ("height_mm", _size),
    ("uncertainty_mm", _positive),
    ("method", _method),
    ("signs", _signs),
    ("note", _note),
)


def read_care(raw: Raw, path: str, slips: Slips, *, for_judging: bool) -> CareFacts:
    """One step of care; a missing author is the person, and only a clinician's word waits to be confirmed."""
    refuse_unknown(raw, path, slips, known=_CARE_KEYS, passed_over="lump")
    for key in ("on", "kind"):
        if raw.get(key) is None:
            slips.note(path, key, "needed")
    on, review_on = day_at(raw, "on", path, slips), day_at(raw, "review_on", path, slips)
    if on and review_on and review_on < on:
        slips.note(path, "review_on", "review_before_care")
    by = choice_at(raw, "by", path, slips, known=catalogue.CARE_AUTHORS) or "person"
    confirmed = raw.get("confirmed")
    if confirmed is not None and not isinstance(confirmed, bool):
        slips.note(path, "confirmed", "not_a_flag")
    return CareFacts(
        id=own_id(raw, path, slips, for_judging=for_judging),
        on=on or _SOME_DAY,
        kind=choice_at(raw, "kind", path, slips, known=catalogue.CARE_KINDS) or "",
        outcome=text_at(raw, "outcome", path, slips, limit=NOTE_LIMIT),
        review_on=review_on,
        by=cast("CareBy", by),
        confirmed=by != "clinician" if confirmed is None else confirmed is True,
        note=text_at(raw, "note", path, slips, limit=NOTE_LIMIT) or "",
    )


def read_photo(raw: Raw, path: str, slips: Slips) -> PhotoFacts:
    """One picture's description."""
    refuse_unknown(raw, path, slips, known=_PHOTO_KEYS, passed_over="lump")
    return PhotoFacts(
        id=own_id(raw, path, slips, for_judging=False),
        observation=id_at(raw, "observation", path, slips) or NIL,
        taken_at=instant_at(raw, "taken_at", path, slips),
        sha256=read_at(raw, "sha256", path, slips, reader=_digest, sentence="not_a_digest"),
        width=_pixels(raw, "width", path, slips),
        height=_pixels(raw, "height", path, slips),
        mm_per_px=_positive(raw, "mm_per_px", path, slips),
        marks=_marks(raw, path, slips),
    )


def _marks(raw: Raw, path: str, slips: Slips) -> tuple[Raw, ...]:
    """What was drawn on it: the app's own objects, kept as they are as long as JSON can carry them."""
    marks = raw.get("marks")
    if marks is None:
        return ()
    if isinstance(marks, list) and all(isinstance(mark, Mapping) for mark in marks) and _fits_json(marks):
        return tuple(marks)
    slips.note(path, "marks", "not_marks", limit=MARKS_LIMIT)
    return ()


def _fits_json(value: object) -> bool:
    try:
        return len(json.dumps(value, allow_nan=False)) <= MARKS_LIMIT
    except ValueError:  # NaN and infinity, which Python reads and no other reader does
        return False


def _pixels(raw: Raw, key: str, path: str, slips: Slips) -> int | None:
    value = raw.get(key)
    if value is None or (type(value) is int and 0 < value <= 1_000_000):
        return value
    slips.note(path, key, "not_pixels")
    return None


def _digest(text: str) -> str:
    """SHA-256 in hexadecimal."""
    if _DIGEST.fullmatch(text) is None:
        raise ValueError(text)
    return text
