"""`erasures/`: receipts of what was erased, in counts alone; `retention/`: what is kept, for how long, why."""

from __future__ import annotations

from typing import Any  # Any: JSON values of several types
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracking.access import signed_in
from tracking.api import RecordView
from tracking.api_pages import PAGING, Pages, page_shape
from tracking.errors import NotFound
from tracking.models import Erasure
from tracking.retention_told import told_retention

ERASURE = inline_serializer(
    "Erasure",
    {
        "id": serializers.UUIDField(),
        "kind": serializers.CharField(),
        "at": serializers.DateTimeField(),
        "counts": serializers.DictField(child=serializers.IntegerField()),
    },
)
KEPT = inline_serializer(
    "Kept",
    {
        "name": serializers.CharField(),
        "what": serializers.CharField(),
        "why": serializers.CharField(),
        "until": serializers.CharField(),
        "days": serializers.IntegerField(allow_null=True),
        "stored": serializers.DictField(child=serializers.ListField(child=serializers.CharField())),
    },
)


class ErasuresView(RecordView):
    @extend_schema(operation_id="erasure_list", parameters=PAGING, responses=page_shape("Erasure", ERASURE))
    def get(self, request: Request) -> Response:
        """What this account erased, newest first."""
        pages = Pages("-at", "-id")
        page = pages.paginate_queryset(signed_in(request).erasures.all(), request, view=self) or []
        return pages.get_paginated_response([told(one) for one in page])


class ErasureView(APIView):
    """Open to whoever holds the id: an account that is gone cannot sign in to look. It names nobody."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(operation_id="erasure_read", responses=ERASURE, auth=[])
    def get(self, request: Request, erasure_id: UUID) -> Response:  # noqa: ARG002  DRF's own signature
        """The receipt of an account that was erased."""
        found = Erasure.objects.filter(pk=erasure_id, user=None, at__lte=timezone.now()).first()
        if found is None:
            raise NotFound
        return Response(told(found))


class RetentionView(RecordView):
    @extend_schema(operation_id="retention", responses=serializers.ListSerializer(child=KEPT))
    def get(self, request: Request) -> Response:  # noqa: ARG002  DRF's own signature
        """What is kept, for how long, why, and in which fields: made from the tables themselves."""
        return Response(told_retention())


def told(erasure: Erasure) -> dict[str, Any]:
    return {"id": str(erasure.pk), "kind": erasure.kind, "at": erasure.at.isoformat(), "counts": erasure.counts}
