"""The hoster's pages, `/admin/`: open to staff who proved a second factor within the last hour, and to nobody else.

A session lasts half a year, and it is the one of the app on the same phone or computer: without the hour, whoever sits
down there would find these pages open.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.admin import AdminSite, ModelAdmin
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

PROOF_SECONDS = 3600
OURS = ("tracking.", "triage.")


class HosterSite(AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        return bool(super().has_permission(request)) and has_second_factor(request, at=timezone.now())

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin[Any]] | None = None,  # Any: of whichever model
        **options: Any,  # Any: Django's own signature
    ) -> None:
        """Our own pages only. Those that other packages bring show the keys of open sessions, and would let an address
        be called proved or a second factor be taken away: ways into somebody's record that leave no trace."""
        if admin_class is not None and admin_class.__module__.startswith(OURS):
            super().register(model_or_iterable, admin_class, **options)


def has_second_factor(request: HttpRequest, *, at: datetime) -> bool:
    """Was a factor beside the password proved just now: a code of an app, or a passkey, which asks for both?"""
    user = request.user
    return user.is_authenticated and any(
        record.get("method") == "mfa" and at.timestamp() - float(record["at"]) <= PROOF_SECONDS
        for record in get_authentication_records(request, user)
    )
