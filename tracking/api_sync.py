"""`sync/`: what a phone did while it was offline, and what it missed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracking.access import signed_in
from tracking.access_log import is_guest, record_shared_read
from tracking.api import RecordView
from tracking.models import Lump
from tracking.record_kinds import KINDS
from tracking.record_shapes import invalid
from tracking.sync import synchronise
from tracking.texts import say

STATUSES = ("applied", "merged", "unchanged", "rejected")


class OperationInput(serializers.Serializer[object]):
    op_id = serializers.UUIDField()
    type = serializers.ChoiceField(choices=list(KINDS))
    id = serializers.UUIDField()
    base_rev = serializers.IntegerField(required=False, allow_null=True)
    fields = serializers.DictField(required=False)  # type: ignore[assignment]  # DRF takes declared fields off the class
    deleted = serializers.BooleanField(required=False)


class SyncInput(serializers.Serializer[object]):
    cursor = serializers.CharField(required=False, allow_null=True)
    operations = OperationInput(many=True, required=False)


class ResultOutput(serializers.Serializer[object]):
    op_id = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(choices=STATUSES)
    rev = serializers.IntegerField(allow_null=True)
    error = serializers.DictField(allow_null=True)
    conflicts = serializers.DictField(child=serializers.DictField())


class ChangeOutput(serializers.Serializer[object]):
    type = serializers.ChoiceField(choices=list(KINDS))
    id = serializers.UUIDField()
    rev = serializers.IntegerField()
    fields = serializers.DictField(required=False)  # type: ignore[assignment]  # DRF takes declared fields off the class
    deleted = serializers.BooleanField(required=False)


class SyncOutput(serializers.Serializer[object]):
    results = ResultOutput(many=True)
    changes = ChangeOutput(many=True)
    cursor = serializers.CharField()
    more = serializers.BooleanField()


class SyncView(RecordView):
    @extend_schema(
        operation_id="sync",
        request=SyncInput,
        responses={200: SyncOutput, 410: OpenApiResponse(description="`resync`: the cursor is too old or is none")},
    )
    def post(self, request: Request) -> Response:
        body = request.data
        if not isinstance(body, dict):
            raise invalid({"body": [say("field.object")]})
        operations = body.get("operations", [])
        if not isinstance(operations, list):
            raise invalid({"operations": [say("field.list")]})
        user, at = signed_in(request), timezone.now()
        told = synchronise(user, cursor=body.get("cursor"), operations=operations, at=at)
        if told["changes"] and is_guest(user):
            record_shared_read(_persons_in(told["changes"]), reader=user, at=at)
        return Response(told)


def _persons_in(changes: list[dict[str, Any]]) -> set[UUID]:
    """Of whom these changes tell. Any: JSON."""
    fields = [change.get("fields") or {} for change in changes]
    persons = {UUID(str(change["id"])) for change in changes if change["type"] == "person"}
    persons |= {UUID(str(one["person"])) for one in fields if one.get("person")}
    lumps = {UUID(str(one["lump"])) for one in fields if one.get("lump")}
    return persons | set(Lump.objects.filter(pk__in=lumps).values_list("person_id", flat=True)) if lumps else persons
