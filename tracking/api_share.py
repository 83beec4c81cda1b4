"""`share-links/`: make a link, see who opened it, end it. The secrets appear in the first answer and never again."""

from __future__ import annotations

from typing import Any  # Any: JSON values of several types
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracking.access import require_recent_sign_in, signed_in
from tracking.api import RecordView
from tracking.api_pages import PAGING, Pages, page_shape
from tracking.models import Access, ShareLink
from tracking.record_fields import FlagField, InstantField, WordField
from tracking.record_shapes import NULLABLE, invalid, read_shape
from tracking.sharing import (
    MadeLink,
    ShareWish,
    access_share_link,
    change_share_link,
    create_share_link,
    id_is_free,
    revoke_share,
)
from tracking.texts import say

LABEL_LIMIT = 80  # characters: it travels inside the link
OPENINGS_LIMIT = 1000


class LumpIds(serializers.ListField):
    """Ids in, the link's lumps out."""

    def to_representation(self, data: Any) -> list[str]:  # Any: the related manager
        return [str(lump.pk) for lump in data.all()]


@extend_schema_serializer(component_name="ShareLink")
class ShareShape(serializers.Serializer[Any]):  # Any: rows out, plain values in
    """A link without its secrets. Read-only fields are accepted and ignored; unknown ones are refused."""

    id = serializers.UUIDField(read_only=True)
    lumps = LumpIds(child=serializers.UUIDField())
    photos = FlagField(default=True)
    intimate_photos = FlagField(default=False)
    write_back = FlagField(default=False)
    names = FlagField(default=False)
    label = WordField(  # type: ignore[assignment]  # DRF takes declared fields off the class; its own `label` stays
        max_length=LABEL_LIMIT, allow_blank=True, default=""
    )
    created_at = InstantField(read_only=True)
    expires_at = InstantField(**NULLABLE)
    revoked_at = InstantField(read_only=True, allow_null=True)
    passcode = WordField(write_only=True, max_length=200, allow_blank=True, **NULLABLE)
    has_passcode = serializers.SerializerMethodField()
    passcode_tries_left = serializers.IntegerField(read_only=True)
    max_openings = serializers.IntegerField(min_value=1, max_value=OPENINGS_LIMIT, **NULLABLE)
    openings = serializers.IntegerField(read_only=True)

    def to_internal_value(self, data: Any) -> dict[str, Any]:  # Any: whatever the JSON held
        if not isinstance(data, dict):
            raise serializers.ValidationError({"": [say("field.object")]})
        unknown = [name for name in data if name not in self.fields and name not in ("url", "code")]
        if unknown:
            raise serializers.ValidationError({name: [say("field.unknown")] for name in unknown})
        values: dict[str, Any] = super().to_internal_value(data)
        return values

    @extend_schema_field(OpenApiTypes.BOOL)
    def get_has_passcode(self, link: ShareLink) -> bool:
        return bool(link.passcode_argon2)


@extend_schema_serializer(component_name="NewShareLink")
class NewShareShape(ShareShape):
    """The first 201: with what opens the link, told this once."""

    url = serializers.CharField(read_only=True)
    code = serializers.CharField(read_only=True)
    passcode = WordField(read_only=True, allow_null=True)


@extend_schema_serializer(component_name="ShareAccess")
class AccessShape(serializers.Serializer[Access]):
    """`what`: opened, photo, bundle, report, record, reply, wrong_passcode. One `reader`: the same device."""

    at = InstantField(read_only=True)
    what = serializers.CharField(read_only=True)
    recipient = serializers.CharField(read_only=True)
    reader = serializers.SerializerMethodField()

    def get_reader(self, access: Access) -> str:
        return access.reader[:8]


class ShareLinks(RecordView):
    @extend_schema(operation_id="share_link_list", parameters=PAGING, responses=page_shape("ShareLink", ShareShape))
    def get(self, request: Request) -> Response:
        """The caller's links, newest first, revoked and expired ones too."""
        pages = Pages("-created_at", "-id")
        links = signed_in(request).share_links.prefetch_related("lumps")
        page = pages.paginate_queryset(links, request, view=self) or []
        return pages.get_paginated_response([ShareShape(link).data for link in page])


class OneShareLink(RecordView):
    @extend_schema(operation_id="share_link_read", responses=ShareShape)
    def get(self, request: Request, link_id: UUID) -> Response:
        """One of the caller's links, without its secrets."""
        return Response(ShareShape(access_share_link(signed_in(request), link_id)).data)

    @extend_schema(
        operation_id="share_link_put",
        request=ShareShape,
        responses={
            200: ShareShape,
            201: NewShareShape,
            409: OpenApiResponse(description="`deleted`: it was ended; `passcode_fixed`: it has another passcode"),
        },
    )
    def put(self, request: Request, link_id: UUID) -> Response:
        """Make a link (201, with its secrets) or change what it shows (200), within five minutes of signing in."""
        at = timezone.now()
        require_recent_sign_in(request, at=at)
        wish = _wish(request, link_id)
        if id_is_free(link_id):
            try:
                return Response(_told_once(create_share_link(signed_in(request), link_id, wish, at=at)), status=201)
            except IntegrityError:
                pass  # the same request came twice at once and the other one made it
        link = change_share_link(access_share_link(signed_in(request), link_id), wish, at=at)
        return Response(ShareShape(link).data)

    @extend_schema(operation_id="share_link_delete", responses={204: None})
    def delete(self, request: Request, link_id: UUID) -> Response:
        """End a link at once. It stays in the list with its `revoked_at`."""
        revoke_share(access_share_link(signed_in(request), link_id), at=timezone.now())
        return Response(status=204)


class ShareLinkAccesses(RecordView):
    @extend_schema(operation_id="share_link_accesses", parameters=PAGING, responses=page_shape("Access", AccessShape))
    def get(self, request: Request, link_id: UUID) -> Response:
        """Who opened one of the caller's links and what they looked at, newest first."""
        pages = Pages("-at", "-id")
        seen = access_share_link(signed_in(request), link_id).accesses.all()
        page = pages.paginate_queryset(seen, request, view=self) or []
        return pages.get_paginated_response([AccessShape(access).data for access in page])


def _wish(request: Request, link_id: UUID) -> ShareWish:
    """The body as a wish. A passcode that is absent is made; null and "" both say: none."""
    values = read_shape(ShareShape, request.data, partial=False)
    sent_id = request.data.get("id", link_id) if isinstance(request.data, dict) else link_id
    if str(sent_id).lower() != str(link_id):
        raise invalid({"id": [say("share.id_differs")]})
    values["lumps"] = tuple(values["lumps"])
    if "passcode" in values:
        values["passcode"] = values["passcode"] or ""
    return ShareWish(**values)


def _told_once(made: MadeLink) -> dict[str, Any]:
    return {**ShareShape(made.link).data, "url": made.url, "code": made.code, "passcode": made.passcode}
