"""What was told once opens exactly what was chosen, as often as was said, however many try at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.tracking.links import AT, made, opened, outcome, outcome_of, owned_lump, token_of
from tracking.errors import NotFound
from tracking.models import Access, Lump, Membership, Observation, Photo, ShareLink, User
from tracking.share_secrets import new_token
from tracking.shared import access_shared, note_access, shared_by_code, shared_by_token, shared_lumps, shared_photos
from tracking.sharing import ShareWish, create_share_link, revoke_share

pytestmark = pytest.mark.django_db


def test_token_and_code_open_the_same_link() -> None:
    link = made()
    by_token = shared_by_token(token_of(link), reader="bea", at=AT)
    assert shared_by_code(f"{link.code[:5]}-{link.code[5:]}".lower(), reader="bea", at=AT) == by_token


@pytest.mark.parametrize("how", ["unknown", "revoked", "expired", "used up", "out of tries"])
def test_whatever_is_closed_is_not_found(how: str) -> None:
    link = made(max_openings=1)
    later = AT + timedelta(days=7) if how == "expired" else AT
    if how == "revoked":
        revoke_share(link.link, at=AT)
    if how == "used up":
        opened(link, reader="somebody else")
    if how == "out of tries":
        ShareLink.objects.update(passcode_tries_left=0)
    with pytest.raises(NotFound):
        shared_by_token(new_token() if how == "unknown" else token_of(link), reader="bea", at=later)


def test_a_link_works_until_the_second_it_expires() -> None:
    link = made()
    assert access_shared(link.link.pk, at=AT + timedelta(days=7, seconds=-1))
    with pytest.raises(NotFound):
        access_shared(link.link.pk, at=AT + timedelta(days=7))


def test_wrong_passcodes_count_down_for_life() -> None:
    link = made(passcode="1234")
    left = [outcome_of(lambda: opened(link, passcode="9999")) for _ in range(6)]
    assert left == ["wrong 4", "wrong 3", "wrong 2", "wrong 1", "wrong 0", "closed"]
    with pytest.raises(NotFound):
        opened(link)


def test_five_wrong_passcodes_end_the_reading_of_those_inside_too() -> None:
    link = made(passcode="1234")
    inside = opened(link)
    for _ in range(4):
        outcome_of(lambda: opened(link, reader="cal", passcode="9999"))
    assert access_shared(inside.pk, at=AT)
    outcome_of(lambda: opened(link, reader="cal", passcode="9999"))
    with pytest.raises(NotFound):
        access_shared(inside.pk, at=AT)


def test_a_right_passcode_gives_no_tries_back() -> None:
    link = made(passcode="1234")
    outcome_of(lambda: opened(link, passcode="9999"))
    opened(link)
    assert outcome_of(lambda: opened(link, passcode="9999")) == "wrong 3"


def test_an_empty_passcode_is_asked_for_and_costs_nothing() -> None:
    link = made(passcode="1234")
    assert outcome_of(lambda: opened(link, passcode="")) == "wrong 5"


def test_one_reader_counts_once_in_half_an_hour() -> None:
    link = made(max_openings=2)
    for minutes in (0, 10, 29):
        opened(link, at=AT + timedelta(minutes=minutes))
    assert ShareLink.objects.get().openings == 1
    opened(link, at=AT + timedelta(minutes=31))
    assert ShareLink.objects.get().openings == 2


def test_a_reader_may_come_back_to_a_link_that_is_used_up_for_others() -> None:
    link = made(max_openings=1)
    opened(link, reader="bea")
    opened(link, reader="bea", at=AT + timedelta(minutes=5))
    with pytest.raises(NotFound):
        opened(link, reader="somebody else", at=AT + timedelta(minutes=5))


def test_looks_are_noted_once_in_half_an_hour_each() -> None:
    link = made()
    for minutes in (0, 5, 40):
        note_access(link.link, reader="bea", what="photo", at=AT + timedelta(minutes=minutes))
    assert Access.objects.filter(what="photo").count() == 2


def test_a_link_shows_only_what_its_maker_still_owns() -> None:
    link = made()
    Membership.objects.all().delete()
    with pytest.raises(NotFound):
        shared_lumps(link.link)


# Pictures


def photo_of(lump: Lump, *, at: datetime = AT) -> Photo:
    check = Observation.objects.create(person=lump.person, lump=lump, observed_at=at, created_at=AT, updated_at=AT)
    return Photo.objects.create(
        person=lump.person,
        lump=lump,
        observation=check,
        state=Photo.State.READY,
        large_key="1",
        thumb_key="2",
        created_at=AT,
        updated_at=AT,
    )


@pytest.mark.parametrize(
    ("site", "sex", "ticked", "shown"),
    [
        ("lower_back", None, False, True),
        ("breast", "female", False, False),
        ("breast", "female", True, True),
        ("chest", None, False, False),
        ("chest", "male", False, True),
    ],
)
def test_intimate_pictures_are_shown_where_ticked_only(site: str, sex: str | None, ticked: bool, shown: bool) -> None:
    user = User.objects.create_user("ada@example.org")
    lump = owned_lump(user, site=site, sex=sex, birth_date="1971")
    photo = photo_of(lump)
    link = create_share_link(user, uuid4(), ShareWish(lumps=(lump.pk,), intimate_photos=ticked), at=AT).link
    assert shared_photos(link) == ([photo] if shown else [])


def test_a_childs_intimate_picture_stays_closed_when_the_child_is_grown() -> None:
    user = User.objects.create_user("ada@example.org")
    lump = owned_lump(user, site="groin", birth_date="2008-01-01")
    photo_of(lump, at=datetime(2025, 12, 1, tzinfo=UTC))
    grown = photo_of(lump, at=datetime(2026, 11, 1, tzinfo=UTC))
    link = create_share_link(user, uuid4(), ShareWish(lumps=(lump.pk,), intimate_photos=True), at=AT).link
    assert shared_photos(link) == [grown]


def test_a_link_without_photos_shows_none() -> None:
    user = User.objects.create_user("ada@example.org")
    lump = owned_lump(user)
    photo_of(lump)
    link = create_share_link(user, uuid4(), ShareWish(lumps=(lump.pk,), photos=False), at=AT).link
    assert shared_photos(link) == []


# At once


@pytest.mark.django_db(transaction=True)
def test_a_hundred_openings_at_once_of_a_link_for_three_are_three() -> None:
    link = made(passcode="", max_openings=3)
    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(lambda number: outcome(lambda: opened(link, reader=f"reader {number}")), range(100)))
    assert (outcomes.count("open"), outcomes.count("closed")) == (3, 97)
    assert ShareLink.objects.get().openings == 3


@pytest.mark.django_db(transaction=True)
def test_twenty_wrong_passcodes_at_once_are_five_tries() -> None:
    link = made(passcode="1234")
    with ThreadPoolExecutor(10) as pool:
        outcomes = list(pool.map(lambda _: outcome(lambda: opened(link, passcode="9999")), range(20)))
    assert sorted(outcomes) == ["closed"] * 15 + [f"wrong {left}" for left in range(5)]


@pytest.mark.django_db(transaction=True)
def test_one_reader_who_opens_twice_at_once_counts_once() -> None:
    link = made(passcode="")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: outcome(lambda: opened(link)), range(16)))
    assert ShareLink.objects.get().openings == 1
