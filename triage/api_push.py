"""`push-subscriptions/`: the browsers of an account that may be pushed to."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracking.access import signed_in
from tracking.api import WriteThrottle
from triage.channels.push import public_key
from triage.models import PushSubscription
from triage.push_subscriptions import keep_subscription, try_subscriptions

BROWSERS = ("Firefox", "Edg", "OPR", "SamsungBrowser", "Chrome", "Safari")  # the first that the User-Agent names
SYSTEMS = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")


class SubscriptionKeys(serializers.Serializer[None]):
    p256dh = serializers.CharField(max_length=128)
    auth = serializers.CharField(max_length=64)


class SubscriptionInput(serializers.Serializer[None]):
    """The browser's `PushSubscription.toJSON()`, as it is, and whether somebody has just pressed the button."""

    endpoint = serializers.CharField(max_length=2000)
    keys = SubscriptionKeys()
    expirationTime = serializers.FloatField(required=False, allow_null=True)  # noqa: N815  # the browser's spelling
    device = serializers.CharField(required=False, allow_blank=True, max_length=80)
    agreed = serializers.BooleanField(
        default=False, help_text="Somebody has just said yes to notifications. Never sent by what renews by itself."
    )


class EndpointQuery(serializers.Serializer[None]):
    endpoint = serializers.CharField(default="", allow_blank=True)


class SubscriptionOutput(serializers.ModelSerializer[PushSubscription]):
    endpoint_host = serializers.SerializerMethodField()

    class Meta:
        model = PushSubscription
        fields = ("endpoint_host", "device", "last_delivered_at", "state")

    def get_endpoint_host(self, row: PushSubscription) -> str:
        return urlsplit(row.endpoint).hostname or ""


class TestOutput(serializers.Serializer[None]):
    endpoint_host = serializers.CharField()
    outcome = serializers.CharField()
    code = serializers.CharField()


class PushSubscriptionsView(APIView):
    throttle_classes = (WriteThrottle,)

    @extend_schema(
        operation_id="push_subscriptions_list",
        parameters=[OpenApiParameter("endpoint", OpenApiTypes.URI)],
        responses=SubscriptionOutput(many=True),
    )
    def get(self, request: Request) -> Response:
        """Newest first. With `endpoint`: that browser alone, and only where it listens for this account."""
        rows = PushSubscription.objects.filter(user=signed_in(request)).order_by("-created_at", "-id")
        if endpoint := _endpoint(request):
            rows = rows.filter(endpoint=endpoint)
        return Response(SubscriptionOutput(rows, many=True).data)

    @extend_schema(
        operation_id="push_subscriptions_put",
        request=SubscriptionInput,
        responses={
            200: SubscriptionOutput,
            201: SubscriptionOutput,
            409: OpenApiResponse(description="`push_not_agreed`: say `agreed` once somebody has"),
        },
    )
    def put(self, request: Request) -> Response:
        form = SubscriptionInput(data=request.data)
        form.is_valid(raise_exception=True)
        values = form.validated_data
        row, is_new = keep_subscription(
            signed_in(request),
            endpoint=values["endpoint"],
            p256dh=values["keys"]["p256dh"],
            auth=values["keys"]["auth"],
            device=values.get("device") or device_of(request.headers.get("User-Agent", "")),
            agreed=values["agreed"],
            at=timezone.now(),
        )
        return Response(SubscriptionOutput(row).data, status=201 if is_new else 200)

    @extend_schema(
        operation_id="push_subscriptions_delete",
        parameters=[OpenApiParameter("endpoint", OpenApiTypes.URI, required=True)],
        responses={204: None},
    )
    def delete(self, request: Request) -> Response:
        PushSubscription.objects.filter(user=signed_in(request), endpoint=_endpoint(request)).delete()
        return Response(status=204)


class PushTestView(APIView):
    throttle_classes = (WriteThrottle,)

    @extend_schema(operation_id="push_subscriptions_test", request=None, responses=TestOutput(many=True))
    def post(self, request: Request) -> Response:
        return Response(
            [
                {"endpoint_host": urlsplit(row.endpoint).hostname, "outcome": outcome.state, "code": outcome.code}
                for row, outcome in try_subscriptions(signed_in(request), at=timezone.now())
            ]
        )


class PushKeyView(APIView):
    """The server's public key, for `pushManager.subscribe`. Open: the key is public and the app asks before sign-in."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="push_key", responses=OpenApiTypes.OBJECT)
    def get(self, _: Request) -> Response:
        return Response({"key": public_key()}, headers={"Cache-Control": "public, max-age=3600"})


def _endpoint(request: Request) -> str:
    """The browser that the address names; empty where it names none."""
    query = EndpointQuery(data=request.query_params)
    query.is_valid(raise_exception=True)
    return str(query.validated_data["endpoint"])


def device_of(user_agent: str) -> str:
    """`Chrome on Android`: enough to tell one's own devices apart, and no more than that is kept."""
    browser = next((name for name in BROWSERS if re.search(rf"\b{name}", user_agent)), "")
    system = next((name for name in SYSTEMS if name in user_agent), "")
    names = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "Macintosh": "Mac"}
    return " on ".join(names.get(name, name) for name in (browser, system) if name)
