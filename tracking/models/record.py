"""What a person logs: lumps, observations, photos, care. The fields are those of the history document."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tracking.models.accounts import Person
from tracking.models.base import SealedTextField, Synced


class Lump(Synced):
    """One lump. `assess_after` is its alarm clock: the moment from which the sweep should judge it again.

    `claimed_until`: some sweeper has it in hand until then, at the latest. A new `assess_after` frees it.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="lumps")
    label = SealedTextField(default="", blank=True)
    site = models.CharField(max_length=24)
    side = models.CharField(max_length=8, null=True, blank=True)
    pin = models.JSONField(null=True, blank=True)
    first_noticed_on = models.DateField(null=True, blank=True)
    first_noticed_certainty = models.CharField(max_length=8, null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_reason = models.CharField(max_length=12, null=True, blank=True)
    background = models.JSONField(default=dict, blank=True)
    assess_after = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    has_news = models.BooleanField(default=False, db_default=False)  # a check that nobody has judged yet: it goes first

    class Meta:
        indexes = [
            models.Index(fields=["person", "rev"], name="lump_feed"),
            models.Index(fields=["assess_after", "id"], name="lump_due_first", condition=Q(assess_after__isnull=False)),
            models.Index(fields=["assess_after", "id"], name="lump_news_first", condition=Q(has_news=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(side__isnull=True) | Q(side__in=["left", "right", "midline"]), name="lump_side_known"
            ),
        ]


class Observation(Synced):
    """One check at one moment: sizes in millimetres and signs by the catalogue's names."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="observations")
    lump = models.ForeignKey(Lump, on_delete=models.CASCADE, related_name="observations")
    observed_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    length_mm = models.FloatField(null=True, blank=True)
    width_mm = models.FloatField(null=True, blank=True)
    height_mm = models.FloatField(null=True, blank=True)
    readings_mm = models.JSONField(default=list, blank=True)
    uncertainty_mm = models.FloatField(null=True, blank=True)
    method = models.CharField(max_length=12, null=True, blank=True)
    signs = models.JSONField(default=dict, blank=True)
    note = SealedTextField(default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "rev"], name="observation_feed"),
            models.Index(fields=["lump", "observed_at"], name="observation_series"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(length_mm__isnull=True) | Q(length_mm__gt=0), name="length_positive"),
            models.CheckConstraint(condition=Q(width_mm__isnull=True) | Q(width_mm__gt=0), name="width_positive"),
            models.CheckConstraint(
                condition=Q(height_mm__isnull=True) | Q(height_mm__gte=0), name="height_not_negative"
            ),
        ]


class Photo(Synced):
    """A picture's row. Its bytes lie behind the vault under keys that say nothing; `state`: are they there?"""

    class State(models.TextChoices):
        WAITING = "waiting"  # described by a phone, the bytes have not come yet
        READY = "ready"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="photos")
    lump = models.ForeignKey(Lump, on_delete=models.CASCADE, related_name="photos")
    observation = models.ForeignKey(Observation, on_delete=models.CASCADE, related_name="photos")
    taken_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, null=True, blank=True)  # of the bytes that were sent
    width = models.PositiveIntegerField(null=True, blank=True)  # of `large`, in pixels
    height = models.PositiveIntegerField(null=True, blank=True)
    mm_per_px = models.FloatField(null=True, blank=True)
    marks = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    large_key = models.CharField(max_length=64, default="", blank=True)
    thumb_key = models.CharField(max_length=64, default="", blank=True)
    size_bytes = models.PositiveIntegerField(null=True, blank=True)  # of both; of older ones not known

    class Meta:
        indexes = [models.Index(fields=["person", "rev"], name="photo_feed")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting") | (~Q(large_key="") & ~Q(thumb_key="")), name="ready_photo_has_bytes"
            ),
        ]


class CareEvent(Synced):
    """A step of care: told somebody, booked, seen, tested, diagnosed, treated."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="care_events")
    lump = models.ForeignKey(Lump, on_delete=models.CASCADE, related_name="care_events")
    on = models.DateField()
    kind = models.CharField(max_length=12)
    outcome = SealedTextField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    by = models.CharField(max_length=10, default="person")
    confirmed = models.BooleanField(default=True)
    note = SealedTextField(default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "rev"], name="care_feed"),
            models.Index(fields=["lump", "on"], name="care_series"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(by__in=["person", "app", "clinician"]), name="care_by_known"),
            models.CheckConstraint(
                condition=Q(review_on__isnull=True) | Q(review_on__gte=F("on")), name="review_not_before_care"
            ),
        ]
