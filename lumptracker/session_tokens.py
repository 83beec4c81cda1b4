"""`X-Session-Token`: the account behind it is looked up once a request, for the language and for the API alike."""

from __future__ import annotations

from allauth.core.internal.sessionkit import get_session_user
from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from allauth.headless.internal.sessionkit import lookup_session
from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.request import Request

Found = tuple[object, object]  # account and session


def account_by_token(request: HttpRequest) -> Found | None:
    """Whose session the token of this request names; None without one, and for one that ended."""
    token = request.headers.get("X-Session-Token")
    if not token:
        return None
    known: dict[str, Found | None] = request.__dict__.setdefault("_accounts_by_token", {})
    if token not in known:
        session = lookup_session(token)  # allauth's own way here asks first whether there is one
        user = get_session_user(session) if session else None
        known[token] = (user, session) if user else None
    return known[token]


class SessionTokenAuthentication(XSessionTokenAuthentication):  # type: ignore[misc]  # allauth has no types here
    """allauth's, asked only once."""

    def authenticate(self, request: Request) -> Found | None:
        return account_by_token(request._request)


class SessionTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    """How the schema shows it."""

    target_class = "lumptracker.session_tokens.SessionTokenAuthentication"
    name = "XSessionTokenAuth"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:  # noqa: ARG002  spectacular's signature
        return {
            "type": "apiKey",
            "in": "header",
            "name": "X-Session-Token",
            "description": "X-Session-Token authentication",
        }
