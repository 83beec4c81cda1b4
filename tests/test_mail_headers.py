"""Five hundred addresses, names and subjects that try to add a header or a recipient to a mail."""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message
from email.policy import default
from itertools import product

import pytest
from django.core import mail
from pytest_django.fixtures import Settings

from tests.people import PASSWORD, Somebody, ada

pytestmark = [pytest.mark.django_db, pytest.mark.any_database("how mails are written")]
ENDS = (
    "\r\n",
    "\n",
    "\r",
    "\x0b",
    "\x0c",
    "\x85",
    "\u2028",
    "\u2029",
    "\0",
    "%0d%0a",
    "\\r\\n",
    "=0D=0A",
    ",",
    ";",
    " ",
)
ADDED = (
    "Bcc: cal@example.org",
    "bcc:cal@example.org",
    "Cc: cal@example.org",
    "To: cal@example.org",
    "Subject: other",
    "Reply-To: cal@example.org",
    "Content-Type: text/html",
    "\r\n\r\n<b>other body</b>",
    "cal@example.org",
    "<cal@example.org>",
    " X-Added: yes",
)
SHAPES = ("bea{0}@example.org", "bea@example.org{0}", "{0}bea@example.org", '"bea{0}"@example.org')
HEADERS = {"subject", "from", "to", "date", "message-id", "mime-version", "content-type", "content-transfer-encoding"}
HEADERS |= {"auto-submitted", "list-unsubscribe", "list-unsubscribe-post"}
STRINGS = [shape.format(end + added) for shape, end, added in product(SHAPES, ENDS, ADDED)][:500]


@pytest.fixture(autouse=True)
def _mail_server(settings: Settings) -> None:
    settings.EMAIL_CONFIGURED, settings.RATE_LIMITS_ON = True, False
    settings.ACCOUNT_RATE_LIMITS = False


def as_it_goes_out(sent: mail.EmailMessage) -> Message:
    """Read back from the bytes that a server would be given."""
    return message_from_bytes(sent.message().as_bytes(), policy=default)


def assert_plain(sent: mail.EmailMessage) -> None:
    """One recipient, the headers that we write, each once, and nobody else's address among those who get it."""
    (to,) = sent.recipients()
    read = as_it_goes_out(sent)
    names = [name.lower() for name in read]
    assert set(names) <= HEADERS
    assert len(names) == len(set(names))
    assert len(read["To"].addresses) == 1  # type: ignore[union-attr]  # the policy's own kind of header
    assert to == str(read["To"].addresses[0].addr_spec) != "cal@example.org"  # type: ignore[union-attr]  # as above
    assert "cal@example.org" not in str(read["Subject"]) + str(read["From"])


def test_there_are_five_hundred() -> None:
    assert len(set(STRINGS)) == 500


def test_no_address_that_is_taken_adds_a_header_or_a_recipient() -> None:
    """At signing up, at asking for a new password, and as a trusted contact's; most are refused outright."""
    owner = ada()
    words = owner.get("trusted-contact/")["words"]["version"]
    for text in STRINGS:
        signed = {"email": text, "password": PASSWORD}
        assert Somebody().ask("POST", "/_allauth/app/v1/auth/signup", signed).status_code in (200, 400), text
        asked = Somebody().ask("POST", "/_allauth/app/v1/auth/password/request", {"email": text})
        assert asked.status_code in (200, 400, 401), text
        named = owner.ask("PUT", "trusted-contact/", {"name": "Bea", "email": text, "words": words})
        assert named.status_code in (200, 400), text
    assert mail.outbox
    for sent in mail.outbox:
        assert_plain(sent)


def test_no_name_of_a_contact_reaches_a_header() -> None:
    owner = ada()
    words = owner.get("trusted-contact/")["words"]["version"]
    for number, text in enumerate(STRINGS[::5]):
        body = {"name": text[:80], "email": f"bea+{number}@example.org", "words": words}
        assert owner.ask("PUT", "trusted-contact/", body).status_code in (200, 400)
    assert len(mail.outbox) > 50
    for sent in mail.outbox:
        assert_plain(sent)


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_subject_in_two_lines_is_never_sent(end: str) -> None:
    """No subject of ours holds a word of anybody's; were one to, this is what stands behind."""
    with pytest.raises(mail.BadHeaderError):
        mail.EmailMessage(f"A reminder{end}Bcc: cal@example.org", "", to=["bea@example.org"]).message()
