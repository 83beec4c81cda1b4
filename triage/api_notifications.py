"""`notifications/`: what was told, by which way, when; and the answers to it. Only a POST answers anything."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracking.access import signed_in
from tracking.api import WriteThrottle
from tracking.api_pages import PAGING, Pages, page_shape
from tracking.consents import record_consent
from tracking.models import User
from tracking.texts import say, speaking
from triage.answers import ANSWERS, access_notification, acknowledge, notifications_of, snooze
from triage.models import Notification
from triage.opened import ADDRESSES, note_opened
from triage.unsubscribe import account_behind, stop_reminder_mails


class NotificationOutput(serializers.ModelSerializer[Notification]):
    class Meta:
        model = Notification
        fields = (
            "id",
            "person",
            "lump",
            "kind",
            "level",
            "step",
            "channel",
            "state",
            "due_at",
            "sent_at",
            "acknowledged_at",
            "answer",
            "carried_by",
        )


class StrictInput(serializers.Serializer[None]):
    """A field that nobody knows is a slip, and a slip in an answer must not pass as one."""

    def to_internal_value(self, data: Any) -> Any:  # Any: DRF's own signature
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else set()
        if unknown:
            raise serializers.ValidationError({name: [say("field.unknown")] for name in sorted(unknown)})
        return super().to_internal_value(data)


class AnswerInput(StrictInput):
    answer = serializers.ChoiceField(choices=ANSWERS, error_messages={"invalid_choice": say("field.choice")})
    on = serializers.DateField(required=False, allow_null=True, default=None)


class SnoozeInput(StrictInput):
    until = serializers.DateTimeField()


class OpenedInput(StrictInput):
    at = serializers.DateTimeField(help_text="When the app was opened by a message; later than now counts as now.")
    address = serializers.ChoiceField(
        choices=sorted(ADDRESSES),
        error_messages={"invalid_choice": say("field.choice")},
        help_text="The address in the message: `due` in a reminder to check, `open` in any other.",
    )


class NotificationListView(APIView):
    @extend_schema(
        operation_id="notifications_list", parameters=PAGING, responses=page_shape("Notification", NotificationOutput)
    )
    def get(self, request: Request) -> Response:
        pages = Pages()
        page = pages.paginate_queryset(notifications_of(signed_in(request)), request, view=self)
        return pages.get_paginated_response(NotificationOutput(page or [], many=True).data)


class NotificationView(APIView):
    @extend_schema(operation_id="notification", responses=NotificationOutput)
    def get(self, request: Request, notification_id: UUID) -> Response:
        return Response(NotificationOutput(access_notification(signed_in(request), notification_id)).data)


class AcknowledgeView(APIView):
    throttle_classes = (WriteThrottle,)

    @extend_schema(operation_id="notification_acknowledge", request=AnswerInput, responses=NotificationOutput)
    def post(self, request: Request, notification_id: UUID) -> Response:
        row = access_notification(signed_in(request), notification_id)
        form = AnswerInput(data=request.data)
        form.is_valid(raise_exception=True)
        acknowledge(row, answer=form.validated_data["answer"], on=form.validated_data["on"], at=timezone.now())
        return Response(NotificationOutput(row).data)


class SnoozeView(APIView):
    throttle_classes = (WriteThrottle,)

    @extend_schema(operation_id="notification_snooze", request=SnoozeInput, responses=NotificationOutput)
    def post(self, request: Request, notification_id: UUID) -> Response:
        row = access_notification(signed_in(request), notification_id)
        form = SnoozeInput(data=request.data)
        form.is_valid(raise_exception=True)
        snooze(row, until=form.validated_data["until"], at=timezone.now())
        return Response(NotificationOutput(row).data)


class OpenedView(APIView):
    """The app says so once somebody came in by a message; it may say it late, and names no message."""

    throttle_classes = (WriteThrottle,)

    @extend_schema(operation_id="notifications_opened", request=OpenedInput, responses={204: None})
    def post(self, request: Request) -> Response:
        form = OpenedInput(data=request.data)
        form.is_valid(raise_exception=True)
        opened_at = min(form.validated_data["at"], timezone.now())
        note_opened(signed_in(request), opened_at=opened_at, address=form.validated_data["address"])
        return Response(status=204)


class StopEmailsView(APIView):
    """What a mail program posts to for one-click unsubscribe. A GET, as scanners make, changes nothing: it shows the
    button to those whose mail program opens a page."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(exclude=True)
    def get(self, request: Request, token: str) -> HttpResponse:
        return _stop_page(request, account_behind(token), is_done=False)

    @extend_schema(operation_id="notifications_stop", request=None, responses={(200, "text/html"): str})
    def post(self, request: Request, token: str) -> HttpResponse:
        user = account_behind(token)
        stop_reminder_mails(user)
        record_consent(user, "reminder_mails", given=False, at=timezone.now())
        return _stop_page(request, user, is_done=True)


def _stop_page(request: Request, user: User, *, is_done: bool) -> HttpResponse:
    """What ends, and what is still sent, in the words of the account."""
    with speaking(user.language):
        return render(request._request, "triage/stop.html", {"is_done": is_done})
