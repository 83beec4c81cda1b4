"""A list shows every row exactly as that row is shown by itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.people import Somebody
from tests.people import ada as sign_ada_up
from tracking.models import Observation, Photo

pytestmark = pytest.mark.django_db
WORDS = 'Said "sore",\nthen \\ nothing: \u00fc \U0001f9b5 \u2028 %s {"'


@pytest.fixture
def ada() -> Somebody:
    return sign_ada_up()


@pytest.fixture
def lump(ada: Somebody) -> Any:  # Any: a UUID
    person = ada.put_person(name=WORDS, birth_date="1990-05", background={"past_cancer": False}, region="ES")
    background = {"cause_on": "2026-09-01"}
    pin = {"view": "front", "x": 0.25, "y": 1}
    return ada.put_lump(person, label=WORDS, side="left", pin=pin, first_noticed_on="2026-09-02", background=background)


def listed_as_alone(ada: Somebody, path: str) -> list[dict[str, Any]]:  # Any: JSON
    rows: list[dict[str, Any]] = ada.get(f"{path}/")["results"]
    assert rows
    assert rows == [ada.get(f"{path}/{row['id']}/") for row in rows]
    return rows


def test_persons_and_lumps_with_all_their_fields(ada: Somebody, lump: Any) -> None:
    ada.put_person()
    assert {row["name"] for row in listed_as_alone(ada, "persons")} >= {WORDS}
    assert {row["role"] for row in listed_as_alone(ada, "persons")} == {"owner"}
    ada.ask("PATCH", f"lumps/{lump}/", {"closed_on": "2026-09-10", "closed_reason": "removed"})
    assert listed_as_alone(ada, "lumps")[0]["pin"] == {"view": "front", "x": 0.25, "y": 1.0}


def test_checks_full_and_empty_at_moments_with_and_without_parts_of_a_second(ada: Somebody, lump: Any) -> None:
    sizes: dict[str, Any] = {
        "length_mm": 12.5,
        "width_mm": 9,
        "readings_mm": [12.4, 12.6],
        "uncertainty_mm": 0.123456789012345,
    }
    signs = {"fever": False, "pain": 3, "trend": "same"}
    ada.put_observation(lump, observed_at="2026-09-01T08:00:00.120+02:00", note=WORDS, signs=signs, **sizes)
    ada.put_observation(lump, observed_at="2026-09-01T08:00:00+02:00", method="ruler")
    ada.put_observation(lump, observed_at="2026-09-01T08:00:00.000001Z")
    received = datetime(2026, 9, 2, 8, 0, 0, 500_000, tzinfo=UTC)
    Observation.objects.filter(method="ruler").update(received_at=received, created_at=received)
    newest, full, plain = listed_as_alone(ada, "observations")
    assert newest["observed_at"] == "2026-09-01T08:00:00.000001Z"
    assert full["observed_at"] == "2026-09-01T06:00:00.120000Z"
    assert (plain["observed_at"], plain["received_at"]) == ("2026-09-01T06:00:00Z", "2026-09-02T08:00:00.500000Z")
    assert (full["note"], full["signs"], full["uncertainty_mm"]) == (WORDS, signs, 0.123456789012345)
    assert (plain["length_mm"], plain["readings_mm"], plain["signs"]) == (None, [], {})


def test_care_and_pictures(ada: Somebody, lump: Any) -> None:
    ada.put_care(lump, outcome=WORDS, review_on="2026-11-01", by="clinician")
    assert listed_as_alone(ada, "care")[0]["confirmed"] is False
    check = Observation.objects.get(pk=ada.put_observation(lump))
    marks, at = [{"x": 1, "y": 2.5}], check.created_at
    own = {"person": check.person, "lump": check.lump, "observation": check}
    Photo.objects.create(**own, created_at=at, updated_at=at, taken_at=at, mm_per_px=0.1, marks=marks, width=40)
    row, *_ = listed_as_alone(ada, "photos")
    assert (row["marks"], row["width"], row["height"], row["mm_per_px"]) == (marks, 40, None, 0.1)


def test_it_may_be_asked_for_with_indents(ada: Somebody, lump: Any) -> None:
    answer = ada.ask("GET", "lumps/", Accept="application/json; indent=2")
    assert answer.content.count(b"\n") > 20
    assert json.loads(answer.content) == ada.get("lumps/")


def test_what_a_script_takes_for_the_end_of_a_line_is_escaped(ada: Somebody, lump: Any) -> None:
    assert b"\\u2028" in ada.ask("GET", "lumps/").content
    assert "\u2028".encode() not in ada.ask("GET", "lumps/").content
