"""Email: text and HTML, neutral from sender to last line; without a mail server one file a message."""

from __future__ import annotations

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string

from tracking.texts import say
from triage.channels.files import write_mail
from triage.channels.message import Address, Message, Outcome

TIMEOUT_SECONDS = 15  # of each step of the SMTP conversation; the whole stays well under a lease


def send_email(message: Message, address: Address) -> Outcome:
    """Hand one mail to the configured server, or write it to a file when there is none."""
    mail = build_mail(message, to=address["to"])
    if not settings.EMAIL_CONFIGURED:
        write_mail(mail)
        return Outcome("written")
    try:
        mail.connection = get_connection(timeout=TIMEOUT_SECONDS)
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        if all(code >= 500 and _names_no_mailbox(text) for code, text in error.recipients.values()):
            return Outcome("gone", "smtp_no_mailbox")
        return Outcome("refused" if all(code >= 500 for code in codes) else "later", f"smtp_{max(codes)}")
    except smtplib.SMTPResponseException as error:  # our sign-in, our sender or the text: the hoster can mend it
        return Outcome("later", f"smtp_{error.smtp_code}")
    except (smtplib.SMTPException, OSError) as error:
        return Outcome("later", type(error).__name__)
    return Outcome("sent")


def _names_no_mailbox(text: bytes | str) -> bool:
    """Does the server say that there is no such mailbox (RFC 3463: 5.1.1 to 5.1.6), and not that it dislikes us?"""
    said = text if isinstance(text, str) else text.decode("ascii", "replace")
    return said.strip().startswith(("5.1.1", "5.1.2", "5.1.3", "5.1.6"))


def build_mail(message: Message, *, to: str) -> EmailMultiAlternatives:
    """The mail of an intent: a repeat has the same Message-ID, so that mail programs can show it once."""
    words = {
        "title": message.title,
        "body": message.body,
        "button": say("mail.open", language=message.language),
        "why": message.why,
        "link": message.link,
        "language": message.language,
        "app_name": message.app_name,
    }
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{message.intent}@{domain}>", "Auto-Submitted": "auto-generated"}
    if message.stop_url:
        headers["List-Unsubscribe"] = f"<{message.stop_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMultiAlternatives(
        subject=message.title,
        body="\n\n".join([message.title + ".", message.body, message.link, "-- \n" + words["why"]]) + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        headers=headers,
    )
    mail.attach_alternative(render_to_string("triage/message.html", words), "text/html")
    return mail
