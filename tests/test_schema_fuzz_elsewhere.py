"""Made-up requests at the doors that no OpenAPI document describes: accounts, and what a link opens.

Hostile addresses, methods, bodies, forms, cookies and headers, by visitors who have got as far as each door lets them.
None is an accident, none puts a word of what was sent into a log, and none tells an account or a link that is there
from one that never was. A small form in every gate; `make soak` sends SOAK_ELSEWHERE requests (20,000 of each kind).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from tests.fuzzed_elsewhere import (
    BY_ADDRESS,
    BY_SECRET,
    MARK,
    Elsewhere,
    Knock,
    any_knock,
    told_by,
    what_is_logged,
)

pytestmark = pytest.mark.django_db
SOAK = int(os.environ.get("SOAK_ELSEWHERE", "20000"))
# What fails is printed whole; to make it smaller would take minutes.
MANY = settings(deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


@pytest.fixture(name="doors")
def _doors(settings: Settings, tmp_path: Path) -> Elsewhere:
    settings.STORAGE_DIR = tmp_path / "storage"
    settings.RATE_LIMITS_ON = settings.ACCOUNT_RATE_LIMITS = False  # who is told to wait gets another answer
    settings.EMAIL_CONFIGURED = True
    return Elsewhere()


def knock_anywhere(doors: Elsewhere, knock: Knock) -> None:
    with what_is_logged() as lines:
        answer = doors.send(knock)
    assert answer.status_code < 500, (knock, answer.status_code)
    assert MARK not in lines.getvalue(), lines.getvalue()
    assert not doors.told_of_ada(knock, answer), knock


def ask_about_either(data: st.DataObject, doors: Elsewhere) -> None:
    """About an account, or about a link that ended."""
    if data.draw(st.booleans()):
        there, never = doors.email, "cal+never@example.org"
        knock = data.draw(any_knock(doors, at=BY_ADDRESS, who=("anonymous", "stranger")))
    else:
        there, never = data.draw(st.sampled_from(doors.ended))
        knock = data.draw(any_knock(doors, at=BY_SECRET, who=("anonymous", "stranger", "late")))
    knock_twice(doors, knock, there=there, never=never)


def knock_twice(doors: Elsewhere, knock: Knock, *, there: str, never: str) -> None:
    """Once about what is there, once about what never was."""
    assert told_by(doors.send(knock.about(there))) == told_by(doors.send(knock.about(never))), knock


@settings(MANY, max_examples=200)
@given(data=st.data())
def test_no_made_up_request_is_an_accident_or_stands_in_a_log(data: st.DataObject, doors: Elsewhere) -> None:
    knock_anywhere(doors, data.draw(any_knock(doors)))


@settings(MANY, max_examples=100)
@given(data=st.data())
def test_no_made_up_request_tells_an_account_or_a_link_from_none(data: st.DataObject, doors: Elsewhere) -> None:
    ask_about_either(data, doors)


# The same for long; a soak makes up new ones each time, and prints what to try again.


@pytest.mark.soak
@settings(MANY, max_examples=SOAK)
@given(data=st.data())
def test_no_request_of_a_soak_is_an_accident_or_stands_in_a_log(data: st.DataObject, doors: Elsewhere) -> None:
    knock_anywhere(doors, data.draw(any_knock(doors)))


@pytest.mark.soak
@settings(MANY, max_examples=SOAK // 2)
@given(data=st.data())
def test_no_request_of_a_soak_tells_an_account_or_a_link_from_none(data: st.DataObject, doors: Elsewhere) -> None:
    ask_about_either(data, doors)
