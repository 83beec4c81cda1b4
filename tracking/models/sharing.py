"""Share links and who opened them. No row here can open anything by itself: secrets are hashed or sealed."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from tracking.models.accounts import User
from tracking.models.base import SealedTextField
from tracking.models.record import Lump, Photo


class ShareLink(models.Model):
    """Lumps that a clinician may read until it expires, is revoked, or is used up."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="share_links")
    lumps = models.ManyToManyField(Lump, related_name="share_links")
    label = SealedTextField(default="", blank=True)
    photos = models.BooleanField(default=True)
    intimate_photos = models.BooleanField(default=False)
    write_back = models.BooleanField(default=False)
    names = models.BooleanField(default=False)  # the person's name instead of initials
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    code_hmac = models.CharField(max_length=64, unique=True)
    jwe_key_sealed = models.CharField(max_length=128)  # the JWE key under a key derived from the token
    passcode_argon2 = models.CharField(max_length=255, default="", blank=True)  # empty: no passcode
    passcode_tries_left = models.SmallIntegerField(default=5)  # for life, never refilled
    max_openings = models.PositiveIntegerField(null=True, blank=True)
    openings = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(passcode_tries_left__gte=0), name="tries_not_negative"),
            models.CheckConstraint(
                condition=Q(max_openings__isnull=True) | Q(openings__lte=models.F("max_openings")),
                name="openings_within_limit",
            ),
        ]


class Access(models.Model):
    """Somebody with a link opened it or looked at a part of it. Never written for the owner's own reads."""

    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="accesses")
    at = models.DateTimeField()
    reader = models.CharField(max_length=64)  # a keyed hash that tells readers of one link apart, nothing more
    recipient = models.CharField(max_length=200, default="", blank=True)  # what a SMART Health Link client says it is
    what = models.CharField(max_length=24)  # opened, photo, bundle, report, record, reply, wrong_passcode

    class Meta:
        indexes = [models.Index(fields=["link", "at"], name="access_by_link")]


class HelperLink(models.Model):
    """Lets somebody else's phone take one photo of one lump, and see nothing but the picture to take it like.

    Spent by the photo that arrives (`taken_at`). It waits under the two keys until the owner keeps or refuses it.
    """

    class Answer(models.TextChoices):
        KEPT = "kept"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="helper_links")
    lump = models.ForeignKey(Lump, on_delete=models.CASCADE, related_name="helper_links")
    like = models.ForeignKey(Photo, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    code_hmac = models.CharField(max_length=64, unique=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    large_key = models.CharField(max_length=64, default="", blank=True)
    thumb_key = models.CharField(max_length=64, default="", blank=True)
    answer = models.CharField(max_length=8, choices=Answer, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_at__isnull=False) | (Q(large_key="") & Q(answer="")), name="helper_answer_after_photo"
            ),
        ]
