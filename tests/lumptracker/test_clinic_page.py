"""What a clinician reads: headline, three states of every flag, chart, and nothing that was not meant for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.utils import timezone

from lumptracker.clinic.answers import Flags, red_flags, standing_answers
from lumptracker.clinic.sentences import Advice
from lumptracker.clinic.summary import Summary, summarise
from lumptracker.clinic.words import age_text, initials, span_text
from tests.lumptracker.readers import PASSCODE, Reader, share
from tests.people import Somebody, ada
from tracking.history import Answers, CareFacts, History, LumpFacts, ObservationFacts, PartialDate, PersonFacts

AT = datetime(2026, 11, 22, 14, tzinfo=UTC)
GROWING = {
    "findings": [],
    "unknown": [],
    "growth": {
        "state": "growing",
        "change_mm": 9.1,
        "change_percent": 74,
        "doubling_days": {"estimate": 30.2, "low": 20.4, "high": 55.1},
        "since": "2026-10-18",
    },
}


def check(days_ago: float, length_mm: float | None = None, **signs: bool | float | str) -> ObservationFacts:
    at = AT - timedelta(days=days_ago)
    return ObservationFacts(uuid4(), at, length_mm=length_mm, method="ruler" if length_mm else None, signs=signs)


def history(*checks: ObservationFacts, care: tuple[CareFacts, ...] = (), **lump: object) -> History:
    facts = LumpFacts(uuid4(), "lower_back", side="left", first_noticed_on=date(2026, 9, 20))
    person = PersonFacts(uuid4(), name="Ada", sex="female", birth_date=PartialDate(date(1971, 4, 9), date(1971, 4, 9)))
    return History(person, replace(facts, **lump), checks, (), care)  # type: ignore[arg-type]  # fields of a lump


def told(one: History, assessment: Mapping[str, object] | None = None, *advised: Advice) -> Summary:
    return summarise(one, assessment, advised, at=AT)


def flags_of(one: History) -> Flags:
    return red_flags(one, standing_answers(one, at=AT), at=AT)


# The headline


def test_the_headline_says_it_all_in_one_sentence() -> None:
    one = history(check(42, 12), check(0, 21, consistency="firm", mobility="fixed"))
    advice = Advice(AT - timedelta(days=7), "this_week", ("A lump that is getting bigger",))
    assert told(one, GROWING, advice).headline == (
        "Left lower back, first noticed about 9 weeks ago; 12 → 21 mm in 6 weeks (ruler, ±5 mm, 95 % CI); "
        "volume doubling in about 30 days (95 % CI 20–55); firm, fixed; the app advised on 15 Nov to contact a doctor "
        "this week; not yet seen."
    )


def test_what_was_never_measured_nor_dated_is_said_as_such() -> None:
    headline = told(history(first_noticed_on=None)).headline
    assert headline == "Left lower back, not recorded since when; never measured; the app gave no advice; not yet seen."


@pytest.mark.parametrize(
    ("care", "words"),
    [
        (CareFacts(uuid4(), date(2026, 11, 18), "booked"), "booked for 18 Nov, not yet seen"),
        (CareFacts(uuid4(), date(2026, 11, 18), "seen"), "seen by a doctor or nurse on 18 Nov"),
        (CareFacts(uuid4(), date(2026, 11, 18), "seen", by="clinician", confirmed=False), "not yet seen"),
        (CareFacts(uuid4(), date(2026, 11, 30), "seen"), "not yet seen"),
        (CareFacts(uuid4(), date(2026, 11, 30), "booked"), "booked for 30 Nov, not yet seen"),
    ],
)
def test_the_headline_says_whether_somebody_looked(care: CareFacts, words: str) -> None:
    assert told(history(care=(care,))).headline.endswith(f"{words}.")


@pytest.mark.parametrize("day", [18, 30])
def test_an_appointment_stands_under_the_day_that_it_is_for_also_once_that_is_over(day: int) -> None:
    steps = told(history(care=(CareFacts(uuid4(), date(2026, 11, day), "booked"),))).done
    assert [(one.when, one.text) for one in steps] == [(f"{day} Nov", "Appointment booked for this day")]


def test_the_most_urgent_advice_stands_in_the_headline() -> None:
    one = history(check(1, 12))
    advised = [Advice(AT - timedelta(days=day), level, ("…",)) for day, level in ((9, "next_day"), (2, "routine"))]
    assert "on 13 Nov to contact a doctor within a day" in told(one, None, *advised).headline


def test_earlier_advice_that_still_stands_is_among_what_the_person_was_told() -> None:
    source = {"title": "A guideline", "section": "Lumps", "url": "https://example.org/"}
    row = {"rule": "growing-adult", "level": "this_week", "title": "A lump that is getting bigger", "sources": [source]}
    holding = {**row, "rule": "persists", "level": "routine", "title": "A lump that stays"}
    standing = [{**row, "why": "growth"}, {**holding, "why": "holds"}]
    findings = told(history(check(0, 12)), {"findings": [holding], "standing": standing}).findings
    assert [(one.title, one.level) for one in findings] == [
        ("A lump that is getting bigger", "This week, told earlier and not contradicted"),
        ("A lump that stays", "Routine"),
    ]


def test_a_check_dated_after_now_is_not_shown() -> None:
    assert "never measured" in told(history(check(-1, 12))).headline


# Yes, no, not asked


def test_every_red_flag_is_yes_no_or_not_asked() -> None:
    flags = flags_of(history(check(1, fever=True, chills=False)))
    assert [one.field.name for one in flags.yes] == ["fever"]
    assert [one.field.name for one in flags.no] == ["chills"]
    assert "saddle_numbness" in {field.name for field in flags.not_asked}
    assert not {"fever", "chills"} & {field.name for field in flags.not_asked}


def test_a_later_no_takes_an_earlier_yes_back() -> None:
    flags = flags_of(history(check(3, fever=True), check(1, fever=False)))
    assert not flags.yes


def test_an_old_yes_stays_a_yes_and_says_that_nobody_asked_since() -> None:
    (flag,) = told(history(check(10, fever=True))).yes
    assert (flag.text, flag.when, flag.is_old) == ("Fever", "12 Nov", True)


def test_flags_of_other_places_and_ages_are_not_listed_as_unasked() -> None:
    names = {field.name for field in flags_of(history()).not_asked}
    assert "eye_bulging" not in names
    assert "not_feeding" not in names


def test_a_number_that_alarms_is_a_red_flag_with_its_unit() -> None:
    (flag,) = told(history(check(1, temperature_c=38.6))).yes
    assert flag.text == "Temperature 38.6 °C"


# Words


@pytest.mark.parametrize(
    ("born", "text"),
    [
        (("1971-11-22", "1971-11-22"), "55 years"),
        (("1971-11-23", "1971-11-23"), "54 years"),
        (("1971-01-01", "1971-12-31"), "54–55 years"),
        (("2026-01-22", "2026-01-22"), "10 months"),
    ],
)
def test_ages_are_shown_instead_of_birth_dates(born: tuple[str, str], text: str) -> None:
    birth = PartialDate(*map(date.fromisoformat, born))
    assert age_text(birth, on=AT.date()) == text


def test_names_become_initials() -> None:
    assert (initials("Ada von Example"), initials("")) == ("A. V. E.", "")


@pytest.mark.parametrize(
    ("days", "text"), [(1, "1 day"), (13, "13 days"), (63, "9 weeks"), (400, "13 months"), (1500, "4 years")]
)
def test_spans_are_said_in_the_unit_that_people_use(days: int, text: str) -> None:
    assert span_text(days) == text


# The chart


# The page


class Text(HTMLParser):
    """The text of a page, and every address it asks for."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.fetched: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not {name for name, _ in attrs if name == "style" or name.startswith("on")}
        if tag in ("img", "link", "script", "source", "iframe"):
            self.fetched += [value or "" for name, value in attrs if name in ("src", "href", "srcset")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(name="ada")
def _ada() -> Somebody:
    return ada()


def opened_page(owner: Somebody, *, signs: Answers | None = None, checks: int = 1, **lump: object) -> str:
    person = owner.put_person(name="Ada Example", birth_date="1971-04-09", sex="female")
    lump_id = owner.put_lump(person, None, side="left", **lump)
    for number in range(checks):
        moment = (datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(hours=7 * number)).isoformat()
        owner.put_observation(
            lump_id, observed_at=moment, length_mm=12, method="ruler", signs=signs or {}, note="<i>note</i>"
        )
    bea = Reader()
    bea.open(token=share(owner, lump_id).token, passcode=PASSCODE)
    answer = bea.get()
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db
def test_the_page_asks_no_other_site_and_runs_nothing(ada: Somebody) -> None:
    page = Text(opened_page(ada, signs={"fever": True}))
    assert all(address.startswith(("/static/", "/s/view/")) for address in page.fetched)
    assert "script" not in page.tags


@pytest.mark.django_db
def test_what_a_person_wrote_is_text_and_never_markup(ada: Somebody) -> None:
    page = opened_page(ada, label="<script>alert(1)</script>")
    assert "<i>note" not in page
    assert "<script" not in page
    assert "Ada" not in page.partition("</head>")[0]


@pytest.mark.django_db
def test_the_page_tells_initials_and_age_and_neither_name_nor_birth_date_nor_address(ada: Somebody) -> None:
    page = opened_page(ada)
    assert "A. E., female, 55 years" in page
    for hidden in ("Example", "1971", "ada@example.org"):
        assert hidden not in page


@pytest.mark.django_db
def test_the_page_says_what_it_is(ada: Somebody) -> None:
    page = opened_page(ada)
    assert "Kept by the person, measured by them, reviewed by nobody. This app records; it does not diagnose." in page
    assert "As of " in page
    assert "±2.9 mm, 95 % CI" in page
    assert "Bars: 95 % CI" in page


@pytest.mark.django_db
def test_the_text_for_the_record_names_all_three_states(ada: Somebody) -> None:
    lump = ada.put_lump(ada.put_person())
    ada.put_observation(
        lump,
        observed_at=(timezone.now() - timedelta(hours=1)).isoformat(),
        length_mm=14,
        method="ruler",
        signs={"fever": True, "chills": False},
    )
    bea = Reader()
    bea.open(token=share(ada, lump).token, passcode=PASSCODE)
    answer = bea.get("record.txt")
    text = answer.content.decode()
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert re.search(r"Red flags YES: .*Fever", text)
    assert re.search(r"Red flags NO: .*Hard shivering", text)
    assert re.search(r"NOT ASKED: .*Numb between the legs", text)
    assert "±3.4 mm, 95 % CI" in text


@pytest.mark.django_db
def test_a_long_record_stays_a_small_page_that_says_how_much_it_left_out(ada: Somebody) -> None:
    page = opened_page(ada, checks=170)
    assert len(page.encode()) < 100_000
    assert "(120 of 170 entries)" in page


@pytest.mark.django_db
def test_the_name_is_told_where_the_owner_says_so(ada: Somebody) -> None:
    lump = ada.put_lump(ada.put_person(name="Ada Example"))
    bea = Reader()
    bea.open(token=share(ada, lump, names=True).token, passcode=PASSCODE)
    assert "Ada Example, " in bea.get().content.decode()
    assert '"text": "Ada Example"' in bea.get("bundle.json").content.decode()
