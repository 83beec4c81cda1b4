"""`helper-links/`: let somebody else's phone take one photo, look at what came, keep it or refuse it."""

from __future__ import annotations

from typing import Any  # Any: JSON values of several types
from uuid import UUID

from django.db import IntegrityError
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracking.access import signed_in
from tracking.api import RecordView
from tracking.api_pages import PAGING, Pages, page_shape
from tracking.api_photos import AnyAccept, picture_answer
from tracking.errors import NotFound
from tracking.helping import (
    HelperWish,
    MadeHelperLink,
    access_helper_link,
    create_helper_link,
    end_helper_link,
    keep_helped_photo,
)
from tracking.models import HelperLink
from tracking.photos import Busy
from tracking.record_fields import InstantField
from tracking.record_kinds import PHOTO
from tracking.record_shapes import NULLABLE, PhotoShape, StrictShape, read_shape
from tracking.texts import say


@extend_schema_serializer(component_name="HelperLink")
class HelperShape(StrictShape):
    """A link without its secrets. `like`: the picture that the helper sees beside the camera, or none."""

    id = serializers.UUIDField(read_only=True)
    lump = serializers.UUIDField(source="lump_id")
    like = serializers.UUIDField(source="like_id", **NULLABLE)
    created_at = InstantField(read_only=True)
    expires_at = InstantField(**NULLABLE)
    revoked_at = InstantField(read_only=True, allow_null=True)
    taken_at = InstantField(read_only=True, allow_null=True)
    state = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.STR)
    def get_state(self, link: HelperLink) -> str:
        """open, arrived, kept, refused, or over: ended or expired without a photo."""
        if link.answer:
            return link.answer
        if link.taken_at is not None:
            return "arrived"
        return "over" if link.revoked_at is not None or link.expires_at <= timezone.now() else "open"


@extend_schema_serializer(component_name="NewHelperLink")
class NewHelperShape(HelperShape):
    """The first 201: with what opens the link, told this once."""

    url = serializers.CharField(read_only=True)
    code = serializers.CharField(read_only=True)


class HelperLinks(RecordView):
    @extend_schema(operation_id="helper_link_list", parameters=PAGING, responses=page_shape("HelperLink", HelperShape))
    def get(self, request: Request) -> Response:
        """The caller's links, newest first, with what became of each."""
        pages = Pages("-created_at", "-id")
        page = pages.paginate_queryset(signed_in(request).helper_links.all(), request, view=self) or []
        return pages.get_paginated_response([HelperShape(link).data for link in page])


class OneHelperLink(RecordView):
    @extend_schema(operation_id="helper_link_read", responses=HelperShape)
    def get(self, request: Request, link_id: UUID) -> Response:
        """One of the caller's links, without its secrets."""
        return Response(HelperShape(access_helper_link(signed_in(request), link_id)).data)

    @extend_schema(
        operation_id="helper_link_put",
        request=HelperShape,
        responses={200: HelperShape, 201: NewHelperShape, 409: OpenApiResponse(description="intimate_child")},
    )
    def put(self, request: Request, link_id: UUID) -> Response:
        """Make a link (201, with its secrets). It cannot be changed: the same again answers 200 and changes nothing."""
        user, at = signed_in(request), timezone.now()
        wish = _wish(request)
        if not HelperLink.objects.filter(pk=link_id).exists():
            try:
                return Response(_told_once(create_helper_link(user, link_id, wish, at=at)), status=201)
            except IntegrityError:
                pass  # the same request came twice at once and the other one made it
        return Response(HelperShape(access_helper_link(user, link_id)).data)

    @extend_schema(operation_id="helper_link_delete", responses={204: None})
    def delete(self, request: Request, link_id: UUID) -> Response:
        """End a link at once and forget a photo that waits for an answer."""
        end_helper_link(access_helper_link(signed_in(request), link_id), at=timezone.now())
        return Response(status=204)


class HelperPhoto(APIView):
    content_negotiation_class = AnyAccept

    @extend_schema(operation_id="helper_photo", responses={(200, "image/jpeg"): OpenApiTypes.BINARY, 304: None})
    def get(self, request: Request, link_id: UUID) -> HttpResponse:
        """The photo that waits for an answer."""
        key = access_helper_link(signed_in(request), link_id).large_key
        answer = picture_answer(request, key) if key else None
        if answer is None:
            raise NotFound
        return answer


class HelperPhotoKeep(RecordView):
    @extend_schema(operation_id="helper_photo_keep", request=None, responses={200: PhotoShape, 201: PhotoShape})
    def post(self, request: Request, link_id: UUID) -> Response:
        """Yes: the photo becomes part of the record, with a check at the moment it was taken."""
        user = signed_in(request)
        try:
            stored = keep_helped_photo(user, access_helper_link(user, link_id), at=timezone.now())
        except Busy:
            body = {"code": "busy", "message": say("photo.busy"), "fields": {}}
            return Response(body, status=429, headers={"Retry-After": "5"})
        return Response(PHOTO.document_of(stored.photo), status=201 if stored.created else 200)


def _wish(request: Request) -> HelperWish:
    values = read_shape(HelperShape, request.data, partial=False)
    return HelperWish(lump=values["lump_id"], like=values.get("like_id"), expires_at=values.get("expires_at"))


def _told_once(made: MadeHelperLink) -> dict[str, Any]:
    return {**HelperShape(made.link).data, "url": made.url, "code": made.code}
