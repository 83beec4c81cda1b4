"""A mailbox that does not exist reaches nobody: three ways to learn of it, and what follows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress

from tests.people import Somebody, ada
from tests.sinks import MailSink
from tests.triage.rows import NOON, a_lump, an_intent, state_of
from triage.addresses import note_bounce
from triage.bounces import note_mail_ended, note_returned_mail
from triage.channels import Outcome
from triage.contact_words import words_version
from triage.contacts import agree, name_contact
from triage.deliver import deliver_due
from triage.models import GivenAddress, Notification, TrustedContact
from triage.reach import addresses_of, does_reach, has_bounced, reaching_channels, settle_address

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


@pytest.fixture(name="ada")
def _ada(sink: MailSink) -> Somebody:
    """Somebody whose address was confirmed once."""
    person = ada()
    EmailAddress.objects.filter(user=person.user).update(verified=True)
    return person


def a_report(intent: Notification, *, to: str, status: str = "5.1.1", action: str = "failed") -> bytes:
    """As a mail server writes it (RFC 3464)."""
    fields = EmailMessage()
    fields["Reporting-MTA"] = "dns; mail.example.org"
    recipient = f"Final-Recipient: rfc822; {to}\nAction: {action}\nStatus: {status}\n"
    original = f"From: noreply@tracker.example.org\nTo: {to}\nMessage-ID: <{intent.pk}@tracker.example.org>\n\n"
    return (
        "From: MAILER-DAEMON@mail.example.org\nTo: noreply@tracker.example.org\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\n"
        f"{fields.as_string()}{recipient}\n--b\nContent-Type: text/rfc822-headers\n\n{original}--b--\n"
    ).encode()


def test_a_mail_that_came_back_ends_email_and_the_person_sees_why(ada: Somebody) -> None:
    intent = an_intent(ada.user, a_lump(ada.user))
    assert reaching_channels(ada.user) == ["email"]
    assert note_returned_mail(a_report(intent, to="ada@example.org"), at=NOON) == 1
    assert reaching_channels(ada.user) == []
    me = ada.get("me/")
    assert (me["reachable"]["email"], me["unreachable_because"]["email"]) == (False, "bounced")
    (row,) = ada.get("channels/")["addresses"]
    assert row == {"channel": "email", "address": "ada@example.org", "state": "gone", "code": "returned_5.1.1"}


@pytest.mark.parametrize(
    ("status", "action", "to"),
    [
        ("4.2.2", "delayed", "ada@example.org"),
        ("4.2.2", "failed", "ada@example.org"),
        ("5.1.1", "delivered", "ada@example.org"),
        ("5.1.1", "failed", "cal@example.org"),
    ],
)
def test_what_may_pass_or_is_about_somebody_else_ends_nothing(ada: Somebody, status: str, action: str, to: str) -> None:
    intent = an_intent(ada.user, a_lump(ada.user))
    assert note_returned_mail(a_report(intent, to=to, status=status, action=action), at=NOON) == 0
    assert not has_bounced(ada.user)


def test_a_report_that_somebody_made_up_is_not_believed(ada: Somebody) -> None:
    made_up = Notification(pk=uuid4())
    assert note_returned_mail(a_report(made_up, to="ada@example.org"), at=NOON) == 0
    assert note_returned_mail(b"\x00\xff not a mail", at=NOON) == 0


def test_a_server_that_knows_no_such_mailbox_ends_it_at_once(ada: Somebody, sink: MailSink) -> None:
    sink.refuse_mailbox = "550 5.1.1 no such user"
    intent = an_intent(ada.user, a_lump(ada.user))
    deliver_due(at=NOON, seconds=5)
    assert (state_of(intent.pk), has_bounced(ada.user)) == ("failed", True)


def test_a_server_that_dislikes_us_is_no_sign_about_the_mailbox(ada: Somebody, sink: MailSink) -> None:
    sink.refuse_mailbox = "554 5.7.1 relay access denied"
    intent = an_intent(ada.user, a_lump(ada.user))
    deliver_due(at=NOON, seconds=5)
    assert (state_of(intent.pk), has_bounced(ada.user)) == ("waiting", False)


def test_the_person_may_have_it_tried_again_and_another_address_counts_anew(ada: Somebody) -> None:
    note_bounce("Ada@example.org", code="x", at=NOON)
    assert ada.ask("DELETE", "channels/email/").status_code == 204
    assert reaching_channels(ada.user) == ["email"]
    note_bounce("ada@example.org", code="x", at=NOON)
    user = ada.user
    user.email = "ada@elsewhere.example.org"
    assert not has_bounced(user)


PROVIDER_SPEAKS = """
import json, django
from base64 import b64encode
from django.conf import settings
from django.core.management import call_command
django.setup()
call_command("migrate", verbosity=0)
from django.test import Client
from tests.triage.rows import an_account
from triage.contacts import agree, name_contact
from triage.contact_words import words_version
from triage.reach import has_bounced
from django.utils import timezone
ada = an_account()
settings.EMAIL_CONFIGURED = False  # nobody is written to
bea = name_contact(ada, name="Bea", email="bea@example.org", words=words_version(ada), at=timezone.now())
event = {"RecordType": "Bounce", "ID": 1, "Type": "HardBounce", "Email": "ada@example.org", "MessageID": "x",
         "BouncedAt": "2026-11-20T12:00:00Z"}
