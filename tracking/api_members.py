"""`persons/{id}/members/`: who shares in a record, with which role, and who of them is told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_serializer, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracking.access import RANKS, require_recent_sign_in, signed_in
from tracking.api import RecordView
from tracking.members import Member, access_member, change_member, members_of, remove_member
from tracking.models import Membership
from tracking.record_fields import ChoiceWord, FlagField, InstantField
from tracking.record_shapes import StrictShape, read_shape

ROLES = tuple(Membership.Role.values)


@extend_schema_serializer(component_name="Member")
class MemberShape(StrictShape):
    """`id` is the account's; `told`: gets reminders and advice about this person."""

    id = serializers.UUIDField(read_only=True, source="membership.user_id")
    email = serializers.EmailField(read_only=True, source="membership.user.email")
    role = ChoiceWord(ROLES, required=False, source="membership.role")
    told = FlagField(required=False, source="is_told")
    since = InstantField(read_only=True, source="membership.since")
    is_me = serializers.BooleanField(read_only=True)


@extend_schema_serializer(component_name="MemberChange")
class MemberChangeShape(StrictShape):
    """What may be changed; what was read may be sent back."""

    id = serializers.UUIDField(read_only=True)
    email = serializers.EmailField(read_only=True)
    role = ChoiceWord(ROLES, required=False)
    told = FlagField(required=False)
    since = InstantField(read_only=True)
    is_me = serializers.BooleanField(read_only=True)


REFUSALS = {
    403: OpenApiResponse(description="`not_in_this_role`; `reauthentication_required` where a role is made bigger"),
    404: OpenApiResponse(description="no such person or member for this account"),
    409: OpenApiResponse(description="`last_owner`: nobody would own it; `nobody_told`: nobody would be told"),
}


class Members(RecordView):
    @extend_schema(
        operation_id="member_list", responses=inline_serializer("Members", {"results": MemberShape(many=True)})
    )
    def get(self, request: Request, row_id: UUID) -> Response:
        """Owners see everybody; others see the owners and themselves."""
        return Response({"results": [_shown(one) for one in members_of(signed_in(request), row_id)]})


class OneMember(RecordView):
    @extend_schema(operation_id="member_read", responses=MemberShape)
    def get(self, request: Request, row_id: UUID, member_id: UUID) -> Response:
        """One of those in the list."""
        return Response(_shown(access_member(signed_in(request), row_id, member_id)))

    @extend_schema(operation_id="member_change", request=MemberChangeShape, responses={200: MemberShape, **REFUSALS})
    def patch(self, request: Request, row_id: UUID, member_id: UUID) -> Response:
        """Another role, or whether they are told. For owners; anybody may say no for themselves (`told: false`)."""
        user, at = signed_in(request), timezone.now()
        before = access_member(user, row_id, member_id).membership
        wish = read_shape(MemberChangeShape, request.data, partial=True)
        role = wish.get("role")
        if role is not None and RANKS[role] > RANKS[before.role]:
            require_recent_sign_in(request, at=at)
        change_member(user, row_id, member_id, role=role, told=wish.get("told"), at=at)
        return Response(_shown(access_member(user, row_id, member_id)))

    @extend_schema(operation_id="member_remove", responses={204: None, **REFUSALS})
    def delete(self, request: Request, row_id: UUID, member_id: UUID) -> Response:
        """End somebody's share, or with one's own id leave. The last owner stays."""
        remove_member(signed_in(request), row_id, member_id, at=timezone.now())
        return Response(status=204)


def _shown(member: Member) -> dict[str, Any]:  # Any: JSON
    return dict(MemberShape(member).data)
