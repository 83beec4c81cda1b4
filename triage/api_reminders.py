"""`reminders/`: when it was last looked what is due, and whether reminders really arrive."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracking.access import signed_in
from tracking.api import WriteThrottle
from tracking.models import User
from triage.api_limits import TestsADay
from triage.api_notifications import StrictInput
from triage.models import ReminderTest
from triage.rehearsal import is_test_due, last_test, note_arrival, try_reminders
from triage.sweep import last_sweep_at

TOO_OLD = timedelta(minutes=5)  # as long as `/readyz` waits before it goes red


class TestOutcome(serializers.Serializer[None]):
    channel = serializers.CharField()
    device = serializers.CharField(allow_blank=True)
    outcome = serializers.CharField(help_text="sent, later, refused, broken or gone")
    code = serializers.CharField(allow_blank=True, help_text="service_held: its service asked us to wait; not tried")


class ReminderTestOutput(serializers.ModelSerializer[ReminderTest]):
    outcomes = TestOutcome(many=True)

    class Meta:
        model = ReminderTest
        fields = ("at", "outcomes", "arrived")


class RemindersOutput(serializers.Serializer[None]):
    checked_at = serializers.DateTimeField(allow_null=True, help_text="When the last pass over what is due ended.")
    is_late = serializers.BooleanField(help_text="Nothing was checked for five minutes: reminders may not come.")
    sweep_seconds = serializers.FloatField(help_text="How often it is meant to be checked.")
    test = ReminderTestOutput(allow_null=True)
    test_due = serializers.BooleanField(help_text="Not tried for a month, or the last test did not arrive.")


class ArrivalInput(StrictInput):
    arrived = serializers.BooleanField()


class RemindersView(APIView):
    @extend_schema(operation_id="reminders", responses=RemindersOutput)
    def get(self, request: Request) -> Response:
        return Response(_shown(signed_in(request)))


class ReminderTestView(APIView):
    throttle_classes = (WriteThrottle, TestsADay)

    @extend_schema(operation_id="reminders_test", request=None, responses=RemindersOutput)
    def post(self, request: Request) -> Response:
        user = signed_in(request)
        try_reminders(user, at=timezone.now())
        return Response(_shown(user))


class ArrivalView(APIView):
    throttle_classes = (WriteThrottle,)

    @extend_schema(operation_id="reminders_test_arrived", request=ArrivalInput, responses=RemindersOutput)
    def post(self, request: Request) -> Response:
        form = ArrivalInput(data=request.data)
        form.is_valid(raise_exception=True)
        user = signed_in(request)
        note_arrival(user, arrived=form.validated_data["arrived"])
        return Response(_shown(user))


def _shown(user: User) -> dict[str, Any]:  # Any: JSON
    at, checked_at, test = timezone.now(), last_sweep_at(), last_test(user)
    return {
        "checked_at": checked_at,
        "is_late": checked_at is None or at - checked_at > TOO_OLD,
        "sweep_seconds": settings.SWEEP_SECONDS,
        "test": ReminderTestOutput(test).data if test else None,
        "test_due": is_test_due(user, at=at),
    }
