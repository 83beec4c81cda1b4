"""Share links: what is stored opens nothing, what is told once opens exactly what was chosen, as often as was said."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from tracking.errors import Conflict, Forbidden, InvalidInput, NotFound
from tracking.models import Access, Lump, Membership, Observation, Person, Photo, ShareLink, User
from tracking.share_secrets import new_code, new_token, open_jwe_key, read_code, seal_jwe_key
from tracking.sharing import (
    MadeLink,
    ShareWish,
    WrongPasscode,
    access_shared,
    change_share_link,
    create_share_link,
    note_access,
    open_share_link,
    revoke_share,
    shared_by_code,
    shared_by_token,
    shared_lumps,
    shared_photos,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def owned_lump(user: User, *, site: str = "lower_back", **person: object) -> Lump:
    """A lump of a person whom this account owns."""
    born = Person.objects.create(created_at=AT, updated_at=AT, **person)
    Membership.objects.create(user=user, person=born, role=Membership.Role.OWNER)
    return Lump.objects.create(person=born, site=site, created_at=AT, updated_at=AT)


def made(wish: ShareWish | None = None, **wishes: Any) -> MadeLink:  # Any: fields of a wish
    """A link to a new account's lump."""
    user = User.objects.create_user(f"{uuid4().hex}@example.org")
    wish = wish or ShareWish(lumps=(owned_lump(user).pk,), **wishes)
    return create_share_link(user, uuid4(), wish, at=AT)


def token_of(link: MadeLink) -> str:
    payload = link.url.partition("#shlink:/")[2]
    told = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return str(told["url"]).rstrip("/").rpartition("/")[2]


def opened(link: MadeLink, *, reader: str = "bea", passcode: str | None = None, at: datetime = AT) -> ShareLink:
    found = shared_by_token(token_of(link), reader=reader, at=at)
    open_share_link(found, passcode=(link.passcode or "") if passcode is None else passcode, reader=reader, at=at)
    return found


def outcome_of(call: Callable[[], object]) -> str:
    try:
        call()
    except WrongPasscode as error:
        return f"wrong {error.tries_left}"
    except NotFound:
        return "closed"
    return "open"


def outcome(call: Callable[[], object]) -> str:
    """The same in a thread of its own, whose connection ends with it."""
    try:
        return outcome_of(call)
    finally:
        connection.close()


# Secrets


def test_letters_that_sound_like_digits_are_those_digits() -> None:
    assert read_code("o1il-5 abcz0") == "01115ABCZ0"


@pytest.mark.parametrize("typed", ["", "ABC", "ABCDEFGHJKM", "ABCDEFGHJU", "ÄBCDEFGHJK"])
def test_what_is_no_code_is_not_read_as_one(typed: str) -> None:
    assert read_code(typed) is None


def test_a_made_code_is_read_back_as_itself() -> None:
    code = new_code()
    assert read_code(f"{code[:5].lower()}-{code[5:]}") == code


def test_the_jwe_key_opens_with_its_token_only() -> None:
    token = new_token()
    sealed = seal_jwe_key(b"k" * 32, token=token)
    assert open_jwe_key(sealed, token=token) == b"k" * 32
    with pytest.raises(ValueError, match="does not open"):
        open_jwe_key(sealed, token=new_token())


def test_the_database_holds_nothing_that_opens_a_link() -> None:
    link = made(label="Dr Khan")
    payload = link.url.partition("#shlink:/")[2]
    told = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tracking_sharelink")
        stored = repr(cursor.fetchall())
    for secret in (token_of(link), told["key"], link.code, link.passcode, payload, "Khan"):
        assert str(secret) not in stored


def test_the_url_is_a_smart_health_link_behind_the_fragment() -> None:
    link = made(label="Dr Khan")
    door, _, payload = link.url.partition("#shlink:/")
    told = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert door.endswith("/s/")
    assert (told["flag"], told["v"], told["label"]) == ("P", 1, "Dr Khan")
    assert told["exp"] == int((AT + timedelta(days=7)).timestamp())
    assert len(told["key"]) == 43
    assert len(told["url"]) <= 128


def test_a_link_without_a_passcode_says_no_p() -> None:
    link = made(passcode="")
    payload = link.url.partition("#shlink:/")[2]
    assert "flag" not in json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert link.passcode is None


# What its owner may ask for


def test_somebody_elses_lump_cannot_be_shared() -> None:
    stranger, owner = (User.objects.create_user(f"{name}@example.org") for name in ("cal", "ada"))
    wish = ShareWish(lumps=(owned_lump(owner).pk,))
    with pytest.raises(NotFound):
        create_share_link(stranger, uuid4(), wish, at=AT)


def test_who_only_views_for_somebody_cannot_share() -> None:
    owner, viewer = (User.objects.create_user(f"{name}@example.org") for name in ("ada", "bea"))
    lump = owned_lump(owner)
    Membership.objects.create(user=viewer, person=lump.person, role=Membership.Role.VIEWER)
    with pytest.raises(Forbidden):
        create_share_link(viewer, uuid4(), ShareWish(lumps=(lump.pk,)), at=AT)


def test_a_link_lasts_seven_days_unless_said_otherwise() -> None:
    assert made().link.expires_at == AT + timedelta(days=7)


@pytest.mark.parametrize("days", [-1, 0, 91])
def test_an_expiry_in_the_past_or_beyond_ninety_days_is_refused(days: int) -> None:
    with pytest.raises(InvalidInput):
        made(expires_at=AT + timedelta(days=days))


def test_a_link_can_be_extended_and_its_passcode_stays() -> None:
    link = made()
    wish = ShareWish(lumps=tuple(link.link.lumps.values_list("pk", flat=True)), expires_at=AT + timedelta(days=30))
    changed = change_share_link(link.link, wish, at=AT)
    assert changed.expires_at == AT + timedelta(days=30)
    assert opened(link)


def test_another_passcode_needs_another_link() -> None:
    link = made(passcode="1234")
    lumps = tuple(link.link.lumps.values_list("pk", flat=True))
    change_share_link(link.link, ShareWish(lumps=lumps, passcode="1234"), at=AT)
    with pytest.raises(Conflict):
        change_share_link(link.link, ShareWish(lumps=lumps, passcode="4321"), at=AT)


def test_an_ended_link_cannot_be_changed_back() -> None:
    link = made()
    revoke_share(link.link, at=AT)
    with pytest.raises(Conflict):
        change_share_link(link.link, ShareWish(lumps=tuple(link.link.lumps.values_list("pk", flat=True))), at=AT)


# Opening


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
