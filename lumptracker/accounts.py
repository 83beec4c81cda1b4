"""Sign-up policy, passwords and the neutral mails of django-allauth.

Signing up signs in at once, whatever the mail settings; the address stays unverified until its code is entered, and
no reminder goes to it before.
"""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.email_verification import send_verification_email_at_login
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from allauth.account.stages import EmailVerificationStage
from allauth.core.exceptions import ImmediateHttpResponse, RateLimited
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from lumptracker.access_codes import is_hosters_code, waiting_code
from lumptracker.counting import count_try, forget_tries
from lumptracker.first_proof import begin_anew
from tracking.consents import record_consent
from tracking.models import User
from tracking.texts import all_sentences, language_in_force, say
from triage.addresses import forget_address
from triage.marks import mark_told_to
from triage.reach import is_email_verified

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 128  # characters
log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """What allauth asks us."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's own signature
        """`invite` is open to those who bring an invitation: `signup.SignupForm` asks for it."""
        return bool(settings.SIGNUP != "closed")

    def clean_password(self, password: str, user: User | None = None) -> str:
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            message = say("account.password_length", shortest=SHORTEST_PASSWORD, longest=LONGEST_PASSWORD)
            raise ValidationError(message, code="password_length")
        return str(super().clean_password(password, user))

    def set_password(self, user: User, password: str) -> None:
        """Remembered, for who proves the address with the same request."""
        super().set_password(user, password)
        user.chose_password_now = True  # type: ignore[attr-defined]  # for as long as the request is answered

    def generate_password_reset_code(self) -> str:
        """The hoster's code where one waits for the address that is asked for (`manage.py access-code`)."""
        return waiting_code(self.request) or self.new_reset_code()

    def new_reset_code(self) -> str:
        return str(super().generate_password_reset_code())

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:  # Any: allauth's own signature
        """A device that is known to the account, and a session of it that is open, count their own wrong passwords."""
        self._login_failed_rl_usage = count_try(request, "password", email=credentials.get("email") or "")
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def _delete_login_attempts_cached_email(
        self, request: HttpRequest, **credentials: Any
    ) -> None:  # Any: allauth's own signature
        """Who chose a new password is not kept waiting for the wrong ones before it."""
        forget_tries(request, "password", email=credentials.get("email") or "")

    def get_login_stages(self) -> list[str]:
        """allauth's, except that an unverified address does not keep anybody out."""
        unhurried = f"{UnhurriedEmailStage.__module__}.{UnhurriedEmailStage.__qualname__}"
        return [
            unhurried if stage.endswith(".EmailVerificationStage") else stage for stage in super().get_login_stages()
        ]

    def post_login(
        self, request: HttpRequest, user: User, **about: Any
    ) -> HttpResponse:  # Any: allauth's own signature
        """Choosing a password proves as much as typing it again, so signing up counts as a recent sign-in."""
        if about.get("signup") and not get_authentication_records(request, user):
            record_authentication(request, user, method="password", email=user.email)
        response: HttpResponse = super().post_login(request, user, **about)
        return response

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: Any, signup: bool
    ) -> None:  # Any: untyped
        """Without a mail server no address is verified: a code in a file on the server would prove nothing."""
        if settings.EMAIL_CONFIGURED:
            super().send_confirmation_mail(request, emailconfirmation, signup)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """That the password or a factor was changed: to an address that is proved to be theirs."""
        if settings.EMAIL_CONFIGURED and (email or is_email_verified(user)):
            super().send_notification_mail(template_prefix, user, context, email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:  # Any: template values
        """A mail server that is away must not keep anybody out of the app."""
        try:
            self.render_mail(template_prefix, email, context).send()
        except (OSError, SMTPException):
            log.warning("A mail about an account could not be handed over.")

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        """Text from our catalogue, without a word of health; a code alone on its line, to be read out and typed."""
        name = template_prefix.rpartition("/")[2].removesuffix("_signup")
        if f"account_mail.{name}.body" not in all_sentences():
            name = "changed"
        values = {"app": settings.APP_NAME, "code": context.get("code", ""), "url": settings.PUBLIC_URL}
        language = language_of(email)
        subject = say(f"account_mail.{name}.subject", language=language, **values)
        body = say(f"account_mail.{name}.body", language=language, **values)
        return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [email], headers=headers)


def language_of(email: str) -> str:
    """What the account of this address is spoken to in; where there is none, what the request is answered in."""
    known = User.objects.filter(email__iexact=email).values_list("language", flat=True).first()
    return known or language_in_force()


class UnhurriedEmailStage(EmailVerificationStage):  # type: ignore[misc]  # allauth ships no types
    """Sends the code when somebody signs up, and lets them in without waiting for it."""

    def handle(self) -> tuple[None, bool]:
        if self.login.signup and settings.EMAIL_CONFIGURED and not is_email_verified(self.login.user):
            try:
                send_verification_email_at_login(self.request, self.login)
            except (ImmediateHttpResponse, RateLimited):
                log.info("No code was sent at sign-up: too many for this address.")
        return None, True


@receiver(email_confirmed)
def settle_confirmed(request: HttpRequest, email_address: EmailAddress, **_: object) -> None:
    """A mail can reach this person from now on, so what reached nobody goes out at the next sweep.

    allauth tells of it by this signal alone. It also takes the hoster's code as proof of the address, which it is not.
    """
    if is_hosters_code(request):
        EmailAddress.objects.filter(pk=email_address.pk).update(verified=False)
    else:
        if request.user != email_address.user:  # a mailed code to sign in or to choose a password
            begin_anew(email_address.user)
        forget_address(email_address.user, "email", at=timezone.now())  # mail came back once, and does not any more
        mark_told_to(email_address.user, at=timezone.now())
        if email_address.user.reminder_mails_wanted:  # the mail with the code said that they come here from now on
            record_consent(email_address.user, "reminder_mails", given=True, at=timezone.now())
