"""The calendar of the days on which to check: behind a secret address, and silent about what is checked."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from tests.people import Somebody, ada, cal
from tests.test_wording import HEALTH_WORDS
from tests.triage.rows import NOON, a_check
from tracking.models import Lump
from triage.calendar_feed import calendar_of, days_to_check, feed_behind
from triage.models import CalendarFeed, Episode
from triage.sweep import sweep

pytestmark = pytest.mark.django_db


def opened(person: Somebody) -> str:
    """The path of a new calendar."""
    answer = person.ask("POST", "calendar/")
    assert answer.status_code == 201
    url = str(json.loads(answer.content)["url"])
    assert url.startswith("http://127.0.0.1:8000/api/v1/calendar/")
    return url.removeprefix("http://127.0.0.1:8000")


def to_check(person: Somebody, days: int) -> None:
    """A lump that is to be checked so many days after noon."""
    lump = Lump.objects.get(pk=person.put_lump(label="Secret label"))
    day = (NOON + timedelta(days=days)).date()
    Episode.objects.create(lump=lump, finding="check", level="watch", opened_at=NOON, check_on=day)


def test_each_day_has_one_entry_that_says_only_check() -> None:
    person = ada()
    for days in (3, 10, 10):
        to_check(person, days)
    answer = Client().get(opened(person))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["Cache-Control"] == "private, max-age=3600"
    text = answer.content.decode()
    lines = text.split("\r\n")
    assert [line for line in lines if line.startswith("DTSTART")] == [
        "DTSTART;VALUE=DATE:20261123",
        "DTSTART;VALUE=DATE:20261130",
    ]
    assert {line for line in lines if line.startswith("SUMMARY")} == {"SUMMARY:Check"}
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert all(len(line.encode()) <= 75 for line in lines)
    assert len({line for line in lines if line.startswith("UID")}) == 2
    assert HEALTH_WORDS.findall(text) == []
    assert "Secret" not in text


def test_what_is_closed_or_somebody_elses_is_not_in_it() -> None:
    person, stranger = ada(), cal()
    to_check(person, 3)
    to_check(stranger, 4)
    Lump.objects.filter(person__memberships__user=person.user).update(closed_on=NOON.date())
    assert b"VEVENT" not in Client().get(opened(person)).content


def test_a_new_address_ends_the_old_one_and_a_revoked_one_is_gone() -> None:
    person = ada()
    first = opened(person)
    second = opened(person)
    assert [Client().get(path).status_code for path in (first, second)] == [404, 200]
    assert person.ask("DELETE", "calendar/").status_code == 204
    assert Client().get(second).status_code == 404
    assert Client().get(second).content == Client().get("/api/v1/calendar/never-given/").content
    assert person.get("calendar/") == {"created_at": None}


def test_the_secret_is_shown_once_and_is_not_in_the_database() -> None:
    person = ada()
    token = opened(person).rstrip("/").rpartition("/")[2]
    assert len(token) >= 43
    assert list(person.get("calendar/")) == ["created_at"]
    assert token not in str(list(CalendarFeed.objects.values()))


def test_it_speaks_the_accounts_language_and_survives_a_strange_name() -> None:
    person = ada()
    person.ask("PATCH", "me/", {"language": "es"})
    to_check(person, 3)
    token = opened(person).rstrip("/").rpartition("/")[2]
    text = calendar_of(feed_behind(token), name="A; name, that\r\nis " + "lóng " * 40)
    assert "SUMMARY:Control\r\n" in text
    assert "X-WR-CALNAME:A\\; name\\, that is" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_the_last_look_at_one_that_is_gone_is_in_it() -> None:
    person = ada()
    lump = Lump.objects.get(pk=person.put_lump())
    a_check(lump, at=NOON, signs={"trend": "gone"})
    sweep(NOON, is_played=True)
    lump.refresh_from_db()
    assert lump.closed_reason == "gone"
    assert days_to_check(person.user) == [(NOON + timedelta(days=28)).date()]
