"""Share links: what is stored opens nothing, and what its owner may ask for."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from tests.tracking.links import AT, made, opened, owned_lump, token_of
from tracking.errors import Conflict, Forbidden, InvalidInput, NotFound
from tracking.models import Membership, User
from tracking.share_secrets import new_code, new_token, open_jwe_key, read_code, seal_jwe_key
from tracking.sharing import (
    ShareWish,
    change_share_link,
    create_share_link,
    revoke_share,
)

pytestmark = pytest.mark.django_db


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
    link = made(label="Bea Clinician")
    payload = link.url.partition("#shlink:/")[2]
    told = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tracking_sharelink")
        stored = repr(cursor.fetchall())
    for secret in (token_of(link), told["key"], link.code, link.passcode, payload, "Bea Clinician"):
        assert str(secret) not in stored


def test_the_url_is_a_smart_health_link_behind_the_fragment() -> None:
    link = made(label="Bea Clinician")
    door, _, payload = link.url.partition("#shlink:/")
    told = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert door.endswith("/s/")
    assert (told["flag"], told["v"], told["label"]) == ("P", 1, "Bea Clinician")
    assert "exp" not in told, "a link that was extended must not call itself over"
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
