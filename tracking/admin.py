"""The hoster's view: accounts, so that one can be closed. What people record is nowhere in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tracking.access_log import ONE_READING, By, Who, record_access
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
    readonly_fields = ("email", "date_joined", "last_login", "is_staff")  # hosters are made on the machine

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:  # Any: template values
        self._leave_trace(request, object_id)
        return super().change_view(request, object_id, form_url, extra_context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:  # Any: template values
        self._leave_trace(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def _leave_trace(self, request: HttpRequest, object_id: str) -> None:
        """Opening somebody's account stands in their access log, by the account of whoever opened it."""
        account = self.get_object(request, object_id)
        if account is not None and account != request.user and isinstance(request.user, User):
            who = Who(By.ADMIN, request.user.pk)
            record_access(account.pk, what="admin_account", who=who, at=timezone.now(), again_after=ONE_READING)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  Django's own signature
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:  # noqa: ARG002  as above
        """People erase their own account: it takes pictures and tombstones along, which a row's removal does not."""
        return False
