"""What gives the record away, ends it or changes who gets in: only to somebody who proved who they are just now."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.lumptracker.signing_in import proved, sent, with_totp
from tests.people import Somebody, ada, cal
from tracking.models import Export, Invitation, Membership, ShareLink, User

pytestmark = pytest.mark.django_db
EMAIL, NEW = "ada@example.org", "ada@example.com"
NOON = 1_795_262_400.0  # at the start of a step of thirty seconds
AWAY = ("share a lump", "invite", "make a viewer an owner", "export", "erase the account")


class Record:
    """Ada's, with a lump, and Cal who may look; `now` moves on by itself."""

    def __init__(self) -> None:
        self.owner = ada()
        self.lump = self.owner.put_lump()
        self.person = self.owner.get(f"lumps/{self.lump}/")["person"]
        self.viewer = cal().user
        Membership.objects.create(user=self.viewer, person_id=self.person, role="viewer")

    def ask(self, what: str) -> int:
        method, path, body = {
            "share a lump": ("PUT", f"share-links/{uuid4()}/", {"lumps": [str(self.lump)]}),
            "invite": ("PUT", f"invitations/{uuid4()}/", {"person": self.person, "role": "viewer"}),
            "make a viewer an owner": ("PATCH", f"persons/{self.person}/members/{self.viewer.pk}/", {"role": "owner"}),
            "export": ("POST", "export/", {}),
            "erase the account": ("DELETE", "me/", None),
        }[what]
        answer = self.owner.ask(method, path, body)
        if answer.status_code == 403:
            assert json.loads(answer.content)["code"] == "reauthentication_required"
        return answer.status_code

    def given(self) -> list[int]:
        """What came of it all: links, invitations, other owners, exports, accounts."""
        others = Membership.objects.filter(role="owner").exclude(user__email=EMAIL)
        rows = (ShareLink.objects, Invitation.objects, others, Export.objects, User.objects)
        return [one.count() for one in rows]


def test_what_gives_the_record_away_or_ends_it_takes_a_proof_of_the_last_five_minutes() -> None:
    record = Record()
    with time_machine.travel(timezone.now() + timedelta(seconds=301), tick=False) as clock:
        assert [record.ask(what) for what in AWAY] == [403] * 5
        assert record.given() == [0, 0, 0, 0, 2]
        assert sent("auth/reauthenticate", {"password": "not the right password"}, record.owner)[0] == 400
        assert [record.ask(what) for what in AWAY] == [403] * 5
        proved(record.owner)
        clock.shift(301)
        assert [record.ask(what) for what in AWAY] == [403] * 5
        proved(record.owner)
        clock.shift(299)
        assert [record.ask(what) for what in AWAY] == [201, 201, 200, 202, 204]


def asked_to(somebody: Somebody, method: str, body: object) -> tuple[int, Any]:
    return sent("account/email", body, somebody, method)


def test_another_address_is_taken_only_after_proving_who_one_is(settings: Settings) -> None:
    """A session alone, even one that signed in a moment ago, is not enough: the address opens the account."""
    owner = ada()
    settings.EMAIL_CONFIGURED = True
    EmailAddress.objects.update(verified=True)
    status, answer = asked_to(owner, "POST", {"email": NEW})
    assert (status, answer["meta"]["is_authenticated"]) == (401, True)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        proved(owner)
        clock.shift(301)
        assert asked_to(owner, "POST", {"email": NEW})[0] == 401
        assert mail.outbox == []
        assert list(EmailAddress.objects.values_list("email", flat=True)) == [EMAIL]
        proved(owner)
        assert asked_to(owner, "POST", {"email": NEW})[0] == 200
        assert [message.to for message in mail.outbox] == [[NEW]]
        assert owner.get("me/")["email"] == EMAIL, "until the code was entered"


@pytest.mark.parametrize(("method", "body"), [("PATCH", {"email": NEW, "primary": True}), ("DELETE", {"email": NEW})])
def test_an_address_is_put_first_or_taken_off_only_after_proving_who_one_is(method: str, body: object) -> None:
    owner = ada()
    EmailAddress.objects.create(user=owner.user, email=NEW, verified=True)
    before = list(EmailAddress.objects.order_by("pk").values_list("email", "primary"))
    assert asked_to(owner, method, body)[0] == 401
    assert list(EmailAddress.objects.order_by("pk").values_list("email", "primary")) == before
    proved(owner)
    assert asked_to(owner, method, body)[0] == 200


AUTHENTICATORS: list[tuple[str, str, object]] = [
    ("DELETE", "totp", None),
    ("GET", "recovery-codes", None),
    ("POST", "recovery-codes", {}),
    ("GET", "webauthn", None),
]


@pytest.mark.any_database("what allauth asks for")
def test_a_proof_of_more_than_five_minutes_ago_changes_and_shows_no_factor() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        owner = ada()
        with_totp(owner, seconds=NOON)
        before = list(Authenticator.objects.order_by("pk").values_list("pk", "data"))
        clock.shift(301)
        for method, path, body in AUTHENTICATORS:
            status, answer = sent(f"account/authenticators/{path}", body, owner, method)
            assert (status, answer.get("meta")) == (401, {"is_authenticated": True}), (method, path, answer)
        assert list(Authenticator.objects.order_by("pk").values_list("pk", "data")) == before
        proved(owner)
        assert sent("account/authenticators/totp", None, owner, "DELETE")[0] == 200
        assert not Authenticator.objects.exists()
