"""`notifications/`: what was told, by which way, when; and the answers to it. Only a POST answers anything."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracking.access import signed_in
from tracking.api import WriteThrottle
from tracking.texts import say
from triage.answers import ANSWERS, access_notification, acknowledge, notifications_of, snooze
from triage.models import Notification
from triage.unsubscribe import stop_emails


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


class NewestFirst(CursorPagination):
    ordering = ("-created_at", "-id")
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class NotificationListView(APIView):
    @extend_schema(operation_id="notifications_list", responses=NotificationOutput(many=True))
    def get(self, request: Request) -> Response:
        pages = NewestFirst()
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


class StopEmailsView(APIView):
    """What a mail program posts to for one-click unsubscribe. A GET, as scanners make, changes nothing."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="notifications_stop", request=None, responses={204: None})
    def post(self, _: Request, token: str) -> Response:
        stop_emails(token)
        return Response(status=204)
