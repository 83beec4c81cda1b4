"""Reading a history document: every value checked, every slip named at once under its dotted name."""

from __future__ import annotations

import dataclasses
import re
import statistics
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import cast
from uuid import NAMESPACE_URL, UUID, uuid5

from tracking import catalogue
from tracking.catalogue import SIZES, Scope, check_answers
from tracking.days import read_partial_date, read_zone
from tracking.errors import InvalidInput
from tracking.history_slips import (
    Raw,
    Slips,
    checked_number,
    choice_at,
    day_at,
    id_at,
    instant_at,
    list_at,
    number_at,
    object_at,
    read_at,
    refuse_unknown,
    text_at,
)
from tracking.history_values import (
    FORMAT,
    Answers,
    CareBy,
    CareFacts,
    Certainty,
    History,
    LumpFacts,
    ObservationFacts,
    PersonFacts,
    PhotoFacts,
    Pin,
    Sex,
    Side,
)

NAME_LIMIT = 200  # characters of a name or a label
COLOUR_LIMIT = 20  # any name is kept: a new colour of a newer app is no reason to refuse a record
NOTE_LIMIT = 10_000  # characters of a note or an outcome
READINGS_LIMIT = 20  # at one sitting
MEDIAN_TOLERANCE_MM = 0.1

_NIL, _SOME_DAY, _SOME_TIME = UUID(int=0), date(1900, 1, 1), datetime(1900, 1, 1, tzinfo=UTC)  # stand in until stop()
_DOCUMENT_KEYS = frozenset(("format", "at", "person", "lump", "observations", "photos", "care"))
_PERSON_KEYS = frozenset(field.name for field in dataclasses.fields(PersonFacts))
_LUMP_KEYS = frozenset(field.name for field in dataclasses.fields(LumpFacts))
_OBSERVATION_KEYS = frozenset(field.name for field in dataclasses.fields(ObservationFacts))
_PHOTO_KEYS = frozenset(field.name for field in dataclasses.fields(PhotoFacts))
_REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", re.ASCII)
_DIGEST = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_CARE_KEYS = frozenset(field.name for field in dataclasses.fields(CareFacts))


def parse_history(document: object, *, at: datetime | None = None, for_judging: bool = False) -> History:
    """The document as values, observations and care oldest first.

    `at` is the moment of asking: days after it that ought to be past are errors. `for_judging` takes what an assessment
    needs and no more: ids and the format may be missing, and name, label, colour, pin and photos are not looked at.
    Raises InvalidInput naming every slip; nothing is passed over in silence, as a misspelt name may hide an emergency.
    """
    slips = Slips()
    if not isinstance(document, Mapping):
        slips.note("", "", "not_an_object")
        slips.stop()
    document = cast(Raw, document)  # isinstance above; the type checker cannot know what stop() does
    if document.get("format", FORMAT if for_judging else None) != FORMAT:
        slips.note("", "format", "unknown_format", format=FORMAT)
        slips.stop()
    refuse_unknown(document, "", slips, known=_DOCUMENT_KEYS)
    person = _person(_needed_object(document, "person", slips), slips, for_judging=for_judging)
    lump = _lump(_needed_object(document, "lump", slips), slips, for_judging=for_judging)
    if document.get("observations") is None:
        slips.note("", "observations", "needed")
    checks = [
        _observation(raw, f"observations.{index}", slips, for_judging=for_judging)
        for index, raw in enumerate(list_at(document, "observations", slips))
    ]
    care = [
        _care(raw, f"care.{index}", slips, for_judging=for_judging)
        for index, raw in enumerate(list_at(document, "care", slips))
    ]
    photos = [] if for_judging else _photos(document, slips, observations={check.id for check in checks})
    for name, rows in (("observations", checks), ("care", care), ("photos", photos)):
        _refuse_twice(name, [row.id for row in rows], slips)
    if at is not None:
        _refuse_future(person, lump, at, slips)
    slips.stop()
    checks.sort(key=lambda check: check.judged_at)
    care.sort(key=lambda step: step.on)
    return History(person, lump, tuple(checks), tuple(photos), tuple(care))


def _needed_object(document: Raw, key: str, slips: Slips) -> Raw:
    if document.get(key) is None:
        slips.note("", key, "needed")
    return object_at(document, key, "", slips) or {}


