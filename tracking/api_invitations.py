"""`invitations/`: ask another account to share in a person's record, and accept. Its secrets are told once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from tracking.access import require_recent_sign_in, signed_in
from tracking.api import RecordView
from tracking.api_members import ROLES
from tracking.api_pages import PAGING, Pages, page_shape
from tracking.invitations import (
    InvitationWish,
    MadeInvitation,
    accept_invitation,
    access_invitation,
    create_invitation,
    end_invitation,
    invitations_of,
    look_at_invitation,
)
from tracking.models import Invitation
from tracking.record_fields import ChoiceWord, FlagField, InstantField, WordField
from tracking.record_shapes import NULLABLE, StrictShape, invalid, read_shape
from tracking.texts import say
from tracking.turns import take_turn

LABEL_LIMIT = 80  # characters
KNOCKS_AN_HOUR = 30  # of one account: enough for every slip of a finger, too few to search for a code
HOUR_SECONDS = 3600


class KnocksAnHour(BaseThrottle):
    """So many secrets an hour may one account try, right or wrong, counted in the cache that all processes share."""

    def allow_request(self, request: Request, view: APIView) -> bool:  # noqa: ARG002  DRF's own signature
        if not settings.RATE_LIMITS_ON:
            return True
        what = f"knocks:{signed_in(request).pk}"
        return take_turn(what, most=KNOCKS_AN_HOUR, seconds=HOUR_SECONDS, at=timezone.now())

    def wait(self) -> float:
        return HOUR_SECONDS - timezone.now().timestamp() % HOUR_SECONDS


@extend_schema_serializer(component_name="Invitation")
class InvitationShape(StrictShape):
    """`told`: gets reminders and advice; null: as the role has it. `afterwards`: what its maker is after that."""

    id = serializers.UUIDField(read_only=True)
    person = serializers.UUIDField(source="person_id")
    role = ChoiceWord(ROLES)
    told = FlagField(**NULLABLE)
    afterwards = ChoiceWord(tuple(Invitation.Afterwards.values), **NULLABLE)
    label = WordField(  # type: ignore[assignment]  # DRF takes declared fields off the class; its own `label` stays
        max_length=LABEL_LIMIT, allow_blank=True, default=""
    )
    created_at = InstantField(read_only=True)
    expires_at = InstantField(**NULLABLE)
    revoked_at = InstantField(read_only=True, allow_null=True)
    accepted_at = InstantField(read_only=True, allow_null=True)
    state = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.STR)
    def get_state(self, invitation: Invitation) -> str:
        if invitation.accepted_at is not None:
            return "accepted"
        return "over" if invitation.revoked_at is not None or invitation.expires_at <= timezone.now() else "open"

    def to_representation(self, instance: Any) -> dict[str, Any]:  # Any: DRF's own signature
        shown: dict[str, Any] = super().to_representation(instance)
        return {**shown, "afterwards": shown["afterwards"] or None}


@extend_schema_serializer(component_name="NewInvitation")
class NewInvitationShape(InvitationShape):
    """The first 201: with what opens it, told this once."""

    url = serializers.CharField(read_only=True)
    code = serializers.CharField(read_only=True)


class SecretShape(StrictShape):
    """The end of the link, or the code as it was typed."""

    secret = WordField(max_length=200, allow_blank=False)


@extend_schema_serializer(component_name="InvitationLook")
class LookShape(serializers.Serializer[Invitation]):
    """What somebody would accept, before they do. `name` is empty where the record is its owner's own."""

    name = serializers.CharField(source="person.name")
    colour = serializers.CharField(source="person.colour")
    invited_by = serializers.EmailField(source="user.email")
    role = serializers.CharField()
    told = serializers.BooleanField(allow_null=True)
    afterwards = serializers.CharField(allow_blank=True)
    expires_at = InstantField()


class AcceptedShape(serializers.Serializer[Any]):  # Any: a membership
    person = serializers.UUIDField(source="person_id")
    role = serializers.CharField()


