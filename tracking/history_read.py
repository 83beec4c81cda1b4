"""Reading a history document: every value checked, every slip named at once under its dotted name."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple, cast
from uuid import UUID

from tracking import catalogue
from tracking.days import read_partial_date, read_zone
from tracking.history_rows import read_care, read_observation, read_photo
from tracking.history_slips import (
    NIL,
    Raw,
    Slips,
    answers_at,
    choice_at,
    day_at,
    list_at,
    object_at,
    own_id,
    read_at,
    refuse_unknown,
    text_at,
)
from tracking.history_values import FORMAT, Certainty, History, LumpFacts, PersonFacts, PhotoFacts, Pin, Sex, Side

NAME_LIMIT = 200  # characters of a name or a label
COLOUR_LIMIT = 20  # any name is kept: a new colour of a newer app is no reason to refuse a record

_DOCUMENT_KEYS = frozenset(("format", "at", "person", "lump", "observations", "photos", "care"))
_PERSON_KEYS = frozenset(field.name for field in dataclasses.fields(PersonFacts))
_LUMP_KEYS = frozenset(field.name for field in dataclasses.fields(LumpFacts))
_REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", re.ASCII)


def parse_history(document: object, *, at: datetime | None = None, for_judging: bool = False) -> History:
    """The document as values, observations and care oldest first.

    `at` is the moment of asking: days after it that ought to be past are errors. `for_judging` takes what an assessment
    needs and no more: ids and the format may be missing, and name, label, colour, pin and photos are not looked at.
    Raises InvalidInput naming every slip; nothing is passed over in silence, as a misspelt name may hide an emergency.
    """
    slips = Slips()
    parts = _parts(document, slips, for_judging=for_judging)
    slips.stop()  # what is not even in the right place would only bring forth follow-on slips
    person = _person(parts.person, slips, for_judging=for_judging)
    lump = _lump(parts.lump, slips, for_judging=for_judging)
    checks = [
        read_observation(raw, index, slips, for_judging=for_judging) for index, raw in enumerate(parts.observations)
    ]
    care = [read_care(raw, f"care.{index}", slips, for_judging=for_judging) for index, raw in enumerate(parts.care)]
    photos = [read_photo(raw, f"photos.{index}", slips) for index, raw in enumerate(parts.photos)]
    for name, rows in (("observations", checks), ("care", care), ("photos", photos)):
        _refuse_twice(name, [row.id for row in rows], slips)
    if at is not None:
        _refuse_future(person, lump, at, slips)
    if for_judging:
        _refuse_closed_before_noticed(lump, slips)
    slips.stop()
    if photos:
        _refuse_stray(photos, {check.id for check in checks}, slips)
        slips.stop()
    checks.sort(key=attrgetter("judged_at"))
    care.sort(key=attrgetter("on"))
    return History(person, lump, tuple(checks), tuple(photos), tuple(care))


class _Parts(NamedTuple):
    """The objects of a document, not yet looked into."""

    person: Raw
    lump: Raw
    observations: list[Raw]
    photos: list[Raw]
    care: list[Raw]


def _parts(document: object, slips: Slips, *, for_judging: bool) -> _Parts:
    if not isinstance(document, Mapping):
        slips.note("", "", "not_an_object")
        return _Parts({}, {}, [], [], [])
    if document.get("format", FORMAT if for_judging else None) != FORMAT:
        slips.note("", "format", "unknown_format", format=FORMAT)
    refuse_unknown(document, "", slips, known=_DOCUMENT_KEYS)
    for key in ("person", "lump", "observations"):
        if document.get(key) is None:
            slips.note("", key, "needed")
    return _Parts(
        object_at(document, "person", "", slips) or {},
        object_at(document, "lump", "", slips) or {},
        list_at(document, "observations", slips),
        [] if for_judging else list_at(document, "photos", slips),
        list_at(document, "care", slips),
    )


def _person(raw: Raw, slips: Slips, *, for_judging: bool) -> PersonFacts:
    refuse_unknown(raw, "person", slips, known=_PERSON_KEYS)
    seen = {} if for_judging else raw
    zone = read_at(raw, "time_zone", "person", slips, reader=read_zone, sentence="not_a_zone")
    return PersonFacts(
        id=own_id(raw, "person", slips, for_judging=for_judging),
        name=text_at(seen, "name", "person", slips, limit=NAME_LIMIT) or "",
        colour=text_at(seen, "colour", "person", slips, limit=COLOUR_LIMIT) or "teal",
        birth_date=read_at(raw, "birth_date", "person", slips, reader=read_partial_date, sentence="not_a_partial_date"),
        sex=cast("Sex | None", choice_at(raw, "sex", "person", slips, known=catalogue.SEXES)),
        region=read_at(raw, "region", "person", slips, reader=_region, sentence="not_a_region"),
        time_zone=zone.key if zone else "UTC",
        background=answers_at(raw, "background", "person", slips, scope="person.background"),
    )


def _lump(raw: Raw, slips: Slips, *, for_judging: bool) -> LumpFacts:
    refuse_unknown(raw, "lump", slips, known=_LUMP_KEYS, passed_over="person")
    if raw.get("site") is None:
        slips.note("lump", "site", "needed")
    seen = {} if for_judging else raw
    certainty = choice_at(raw, "first_noticed_certainty", "lump", slips, known=catalogue.CERTAINTIES)
    return LumpFacts(
        id=own_id(raw, "lump", slips, for_judging=for_judging),
        site=choice_at(raw, "site", "lump", slips, known=catalogue.SITES) or "",
        label=text_at(seen, "label", "lump", slips, limit=NAME_LIMIT) or "",
        side=cast("Side | None", choice_at(raw, "side", "lump", slips, known=catalogue.SIDES)),
        pin=_pin(object_at(seen, "pin", "lump", slips), slips),
        first_noticed_on=day_at(raw, "first_noticed_on", "lump", slips),
        first_noticed_certainty=cast("Certainty | None", certainty),
        closed_on=day_at(raw, "closed_on", "lump", slips),
        closed_reason=choice_at(raw, "closed_reason", "lump", slips, known=catalogue.CLOSED_REASONS),
        background=answers_at(raw, "background", "lump", slips, scope="lump.background"),
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


def _refuse_twice(name: str, ids: Sequence[UUID], slips: Slips) -> None:
    if len({one.int for one in ids}) == len(ids):  # quicker than to hash the ids themselves
        return
    for index, one in enumerate(ids):
        if one != NIL and one in ids[:index]:
            slips.note(f"{name}.{index}", "id", "id_twice")


def _refuse_stray(photos: Sequence[PhotoFacts], observations: set[UUID], slips: Slips) -> None:
    for index, photo in enumerate(photos):
        if photo.observation not in observations:
            slips.note(f"photos.{index}", "observation", "no_such_observation")


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


def _refuse_closed_before_noticed(lump: LumpFacts, slips: Slips) -> None:
    """Where the day is said to be exact. A record may hold it, mended later; a judgement must not rest on it."""
    noticed, closed = lump.first_noticed_on, lump.closed_on
    if noticed and closed and closed < noticed and lump.first_noticed_certainty in ("exact", None):
        slips.note("lump", "closed_on", "closed_before_noticed", noticed=noticed.isoformat())


def _region(text: str) -> str:
    """ISO 3166: GB, US, GB-SCT."""
    if _REGION.fullmatch(text) is None:
        raise ValueError(text)
    return text
