"""A trusted contact: told only in words that the person saw, only after agreeing, and never again after a no."""

from __future__ import annotations

import re
from email.message import EmailMessage
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.people import Somebody, ada
from tests.sinks import MailSink
from tests.triage.rows import NOON, a_lump, an_intent
from tracking.models import User
from tracking.texts import say
from triage.contacts import agree, contact_of
from triage.deliver import deliver_due
from triage.models import Notification, TrustedContact

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

BEA = "bea@example.org"
SCANNER = {"User-Agent": "a mail scanner"}


@pytest.fixture
def owner(sink: MailSink) -> Somebody:
    somebody = ada()
    EmailAddress.objects.update_or_create(user=somebody.user, email=somebody.email, defaults={"verified": True})
    return somebody


def name_bea(owner: Somebody, **changes: object) -> HttpResponse:
    words = owner.get("trusted-contact/")["words"]["version"]
    return owner.ask("PUT", "trusted-contact/", {"name": "Bea", "email": BEA, "words": words, **changes})


def page_of(sink: MailSink) -> str:
    """The address in the last mail to the contact."""
    text = next(str(mail.get_body(("plain",)).get_content()) for mail in reversed(sink.mails) if mail["To"] == BEA)  # type: ignore[union-attr]  # our mails have one
    found = re.search(r"/s/contact/[^/\s]+/", text)
    assert found
    return found[0]


def mails_to_others(sink: MailSink) -> list[EmailMessage]:
    """All but what the account itself was sent when it was made."""
    return [mail for mail in sink.mails if mail["To"] != "ada@example.org"]


def told(owner: Somebody, **fields: Any) -> Notification:  # Any: model fields
    user = User.objects.get(email=owner.email)
    return an_intent(user, a_lump(user, label="Secret label"), channel="contact", step=3, **fields)


def test_the_words_are_shown_before_anybody_is_named(owner: Somebody) -> None:
    shown = owner.get("trusted-contact/")
    assert shown["contact"] is None
    assert owner.email in shown["words"]["text"]
    assert name_bea(owner, words="others").status_code == 400
    assert not TrustedContact.objects.exists()


def test_naming_is_the_consent_and_asks_once(owner: Somebody, sink: MailSink) -> None:
    for _ in range(2):
        assert name_bea(owner).status_code == 200
    contact = owner.get("trusted-contact/")["contact"]
    assert (contact["state"], contact["email"], contact["name"]) == ("asked", BEA, "Bea")
    assert contact["consented_at"]
    (asked,) = mails_to_others(sink)
    assert asked["To"] == BEA
    assert "Bea" not in asked.as_string()


def test_a_question_that_did_not_go_out_is_asked_when_it_is_said_again(owner: Somebody, sink: MailSink) -> None:
    sink.refuse = "451 later"
    name_bea(owner)
    assert owner.get("trusted-contact/")["contact"]["state"] == "not_asked"
    sink.refuse = ""
    name_bea(owner)
    assert owner.get("trusted-contact/")["contact"]["state"] == "asked"


def test_looking_at_the_page_changes_nothing(owner: Somebody, sink: MailSink) -> None:
    name_bea(owner)
    for method in ("get", "head"):
        answer = getattr(Client(), method)(page_of(sink), headers=SCANNER)
        assert answer.status_code == 200
    assert owner.get("trusted-contact/")["contact"]["state"] == "asked"


def test_nothing_goes_to_a_contact_who_has_not_agreed(owner: Somebody, sink: MailSink) -> None:
    name_bea(owner)
    row = told(owner)
    deliver_due(at=NOON, seconds=5)
    row.refresh_from_db()
    assert (row.state, len(mails_to_others(sink))) == ("failed", 1)


def test_who_agreed_is_told_exactly_what_was_shown(owner: Somebody, sink: MailSink) -> None:
    name_bea(owner)
    seen = owner.get("trusted-contact/")["contact"]["text"]
    page = page_of(sink)
    assert "Bea" not in Client().get(page).content.decode()
    assert Client().post(page, {"answer": "agree"}).status_code == 200
    TrustedContact.objects.update(words="older words")
    told(owner)
    assert deliver_due(at=NOON, seconds=5) == {"sent": 1}
    mail = sink.mails[-1]
    body = mail.get_body(("plain",))
    assert body is not None
    assert (mail["To"], str(mail["Subject"])) == (BEA, "Please open this today")
    assert seen in body.get_content().replace("\r\n", "\n")
    assert "Secret" not in mail.as_string()


@pytest.mark.parametrize("form", [{"answer": "stop"}, {"List-Unsubscribe": "One-Click"}])
def test_a_contact_ends_it_by_one_post(owner: Somebody, sink: MailSink, form: dict[str, str]) -> None:
    name_bea(owner)
    page = page_of(sink)
    Client().post(page, {"answer": "agree"})
    waiting = told(owner)
    assert Client().post(page, form).status_code == 200
    waiting.refresh_from_db()
    assert (waiting.state, owner.get("trusted-contact/")["contact"]["state"]) == ("cancelled", "stopped")
    assert Client().post(page, {"answer": "agree"}).status_code == 200
    assert owner.get("trusted-contact/")["contact"]["state"] == "stopped"


def test_a_page_that_has_ended_asks_nothing(owner: Somebody, sink: MailSink) -> None:
    name_bea(owner)
    page, asks = page_of(sink), say("contact.heading")
    assert asks in Client().get(page).content.decode()
    assert asks not in Client().post(page, {"answer": "stop"}).content.decode()


def test_a_form_of_another_site_ends_nothing(owner: Somebody, sink: MailSink) -> None:
    name_bea(owner)
    Client().post(page_of(sink), {"answer": "stop"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert owner.get("trusted-contact/")["contact"]["state"] == "asked"


def test_another_address_is_another_contact_whom_old_links_do_not_speak_for(owner: Somebody, sink: MailSink) -> None:
    name_bea(owner)
    old = page_of(sink)
    name_bea(owner, email="cal@example.org")
    assert Client().post(old, {"answer": "agree"}).status_code == 404
    assert owner.get("trusted-contact/")["contact"]["state"] == "asked"


def test_forgetting_deletes_the_address_and_what_waits(owner: Somebody, sink: MailSink) -> None:
    name_bea(owner)
    contact = contact_of(owner.user)
    assert contact is not None
    agree(contact, at=timezone.now())
    waiting = told(owner)
    assert owner.ask("DELETE", "trusted-contact/").status_code == 204
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"
    assert not TrustedContact.objects.exists()


def test_oneself_is_no_contact(owner: Somebody) -> None:
    assert name_bea(owner, email=owner.email.upper()).status_code == 400


def test_strangers_are_not_asked_without_end(owner: Somebody, sink: MailSink) -> None:
    answers = [name_bea(owner, email=f"cal+{number}@example.org").status_code for number in range(7)]
    assert answers == [200, 200, 200, 200, 200, 429, 429]
    assert len(mails_to_others(sink)) == 5


def test_what_no_page_of_ours_was_ever_is_nothing() -> None:
    for token in ("x", "0" * 32, "00000000000000000000000000000000:forged"):
        assert Client().get(f"/s/contact/{token}/").status_code == 404


def test_the_addresses_of_contacts_are_sealed(owner: Somebody) -> None:
    name_bea(owner)
    raw = TrustedContact.objects.extra(select={"raw": "email"}).values_list("raw", flat=True).get()  # a constant
    assert BEA not in str(raw)