def tell(secret, **change):
    words = b64encode(f"events:{secret}".encode()).decode()
    web = Client(HTTP_HOST="localhost", headers={"Authorization": f"Basic {words}"})
    answer = web.post("/mail-events/postmark/tracking/", json.dumps({**event, **change}), "application/json")
    return [answer.status_code, has_bounced(ada)]
print(json.dumps([settings.EMAIL_BACKEND, settings.ANYMAIL["POSTMARK_SERVER_TOKEN"],
                  tell("wrong"), tell("s" * 32, Type="Transient"), tell("s" * 32),
                  tell("s" * 32, Email="bea@example.org"), type(bea).objects.get().state]))
"""


def test_a_provider_that_knows_the_secret_is_believed_about_what_ended(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lumptracker.settings",
        "LUMPTRACKER_DATA": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "EMAIL_URL": "anymail+postmark://?server_token=a-token",
        "MAIL_EVENTS_SECRET": "s" * 32,
    }
    command = [sys.executable, "-c", PROVIDER_SPEAKS]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    backend, token, wrong, passing, ended, _, contact = json.loads(done.stdout.splitlines()[-1])
    assert (backend, token) == ("anymail.backends.postmark.EmailBackend", "a-token")
    assert (wrong, passing, ended) == ([400, False], [200, False], [200, True])
    assert contact == "returned"


def test_a_report_with_a_name_that_is_none_is_passed_over(ada: Somebody) -> None:
    intent = an_intent(ada.user, a_lump(ada.user))
    report = a_report(intent, to="ada@example.org").replace(str(intent.pk).encode(), b"-" * 36)
    assert note_returned_mail(report, at=NOON) == 0


def bea_agreed(ada: Somebody) -> TrustedContact:
    bea = name_contact(ada.user, name="Bea", email="bea@example.org", words=words_version(ada.user), at=NOON)
    agree(bea, at=NOON)
    return bea


@pytest.mark.parametrize("is_question", [True, False])
def test_mail_to_a_contact_that_came_back_is_shown_as_such(ada: Somebody, is_question: bool) -> None:
    bea = bea_agreed(ada)
    mail = Notification(pk=bea.pk) if is_question else an_intent(ada.user, a_lump(ada.user), channel="contact", step=3)
    assert note_returned_mail(a_report(mail, to="cal@example.org"), at=NOON) == 0
    assert note_returned_mail(a_report(mail, to="Bea@example.org"), at=NOON) == 1
    assert ada.get("trusted-contact/")["contact"]["state"] == "returned"
    assert not does_reach(ada.user, "contact")
    assert not has_bounced(ada.user)


def test_a_contact_whose_mailbox_the_server_does_not_know_is_shown_as_such(ada: Somebody, sink: MailSink) -> None:
    bea_agreed(ada)
    an_intent(ada.user, a_lump(ada.user), channel="contact", step=3, level="emergency")
    sink.refuse_mailbox = "550 5.1.1 no such user"
    deliver_due(at=NOON, seconds=5)
    assert ada.get("trusted-contact/")["contact"]["state"] == "returned"


def test_a_provider_is_believed_about_contacts_too_and_a_complaint_is_a_no(ada: Somebody) -> None:
    bea_agreed(ada)
    assert note_mail_ended("cal@example.org", code="provider_bounced", at=NOON) == 0
    assert note_mail_ended("BEA@example.org", code="provider_bounced", at=NOON) == 1
    assert ada.get("trusted-contact/")["contact"]["state"] == "returned"
    assert not does_reach(ada.user, "contact")
    bea_agreed(ada)
    assert note_mail_ended("bea@example.org", code="provider_complained", at=NOON, is_complaint=True) == 1
    assert ada.get("trusted-contact/")["contact"]["state"] == "stopped"


def test_naming_somebody_again_whose_mail_came_back_asks_anew(ada: Somebody, sink: MailSink) -> None:
    first = bea_agreed(ada)
    note_mail_ended("bea@example.org", code="provider_bounced", at=NOON)
    again = name_contact(ada.user, name="Bea", email="bea@example.org", words=words_version(ada.user), at=NOON)
    assert again.pk != first.pk
    assert again.state == "asked"
    assert len([mail for mail in sink.mails if mail["To"] == "bea@example.org"]) == 2


def test_an_account_erased_while_its_mail_was_on_its_way_stops_nobody(ada: Somebody) -> None:
    (address,) = addresses_of(ada.user, "email")
    ada.user.delete()
    settle_address(address, Outcome("gone", "smtp_no_mailbox"), at=NOON)
    assert not GivenAddress.objects.exists()
