"""`channels/`: ways of being told whose address the person types in, and whether mail to them came back."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracking.access import signed_in
from tracking.api import WriteThrottle
from triage.addresses import addresses_kept, forget_address, keep_address, offered
from triage.api_notifications import StrictInput
from triage.models import GivenAddress


class AddressInput(StrictInput):
    address = serializers.CharField(max_length=500, help_text="For ntfy: the topic's address, https://server/topic.")


class AddressOutput(serializers.ModelSerializer[GivenAddress]):
    address = serializers.CharField(source="text")
    state = serializers.CharField(help_text="active, broken (we are refused there) or gone")

    class Meta:
        model = GivenAddress
        fields = ("channel", "address", "state", "code")


class ChannelsOutput(serializers.Serializer[None]):
    offered = serializers.ListField(child=serializers.CharField())
    addresses = AddressOutput(many=True)


class ChannelsView(APIView):
    @extend_schema(operation_id="channels", responses=ChannelsOutput)
    def get(self, request: Request) -> Response:
        rows = addresses_kept(signed_in(request))
        return Response({"offered": offered(), "addresses": AddressOutput(rows, many=True).data})


class ChannelView(APIView):
    throttle_classes = (WriteThrottle,)

    @extend_schema(operation_id="channel_put", request=AddressInput, responses=AddressOutput)
    def put(self, request: Request, channel: str) -> Response:
        form = AddressInput(data=request.data)
        form.is_valid(raise_exception=True)
        user, text = signed_in(request), form.validated_data["address"]
        row, is_new = keep_address(user, channel, text, at=timezone.now())
        return Response(AddressOutput(row).data, status=201 if is_new else 200)

    @extend_schema(operation_id="channel_delete", responses={204: None})
    def delete(self, request: Request, channel: str) -> Response:
        forget_address(signed_in(request), channel, at=timezone.now())
        return Response(status=204)
