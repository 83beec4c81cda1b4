"""Wall times in every zone on every day, and quiet hours that move and never cancel."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from triage.schedule import NIGHT, QuietHours, after_quiet, instant_at, zone_named

LONDON = ZoneInfo("Europe/London")
FIRST_DAY = date(2026, 1, 1)
DAYS = [FIRST_DAY + timedelta(days=n) for n in range(731)]


def test_a_wall_time_is_kept_across_a_clock_change() -> None:
    saturday, sunday = (instant_at(date(2026, 3, day), time(18), LONDON) for day in (28, 29))
    assert (saturday.hour, sunday.hour) == (18, 17)
    assert sunday - saturday == timedelta(hours=23)


def test_a_wall_time_that_is_skipped_becomes_the_next_minute_that_exists() -> None:
    assert instant_at(date(2026, 3, 29), time(1, 30), LONDON) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_a_wall_time_that_happens_twice_means_the_first() -> None:
    assert instant_at(date(2026, 10, 25), time(1, 30), LONDON) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_day_that_a_zone_skipped_whole_leads_to_the_next() -> None:
    moment = instant_at(date(2011, 12, 30), time(18), ZoneInfo("Pacific/Apia"))
    assert moment.astimezone(ZoneInfo("Pacific/Apia")) == datetime(2011, 12, 31, tzinfo=ZoneInfo("Pacific/Apia"))


@pytest.mark.parametrize("wall", [time(2, 30), time(18)])
def test_every_zone_has_one_reminder_a_day_for_two_years_in_order_and_at_its_wall_time(wall: time) -> None:
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        moments = [instant_at(day, wall, zone) for day in DAYS]
        assert all(before < after for before, after in pairwise(moments)), name
        local = [moment.astimezone(zone) for moment in moments]
        assert [moment.date() for moment in local] == DAYS, name
        assert all(moment.time() >= wall for moment in local), name


def test_quiet_hours_over_midnight_move_a_message_to_their_end() -> None:
    late, early = datetime(2026, 11, 20, 23, tzinfo=UTC), datetime(2026, 11, 21, 5, tzinfo=UTC)
    assert after_quiet(late, zone=LONDON, quiet=NIGHT) == datetime(2026, 11, 21, 8, tzinfo=UTC)
    assert after_quiet(early, zone=LONDON, quiet=NIGHT) == datetime(2026, 11, 21, 8, tzinfo=UTC)


def test_outside_quiet_hours_nothing_moves() -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert after_quiet(noon, zone=LONDON, quiet=NIGHT) == noon
    assert after_quiet(noon, zone=LONDON, quiet=QuietHours(time(12), time(12))) == noon


def test_no_message_lands_in_quiet_hours_or_moves_back_in_any_zone() -> None:
    hours = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=5 * n) for n in range(1752)]
    for name in ("Europe/London", "America/St_Johns", "Australia/Lord_Howe", "Antarctica/Troll", "Africa/Cairo"):
        zone = ZoneInfo(name)
        for quiet in (NIGHT, QuietHours(time(1, 15), time(2, 15)), QuietHours(time(22), time(1, 30))):
            for moment in hours:
                moved = after_quiet(moment, zone=zone, quiet=quiet)
                assert moved >= moment
                assert not quiet.hold(moved.astimezone(zone).time()), (name, moment)


def test_an_unknown_zone_is_read_as_utc_so_that_the_message_still_comes() -> None:
    assert zone_named("Mars/Olympus").key == zone_named(None).key == "UTC"
