"""`lumps/{id}/assessment/` and `rulebook/`: what is judged, and by which rules."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracking.access import access_lump, signed_in
from tracking.access_log import record_shared_read
from tracking.texts import DEFAULT_LANGUAGE, language_in_force
from triage.editions import past_edition
from triage.rule_words import with_words
from triage.rulebook import load_rulebook
from triage.shown import shown_assessment
from triage.spoken import in_language, rulebook_in_language


class StandingOutput(serializers.Serializer[None]):
    """Advice of this_week or above that stands until an answer, care or closing ends it; as it was told."""

    rule = serializers.CharField()
    version = serializers.IntegerField()
    level = serializers.CharField()
    title = serializers.CharField()
    message = serializers.CharField()
    sources = serializers.ListField(child=serializers.DictField())
    since = serializers.DateTimeField()
    why = serializers.CharField(help_text="holds, unanswered, growth or not_contradicted")
    answers = serializers.ListField(
        child=serializers.CharField(),
        help_text="Signs that each must be answered anew, not alarming. Empty: care only.",
    )


class AssessmentOutput(serializers.Serializer[None]):
    """The judgement as of now; `standing_level`, `standing` and `ask` stand beside it."""

    lump = serializers.UUIDField()
    at = serializers.DateTimeField()
    level = serializers.CharField(help_text="The most urgent level that holds now.")
    findings = serializers.ListField(child=serializers.DictField())
    unknown = serializers.ListField(child=serializers.DictField())
    growth = serializers.DictField()
    days_since_noticed = serializers.IntegerField(allow_null=True)
    next_check_on = serializers.DateField(allow_null=True)
    reassess_at = serializers.DateTimeField(allow_null=True)
    rulebook = serializers.CharField()
    standing_level = serializers.CharField(help_text="The most urgent of what holds and what stands.")
    standing = StandingOutput(many=True)
    ask = serializers.ListField(
        child=serializers.CharField(), help_text="Urgent questions never answered, most urgent first."
    )


class AssessmentView(APIView):
    """The judgement as of now, in the account's language. Asking for it tells nobody anything: that is the job's."""

    @extend_schema(operation_id="lump_assessment", responses=AssessmentOutput)
    def get(self, request: Request, lump_id: UUID) -> Response:
        user = signed_in(request)
        lump = access_lump(user, lump_id)
        at = timezone.now()
        record_shared_read([lump.person_id], reader=user, at=at)
        shown = shown_assessment(lump, at=at)
        return Response(in_language(shown, language=user.language, region=lump.person.region))


class RulebookView(APIView):
    """Every rule, its conditions also in words, its sources, and the digest of them all. Open: anybody may check.

    `edition` is a digest that an assessment carries: the rules as they were when it was given.
    """

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="rulebook",
        responses={200: OpenApiTypes.OBJECT, 404: OpenApiResponse(description="no such edition was ever in use here")},
        parameters=[OpenApiParameter("edition", str)],
    )
    def get(self, request: Request) -> Response:
        book, language = load_rulebook(), language_in_force()
        digest = request.query_params.get("edition", book.digest)
        if digest != book.digest:  # in the words of its day: today's, and their translations, may be about other facts
            return Response(past_edition(digest), headers={"Cache-Control": "public, max-age=86400"})
        etag = f'"{digest}"' if language == DEFAULT_LANGUAGE else f'"{digest}-{language}"'
        headers = {"ETag": etag, "Cache-Control": "public, no-cache"}
        if request.headers.get("If-None-Match") == etag:
            return Response(status=304, headers=headers)
        return Response(rulebook_in_language(with_words(book.to_json()), language=language), headers=headers)
