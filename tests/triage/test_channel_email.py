"""Email against a real SMTP server, and as files where there is none."""

from __future__ import annotations

import email
import email.policy
import re
import stat
from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from tests.sinks import MailSink
from tests.test_wording import HEALTH_WORDS
from triage.channels import Message, Urgency
from triage.channels.email import send_email

URGENCIES: tuple[Urgency, ...] = ("check", "today", "now", "test")


def test_a_mail_has_a_text_and_an_html_part_that_lead_to_the_app(sink: MailSink) -> None:
    assert send_email(a_message("today"), {"to": "ada@example.org"}).state == "sent"
    (mail,) = sink.mails
    assert mail["To"] == "ada@example.org"
    assert mail["Subject"] == "Please open this today"
    assert mail["From"] == "Tracker <noreply@tracker.example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        assert "https://tracker.example.org/#/open" in part.get_content()


def test_a_repeat_has_the_same_message_id(sink: MailSink) -> None:
    message = a_message("check")
    for sent in (message, message, a_message("check")):
        send_email(sent, {"to": "ada@example.org"})
    first, second, other = [mail["Message-ID"] for mail in sink.mails]
    assert first == second == f"<{message.intent}@tracker.example.org>"
    assert other != first


def test_a_reminder_can_be_stopped_with_one_click_and_advice_cannot(sink: MailSink) -> None:
    stop = "https://tracker.example.org/api/v1/notifications/stop/x/"
    send_email(a_message("check", stop_url=stop), {"to": "ada@example.org"})
    send_email(a_message("now"), {"to": "ada@example.org"})
    reminder, advice = sink.mails
    assert reminder["List-Unsubscribe"] == f"<{stop}>"
    assert reminder["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert advice["List-Unsubscribe"] is None


@pytest.mark.parametrize("urgency", URGENCIES)
def test_no_mail_says_anything_about_health(sink: MailSink, urgency: Urgency) -> None:
    send_email(a_message(urgency), {"to": "ada@example.org"})
    (mail,) = sink.mails
    visible = re.sub(r"(?s)<style>.*?</style>|<[^>]+>", " ", mail.as_string().replace("ada@example.org", ""))
    assert HEALTH_WORDS.findall(visible) == []


@pytest.mark.parametrize(("reply", "state"), [("550 no such mailbox", "later"), ("451 try again", "later")])
def test_a_mail_that_is_not_taken_is_tried_again(sink: MailSink, reply: str, state: str) -> None:
    sink.refuse = reply
    assert send_email(a_message("check"), {"to": "ada@example.org"}).state == state


def test_a_server_that_is_down_means_later(sink: MailSink, settings: Settings) -> None:
    settings.EMAIL_PORT = 1
    outcome = send_email(a_message("check"), {"to": "ada@example.org"})
    assert (outcome.state, outcome.code) == ("later", "ConnectionRefusedError")


def test_without_a_server_each_mail_is_one_private_file_and_never_called_sent(
    settings: Settings, tmp_path: Path
) -> None:
    settings.EMAIL_CONFIGURED, settings.MAIL_DIR = False, tmp_path / "mail"
    message = a_message("check")
    for _ in range(2):
        assert send_email(message, {"to": "ada@example.org"}).state == "written"
    (file,) = (tmp_path / "mail").glob("*.eml")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert mail["Subject"] == "Your check is due"
    assert b"\r\n" in file.read_bytes()


def a_message(urgency: Urgency, stop_url: str = "") -> Message:
    return Message(uuid4(), urgency, "en", "Tracker", "https://tracker.example.org", stop_url)
