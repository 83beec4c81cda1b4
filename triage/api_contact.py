"""`trusted-contact/`: somebody who is told, last and in fixed words, when nothing that was told is answered."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracking.access import signed_in
from tracking.api import WriteThrottle
from tracking.consents import record_consent
from tracking.models import User
from tracking.texts import say
from triage.api_limits import NamingsADay
from triage.api_notifications import StrictInput
from triage.contact_words import words_for, words_version
from triage.contacts import contact_of, forget_contact, name_contact
from triage.models import TrustedContact


class ContactInput(StrictInput):
    name = serializers.CharField(max_length=80, allow_blank=True, required=False, default="")
    email = serializers.EmailField(max_length=254)
    words = serializers.CharField(max_length=16, help_text="The version of the words that the person has read.")


class NamedContactOutput(serializers.ModelSerializer[TrustedContact]):
    class Meta:
        model = TrustedContact
        moments = ("consented_at", "asked_at", "agreed_at", "stopped_at", "returned_at")
        fields = ("name", "email", "state", "text", "words", *moments)


class WordsOutput(serializers.Serializer[None]):
    version = serializers.CharField()
    title = serializers.CharField(help_text="The mail's subject.")
    text = serializers.CharField(help_text="The mail's body, word for word.")


class ContactOutput(serializers.Serializer[None]):
    contact = NamedContactOutput(allow_null=True)
    words = WordsOutput()
    reachable = serializers.BooleanField(help_text="False without a mail server: nobody can be written to.")


class TrustedContactView(APIView):
    throttle_classes = (WriteThrottle, NamingsADay)

    @extend_schema(operation_id="trusted_contact", responses=ContactOutput)
    def get(self, request: Request) -> Response:
        return Response(_shown(signed_in(request)))

    @extend_schema(operation_id="trusted_contact_put", request=ContactInput, responses=ContactOutput)
    def put(self, request: Request) -> Response:
        form = ContactInput(data=request.data)
        form.is_valid(raise_exception=True)
        user = signed_in(request)
        at = timezone.now()
        name_contact(user, **form.validated_data, at=at)
        record_consent(user, "trusted_contact", given=True, at=at)
        return Response(_shown(user))

    @extend_schema(operation_id="trusted_contact_delete", responses={204: None})
    def delete(self, request: Request) -> Response:
        user = signed_in(request)
        forget_contact(user)
        record_consent(user, "trusted_contact", given=False, at=timezone.now())
        return Response(status=204)


def _shown(user: User) -> dict[str, Any]:  # Any: JSON
    contact = contact_of(user)
    words = {
        "version": words_version(user),
        "title": say("push.today", language=user.language),
        "text": words_for(user),
    }
    return {
        "contact": NamedContactOutput(contact).data if contact else None,
        "words": words,
        "reachable": settings.EMAIL_CONFIGURED,
    }
