"""`/_allauth/`: allauth's addresses, less those that the product does not use, which answer like ones that never were.

Every address of allauth is named here as open or closed, so that an update cannot open a door unseen (a test looks).
"""

from __future__ import annotations

from typing import Any

from allauth.headless.constants import Client
from allauth.headless.usersessions.response import SessionsResponse
from allauth.headless.usersessions.views import SessionsView
from allauth.usersessions.models import UserSession
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from lumptracker import account_events  # noqa: F401  its receivers hear allauth from here on
from lumptracker.counted_doors import COUNTED, ConfirmCodeDoor
from lumptracker.signup_door import SignupDoor
from triage.api_push import device_of

OPEN = {
    "auth/session", "auth/sessions", "auth/login", "auth/signup", "auth/reauthenticate",
    "auth/code/request", "auth/code/confirm", "auth/password/request", "auth/password/reset", "auth/email/verify",
    "auth/2fa/authenticate", "auth/2fa/reauthenticate",
    "auth/webauthn/authenticate", "auth/webauthn/reauthenticate", "auth/webauthn/login",
    "account/email", "account/password/change",
    "account/authenticators", "account/authenticators/totp", "account/authenticators/recovery-codes",
    "account/authenticators/webauthn",
}  # fmt: skip
CLOSED = {
    "config", "account/phone", "auth/phone/verify", "auth/phone/verify/resend", "auth/email/verify/resend",
    "auth/code/resend", "tokens/refresh",
}  # fmt: skip


@csrf_exempt  # it does nothing, and a missing token must not tell it from an address that never was
def closed(_: HttpRequest) -> HttpResponseBase:
    """Nothing is here."""
    raise Http404


class NamedSessions(SessionsResponse):  # type: ignore[misc]  # as above
    """Each with a name for the device that a person knows it by."""

    def _session_data(self, session: UserSession) -> dict[str, Any]:  # Any: JSON
        return {**super()._session_data(session), "device": device_of(session.user_agent)}


class SessionsDoor(SessionsView):  # type: ignore[misc]  # as above
    """Where the account is signed in."""

    def _respond_session_list(self) -> NamedSessions:
        return NamedSessions(self.request, UserSession.objects.purge_and_list(self.request.user))


urlpatterns = [
    path(f"{client.value}/v1/{address}", view)
    for client in (Client.BROWSER, Client.APP)
    for address, view in (
        *((address, closed) for address in sorted(CLOSED)),
        ("auth/signup", SignupDoor.as_api_view(client=client)),
        ("auth/code/confirm", ConfirmCodeDoor.as_api_view(client=client)),
        *((address, door.as_api_view(client=client)) for address, door in COUNTED.items()),
        ("auth/sessions", SessionsDoor.as_api_view(client=client)),
    )
]
urlpatterns += [path("", include("allauth.headless.urls"))]
