"""Histories for the tests: one small document to bend, and strategies that make any history there can be."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from typing import Any  # Any: JSON, bent out of shape by the tests

from hypothesis import strategies as st

from tracking import catalogue
from tracking.catalogue import FIELDS, Answer, Field, Scope
from tracking.days import read_partial_date
from tracking.history import CareFacts, History, LumpFacts, ObservationFacts, PersonFacts, PhotoFacts, Pin

PERSON = "907883e1-fe04-4c4d-9c3b-a089aba2b005"
LUMP = "c76f1201-9e2c-4e22-9f23-5ad072e13bd1"
CHECK = "57e881a7-8e00-42d3-839c-814f3e964597"
LATER_CHECK = "8f24941a-c672-4be0-8b51-e886e83cb0af"
PHOTO = "b3e30d93-3648-4353-b5f8-dc44a5abdbb9"
CARE = "393faa88-c238-42ec-b990-322c5ed78ac7"


def document() -> dict[str, Any]:
    """A lump on the lower back, looked at twice, the second time written first, with a picture and a visit."""
    return {
        "format": "lumptracker.history/1",
        "person": {
            "id": PERSON,
            "name": "Ada",
            "colour": "teal",
            "birth_date": "1971-04",
            "sex": "female",
            "region": "GB",
            "time_zone": "Europe/London",
            "background": {"anticoagulant": False},
        },
        "lump": {
            "id": LUMP,
            "label": "Back",
            "site": "lower_back",
            "side": "left",
            "pin": {"view": "back", "x": 0.41, "y": 0.52},
            "first_noticed_on": "2026-09-20",
            "first_noticed_certainty": "about",
            "closed_on": None,
            "closed_reason": None,
            "background": {"cause": "injury", "cause_on": "2026-09-19"},
        },
        "observations": [
            {"id": LATER_CHECK, "observed_at": "2026-10-05T19:00:00+01:00", "length_mm": 21, "method": "ruler"},
            {
                "id": CHECK,
                "observed_at": "2026-09-21T19:04:00+01:00",
                "received_at": None,
                "length_mm": 18,
                "width_mm": 14,
                "height_mm": None,
                "readings_mm": [17, 18, 19],
                "uncertainty_mm": None,
                "method": "ruler",
                "signs": {"consistency": "soft", "pain": 2, "fever": False},
                "note": "after football",
            },
        ],
        "photos": [
            {"id": PHOTO, "observation": CHECK, "taken_at": "2026-09-21T19:05:00+01:00", "sha256": "0a" * 32}
            | {"width": 1536, "height": 2048, "mm_per_px": 0.0612, "marks": [{"kind": "arrow", "x": 0.5}]}
        ],
        "care": [{"id": CARE, "on": "2026-10-02", "kind": "booked"}],
    }


_texts = st.text(st.characters(codec="utf-8"), max_size=20)
_days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
_instants = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001  bounds are naive by hypothesis' own rule
_lengths = st.integers(1, 5000).map(lambda tenths: tenths / 10)
_positives = st.floats(min_value=0, max_value=500, exclude_min=True)
_partial_dates = _days.flatmap(
    lambda day: st.sampled_from([f"{day:%Y}", f"{day:%Y-%m}", f"{day:%Y-%m-%d}"]).map(read_partial_date)
)


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def _answer(field: Field) -> st.SearchStrategy[Answer]:
    low, high = field.min or 0, field.max or 0
    by_kind: dict[str, st.SearchStrategy[Answer]] = {
        "flag": st.booleans(),
        "choice": st.sampled_from(list(field.choices) or [""]),
        "date": _days,
        "text": _texts,
        "scale": st.integers(int(low), int(high)),
        "number": st.integers(int(low * 10), int(high * 10)).map(lambda tenths: tenths / 10),
    }
    return by_kind[field.kind]


def _answers(scope: Scope) -> st.SearchStrategy[dict[str, Answer]]:
    return st.fixed_dictionaries({}, optional={name: _answer(field) for name, field in FIELDS[scope].items()})


_persons = st.builds(
    PersonFacts,
    id=st.uuids(),
    name=_texts,
    colour=st.sampled_from(list(catalogue.COLOURS)),
    birth_date=_maybe(_partial_dates),
    sex=_maybe(st.sampled_from(list(catalogue.SEXES))),
    region=_maybe(st.sampled_from(["GB", "GB-SCT", "US"])),
    time_zone=st.sampled_from(["UTC", "Europe/London", "Asia/Kolkata", "Pacific/Apia", "America/St_Johns"]),
    background=_answers("person.background"),
)
_shares = st.floats(0, 1)
_lumps = st.builds(
    LumpFacts,
    id=st.uuids(),
    site=st.sampled_from(list(catalogue.SITES)),
    label=_texts,
    side=_maybe(st.sampled_from(list(catalogue.SIDES))),
    pin=_maybe(st.builds(Pin, st.sampled_from(["front", "back"]), _shares, _shares)),
    first_noticed_on=_maybe(_days),
    first_noticed_certainty=_maybe(st.sampled_from(list(catalogue.CERTAINTIES))),
    closed_on=_maybe(_days),
    closed_reason=_maybe(st.sampled_from(list(catalogue.CLOSED_REASONS))),
    background=_answers("lump.background"),
)
_checks = st.builds(
    ObservationFacts,
    id=st.uuids(),
    observed_at=_instants,
    received_at=_maybe(_instants),
    length_mm=_maybe(_lengths),
    width_mm=_maybe(_lengths),
    height_mm=_maybe(st.just(0.0) | _lengths),
    uncertainty_mm=_maybe(_positives),
    method=_maybe(st.sampled_from(list(catalogue.METHODS))),
    signs=_answers("observation.signs"),
    note=_texts,
    readings_mm=st.just(()),  # a named tuple's defaults are drawn too, unless told
)
_thrice_measured = st.tuples(_checks, _lengths, _lengths).map(
    lambda parts: parts[0]._replace(length_mm=parts[1], readings_mm=(parts[1], min(parts[1:]), max(parts[1:])))
)
_photos = st.builds(
    PhotoFacts,
    id=st.uuids(),
    observation=st.uuids(),  # put right in `histories`
    taken_at=_maybe(_instants),
    sha256=_maybe(st.binary(min_size=32, max_size=32).map(bytes.hex)),
    width=_maybe(st.integers(1, 8192)),
    height=_maybe(st.integers(1, 8192)),
    mm_per_px=_maybe(_positives),
    marks=st.lists(st.dictionaries(_texts, _texts | st.booleans(), max_size=2), max_size=2).map(tuple),
)
_steps = st.builds(
    CareFacts,
    id=st.uuids(),
    on=_days,
    kind=st.sampled_from(list(catalogue.CARE_KINDS)),
    outcome=_maybe(_texts),
    by=st.sampled_from(list(catalogue.CARE_AUTHORS)),
    confirmed=st.booleans(),
    note=_texts,
)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Any history that `parse_history` could have given: oldest first, photos of checks that are there."""
    checks = draw(st.lists(_checks | _thrice_measured, max_size=4, unique_by=lambda check: check.id))
    photos = draw(st.lists(_photos, max_size=2, unique_by=lambda photo: photo.id)) if checks else []
    care = draw(st.lists(_steps, max_size=3, unique_by=lambda step: step.id))
    reviewed = [
        dataclasses.replace(step, review_on=draw(_maybe(st.dates(step.on, date(2199, 12, 31))))) for step in care
    ]
    return History(
        person=draw(_persons),
        lump=draw(_lumps),
        observations=tuple(sorted(checks, key=lambda check: check.judged_at)),
        photos=tuple(dataclasses.replace(one, observation=draw(st.sampled_from(checks)).id) for one in photos),
        care=tuple(sorted(reviewed, key=lambda step: step.on)),
    )
