"""`photos/`: pictures in, clean pictures out, each through the door.

An upload is held in memory and goes to the decoding child from there: nothing plain touches the disk. What is served
is only what was encoded here, with a fixed type and headers that let a browser do nothing with it but show it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from io import BytesIO
from typing import Any, ClassVar
from uuid import UUID

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import serializers
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracking.access import access_photo, signed_in
from tracking.access_log import record_shared_read
from tracking.api import RowView, describe_row, describe_rows
from tracking.api_logged import LoggedListView
from tracking.models import Photo
from tracking.photos import MAX_BYTES, Busy, too_many_bytes
from tracking.record_fields import InstantField, RatioField
from tracking.record_kinds import PHOTO
from tracking.record_photos import SentPhoto, store_photo
from tracking.record_shapes import PhotoShape, read_shape
from tracking.texts import say
from tracking.vault import VaultError, read_bytes

RETRY_SECONDS = 5
PICTURE_HEADERS = {
    "Content-Disposition": 'inline; filename="photo.jpg"',
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",  # the app keeps what it wants to keep, where signing out removes it
}


class MemoryUpload(FileUploadHandler):
    """Keeps the one file in memory. One that is too large is read to its end but not kept, so that the sender, who
    listens only after sending, hears why it was refused."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.kept = BytesIO()
        self.files = 0

    def new_file(self, *args: object, **more: object) -> None:
        super().new_file(*args, **more)  # type: ignore[arg-type]  # passed on as it came
        self.files += 1
        if self.files > 1:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) <= MAX_BYTES:
            self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        if self.files > 1:
            return None
        if file_size > MAX_BYTES:
            raise too_many_bytes()
        self.kept.getvalue()  # cuts off what it has grown beyond, so that reading it all makes no second copy
        self.kept.seek(0)
        return InMemoryUploadedFile(self.kept, self.field_name, "picture", None, file_size, None)


@extend_schema_serializer(component_name="PhotoUpload")
class PhotoUpload(PhotoShape):
    """The form that carries a picture. What else a photo has comes by `sync/` and is ignored here."""

    image = serializers.FileField(allow_empty_file=True)
    taken_at = InstantField(required=False)
    mm_per_px = RatioField(read_only=True)
    marks = serializers.ListField(read_only=True)


@describe_rows(PHOTO, lump=OpenApiTypes.UUID)
class PhotoListView(LoggedListView):
    kind = PHOTO


@extend_schema_view(
    put=extend_schema(
        operation_id="photo_put",
        request={"multipart/form-data": PhotoUpload},
        responses={
            200: PhotoShape,
            201: PhotoShape,
            409: OpenApiResponse(description="deleted, other_bytes, intimate_child"),
            413: OpenApiResponse(description="too many bytes or pixels; account_full"),
            415: OpenApiResponse(description="not a picture that can be read"),
            429: OpenApiResponse(description="many pictures are being opened; see Retry-After"),
        },
    )
)
@describe_row(PHOTO)
class PhotoView(RowView):
    kind = PHOTO
    parser_classes = (MultiPartParser,)

    def initialize_request(self, request: HttpRequest, *args: object, **kwargs: object) -> Request:
        request.upload_handlers = [MemoryUpload(request)]
        return super().initialize_request(request, *args, **kwargs)

    def put(self, request: Request, row_id: UUID) -> Response:
        sent_form: Any = request.data  # Any: a form with files, as the parser left it
        fields = {name: value for name, value in sent_form.items() if value != ""}  # forms know no null
        form = read_shape(PhotoUpload, fields, partial=False)
        sent = SentPhoto(
            observation_id=form["observation_id"],
            data=form["image"].read(),
            taken_at=form.get("taken_at"),
            sha256=form.get("sha256"),
        )
        try:
            stored = store_photo(signed_in(request), row_id, sent, at=timezone.now())
        except Busy:
            return _come_again(429, "busy", language=signed_in(request).language)
        return Response(PHOTO.document_of(stored.photo), status=201 if stored.created else 200)


class AnyAccept(DefaultContentNegotiation):
    """Whatever the client says it accepts, it gets the picture, or an error as JSON."""

    def select_renderer(
        self, _request: Request, renderers: Iterable[BaseRenderer], *_: object
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, first.media_type


class PictureView(APIView):
    """One size of a picture."""

    content_negotiation_class = AnyAccept
    column: ClassVar[str]

    @extend_schema(
        responses={
            (200, "image/jpeg"): OpenApiTypes.BINARY,
            304: None,
            503: OpenApiResponse(description="its bytes have not come yet; see Retry-After"),
        }
    )
    def get(self, request: Request, row_id: UUID) -> HttpResponse:
        user = signed_in(request)
        photo = access_photo(user, row_id)
        record_shared_read([photo.person_id], reader=user, at=timezone.now(), what="member_photo", about=photo.lump_id)
        answer = picture_answer(request, getattr(photo, self.column)) if photo.state == Photo.State.READY else None
        return answer or _come_again(503, "waiting", language=user.language)


@extend_schema_view(get=extend_schema(operation_id="photo_large"))
class PhotoLargeView(PictureView):
    """JPEG, long side at most 2048 pixels."""

    column = "large_key"


@extend_schema_view(get=extend_schema(operation_id="photo_thumb"))
class PhotoThumbView(PictureView):
    """JPEG, long side at most 480 pixels."""

    column = "thumb_key"


def picture_answer(request: Request, key: str) -> HttpResponse | None:
    """The bytes under a key, or 304 to somebody who has them and has just come through the door; None if they are gone.

    Bytes never change under a key, so the tag is made from it; hashed, because keys stay inside.
    """
    etag = f'"{hashlib.sha256(key.encode("ascii")).hexdigest()[:32]}"'
    unchanged = get_conditional_response(request._request, etag=etag)
    if unchanged is not None:
        return _with_headers(unchanged, etag)
    try:
        return _with_headers(HttpResponse(read_bytes(key), content_type="image/jpeg"), etag)
    except VaultError:
        return None


def _with_headers(answer: HttpResponse, etag: str) -> HttpResponse:
    for name, value in {**PICTURE_HEADERS, "ETag": etag}.items():
        answer.headers[name] = value
    return answer


def _come_again(status: int, code: str, *, language: str) -> Response:
    body = {"code": code, "message": say(f"photo.{code}", language=language), "fields": {}}
    return Response(body, status=status, headers={"Retry-After": str(RETRY_SECONDS)})
