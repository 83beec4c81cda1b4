"""What phones sent, remembered so that a replay of any age changes nothing."""

from __future__ import annotations

import uuid

from django.db import models

from tracking.models.accounts import User


class Operation(models.Model):
    """One operation of `sync/` and its first result; a repeated `op_id` is answered from here."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="operations")
    op_id = models.UUIDField(default=uuid.uuid4)
    result = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "op_id"], name="one_result_per_operation")]


class Tombstone(models.Model):
    """All that is left of a deleted row: that this id was once used, so that nothing brings it back.

    `person_id` is a plain id because the person may be gone as well.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12)  # person, lump, observation, photo, care
    person_id = models.UUIDField()
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tombstones")
    rev = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person_id", "rev"], name="tombstone_feed")]
