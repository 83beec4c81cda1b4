"""Nothing is written that the contract does not name: every column of every table is tried (T7)."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest

from tests.people import Somebody, ada
from tracking.models import CareEvent, Lump, Observation, Person, User
from tracking.record_kinds import CARE, LUMP, OBSERVATION, PERSON, Kind

pytestmark = pytest.mark.django_db
KINDS = {"persons": PERSON, "lumps": LUMP, "observations": OBSERVATION, "care": CARE}
STRANGE = "2001-01-01T00:00:00Z"  # no column of ours would hold it by itself


def a_row_of_each(somebody: Somebody) -> dict[str, UUID]:
    lump = somebody.put_lump()
    return {
        "persons": Lump.objects.get().person_id,
        "lumps": lump,
        "observations": somebody.put_observation(lump),
        "care": somebody.put_care(lump),
    }


def columns_of(kind: Kind) -> set[str]:
    fields = kind.model._meta.get_fields()
    return {name for field in fields for name in (field.name, getattr(field, "attname", field.name))}


@pytest.mark.parametrize("room", sorted(KINDS))
def test_a_column_that_is_no_field_is_refused_by_name(room: str) -> None:
    somebody, kind = ada(), KINDS[room]
    path = f"{room}/{a_row_of_each(somebody)[room]}/"
    body = somebody.get(path)
    for name in sorted(columns_of(kind) - kind.shape().fields.keys()):
        answer = somebody.ask("PUT", path, {**body, name: STRANGE})
        assert (name, answer.status_code, list(json.loads(answer.content)["fields"])) == (name, 400, [name])


@pytest.mark.parametrize("room", sorted(KINDS))
def test_a_read_only_field_is_taken_and_ignored(room: str) -> None:
    somebody, kind = ada(), KINDS[room]
    path = f"{room}/{a_row_of_each(somebody)[room]}/"
    body = somebody.get(path)
    for name, field in kind.shape().fields.items():
        if field.read_only and name != "id":
            assert somebody.put(path, {**body, name: 99}) == body


def test_no_setting_makes_anybody_a_hoster() -> None:
    somebody = ada()
    before = _values(somebody.user)
    for name in sorted(before):
        somebody.ask("PATCH", "me/", {name: True})
    assert _values(somebody.user) == before


def _values(user: User) -> dict[str, Any]:  # Any: column values
    return {field.attname: getattr(user, field.attname) for field in User._meta.concrete_fields}


def test_answers_name_only_what_the_contract_names() -> None:
    somebody = ada()
    ids = a_row_of_each(somebody)
    every = {"id", "rev", "created_at", "updated_at"}
    expected = {
        "persons": every | {"name", "colour", "birth_date", "sex", "region", "time_zone", "background", "role"},
        "lumps": every
        | {"person", "label", "site", "side", "pin", "first_noticed_on", "first_noticed_certainty"}
        | {"closed_on", "closed_reason", "background"},
        "observations": every
        | {"lump", "observed_at", "received_at", "length_mm", "width_mm", "height_mm", "readings_mm"}
        | {"uncertainty_mm", "method", "signs", "note"},
        "care": every | {"lump", "on", "kind", "outcome", "review_on", "by", "confirmed", "note"},
    }
    assert {room: set(somebody.get(f"{room}/{ids[room]}/")) for room in ids} == expected
    assert {Person, Lump, Observation, CareEvent} == {kind.model for kind in KINDS.values()}