def _person(raw: Raw, slips: Slips, *, for_judging: bool) -> PersonFacts:
    refuse_unknown(raw, "person", slips, known=_PERSON_KEYS)
    seen = {} if for_judging else raw
    zone = read_at(raw, "time_zone", "person", slips, reader=read_zone, sentence="not_a_zone")
    return PersonFacts(
        id=_id(raw, "person", slips, for_judging=for_judging),
        name=text_at(seen, "name", "person", slips, limit=NAME_LIMIT) or "",
        colour=text_at(seen, "colour", "person", slips, limit=COLOUR_LIMIT) or "teal",
        birth_date=read_at(raw, "birth_date", "person", slips, reader=read_partial_date, sentence="not_a_partial_date"),
        sex=cast("Sex | None", choice_at(raw, "sex", "person", slips, known=catalogue.SEXES)),
        region=read_at(raw, "region", "person", slips, reader=_region, sentence="not_a_region"),
        time_zone=zone.key if zone else "UTC",
        background=_answers("person.background", raw, "background", "person", slips),
    )


def _lump(raw: Raw, slips: Slips, *, for_judging: bool) -> LumpFacts:
    refuse_unknown(raw, "lump", slips, known=_LUMP_KEYS, passed_over="person")
    if raw.get("site") is None:
        slips.note("lump", "site", "needed")
    seen = {} if for_judging else raw
    certainty = choice_at(raw, "first_noticed_certainty", "lump", slips, known=catalogue.CERTAINTIES)
    return LumpFacts(
        id=_id(raw, "lump", slips, for_judging=for_judging),
        site=choice_at(raw, "site", "lump", slips, known=catalogue.SITES) or "",
        label=text_at(seen, "label", "lump", slips, limit=NAME_LIMIT) or "",
        side=cast("Side | None", choice_at(raw, "side", "lump", slips, known=catalogue.SIDES)),
        pin=_pin(object_at(seen, "pin", "lump", slips), slips),
        first_noticed_on=day_at(raw, "first_noticed_on", "lump", slips),
        first_noticed_certainty=cast("Certainty | None", certainty),
        closed_on=day_at(raw, "closed_on", "lump", slips),
        closed_reason=choice_at(raw, "closed_reason", "lump", slips, known=catalogue.CLOSED_REASONS),
        background=_answers("lump.background", raw, "background", "lump", slips),
    )


def _pin(raw: Raw | None, slips: Slips) -> Pin | None:
    if raw is None:
        return None
    refuse_unknown(raw, "lump.pin", slips, known=frozenset(("view", "x", "y")))
    view = choice_at(raw, "view", "lump.pin", slips, known=("front", "back"))
    place = [raw.get("x"), raw.get("y")]
    for key, value in zip(("x", "y"), place, strict=True):
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            slips.note("lump.pin", key, "not_a_number", low=0, high=1)
    if view is None:
        slips.note("lump.pin", "view", "needed")
    return None if slips else Pin(view, *place)  # type: ignore[arg-type]  # checked just above


def _observation(raw: Raw, path: str, slips: Slips, *, for_judging: bool) -> ObservationFacts:
    refuse_unknown(raw, path, slips, known=_OBSERVATION_KEYS, passed_over="lump")
    observed_at = instant_at(raw, "observed_at", path, slips)
    if observed_at is None and raw.get("observed_at") is None:
        slips.note(path, "observed_at", "needed")
    readings = _readings(raw, path, slips)
    length = _size("length_mm", raw, path, slips)
    if readings:
        length = _median(readings, length, path, slips)
    return ObservationFacts(
        _id(raw, path, slips, for_judging=for_judging),
        observed_at or _SOME_TIME,
        instant_at(raw, "received_at", path, slips),
        length,
        _size("width_mm", raw, path, slips),
        _size("height_mm", raw, path, slips),
        readings,
        _positive(raw, "uncertainty_mm", path, slips),
        choice_at(raw, "method", path, slips, known=catalogue.METHODS),
        _answers("observation.signs", raw, "signs", path, slips),
        text_at(raw, "note", path, slips, limit=NOTE_LIMIT) or "",
    )


def _size(key: str, raw: Raw, path: str, slips: Slips) -> float | None:
    size = SIZES[key]
    return number_at(raw, key, path, slips, low=size.min_mm, high=size.max_mm)


def _readings(raw: Raw, path: str, slips: Slips) -> tuple[float, ...]:
    value = raw.get("readings_mm")
    if not value and (value is None or isinstance(value, list)):
        return ()
    size = SIZES["length_mm"]
    given = value if isinstance(value, list) and len(value) <= READINGS_LIMIT else [None]
    readings = [checked_number(one, low=size.min_mm, high=size.max_mm) for one in given]
    if None in readings:
        slips.note(path, "readings_mm", "not_readings", limit=READINGS_LIMIT, low=size.min_mm, high=size.max_mm)
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


