"""`me/`: the account's settings, which channels really reach the person, and its erasure.

Here and not in `tracking`, because only the top floor sees the settings of the mail server, the browsers that agreed
to be pushed to, and the account at once.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lumptracker.consenting import record_choices
from tracking.access import require_recent_sign_in, signed_in
from tracking.api import RecordView
from tracking.models import User
from tracking.record_account import SettingsShape, change_settings, erase_account
from tracking.record_shapes import read_shape
from triage.marks import mark_told_to
from triage.models import PushSubscription
from triage.reach import has_bounced, is_email_verified


class ReachableOutput(serializers.Serializer[Any]):  # Any: a plain mapping
    email = serializers.BooleanField()
    push = serializers.BooleanField()


class MeShape(SettingsShape):
    """The settings, and what is known about the account."""

    id = serializers.UUIDField(read_only=True)
    email = serializers.EmailField(read_only=True)
    email_verified = serializers.BooleanField(read_only=True)
    reachable = ReachableOutput(read_only=True)
    unreachable_because = serializers.DictField(child=serializers.CharField(), read_only=True)


class MeView(RecordView):
    @extend_schema(operation_id="me_read", responses=MeShape)
    def get(self, request: Request) -> Response:
        return Response(told(signed_in(request)))

    @extend_schema(operation_id="me_change", request=MeShape, responses=MeShape)
    def patch(self, request: Request) -> Response:
        user = signed_in(request)
        at = timezone.now()
        chosen = read_shape(MeShape, request.data, partial=True)
        change_settings(user, chosen)
        record_choices(user, chosen, at=at)
        mark_told_to(user, at=at)
        return Response(told(user))

    @extend_schema(operation_id="me_erase", responses={204: None})
    def delete(self, request: Request) -> Response:
        user = signed_in(request)
        at = timezone.now()
        require_recent_sign_in(request, at=at)
        receipt = erase_account(user, at=at)
        logout(request._request)
        return Response(status=204, headers={"Erasure-Receipt": str(receipt.pk)})


def told(user: User) -> dict[str, Any]:  # Any: JSON
    """The account as its owner sees it. `unreachable_because` says what is in the way of each silent channel."""
    obstacles = {channel: found for channel, found in (("email", no_email(user)), ("push", no_push(user))) if found}
    return {
        **SettingsShape(user).data,
        "id": str(user.pk),
        "email": user.email,
        "email_verified": is_email_verified(user),
        "reachable": {channel: channel not in obstacles for channel in ("email", "push")},
        "unreachable_because": obstacles,
    }


def no_email(user: User) -> str | None:
    """Why no mail reaches them: `no_mail_server`, `not_wanted`, `not_verified`, `bounced`; None where it does."""
    if not settings.EMAIL_CONFIGURED:
        return "no_mail_server"
    if not user.email_wanted:
        return "not_wanted"
    if not is_email_verified(user):
        return "not_verified"
    return "bounced" if has_bounced(user) else None


def no_push(user: User) -> str | None:
    """Why no push reaches this person: `not_wanted`, `no_device`; None where one does."""
    if not user.push_wanted:
        return "not_wanted"
    is_listening = PushSubscription.objects.filter(user=user, state=PushSubscription.State.ACTIVE).exists()
    return None if is_listening else "no_device"
