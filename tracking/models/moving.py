"""Copies of a record on their way out or in, and what was erased. A row is the mark that a job looks for."""

from __future__ import annotations

import uuid

from django.db import models

from tracking.models.accounts import User
from tracking.models.base import SealedTextField


class Moving(models.Model):
    """Work that is done in the background, piece by piece, by whoever finds the row first.

    waiting → working → ready or failed. Moves compare `state` and `attempts`, so that two workers never do it twice;
    a worker that died is followed by another once `leased_until` has passed.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        WORKING = "working"
        READY = "ready"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)  # null: not counted yet
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=40, default="", blank=True)  # why it failed
    pieces = models.JSONField(default=list, blank=True)  # keys in the vault: the file's bytes, in their order
    size_bytes = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class Export(Moving):
    """A ZIP of everything that an account owns."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="exports")

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"], name="export_due")]


class Import(Moving):
    """A file that an account sent, and what became of each thing in it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="imports")
    choices = models.JSONField(default=dict, blank=True)  # what the person chose: see imports.Choices
    report = SealedTextField(default="", blank=True)  # JSON

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"], name="import_due")]


class Erasure(models.Model):
    """A receipt: what was erased and when, in counts alone. `user` is null where the account itself is gone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="erasures")
    kind = models.CharField(max_length=12)  # account, person, lump, observation, photo, care
    at = models.DateTimeField()
    counts = models.JSONField(default=dict)  # {"lumps": 1, "photos": 3, …}

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="erasures_of_account")]
