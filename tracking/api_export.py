"""`export/`: ask for everything one owns as one ZIP, see how far it is, fetch it, take it back."""

from __future__ import annotations

from typing import Any  # Any: JSON values of several types
from uuid import UUID

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracking import retention
from tracking.access import require_recent_sign_in, signed_in
from tracking.access_log import ONE_READING, By, Who, record_access
from tracking.api import RecordView
from tracking.api_photos import AnyAccept
from tracking.exports import access_export, ask_for_export, file_of, take_back_export
from tracking.models import Export
from tracking.tasks import ring_for_moving
from tracking.texts import say

RETRY_SECONDS = 2
FILE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}
EXPORT = inline_serializer(
    "Export",
    {
        "id": serializers.UUIDField(),
        "state": serializers.CharField(),  # waiting, working, ready, failed
        "done": serializers.IntegerField(),
        "total": serializers.IntegerField(allow_null=True),
        "created_at": serializers.DateTimeField(),
        "expires_at": serializers.DateTimeField(),
        "size_bytes": serializers.IntegerField(),
        "code": serializers.CharField(allow_blank=True),
    },
)


class ExportsView(RecordView):
    @extend_schema(operation_id="export_list", responses={200: serializers.ListSerializer(child=EXPORT)})
    def get(self, request: Request) -> Response:
        """One's own exports that can still be fetched or are being made, newest first."""
        return Response([told(one) for one in signed_in(request).exports.order_by("-created_at")[:50]])

    @extend_schema(operation_id="export_ask", request=None, responses={202: EXPORT})
    def post(self, request: Request) -> Response:
        """Ask for one, within five minutes of signing in. While one is being made, that one is answered."""
        at = timezone.now()
        require_recent_sign_in(request, at=at)
        user = signed_in(request)
        export = ask_for_export(user, at=at)
        record_access(user.pk, what="export", who=Who(By.SELF), at=at, about=export.pk, again_after=ONE_READING)
        ring_for_moving()
        return Response(told(export), status=202)


class ExportView(RecordView):
    @extend_schema(
        operation_id="export_read",
        responses=EXPORT,
        parameters=[
            OpenApiParameter("fetch", bool, description="refused as the file itself would be: ask before a link")
        ],
    )
    def get(self, request: Request, export_id: UUID) -> Response:
        """How far it is."""
        if "fetch" in request.query_params:
            require_recent_sign_in(request, at=timezone.now())
        return Response(told(access_export(signed_in(request), export_id)))

    @extend_schema(operation_id="export_take_back", responses={204: None})
    def delete(self, request: Request, export_id: UUID) -> Response:
        """Remove it at once."""
        take_back_export(access_export(signed_in(request), export_id))
        return Response(status=204)


class ExportFileView(RecordView):
    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="export_file",
        responses={
            (200, "application/zip"): OpenApiTypes.BINARY,
            503: OpenApiResponse(description="it is not ready yet; see Retry-After"),
        },
    )
    def get(self, request: Request, export_id: UUID) -> HttpResponseBase:
        """The ZIP, within five minutes of signing in. It is not kept by any cache on its way."""
        at, user = timezone.now(), signed_in(request)
        export = access_export(user, export_id)
        if export.state != Export.State.READY:
            body = {"code": "not_ready", "message": say("export.not_ready", language=user.language), "fields": {}}
            return Response(body, status=503, headers={"Retry-After": str(RETRY_SECONDS)})
        require_recent_sign_in(request, at=at)
        record_access(user.pk, what="export", who=Who(By.SELF), at=at, about=export.pk, again_after=ONE_READING)
        answer = StreamingHttpResponse(file_of(export), content_type="application/zip")
        name = f"export-{export.created_at:%Y-%m-%d}.zip"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(export.size_bytes)}
        for header, value in {**FILE_HEADERS, **headers}.items():
            answer.headers[header] = value
        return answer


def told(export: Export) -> dict[str, Any]:
    """An export as its owner sees it."""
    return {
        "id": str(export.pk),
        "state": export.state,
        "done": export.done,
        "total": export.total,
        "created_at": export.created_at.isoformat(),
        "expires_at": (export.created_at + retention.span_of("exports")).isoformat(),
        "size_bytes": export.size_bytes,
        "code": export.code,
    }
