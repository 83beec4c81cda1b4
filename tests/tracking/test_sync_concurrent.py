"""Requests that arrive at the same moment. On SQLite writers queue, so these prove something on PostgreSQL only."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from tests.at_once import at_once, several_writers
from tracking.models import Observation, Operation, Person, User
from tracking.record import put_row
from tracking.record_kinds import LUMP, OBSERVATION, PERSON
from tracking.sync import synchronise

AT = datetime(2026, 9, 21, 18, 4, tzinfo=UTC)
pytestmark = [
    pytest.mark.django_db(transaction=True),
    several_writers,
]


def a_lump(user: User) -> str:
    person, lump = uuid4(), uuid4()
    put_row(user, PERSON, person, {}, at=AT)
    put_row(user, LUMP, lump, {"person": str(person), "site": "thigh"}, at=AT)
    return str(lump)


@pytest.fixture(name="ada")
def _ada() -> User:
    return User.objects.create(email="ada@example.org")


def test_one_operation_sent_many_times_at_once_has_one_result(ada: User) -> None:
    operation = {"op_id": str(uuid4()), "type": "person", "id": str(uuid4()), "fields": {"name": "Ada"}}
    told = at_once(8, lambda _: synchronise(ada, cursor=None, operations=[operation], at=AT)["results"][0])
    assert all(one == told[0] for one in told)
    assert told[0]["status"] == "applied"
    assert (Operation.objects.count(), Person.objects.count()) == (1, 1)


def test_one_row_put_many_times_at_once_is_made_once(ada: User) -> None:
    person = uuid4()
    written = at_once(8, lambda _: put_row(ada, PERSON, person, {"name": "Ada"}, at=AT))
    assert sum(one.created for one in written) == 1
    assert Person.objects.get().last_rev == 1


def test_revs_have_no_gaps_and_a_reader_never_skips_one(ada: User) -> None:
    """32 writers on one person while a phone keeps pulling: whatever was committed is told, in order."""
    lump = a_lump(ada)
    seen: list[int] = []

    def write_or_read(index: int) -> None:
        if index:
            document = {"lump": lump, "observed_at": AT.isoformat()}
            for _ in range(4):
                put_row(ada, OBSERVATION, uuid4(), document, at=AT)
            return
        cursor = None
        while len(seen) < 2 + 31 * 4:
            told = synchronise(ada, cursor=cursor, operations=[], at=AT)
            seen.extend(change["rev"] for change in told["changes"])
            cursor = told["cursor"]

    at_once(32, write_or_read)
    assert seen == list(range(1, 2 + 31 * 4 + 1))
    assert Observation.objects.count() == 31 * 4
