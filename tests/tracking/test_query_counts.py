"""What a request asks of the database does not grow with what it answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import Somebody
from tests.people import ada as sign_ada_up
from tests.people import cal as sign_cal_up
from tracking.models import Observation

pytestmark = pytest.mark.django_db
DAY = "2026-09-{:02d}T08:00:00Z"


@pytest.fixture
def ada() -> Somebody:
    return sign_ada_up()


def queries_of(somebody: Somebody, path: str) -> int:
    somebody.get(path)  # what is looked up once a process is known by now
    with CaptureQueriesContext(connection) as asked:
        somebody.get(path)
    return len(asked.captured_queries)


def new_checks(lump: UUID, count: int) -> list[dict[str, Any]]:  # Any: JSON
    return [
        {
            "op_id": str(uuid4()),
            "type": "observation",
            "id": str(uuid4()),
            "base_rev": 0,
            "fields": {"lump": str(lump), "observed_at": DAY.format(1 + number % 28), "signs.fever": False},
        }
        for number in range(count)
    ]


def test_a_list_asks_as_much_for_twenty_rows_as_for_one(ada: Somebody) -> None:
    lump = ada.put_lump()
    ada.put_observation(lump)
    ada.put_care(lump)
    paths = ("persons/", "lumps/", "observations/", f"observations/?lump={lump}", "care/", f"lumps/{lump}/history/")
    few = {path: queries_of(ada, path) for path in paths}
    for _ in range(19):
        another = ada.put_lump()
        ada.put_observation(lump)
        ada.put_observation(another, note="Sore")
        ada.put_care(lump)
    assert {path: queries_of(ada, path) for path in paths} == few
    assert few["observations/"] <= 4


def test_one_new_check_asks_for_what_it_needs_and_no_more(ada: Somebody) -> None:
    lump = ada.put_lump()
    ada.put_observation(lump)
    with CaptureQueriesContext(connection) as asked:
        ada.put_observation(lump, signs={"fever": False})
    assert len(asked.captured_queries) <= 12


def test_fifty_new_checks_are_stored_with_as_many_queries_as_ten(ada: Somebody) -> None:
    lump = ada.put_lump()
    ada.post("sync/", {"cursor": None, "operations": new_checks(lump, 2)})
    asked = []
    for count in (10, 50):
        with CaptureQueriesContext(connection) as context:
            told = ada.post("sync/", {"cursor": None, "operations": new_checks(lump, count)})
        assert {result["status"] for result in told["results"]} == {"applied"}
        asked.append(len(context.captured_queries))
    assert asked[0] == asked[1] < 40
    assert Observation.objects.filter(lump=lump).count() == 62


def test_new_checks_around_a_bad_one_are_stored_and_it_is_told(ada: Somebody) -> None:
    lump = ada.put_lump()
    operations = new_checks(lump, 9)
    operations[4]["fields"]["length_mm"] = -3
    told = ada.post("sync/", {"cursor": None, "operations": operations})["results"]
    assert [result["op_id"] for result in told] == [operation["op_id"] for operation in operations]
    assert [result["status"] for result in told] == 4 * ["applied"] + ["rejected"] + 4 * ["applied"]
    assert told[4]["error"]["fields"].keys() == {"length_mm"}
    again = ada.post("sync/", {"cursor": None, "operations": operations})["results"]
    assert again == told
    assert Observation.objects.filter(lump=lump).count() == 8


def test_new_checks_about_somebody_elses_lump_are_refused_like_missing_ones(ada: Somebody) -> None:
    from_cal = sign_cal_up().put_lump()
    told = ada.post("sync/", {"cursor": None, "operations": new_checks(from_cal, 3)})["results"]
    missing = ada.post("sync/", {"cursor": None, "operations": new_checks(uuid4(), 3)})["results"]
    assert {result["status"] for result in told + missing} == {"rejected"}
    assert told[0]["error"] == missing[0]["error"]
    assert not Observation.objects.exists()
