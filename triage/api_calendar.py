"""`calendar/`: the secret address of one's own calendar, and the calendar behind it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracking.access import signed_in
from tracking.api import WriteThrottle
from triage.calendar_feed import calendar_of, close_feed, feed_behind, open_feed
from triage.models import CalendarFeed


class CalendarOutput(serializers.Serializer[None]):
    created_at = serializers.DateTimeField(allow_null=True, help_text="Null while there is no calendar.")
    url = serializers.CharField(required=False, help_text="Only in the answer to POST: it is shown once.")


class CalendarView(APIView):
    throttle_classes = (WriteThrottle,)

    @extend_schema(operation_id="calendar", responses=CalendarOutput)
    def get(self, request: Request) -> Response:
        row = CalendarFeed.objects.filter(user=signed_in(request)).first()
        return Response({"created_at": row.created_at if row else None})

    @extend_schema(operation_id="calendar_open", request=None, responses={201: CalendarOutput})
    def post(self, request: Request) -> Response:
        at = timezone.now()
        token = open_feed(signed_in(request), at=at)
        url = f"{settings.PUBLIC_URL}/api/v1/calendar/{token}/"
        return Response({"created_at": at, "url": url}, status=201)

    @extend_schema(operation_id="calendar_close", responses={204: None})
    def delete(self, request: Request) -> Response:
        close_feed(signed_in(request))
        return Response(status=204)


class CalendarFeedView(APIView):
    """What a calendar app fetches. It has no account here, so the address alone opens it."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="calendar_feed", responses={(200, "text/calendar"): OpenApiTypes.STR})
    def get(self, _: HttpRequest, token: str) -> HttpResponse:
        feed = feed_behind(token)
        headers = {"Cache-Control": "private, max-age=3600", "Content-Disposition": 'inline; filename="calendar.ics"'}
        text = calendar_of(feed, name=settings.APP_NAME)
        return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)
