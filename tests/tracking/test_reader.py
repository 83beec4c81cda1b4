"""Rows become histories in a fixed number of queries."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.people import Somebody, ada
from tracking.bare_reader import bare_histories
from tracking.history import PartialDate, parse_history, write_history
from tracking.models import Lump, Observation
from tracking.reader import histories, history_of, whole_histories

pytestmark = pytest.mark.django_db


def a_lump(somebody: Somebody) -> UUID:
    lump = somebody.put_lump(
        somebody.put_person(birth_date="1971-04", background={"diabetes": True}),
        pin={"view": "back", "x": 0.41, "y": 0.52},
        background={"cause": "injury", "cause_on": "2026-09-19"},
    )
    for day in (3, 1, 2):
        somebody.put_observation(lump, observed_at=f"2026-09-0{day}T08:00:00Z", readings_mm=[17, 18], note="Soft")
    somebody.put_care(lump, review_on="2026-11-01")
    return lump


def test_more_lumps_take_no_more_queries(
    django_assert_num_queries: Any,
) -> None:  # Any: pytest-django's fixture
    somebody = ada()
    lumps = [a_lump(somebody) for _ in range(3)]
    for some, queries in ((lumps[:1], 4), (lumps[:2], 5), (lumps, 5)):
        with django_assert_num_queries(queries):
            assert histories(some).keys() == set(some)


def test_one_reading_gives_what_is_shown_and_what_is_judged(django_assert_num_queries: Any) -> None:  # Any: as above
    somebody = ada()
    ids = [a_lump(somebody) for _ in range(2)]
    lumps = list(Lump.objects.filter(pk__in=ids).select_related("person"))
    with django_assert_num_queries(3):
        told = whole_histories(lumps)
    assert {pk: one.history for pk, one in told.items()} == histories(ids)
    assert {pk: one.bare for pk, one in told.items()} == bare_histories(ids)


def test_the_judge_reads_every_kind_of_value_as_the_screen_does(
    django_assert_num_queries: Any,
) -> None:  # Any: as above
    somebody = ada()
    person = somebody.put_person(birth_date="1971-04-09", background={"diabetes": True})
    signs = {"fever": False, "pain": 3, "consistency": "soft", "trend": "bigger"}
    lumps = [somebody.put_lump(person, first_noticed_on="2026-08-01", first_noticed_certainty="exact") for _ in "12"]
    for lump in lumps:
        for day, length_mm in enumerate((None, 17.5, 18), start=1):
            told = signs if day < 3 else {}
            observed_at = f"2026-09-0{day}T08:00:00.123+05:30"
            somebody.put_observation(lump, observed_at=observed_at, length_mm=length_mm, method="ruler", signs=told)
        somebody.put_care(lump, review_on="2026-11-01")
    with django_assert_num_queries(4):
        read = bare_histories(lumps)
    assert {pk: one.bare for pk, one in whole_histories(list(Lump.objects.filter(pk__in=lumps))).items()} == read
    assert bare_histories([]) == {}


def test_checks_come_oldest_first_and_partial_dates_are_ranges() -> None:
    history = history_of(a_lump(ada()))
    assert [one.observed_at.day for one in history.observations] == [1, 2, 3]
    assert isinstance(history.person.birth_date, PartialDate)
    assert history.person.birth_date.text == "1971-04"
    assert history.lump.background["cause"] == "injury"


def test_what_is_stored_survives_the_document_both_ways() -> None:
    history = history_of(a_lump(ada()))
    assert parse_history(write_history(history)) == history


def test_a_lump_that_is_gone_is_not_among_them() -> None:
    somebody = ada()
    lump = a_lump(somebody)
    somebody.ask("DELETE", f"lumps/{lump}/")
    assert histories([lump, uuid4()]) == {}
    assert not Observation.objects.exists()
