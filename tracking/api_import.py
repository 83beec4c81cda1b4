"""`import/`: a ZIP of ours or a spreadsheet in; looked at first, taken in by a job, told of thing by thing."""

from __future__ import annotations

from typing import Any  # Any: JSON values of several types
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from tracking import retention
from tracking.access import signed_in
from tracking.api import RecordView, query_flag
from tracking.api_photos import AnyAccept
from tracking.errors import TooLarge
from tracking.import_job import Report, read_report
from tracking.imports import access_import, ask_for_import, look_at, take_back_import, tallies
from tracking.models import Import, User
from tracking.pieces import PieceWriter, forget_pieces
from tracking.record_fields import ChoiceWord
from tracking.record_shapes import StrictShape, invalid, read_shape
from tracking.spreadsheet import template
from tracking.tasks import ring_for_moving
from tracking.texts import say

MOST_BYTES = 2 * 1024 * 1024 * 1024


class SealedUpload(UploadedFile):  # type: ignore[type-arg]  # generic only in the stubs
    """A file that lies in the vault already."""

    def __init__(self, keys: list[str], size_bytes: int) -> None:
        super().__init__(None, "import", None, size_bytes)
        self.keys, self.size_bytes = keys, size_bytes


class SealedUploadHandler(FileUploadHandler):
    """Seals the one file piece by piece as it comes: nothing of it lies plain in a temporary folder."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.keys: list[str] = []
        self._writer: PieceWriter | None = None
        self._files = 0

    def new_file(self, *args: object, **more: object) -> None:
        super().new_file(*args, **more)  # type: ignore[arg-type]  # passed on as it came
        self._files += 1
        user = getattr(self.request, "user", None)  # known by now: a form is read after the door
        if self._files > 1 or not isinstance(user, User):
            raise SkipFile
        self._writer = PieceWriter(user.pk, on_piece=self.keys.append)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > MOST_BYTES:
            self.forget()
            raise TooLarge("too_large", say("archive.too_large", megabytes=MOST_BYTES // 1024**2))
        if self._writer is not None:
            self._writer.write(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload | None:  # noqa: ARG002  Django's own signature
        if self._files > 1 or self._writer is None:
            return None
        self._writer.finish()
        return SealedUpload(self.keys, self._writer.size_bytes)

    def upload_interrupted(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Remove what nobody took over."""
        forget_pieces(self.keys)
        self.keys.clear()


class ImportForm(StrictShape):
    """What comes with a file. A ZIP needs nothing; a spreadsheet may need answers (see `questions`)."""

    file = serializers.FileField(allow_empty_file=True)
    different = ChoiceWord(("take", "keep"), required=False)
    deleted = ChoiceWord(("restore", "leave"), required=False)
    date_order = ChoiceWord(("day_first", "month_first"), required=False)
    unit = ChoiceWord(("mm", "cm", "in"), required=False)
    person = serializers.UUIDField(required=False)


COUNT_FIELDS: dict[str, serializers.Field[Any, Any, Any, Any]] = {
    "new": serializers.IntegerField(),
    "same": serializers.IntegerField(),
    "different": serializers.IntegerField(),
    "restored": serializers.IntegerField(),
    "by_kind": serializers.DictField(child=serializers.DictField(child=serializers.IntegerField())),
    "problems": serializers.ListField(child=serializers.DictField()),
    "more_problems": serializers.IntegerField(),
    "others": serializers.IntegerField(),
    "questions": serializers.ListField(child=serializers.DictField()),
}
PREVIEW = inline_serializer("ImportPreview", COUNT_FIELDS)
IMPORT = inline_serializer(
    "Import",
    {
        "id": serializers.UUIDField(),
        "state": serializers.CharField(),  # waiting, working, ready, failed
        "done": serializers.IntegerField(),
        "total": serializers.IntegerField(allow_null=True),
        "created_at": serializers.DateTimeField(),
        "expires_at": serializers.DateTimeField(),
        "code": serializers.CharField(allow_blank=True),
        **COUNT_FIELDS,
    },
)


class ImportsView(RecordView):
    parser_classes = (MultiPartParser,)

    handler: SealedUploadHandler

    def initialize_request(self, request: HttpRequest, *args: object, **kwargs: object) -> Request:
        self.handler = SealedUploadHandler(request)
        request.upload_handlers = [self.handler]
        return super().initialize_request(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Any: DRF's own signature."""
        self.handler.forget()
        return super().finalize_response(request, response, *args, **kwargs)

    @extend_schema(operation_id="import_list", responses={200: serializers.ListSerializer(child=IMPORT)})
    def get(self, request: Request) -> Response:
        """One's own imports of the last days, newest first."""
        return Response([told(one) for one in signed_in(request).imports.order_by("-created_at")[:20]])

    @extend_schema(
        operation_id="import_send",
        request={"multipart/form-data": ImportForm},
        parameters=[OpenApiParameter("preview", OpenApiTypes.BOOL)],
        responses={
            200: PREVIEW,
            202: IMPORT,
            409: OpenApiResponse(description="`import_running`: another one is being taken in"),
            413: OpenApiResponse(description="too many bytes"),
        },
    )
    def post(self, request: Request) -> Response:
        """Send a ZIP or a spreadsheet. With `preview=1` nothing is written and the counts are the answer."""
        user, at = signed_in(request), timezone.now()
        is_preview = query_flag(request, "preview")
        keys, size_bytes, choices = _sent(request)
        self.handler.keys.clear()  # taken over: the verbs below see to them
        if is_preview:
            return Response(tallies(look_at(user, keys, size_bytes, choices, at=at)))
        asked = ask_for_import(user, keys, size_bytes, choices, at=at)
        ring_for_moving()
        return Response(told(asked), status=202)


class ImportView(RecordView):
    @extend_schema(operation_id="import_read", responses=IMPORT)
    def get(self, request: Request, import_id: UUID) -> Response:
        """How far it is, and what became of each thing."""
        return Response(told(access_import(signed_in(request), import_id)))

    @extend_schema(operation_id="import_take_back", responses={204: None})
    def delete(self, request: Request, import_id: UUID) -> Response:
        """Stop it, or remove its report. What was taken in stays."""
        take_back_import(access_import(signed_in(request), import_id))
        return Response(status=204)


class ImportTemplateView(RecordView):
    content_negotiation_class = AnyAccept

    @extend_schema(operation_id="import_template", responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002  Django's own signature
        """A spreadsheet to fill in, with two rows that show how."""
        disposition = {
            "Content-Disposition": 'attachment; filename="template.csv"',
            "X-Content-Type-Options": "nosniff",
        }
        return HttpResponse(template(), content_type="text/csv; charset=utf-8", headers=disposition)


def told(found: Import) -> dict[str, Any]:
    """An import as its owner sees it."""
    report = read_report(found.report) if found.report else Report()
    return {
        "id": str(found.pk),
        "state": found.state,
        "done": found.done,
        "total": found.total,
        "created_at": found.created_at.isoformat(),
        "expires_at": (found.created_at + retention.span_of("imports")).isoformat(),
        "code": found.code,
        **tallies(report),
    }


def _sent(request: Request) -> tuple[list[str], int, dict[str, Any]]:
    """(keys of the pieces, bytes, what was chosen)."""
    sent: Any = request.data  # Any: a form with files, as the parser left it
    form = read_shape(ImportForm, {name: value for name, value in sent.items() if value != ""}, partial=False)
    file = form.pop("file")
    if not isinstance(file, SealedUpload):
        raise invalid({"file": [say("field.required")]})
    return list(file.keys), file.size_bytes, {name: str(value) for name, value in form.items()}
