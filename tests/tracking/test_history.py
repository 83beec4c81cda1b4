"""The history document: what is read is what was written, and no slip goes unnamed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any  # Any: JSON, bent out of shape by the tests
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tracking.histories import CHECK, LATER_CHECK, LUMP, document, histories
from tracking.errors import InvalidInput
from tracking.history import History, parse_history, write_history

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
OBSERVED = "2026-09-21T19:04:00+01:00"


def slips(bent: object, **options: Any) -> dict[str, list[str]]:  # Any: parse_history's own options
    with pytest.raises(InvalidInput) as wrong:
        parse_history(bent, **options)
    assert wrong.value.code == "invalid"
    return wrong.value.fields


def bent_at(path: str, value: object) -> dict[str, Any]:
    """The document with `value` at a dotted path."""
    bent = document()
    *way, last = path.split(".")
    place: Any = bent
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    place[int(last) if last.isdigit() else last] = value
    return bent


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(histories())
def test_any_history_comes_back_from_its_document_as_it_was(history: History) -> None:
    written = write_history(history)
    carried = json.loads(json.dumps(written))
    assert parse_history(carried) == history
    assert write_history(parse_history(carried)) == written


_junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from([OBSERVED, CHECK, 10**400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # Any: a key or a number in a list
    """The way to every value in a JSON document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(way for key, one in inside for way in places(one, (*path, key)))]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(places(document())[1:]), _junk, st.booleans())
def test_whatever_stands_anywhere_is_read_or_refused_by_name(
    way: tuple[Any, ...], junk: object, for_judging: bool
) -> None:
    bent: Any = document()
    place = bent
    for step in way[:-1]:
        place = place[step]
    place[way[-1]] = junk
    try:
        history = parse_history(bent, at=AT, for_judging=for_judging)
    except InvalidInput:
        return  # any other error would be a line of `assess` that stops the rest
    json.dumps(write_history(history), allow_nan=False)


def test_a_document_is_read_oldest_first() -> None:
    assert [str(check.id) for check in parse_history(document(), at=AT).observations] == [CHECK, LATER_CHECK]


def test_instants_are_written_in_the_persons_own_zone() -> None:
    written: Any = write_history(parse_history(bent_at("observations.1.observed_at", "2026-09-21T18:04:00Z")))
    assert written["observations"][0]["observed_at"] == OBSERVED


def test_the_two_hours_of_the_night_the_clocks_go_back_stay_two() -> None:
    first, second = "2026-10-25T01:30:00+01:00", "2026-10-25T01:30:00+00:00"
    bent = bent_at("observations.0.observed_at", second)
    bent["observations"][1]["observed_at"] = first
    written: Any = write_history(parse_history(bent))
    assert [check["observed_at"] for check in written["observations"]] == [first, second]


def test_missing_and_null_are_both_not_known() -> None:
    bare = {"id": LATER_CHECK, "observed_at": OBSERVED}
    nulls = bare | dict.fromkeys(("length_mm", "signs", "note", "readings_mm", "method"), None)
    without, with_nulls = (parse_history(bent_at("observations.0", one)) for one in (bare, nulls))
    assert without == with_nulls
    assert without.observations[0].length_mm is None


def test_an_answer_that_is_null_was_not_asked() -> None:
    assert "fever" not in parse_history(bent_at("observations.1.signs.fever", None)).observations[0].signs


def test_a_birth_date_may_be_known_to_the_year_or_the_month() -> None:
    for text, earliest, latest in (
        ("1971", date(1971, 1, 1), date(1971, 12, 31)),
        ("1972-02", date(1972, 2, 1), date(1972, 2, 29)),
        ("1971-04-09", date(1971, 4, 9), date(1971, 4, 9)),
    ):
        born = parse_history(bent_at("person.birth_date", text)).person.birth_date
        assert born is not None
        assert (born.earliest, born.latest, born.text) == (earliest, latest, text)


def test_the_length_is_the_median_of_the_readings_where_it_is_missing() -> None:
    bent = bent_at("observations.1.length_mm", None)
    bent["observations"][1]["readings_mm"] = [17, 21, 18.5, 18]
    assert parse_history(bent).observations[0].length_mm == 18.2


