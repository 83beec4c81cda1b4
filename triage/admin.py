"""What the hoster may look at: the state of the outbox and what was set aside. Read only, and nobody's health in it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from triage.models import Heartbeat, Notification, PushSubscription, Stumble


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # generic only in the stubs
    """Rows are moved by verbs alone."""

    def has_add_permission(self, *_: Any, **__: Any) -> bool:  # Any: Django's own signature
        return False

    def has_change_permission(self, *_: Any, **__: Any) -> bool:  # Any: Django's own signature
        return False

    def has_delete_permission(self, *_: Any, **__: Any) -> bool:  # Any: as above
        return False


@admin.register(Notification)
class NotificationAdmin(ReadOnly):
    list_display = ("id", "channel", "step", "state", "attempts", "last_error", "due_at", "sent_at")
    list_filter = ("state", "channel")
    fields = list_display


@admin.register(PushSubscription)
class PushSubscriptionAdmin(ReadOnly):
    list_display = ("id", "device", "state", "created_at", "last_delivered_at")
    list_filter = ("state",)
    fields = list_display


@admin.register(Stumble)
class StumbleAdmin(ReadOnly):
    list_display = ("id", "lump_id", "attempts", "error", "at")
    fields = list_display


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnly):
    list_display = ("name", "at")
    fields = list_display
