"""`episodes/`: what is open or was, the steps told and planned for each, and how to take a step out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracking.access import signed_in
from tracking.access_log import record_shared_read
from tracking.api import WriteThrottle
from tracking.api_pages import PAGING, Pages, page_shape
from tracking.models import User
from triage.api_notifications import StrictInput
from triage.models import Episode
from triage.reminders import CHECK
from triage.spoken import title_of
from triage.steps import access_episode, asks_if_seen, episodes_of, speaks_with, steps_of, stop_step


class StepOutput(serializers.Serializer[None]):
    step = serializers.IntegerField()
    channel = serializers.CharField(help_text="push, email …, or contact: the trusted contact")
    state = serializers.CharField(help_text="planned or stopped before there is a notification; then its state")
    why = serializers.CharField(help_text="found, due, overdue, unanswered, unopened, booked or contact")
    due_at = serializers.DateTimeField()
    can_stop = serializers.BooleanField()
    notification = serializers.UUIDField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    carried_by = serializers.UUIDField(allow_null=True, help_text="The notification whose message told this one too.")
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField(allow_blank=True)


class EpisodeOutput(serializers.Serializer[None]):
    id = serializers.UUIDField()
    person = serializers.UUIDField()
    lump = serializers.UUIDField()
    kind = serializers.CharField(help_text="check_due or seek_care")
    level = serializers.CharField()
    title = serializers.CharField(allow_null=True, help_text="Of the finding; null for a check.")
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    closed_by = serializers.CharField(allow_blank=True)
    booked_on = serializers.DateField(allow_null=True)
    asks = serializers.CharField(allow_null=True, help_text="seen: the booked day is over, ask how it went.")
    told_with = serializers.UUIDField(
        allow_null=True, help_text="A more urgent episode of the same lump speaks for this one too."
    )
    steps = StepOutput(many=True)


class StopInput(StrictInput):
    step = serializers.IntegerField(min_value=1)
    channel = serializers.CharField(required=False, allow_null=True, default=None, max_length=16)


class EpisodesView(APIView):
    @extend_schema(
        operation_id="episodes_list",
        responses=page_shape("Episode", EpisodeOutput),
        parameters=[
            OpenApiParameter("lump", OpenApiTypes.UUID),
            OpenApiParameter("open", OpenApiTypes.BOOL, description="true: only open ones; false: only closed ones"),
            *PAGING,
        ],
    )
    def get(self, request: Request) -> Response:
        user, at = signed_in(request), timezone.now()
        pages = Pages("-opened_at", "-id")
        page = pages.paginate_queryset(_asked_for(request, user), request, view=self) or []
        record_shared_read({episode.lump.person_id for episode in page}, reader=user, at=at)
        return pages.get_paginated_response([shown_episode(episode, user, at=at) for episode in page])


class EpisodeView(APIView):
    @extend_schema(operation_id="episode", responses=EpisodeOutput)
    def get(self, request: Request, episode_id: UUID) -> Response:
        user, at = signed_in(request), timezone.now()
        episode = access_episode(user, episode_id)
        record_shared_read([episode.lump.person_id], reader=user, at=at)
        return Response(shown_episode(episode, user, at=at))


class StopStepView(APIView):
    throttle_classes = (WriteThrottle,)

    @extend_schema(operation_id="episode_stop", request=StopInput, responses=EpisodeOutput)
    def post(self, request: Request, episode_id: UUID) -> Response:
        user = signed_in(request)
        episode = access_episode(user, episode_id)
        form = StopInput(data=request.data)
        form.is_valid(raise_exception=True)
        stop_step(episode, user, number=form.validated_data["step"], channel=form.validated_data["channel"])
        return Response(shown_episode(episode, user, at=timezone.now()))


def shown_episode(episode: Episode, user: User, *, at: datetime) -> dict[str, Any]:  # Any: JSON
    """As its owner sees it."""
    speaker = speaks_with(episode)
    rows = [
        {
            "step": one.step,
            "channel": one.channel,
            "state": one.state,
            "why": one.why,
            "due_at": one.due_at,
            "can_stop": one.can_stop,
            "notification": one.notification and one.notification.pk,
            "sent_at": one.notification and one.notification.sent_at,
            "carried_by": one.notification and one.notification.carried_by_id,
            "acknowledged_at": one.notification and one.notification.acknowledged_at,
            "answer": one.notification.answer if one.notification else "",
        }
        for one in steps_of(episode, user)
    ]
    values = {
        "id": episode.pk,
        "person": episode.lump.person_id,
        "lump": episode.lump_id,
        "kind": "check_due" if episode.finding == CHECK else "seek_care",
        "level": episode.level,
        "title": _title_of(episode, user),
        "opened_at": episode.opened_at,
        "closed_at": episode.closed_at,
        "closed_by": episode.closed_by,
        "booked_on": episode.booked_on,
        "asks": "seen" if asks_if_seen(episode, at=at, user=user) else None,
        "told_with": speaker and speaker.pk,
        "steps": rows,
    }
    return dict(EpisodeOutput(values).data)  # type: ignore[arg-type]  # the shape is given as a plain mapping


def _asked_for(request: Request, user: User) -> QuerySet[Episode]:
    rows = episodes_of(user)
    lump, is_open = request.query_params.get("lump"), request.query_params.get("open")
    if lump is not None:
        rows = rows.filter(lump=_id_in(lump)) if _id_in(lump) else rows.none()
    return rows if is_open is None else rows.filter(closed_at__isnull=is_open in ("1", "true"))


def _id_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _title_of(episode: Episode, user: User) -> str | None:
    """In the words of the judgement that last found it."""
    if episode.finding == CHECK:
        return None
    for document in episode.lump.assessments.order_by("-at", "-pk").values_list("document", flat=True).iterator():
        for finding in document["findings"]:
            if finding["rule"] == episode.rule:
                return title_of(finding, language=user.language)
    return None
