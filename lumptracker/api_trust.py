"""`me/access-log/` and `me/consents/`: who looked, and what was agreed to."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lumptracker.consenting import give_consent, withdraw_consent
from tracking.access import signed_in
from tracking.access_log import WHAT
from tracking.api import RecordView
from tracking.api_pages import PAGING, Pages, page_shape
from tracking.consents import Standing, standing, standings
from tracking.models import LogEntry, Membership, ShareLink, User
from tracking.record_fields import InstantField
from triage.api_push import device_of


class LogLineOutput(serializers.Serializer[LogEntry]):
    """One line: who did what, when. `name` is the link's label or the member's address, as far as it is known today."""

    number = serializers.IntegerField(help_text="Counts up by one; a gap would be a line taken out.")
    at = InstantField()
    what = serializers.ChoiceField(choices=WHAT)
    by = serializers.ChoiceField(choices=LogEntry.By.choices)
    name = serializers.SerializerMethodField()
    about = serializers.UUIDField(allow_null=True, help_text="The person or lump that was looked at.")
    device = serializers.SerializerMethodField(help_text="Browser and system, of signing in alone.")

    def get_device(self, line: LogEntry) -> str:
        return device_of(line.device) if line.device else ""

    def get_name(self, line: LogEntry) -> str:
        names: dict[UUID, str] = self.context["names"]
        return names.get(line.by_id, "") if line.by_id else ""


class AccessLogView(RecordView):
    @extend_schema(operation_id="access_log", parameters=PAGING, responses=page_shape("LogLine", LogLineOutput))
    def get(self, request: Request) -> Response:
        """Who looked at what is yours, newest first. What you read yourself is not in it."""
        user = signed_in(request)
        pages = Pages("-number")
        page = pages.paginate_queryset(LogEntry.objects.filter(user=user), request, view=self) or []
        names = _names(user, page)
        return pages.get_paginated_response([LogLineOutput(line, context={"names": names}).data for line in page])


class ConsentOutput(serializers.Serializer[Standing]):
    """How it stands with one purpose. `given` null: not on record, or to an earlier and smaller wording."""

    purpose = serializers.CharField(source="purpose.name")
    version = serializers.IntegerField(source="purpose.version", help_text="Of the wording today.")
    given = serializers.BooleanField(allow_null=True)
    given_version = serializers.IntegerField(source="version", allow_null=True)
    at = InstantField(allow_null=True)
    can_be_withdrawn = serializers.BooleanField(source="purpose.can_be_withdrawn")


class ConsentsView(RecordView):
    @extend_schema(operation_id="consent_list", responses=ConsentOutput(many=True))
    def get(self, request: Request) -> Response:
        """Every purpose, and whether it was agreed to."""
        return Response([ConsentOutput(one).data for one in standings(signed_in(request))])


class ConsentView(RecordView):
    @extend_schema(
        operation_id="consent_give",
        request=None,
        responses={200: ConsentOutput, 409: OpenApiResponse(description="`name_somebody`: it is given by naming one")},
    )
    def put(self, request: Request, purpose: str) -> Response:
        """Agree to the wording of today."""
        user = signed_in(request)
        give_consent(user, purpose, at=timezone.now())
        return Response(ConsentOutput(standing(user, purpose)).data)

    @extend_schema(
        operation_id="consent_withdraw",
        responses={204: None, 409: OpenApiResponse(description="`erase_instead`: only erasing the account ends it")},
    )
    def delete(self, request: Request, purpose: str) -> Response:
        """Take it back; what it was for ends now."""
        withdraw_consent(signed_in(request), purpose, at=timezone.now())
        return Response(status=204)


def _names(user: User, lines: list[LogEntry]) -> dict[UUID, str]:
    """What links and members of these lines are called. Only one's own links, and those one still shares with."""
    ids = [line.by_id for line in lines if line.by_id]
    links: dict[UUID, str] = {link.pk: link.label for link in ShareLink.objects.filter(user=user, pk__in=ids)}
    shared = Membership.objects.filter(user=user).values("person")
    members = User.objects.filter(pk__in=ids, memberships__person__in=shared).values_list("pk", "email")
    return {**links, **dict(members)}
