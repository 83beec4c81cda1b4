"""A lump closes when a check says that it is gone, and opens again by what is logged later."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.utils import timezone

from tests.people import Somebody, ada
from tracking.models import Lump

pytestmark = pytest.mark.django_db


@pytest.fixture(name="ada")
def _ada() -> Somebody:
    return ada()


@pytest.fixture(name="lump")
def _lump(ada: Somebody) -> UUID:
    return ada.put_lump(ada.put_person(time_zone="Pacific/Auckland"))


def closed(lump: UUID) -> tuple[date | None, str | None]:
    row = Lump.objects.get(pk=lump)
    return row.closed_on, row.closed_reason


def logged(ada: Somebody, lump: UUID, day: int, trend: str | None, hour: int = 8) -> UUID:
    return ada.put_observation(lump, observed_at=f"2026-09-{day:02}T{hour:02}:00:00+12:00", signs={"trend": trend})


def test_gone_closes_on_the_day_of_the_check_where_the_person_is(ada: Somebody, lump: UUID) -> None:
    ada.put_observation(lump, observed_at="2026-09-20T20:00:00Z", signs={"trend": "gone"})
    assert closed(lump) == (date(2026, 9, 21), "gone")


@pytest.mark.parametrize("trend", ["smaller", "bigger", None])
def test_a_later_check_that_says_anything_else_opens_it_again(ada: Somebody, lump: UUID, trend: str | None) -> None:
    logged(ada, lump, 10, "gone")
    logged(ada, lump, 12, trend)
    assert closed(lump) == (None, None)


def test_a_later_check_on_the_same_day_opens_it_again(ada: Somebody, lump: UUID) -> None:
    logged(ada, lump, 10, "gone", hour=8)
    logged(ada, lump, 10, "bigger", hour=20)
    assert closed(lump) == (None, None)


def test_an_earlier_check_that_arrives_late_leaves_it_closed(ada: Somebody, lump: UUID) -> None:
    logged(ada, lump, 10, "gone")
    logged(ada, lump, 3, "bigger")
    assert closed(lump)[1] == "gone"


def test_gone_said_again_keeps_the_first_day(ada: Somebody, lump: UUID) -> None:
    logged(ada, lump, 10, "gone")
    logged(ada, lump, 20, "gone")
    assert closed(lump)[0] == date(2026, 9, 10)


def test_an_earlier_gone_does_not_close_what_a_later_check_saw(ada: Somebody, lump: UUID) -> None:
    logged(ada, lump, 12, "smaller")
    logged(ada, lump, 10, "gone")
    assert closed(lump) == (None, None)


def test_gone_that_was_a_slip_opens_it_again_when_mended_or_deleted(ada: Somebody, lump: UUID) -> None:
    for mend in ("PATCH", "DELETE"):
        check = logged(ada, lump, 10, "gone")
        ada.ask(mend, f"observations/{check}/", {"signs": {"trend": "smaller"}} if mend == "PATCH" else None)
        assert closed(lump) == (None, None)


def test_what_the_person_closed_stays_closed_by_a_look_on_that_day_and_opens_by_a_later_one(
    ada: Somebody, lump: UUID
) -> None:
    ada.ask("PATCH", f"lumps/{lump}/", {"closed_on": "2026-09-10", "closed_reason": "removed"})
    logged(ada, lump, 10, None)
    assert closed(lump) == (date(2026, 9, 10), "removed")
    logged(ada, lump, 11, None)
    assert closed(lump) == (None, None)


def test_a_note_on_an_old_check_does_not_open_what_was_closed_before_it(ada: Somebody, lump: UUID) -> None:
    check = logged(ada, lump, 20, "smaller")
    ada.ask("PATCH", f"lumps/{lump}/", {"closed_on": "2026-09-10", "closed_reason": "treated"})
    ada.ask("PATCH", f"observations/{check}/", {"note": "Seen in the mirror"})
    assert closed(lump)[1] == "treated"


def test_a_phone_whose_clock_runs_ahead_has_looked_no_later_than_it_told(ada: Somebody, lump: UUID) -> None:
    ada.put_observation(lump, observed_at="2099-01-01T08:00:00Z", signs={"trend": "gone"})
    assert closed(lump)[1] == "gone"
    logged(ada, lump, 3, "bigger")
    assert closed(lump)[1] == "gone"
    ada.put_observation(lump, observed_at=timezone.now().isoformat(), signs={"trend": "smaller"})
    assert closed(lump) == (None, None)


def test_closing_and_reopening_is_told_to_other_phones(ada: Somebody, lump: UUID) -> None:
    before = Lump.objects.get(pk=lump).rev
    logged(ada, lump, 10, "gone")
    assert Lump.objects.get(pk=lump).rev > before
