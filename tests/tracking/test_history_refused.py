"""A document that is not as the contract says: every slip is named where it stands, and nothing is lost quietly."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.tracking.histories import LATER_CHECK, LUMP, PERSON, document
from tests.tracking.test_history import OBSERVED, bent_at, slips
from tracking.history import parse_history

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("format", "lumptracker.history/2"),
        ("format", None),
        ("person", None),
        ("person", []),
        ("person.id", None),
        ("person.id", "ada"),
        ("person.birth_date", "09.04.1971"),
        ("person.birth_date", "1971-4"),
        ("person.birth_date", "1871"),
        ("person.birth_date", 1971),
        ("person.sex", "f"),
        ("person.region", "Britain"),
        ("person.time_zone", "London"),
        ("person.time_zone", "../etc/passwd"),
        ("person.time_zone", "Europe"),
        ("person.name", "x" * 201),
        ("person.name", "\ud800"),
        ("person.background", ["anticoagulant"]),
        ("person.background.anticoagulant", 0),
        ("lump", "back"),
        ("lump.site", None),
        ("lump.site", "lowerback"),
        ("lump.side", "both"),
        ("lump.pin.x", 1.2),
        ("lump.pin.view", "side"),
        ("lump.first_noticed_on", "2026-9-20"),
        ("lump.first_noticed_certainty", "sure"),
        ("lump.closed_reason", "bored"),
        ("lump.background.cause", "football"),
        ("lump.background.cause_on", "yesterday"),
        ("observations", None),
        ("observations", {}),
        ("observations.1", "none"),
        ("observations.1.id", None),
        ("observations.1.id", LATER_CHECK),
        ("observations.1.observed_at", None),
        ("observations.1.observed_at", "2026-09-21T19:04:00"),
        ("observations.1.observed_at", "2026-09-21"),
        ("observations.1.observed_at", 1790000000),
        ("observations.1.observed_at", "0001-01-01T00:00:00+14:00"),
        ("observations.1.length_mm", 0),
        ("observations.1.length_mm", -3),
        ("observations.1.length_mm", 501),
        ("observations.1.length_mm", "18"),
        ("observations.1.length_mm", True),
        ("observations.1.length_mm", float("nan")),
        ("observations.1.width_mm", 0),
        ("observations.1.height_mm", -0.1),
        ("observations.1.readings_mm", 18),
        ("observations.1.readings_mm", [18, None]),
        ("observations.1.readings_mm", [18] * 21),
        ("observations.1.uncertainty_mm", 0),
        ("observations.1.method", "thumb"),
        ("observations.1.signs", []),
        ("observations.1.signs.fever", "no"),
        ("observations.1.note", 7),
        ("photos.0.observation", LUMP),
        ("photos.0.sha256", "0a"),
        ("photos.0.width", 0),
        ("photos.0.marks", ["arrow"]),
        ("care.0.on", None),
        ("care.0.kind", "visited"),
        ("care.0.review_on", "2026-10-01"),
        ("care.0.by", "nurse"),
        ("care.0.confirmed", 1),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(path: str, value: object) -> None:
    assert list(slips(bent_at(path, value))) == [path]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("observation", []),
        ("person.birthdate", "1971"),
        ("lump.backgroud", {}),
        ("lump.pin.z", 1),
        ("observations.1.sings", {"fever": True}),
        ("observations.1.lenght_mm", 18),
        ("photos.0.taken", OBSERVED),
        ("care.0.reveiw_on", "2026-12-01"),
        ("person.background.anticoagulants", True),
        ("lump.background.csue", "injury"),
        ("observations.1.signs.saddle_numness", True),
    ],
)
def test_a_name_that_is_not_known_is_refused_rather_than_lost(path: str, value: object) -> None:
    said = slips(bent_at(path, value))
    assert list(said) == [path]
    assert "There is no field with this name." in said[path][0]


def test_the_name_that_was_meant_is_suggested() -> None:
    assert slips(bent_at("observations.1.sings", {}))["observations.1.sings"] == [
        "There is no field with this name. Did you mean signs?"
    ]


def test_every_slip_is_named_at_once() -> None:
    bent = bent_at("observations.1.signs.fever", 1)
    bent["lump"]["site"] = "bak"
    bent["observations"][0]["observed_at"] = "noon"
    assert set(slips(bent)) == {"lump.site", "observations.0.observed_at", "observations.1.signs.fever"}


def test_the_read_only_fields_of_the_api_may_stay_in() -> None:
    bent = bent_at("observations.0.rev", 12)
    bent["observations"][0] |= {"lump": LUMP, "created_at": OBSERVED, "updated_at": OBSERVED}
    bent["lump"] |= {"person": PERSON, "rev": 3}
    assert parse_history(bent) == parse_history(document())


@pytest.mark.parametrize("nothing", [None, [], "history", 3])
def test_what_is_no_object_is_no_history(nothing: object) -> None:
    assert list(slips(nothing)) == [""]