def _care(raw: Raw, path: str, slips: Slips, *, for_judging: bool) -> CareFacts:
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
        id=_id(raw, path, slips, for_judging=for_judging),
        on=on or _SOME_DAY,
        kind=choice_at(raw, "kind", path, slips, known=catalogue.CARE_KINDS) or "",
        outcome=text_at(raw, "outcome", path, slips, limit=NOTE_LIMIT),
        review_on=review_on,
        by=cast("CareBy", by),
        confirmed=by != "clinician" if confirmed is None else confirmed is True,
        note=text_at(raw, "note", path, slips, limit=NOTE_LIMIT) or "",
    )


def _photos(document: Raw, slips: Slips, *, observations: set[UUID]) -> list[PhotoFacts]:
    photos = [_photo(raw, f"photos.{index}", slips) for index, raw in enumerate(list_at(document, "photos", slips))]
    for index, photo in enumerate(photos):
        if photo.observation not in observations:
            slips.note(f"photos.{index}", "observation", "no_such_observation")
    return photos


def _photo(raw: Raw, path: str, slips: Slips) -> PhotoFacts:
    refuse_unknown(raw, path, slips, known=_PHOTO_KEYS, passed_over="lump")
    marks = raw.get("marks") or []
    if not isinstance(marks, list) or not all(isinstance(mark, Mapping) for mark in marks):
        slips.note(path, "marks", "not_a_list")
        marks = []
    return PhotoFacts(
        id=_id(raw, path, slips, for_judging=False),
        observation=id_at(raw, "observation", path, slips) or _NIL,
        taken_at=instant_at(raw, "taken_at", path, slips),
        sha256=read_at(raw, "sha256", path, slips, reader=_digest, sentence="not_a_digest"),
        width=_pixels(raw, "width", path, slips),
        height=_pixels(raw, "height", path, slips),
        mm_per_px=_positive(raw, "mm_per_px", path, slips),
        marks=tuple(marks),
    )


def _pixels(raw: Raw, key: str, path: str, slips: Slips) -> int | None:
    value = raw.get(key)
    if value is None or (type(value) is int and 0 < value <= 1_000_000):
        return value
    slips.note(path, key, "not_pixels")
    return None


def _positive(raw: Raw, key: str, path: str, slips: Slips) -> float | None:
    """A number above 0 as fine as it comes: rounded to one decimal it could become 0, which claims perfection."""
    value = raw.get(key)
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= SIZES["length_mm"].max_mm:
        return value
    slips.note(path, key, "not_positive", high=f"{SIZES['length_mm'].max_mm:g}")
    return None


def _answers(scope: Scope, raw: Raw, key: str, path: str, slips: Slips) -> Answers:
    answers = raw.get(key)
    if not answers and (answers is None or isinstance(answers, Mapping)):
        return {}
    try:
        return check_answers(scope, answers, where=f"{path}.{key}")
    except InvalidInput as wrong:
        slips.update(wrong.fields)
        return {}


def _id(raw: Raw, path: str, slips: Slips, *, for_judging: bool) -> UUID:
    """The id. An assessment does without: it then stands for its place in the document."""
    if raw.get("id") is None:
        if not for_judging:
            slips.note(path, "id", "needed")
        return uuid5(NAMESPACE_URL, f"lumptracker:{path}")
    return id_at(raw, "id", path, slips) or _NIL


def _refuse_twice(name: str, ids: Sequence[UUID], slips: Slips) -> None:
    if len(set(ids)) == len(ids):
        return
    for index, one in enumerate(ids):
        if one != _NIL and one in ids[:index]:
            slips.note(f"{name}.{index}", "id", "id_twice")


def _refuse_future(person: PersonFacts, lump: LumpFacts, at: datetime, slips: Slips) -> None:
    """Days that ought to be past by the person's own calendar at the moment of asking."""
    today = at.astimezone(read_zone(person.time_zone)).date()
    born = person.birth_date.earliest if person.birth_date else None
    for path, key, day in (
        ("person", "birth_date", born),
        ("lump", "first_noticed_on", lump.first_noticed_on),
        ("lump.background", "cause_on", lump.background.get("cause_on")),
    ):
        if isinstance(day, date) and day > today:
            slips.note(path, key, "in_the_future", today=today.isoformat())


def _region(text: str) -> str:
    """ISO 3166: GB, US, GB-SCT."""
    if _REGION.fullmatch(text) is None:
        raise ValueError(text)
    return text


def _digest(text: str) -> str:
    """SHA-256 in hexadecimal."""
    if _DIGEST.fullmatch(text) is None:
        raise ValueError(text)
    return text
