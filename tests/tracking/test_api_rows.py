"""Rows over HTTP: made by their maker's id, replaced, changed in part, deleted, and never anybody else's."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.people import OBSERVED_AT, Somebody, ada, cal

pytestmark = pytest.mark.django_db


@pytest.fixture(name="ada")
def _ada() -> Somebody:
    return ada()


def test_a_lump_is_made_under_the_id_that_its_maker_chose(ada: Somebody) -> None:
    person, lump = ada.put_person(name="Ada"), uuid4()
    answer = ada.ask("PUT", f"lumps/{lump}/", {"person": str(person), "site": "thigh"})
    assert answer.status_code == 201
    assert ada.get(f"lumps/{lump}/")["site"] == "thigh"