@pytest.mark.parametrize(
    ("length", "readings"), [(18, [17, 18, 19]), (18.1, [17, 18, 19]), (17.1, [17]), (17.2, [17, 17.3])]
)
def test_a_length_may_differ_from_the_median_by_a_tenth(length: float, readings: list[float]) -> None:
    bent = bent_at("observations.1.length_mm", length)
    bent["observations"][1]["readings_mm"] = readings
    assert parse_history(bent).observations[0].length_mm == length


def test_a_length_that_is_not_the_median_is_refused() -> None:
    assert (
        "median of the readings, 18." in slips(bent_at("observations.1.length_mm", 18.2))["observations.1.length_mm"][0]
    )


def test_what_a_clinician_wrote_counts_only_once_confirmed() -> None:
    for by, expected in (("person", True), ("app", True), (None, True), ("clinician", False)):
        assert parse_history(bent_at("care.0.by", by)).care[0].confirmed is expected
    bent = bent_at("care.0.by", "clinician")
    bent["care"][0]["confirmed"] = True
    assert parse_history(bent).care[0].confirmed


def test_care_without_an_author_is_the_persons() -> None:
    assert parse_history(document()).care[0].by == "person"


def test_a_phone_whose_clock_runs_ahead_is_judged_by_when_the_check_arrived() -> None:
    check = parse_history(bent_at("observations.1.received_at", "2026-09-20T12:00:00Z")).observations[0]
    assert check.judged_at == datetime(2026, 9, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("person.birth_date", "2026-11-23"),
        ("person.birth_date", "2026-12"),
        ("lump.first_noticed_on", "2026-11-23"),
        ("lump.background.cause_on", "2026-11-23"),
    ],
)
def test_a_day_after_the_moment_of_asking_is_refused(path: str, value: str) -> None:
    assert list(slips(bent_at(path, value), at=AT)) == [path]


def test_a_birth_date_known_to_a_year_that_has_begun_is_not_in_the_future() -> None:
    parse_history(bent_at("person.birth_date", "2026"), at=AT)


def test_days_are_taken_by_the_persons_own_calendar() -> None:
    late_evening_in_london = datetime(2026, 11, 22, 23, tzinfo=UTC)
    bent = bent_at("lump.first_noticed_on", "2026-11-23")
    assert list(slips(bent, at=late_evening_in_london)) == ["lump.first_noticed_on"]
    bent["person"]["time_zone"] = "Pacific/Auckland"
    parse_history(bent, at=late_evening_in_london)


def test_without_a_moment_of_asking_no_day_is_in_the_future() -> None:
    parse_history(bent_at("lump.first_noticed_on", "2099-01-01"))


def test_what_comes_after_the_moment_of_asking_is_kept_for_the_judge_to_pass_over() -> None:
    bent = bent_at("observations.0.observed_at", "2099-01-01T00:00:00Z")
    bent["lump"]["closed_on"] = "2099-01-01"
    assert len(parse_history(bent, at=AT).observations) == 2


def test_an_assessment_needs_only_a_person_a_site_and_observations() -> None:
    least = {
        "person": {},
        "lump": {"site": "neck"},
        "observations": [{"observed_at": OBSERVED}, {"observed_at": OBSERVED}],
    }
    history = parse_history(least, at=AT, for_judging=True)
    assert history.person.time_zone == "UTC"
    assert len({check.id for check in history.observations}) == 2
    assert history == parse_history(least, at=AT, for_judging=True)
    assert {"format"} == set(slips(least))


def test_an_assessment_does_not_look_at_name_colour_label_pin_and_photos() -> None:
    bent = bent_at("photos", "none")
    bent["person"] |= {"name": 3, "colour": {}}
    bent["lump"] |= {"label": [], "pin": "here"}
    assert parse_history(bent, at=AT, for_judging=True).lump.id == UUID(LUMP)


def test_an_assessment_is_as_strict_about_answers_as_an_import() -> None:
    bent = bent_at("observations.1.signs.feverr", True)
    assert list(slips(bent, at=AT, for_judging=True)) == ["observations.1.signs.feverr"]


def test_the_document_that_the_docs_show_can_be_read_and_is_written_back_as_shown() -> None:
    page = (Path(__file__).parents[2] / "docs/history.md").read_text(encoding="utf-8")
    shown = json.loads(page.split("```json\n")[1].split("```")[0])
    assert write_history(parse_history(shown, at=AT)) == shown
