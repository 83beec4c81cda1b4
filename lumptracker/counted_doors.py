"""The doors of accounts at which something is guessed or a mail is asked for, each with its counters."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.password_reset_by_code import PASSWORD_RESET_VERIFICATION_SESSION_KEY as RESET
from allauth.account.internal.stagekit import get_pending_stage
from allauth.core.internal.ratelimit import RateLimitUsage
from allauth.headless.account.inputs import ChangePasswordInput, LoginInput
from allauth.headless.account.views import (
    ChangePasswordView,
    ConfirmLoginCodeView,
    LoginView,
    ReauthenticateView,
    RequestLoginCodeView,
    RequestPasswordResetView,
    ResetPasswordView,
)
from allauth.headless.base.response import RateLimitResponse
from allauth.headless.base.views import APIView
from allauth.headless.internal.restkit.response import APIResponse, ErrorResponse
from allauth.headless.mfa.views import (
    AuthenticateView,
    AuthenticateWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
)
from allauth.headless.mfa.views import ReauthenticateView as ReauthenticateByCodeView
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase

from lumptracker.access_codes import asked_for, drop_spent_code, spend_code
from lumptracker.account_events import record_failure
from lumptracker.counting import count_passkey, count_try
from lumptracker.half_done import SecondStep, keep_standing
from tracking.models import User


class Counted(APIView):  # type: ignore[misc]  # allauth ships no types
    """Each try is counted before anything else is done."""

    counts: ClassVar[str]
    gives_back_what_succeeds = False

    def dispatch(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:  # Any: Django's signature
        usage = self.count(request)
        if usage is None:
            return self.refuse(request)
        answer: HttpResponseBase = super().dispatch(request, *args, **named)
        if self.gives_back_what_succeeds and answer.status_code < 400:
            usage.rollback()
        return answer

    def count(self, request: HttpRequest) -> RateLimitUsage | None:
        """Where it is about nobody nothing is tried, and the answer to that stays the same however often."""
        email = self.whose(request)
        return count_try(request, self.counts, email=email) if email else RateLimitUsage(usage=[])

    def whose(self, request: HttpRequest) -> str:
        """The address of the account that this is about."""
        return asked_for(request)

    def refuse(self, request: HttpRequest) -> HttpResponseBase:
        return RateLimitResponse(request)  # type: ignore[no-any-return]  # as above


class UnhurriedLogin(LoginInput):  # type: ignore[misc]  # as above
    """Signing in sends no code, so it does not wait until one may be sent again."""

    def clean(self) -> dict[str, Any]:  # Any: Django's own signature
        try:
            super().clean()
        except ValidationError:
            if not hasattr(self, "login"):  # it is there once the password was right
                raise
        return dict(self.cleaned_data)


class LoginDoor(Counted, LoginView):  # type: ignore[misc]  # as above
    counts = "sign_in"
    input_class = UnhurriedLogin


class CodeDoor(Counted, RequestLoginCodeView):  # type: ignore[misc]  # as above
    """Asking for a code to sign in with. Where no mail goes out there is no such door: nobody could ever be let in."""

    counts = "ask_code"

    def dispatch(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:  # Any: as above
        if not settings.EMAIL_CONFIGURED:
            raise Http404
        return super().dispatch(request, *args, **named)

    def post(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:  # Any: as above
        answer: HttpResponseBase = super().post(request, *args, **named)
        if isinstance(self.input._user, User):
            keep_standing(request, self.input._user)
        return answer

    def refuse(self, request: HttpRequest) -> HttpResponseBase:
        return _too_many_tries(request)


class AskResetDoor(Counted, RequestPasswordResetView):  # type: ignore[misc]  # as above
    counts = "ask_reset"


class ResetDoor(Counted, ResetPasswordView):  # type: ignore[misc]  # as above
    """Choosing a new password. The hoster's code is good once: of all who asked while it waited, for the first."""

    counts = "answer_reset"

    def whose(self, request: HttpRequest) -> str:
        return str(request.session.get(RESET, {}).get("email", ""))

    def dispatch(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:  # Any: as above
        drop_spent_code(request)
        answer = super().dispatch(request, *args, **named)
        _tell_wrong_code(self, answer)
        return answer

    def post(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:  # Any: as above
        if not spend_code(request):
            return APIResponse(request, status=409)  # type: ignore[no-any-return]  # as above
        answer: HttpResponseBase = super().post(request, *args, **named)
        return answer


class ConfirmCodeDoor(SecondStep, ConfirmLoginCodeView):  # type: ignore[misc]  # as above
    """The answer to a mailed code, of which allauth counts three."""

    def dispatch(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:  # Any: as above
        answer: HttpResponseBase = super().dispatch(request, *args, **named)
        _tell_wrong_code(self, answer)
        return answer


class PasswordAgainDoor(Counted):
    """The password of whoever is signed in, counted in each session apart from every other of the same account."""

    def whose(self, request: HttpRequest) -> str:
        return request.user.email if isinstance(request.user, User) else ""


class ProveDoor(PasswordAgainDoor, ReauthenticateView):  # type: ignore[misc]  # as above
    """Typing it once more, to prove who asks."""

    counts = "prove"


class NewPasswordDoor(PasswordAgainDoor, ChangePasswordView):  # type: ignore[misc]  # as above
    """Typing it once more, to choose another."""

    counts = "new_password"

    def handle_invalid_input(self, typed: ChangePasswordInput) -> ErrorResponse:
        """allauth checks this password itself, so that nobody is told where it is wrong."""
        if typed.has_error("current_password", code="enter_current_password"):
            record_failure(typed.user)
        return super().handle_invalid_input(typed)


class FactorDoor(Counted):
    """Wrong codes and passkeys after the password, or of whoever is signed in."""

    counts = "factor"
    gives_back_what_succeeds = True

    def whose(self, request: HttpRequest) -> str:
        stage = get_pending_stage(request)
        user = stage.login.user if stage else request.user
        return user.email if isinstance(user, User) else ""

    def refuse(self, request: HttpRequest) -> HttpResponseBase:
        return _too_many_tries(request)


class CodeOfFactorDoor(SecondStep, FactorDoor, AuthenticateView):  # type: ignore[misc]  # as above
    """The code of an authenticator app, or a recovery code."""


class CodeOfFactorAgainDoor(FactorDoor, ReauthenticateByCodeView):  # type: ignore[misc]  # as above
    """The same of somebody who is signed in."""


class KeyOfFactorDoor(SecondStep, FactorDoor, AuthenticateWebAuthnView):  # type: ignore[misc]  # as above
    """A passkey as the second step."""


class KeyOfFactorAgainDoor(FactorDoor, ReauthenticateWebAuthnView):  # type: ignore[misc]  # as above
    """The same of somebody who is signed in."""


class PasskeyDoor(Counted, LoginWebAuthnView):  # type: ignore[misc]  # as above
    """A passkey instead of everything else."""

    def count(self, request: HttpRequest) -> RateLimitUsage | None:
        return count_passkey(request)


def _tell_wrong_code(view: Any, answer: HttpResponseBase) -> None:  # Any: one of allauth's, which have no types
    """allauth has a signal for wrong passwords and for wrong second steps, and none for these."""
    process = getattr(view, "process", None)
    if answer.status_code == 400 and process and process.user and process.state["failed_attempts"]:
        record_failure(process.user)


def _too_many_tries(request: HttpRequest) -> HttpResponseBase:
    answer: HttpResponseBase = ErrorResponse(
        request, exception=get_adapter().validation_error("too_many_login_attempts")
    )
    return answer


COUNTED = {
    "auth/login": LoginDoor,
    "auth/code/request": CodeDoor,
    "auth/password/request": AskResetDoor,
    "auth/password/reset": ResetDoor,
    "auth/reauthenticate": ProveDoor,
    "account/password/change": NewPasswordDoor,
    "auth/2fa/authenticate": CodeOfFactorDoor,
    "auth/2fa/reauthenticate": CodeOfFactorAgainDoor,
    "auth/webauthn/authenticate": KeyOfFactorDoor,
    "auth/webauthn/reauthenticate": KeyOfFactorAgainDoor,
    "auth/webauthn/login": PasskeyDoor,
}
