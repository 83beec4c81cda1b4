"""Reading on from where a phone was: pages that skip nothing, and cursors that are not to be believed."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from tests.people import OBSERVED_AT, Somebody, ada
from tests.tracking.test_sync import Phone, edit
from tracking.models import Lump, Observation, Person

pytestmark = pytest.mark.django_db


@pytest.fixture(name="ada")
def _ada() -> Somebody:
    return ada()


@pytest.fixture(name="check")
def _check(ada: Somebody) -> UUID:
    return ada.put_observation(ada.put_lump(), signs={"fever": False})


def test_a_long_record_comes_in_pages_that_skip_nothing(ada: Somebody) -> None:
    lump = ada.put_lump()
    person = Lump.objects.get().person
    made = Observation.objects.bulk_create(
        Observation(
            lump_id=lump,
            person=person,
            observed_at=OBSERVED_AT,
            created_at=person.created_at,
            updated_at=person.created_at,
            rev=rev,
        )
        for rev in range(3, 453)
    )
    Person.objects.update(last_rev=452)
    phone = Phone(ada)
    pages = [phone.sync()["more"] for _ in range(3)]
    assert pages == [True, True, False]
    assert {str(row.pk) for row in made} < phone.rows.keys()
    assert phone.sync()["changes"] == []


@pytest.mark.parametrize("cursor", ["nonsense", "e30x", "WzFd", "eyJhIjoxfQ", 5, {}, "", "bnVsbA"])
def test_a_cursor_that_cannot_be_read_asks_for_everything_anew(ada: Somebody, cursor: object) -> None:
    answer = ada.ask("POST", "sync/", {"cursor": cursor, "operations": [edit("person", uuid4())]})
    assert answer.status_code == 410
    assert b'"resync"' in answer.content
    assert not Person.objects.exists()


def test_a_cursor_ahead_of_the_server_asks_for_everything_anew(ada: Somebody, check: UUID) -> None:
    phone = Phone(ada)
    phone.sync()
    Person.objects.update(last_rev=1)
    assert ada.ask("POST", "sync/", {"cursor": phone.cursor}).status_code == 410
