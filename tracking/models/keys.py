"""The keys of persons and accounts, each wrapped under DATA_KEY. Without its row here, nothing it sealed opens."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone


class SealingKey(models.Model):
    """One key. `holder` is a plain id: the key is made just before its person, and must outlive nothing."""

    class Kind(models.TextChoices):
        PERSON = "person"
        ACCOUNT = "account"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=8, choices=Kind)
    holder = models.UUIDField()
    wrapped = models.CharField(max_length=120)
    wrapped_by = models.CharField(max_length=16, db_index=True)  # fingerprint of the DATA_KEY that opens it
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "holder"], name="one_key_per_holder"),
            models.CheckConstraint(condition=Q(kind__in=["person", "account"]), name="key_kind_known"),
        ]
