"""`lumps/{id}/assessment/` and `rulebook/`: what is judged, and by which rules."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracking.access import access_lump, signed_in
from triage.assess import current_assessment
from triage.rulebook import load_rulebook


class AssessmentView(APIView):
    """The judgement as of now. Asking for it tells nobody anything: that is the job's."""

    @extend_schema(operation_id="lump_assessment", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, lump_id: UUID) -> Response:
        return Response(current_assessment(access_lump(signed_in(request), lump_id), at=timezone.now()))


class RulebookView(APIView):
    """Every rule with its sources and the digest of them all. Open: advice should be checkable by anybody."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="rulebook", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        rulebook = load_rulebook()
        etag = f'"{rulebook.digest}"'
        headers = {"ETag": etag, "Cache-Control": "public, no-cache"}
        if request.headers.get("If-None-Match") == etag:
            return Response(status=304, headers=headers)
        return Response(rulebook.to_json(), headers=headers)
