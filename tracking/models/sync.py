"""What phones sent, remembered so that a replay of any age changes nothing."""

from __future__ import annotations

import uuid

from django.db import models

from tracking.models.accounts import Person, User
from tracking.models.base import SealedTextField


class Operation(models.Model):
    """One operation of `sync/` and its first result; a repeated `op_id` is answered from here."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="operations")
    op_id = models.UUIDField(default=uuid.uuid4)
    result = SealedTextField()  # JSON; a conflict holds what somebody wrote
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "op_id"], name="one_result_per_operation")]


class Tombstone(models.Model):
    """All that is left of a deleted row: that this id was once used, so that nothing brings it back.

    `person_id` is a plain id because the person may be gone as well. Ids are made by phones, so the same one may turn
    up under two kinds: only the pair is unique.
    """

    kind = models.CharField(max_length=12)  # person, lump, observation, photo, care
    row_id = models.UUIDField()
    person_id = models.UUIDField()
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="tombstones")  # who deleted it
    rev = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "row_id"], name="one_tombstone_per_row")]
        indexes = [models.Index(fields=["person_id", "rev"], name="tombstone_feed")]


class Superseded(models.Model):
    """A value that lost when two phones changed the same field apart: kept, so that nothing is lost in silence."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="superseded")
    kind = models.CharField(max_length=12)
    row_id = models.UUIDField()
    field = models.CharField(max_length=64)  # dotted, as in the operation
    value = SealedTextField()  # JSON
    rev = models.BigIntegerField()  # at which the other value took its place
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "row_id"], name="superseded_of_row")]