NOT_OPEN = OpenApiResponse(description="unknown, ended, expired or taken: always the same answer")


class Invitations(RecordView):
    @extend_schema(
        operation_id="invitation_list", parameters=PAGING, responses=page_shape("Invitation", InvitationShape)
    )
    def get(self, request: Request) -> Response:
        """Of all persons that the caller owns, newest first, with what became of each."""
        pages = Pages("-created_at", "-id")
        page = pages.paginate_queryset(invitations_of(signed_in(request)), request, view=self) or []
        return pages.get_paginated_response([InvitationShape(one).data for one in page])


class OneInvitation(RecordView):
    @extend_schema(operation_id="invitation_read", responses=InvitationShape)
    def get(self, request: Request, invitation_id: UUID) -> Response:
        """One of them, without its secrets."""
        return Response(InvitationShape(access_invitation(signed_in(request), invitation_id)).data)

    @extend_schema(
        operation_id="invitation_put",
        request=InvitationShape,
        responses={
            200: InvitationShape,
            201: NewInvitationShape,
            403: OpenApiResponse(description="`reauthentication_required`, `not_in_this_role`"),
        },
    )
    def put(self, request: Request, invitation_id: UUID) -> Response:
        """Make one (201, with its secrets), within five minutes of signing in. It cannot be changed: the same again
        answers 200 and changes nothing."""
        user, at = signed_in(request), timezone.now()
        require_recent_sign_in(request, at=at)
        wish = _wish(request, invitation_id)
        if not Invitation.objects.filter(pk=invitation_id).exists():
            try:
                return Response(_told_once(create_invitation(user, invitation_id, wish, at=at)), status=201)
            except IntegrityError:
                pass  # the same request came twice at once and the other one made it
        return Response(InvitationShape(access_invitation(user, invitation_id)).data)

    @extend_schema(operation_id="invitation_end", responses={204: None})
    def delete(self, request: Request, invitation_id: UUID) -> Response:
        """End it at once. Who accepted it stays a member."""
        end_invitation(access_invitation(signed_in(request), invitation_id), at=timezone.now())
        return Response(status=204)


class Knock(APIView):
    """What holds a secret comes in here, in the body: addresses are logged."""

    throttle_classes = (KnocksAnHour,)


class InvitationLook(Knock):
    @extend_schema(operation_id="invitation_look", request=SecretShape, responses={200: LookShape, 404: NOT_OPEN})
    def post(self, request: Request) -> Response:
        """What the holder of a link or code would accept. Spends nothing."""
        return Response(LookShape(look_at_invitation(signed_in(request), _secret(request), at=timezone.now())).data)


class InvitationAccept(Knock):
    @extend_schema(
        operation_id="invitation_accept",
        request=SecretShape,
        responses={200: AcceptedShape, 404: NOT_OPEN, 409: OpenApiResponse(description="`already_member`")},
    )
    def post(self, request: Request) -> Response:
        """Become a member. May be repeated by whoever accepted it."""
        membership = accept_invitation(signed_in(request), _secret(request), at=timezone.now())
        return Response(AcceptedShape(membership).data)


def _secret(request: Request) -> str:
    return str(read_shape(SecretShape, request.data, partial=False)["secret"]).strip()


def _wish(request: Request, invitation_id: UUID) -> InvitationWish:
    values = read_shape(InvitationShape, request.data, partial=False)
    sent_id = request.data.get("id", invitation_id) if isinstance(request.data, dict) else invitation_id
    if str(sent_id).lower() != str(invitation_id):
        raise invalid({"id": [say("share.id_differs")]})
    return InvitationWish(
        person=values["person_id"],
        role=values["role"],
        told=values.get("told"),
        afterwards=values.get("afterwards") or "",
        label=values["label"],
        expires_at=values.get("expires_at"),
    )


def _told_once(made: MadeInvitation) -> dict[str, Any]:  # Any: JSON
    return {**InvitationShape(made.invitation).data, "url": made.url, "code": made.code}
