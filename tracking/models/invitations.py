"""Invitations to share in a person's record. No row here can open anything by itself: secrets are hashed."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from tracking.models.accounts import Membership, Person, User
from tracking.models.base import SealedTextField


class Invitation(models.Model):
    """Lets one account, whichever takes it first, become a member of a person, once.

    It names nobody: its maker passes it on, so the server never says whether an address has an account. With
    `afterwards` it hands over: the maker takes that smaller role, or leaves, in the moment it is accepted.

    Where an account is made by invitation it also opens that door, once: from then on it is that newcomer's alone.
    """

    class Afterwards(models.TextChoices):
        LOGGER = "logger"
        VIEWER = "viewer"
        LEAVE = "leave"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")  # who made it
    role = models.CharField(max_length=8, choices=Membership.Role)
    told = models.BooleanField(null=True, blank=True)
    afterwards = models.CharField(max_length=8, choices=Afterwards, default="", blank=True)  # empty: stays owner
    label = SealedTextField(default="", blank=True)  # for whom it is meant, in its maker's own words
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    newcomer = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    newcomer_at = models.DateTimeField(null=True, blank=True)  # stays when the newcomer goes: it opens nothing again
    token_sha256 = models.CharField(max_length=64, unique=True)
    code_hmac = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=["owner", "logger", "viewer"]), name="invitation_role_known"),
            models.CheckConstraint(
                condition=Q(afterwards="") | Q(afterwards__in=["logger", "viewer", "leave"], role="owner"),
                name="hand_over_leaves_an_owner",
            ),
        ]
