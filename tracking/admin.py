"""The hoster's view: accounts, so that one can be closed. What people record is nowhere in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest

from tracking.models import User

if TYPE_CHECKING:
    AccountPages = admin.ModelAdmin[User]
else:
    AccountPages = admin.ModelAdmin


@admin.register(User)
class AccountAdmin(AccountPages):
    list_display = ("email", "date_joined", "is_active", "is_staff")
    search_fields = ("email",)
    fields = ("email", "date_joined", "last_login", "is_active", "is_staff")
    readonly_fields = ("email", "date_joined", "last_login")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  Django's own signature
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:  # noqa: ARG002  as above
        """People erase their own account: it takes pictures and tombstones along, which a row's removal does not."""
        return False
