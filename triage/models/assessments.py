"""What was judged about a lump, and the episodes that are still open."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q, Value

from tracking.models import Lump


class Assessment(models.Model):
    """One judgement, kept with its rule-book digest so that old advice can be explained.

    A row is added when the answer changes.
    """

    lump = models.ForeignKey(  # `assessment_latest` begins with it
        Lump, on_delete=models.CASCADE, related_name="assessments", db_index=False
    )
    at = models.DateTimeField()  # when this answer was first given
    confirmed_at = models.DateTimeField()  # when it was last found unchanged
    level = models.CharField(max_length=10)
    document = models.JSONField()  # the contract's assessment
    rulebook = models.CharField(max_length=80)
    history_rev = models.BigIntegerField()  # the person's counter when it was judged: behind it means stale
    entries = models.PositiveIntegerField(null=True)  # checks, photos and care it had: fewer now, and one was deleted
    reassess_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["lump", "-at"], name="assessment_latest")]


class Episode(models.Model):
    """A finding that was new or stronger and is not dealt with yet. Notifications hang on it."""

    CHECK = "check"  # the finding of a reminder to measure again

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    lump = models.ForeignKey(Lump, on_delete=models.CASCADE, related_name="episodes")
    finding = models.CharField(max_length=64)  # the rule's family, or `check` for the reminder to measure again
    rule = models.CharField(max_length=64, db_default="", blank=True)  # that opened it: outlives a change of families
    level = models.CharField(max_length=10)
    about_growth = models.BooleanField(default=False)  # closes by care or eight stable weeks, not by one answer
    check_on = models.DateField(null=True, blank=True)  # of a `check` only: the day it is due
    opened_at = models.DateTimeField()
    step = models.PositiveSmallIntegerField(default=0)  # of the ladder; 0: nobody was told yet
    step_at = models.DateTimeField(null=True, blank=True)  # when the present step was taken, alone or riding along
    next_step_at = models.DateTimeField(null=True, blank=True)  # its alarm clock; null: the ladder has ended
    booked_on = models.DateField(null=True, blank=True)  # an appointment that it rests for; asked about afterwards
    stopped = models.JSONField(  # steps that the person took out: [number, channel, account] each
        default=list, db_default=Value([], models.JSONField()), blank=True
    )
    rests = models.JSONField(  # account → instant: until then it asked not to be told, where others are told as well
        default=dict, db_default=Value({}, models.JSONField()), blank=True
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(
        max_length=16, default="", blank=True
    )  # contradicted, care, lump_closed, passed, person, stronger, renewed, checked

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lump", "finding"], condition=Q(closed_at__isnull=True), name="one_open_episode_per_finding"
            ),
        ]


class Stumble(models.Model):
    """A lump whose judging failed: tried again ever more rarely, so that one bad record never stops the others."""

    SET_ASIDE_AFTER = 5  # in a row; then an alarm stands and it is tried only rarely

    lump = models.OneToOneField(Lump, on_delete=models.CASCADE, related_name="stumble")
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=80)  # the kind of error, never its content
    at = models.DateTimeField()


class Heartbeat(models.Model):
    """When the sweep last finished a pass: the first thing to look at when nobody is told anything. And other moments
    of which only the last one matters."""

    SWEEP = "sweep"
    SWEEP_BEGUN = "sweep begun"
    SET_ASIDE = "set aside"  # something was given up after its last try

    name = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()
