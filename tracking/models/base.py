"""What every synchronised row has, and the column type for free text."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from tracking import vault


class SealedTextField(models.TextField):  # type: ignore[type-arg]  # generic only in the stubs
    """Free text that a person wrote. It passes the vault both ways, so the column never holds plain words."""

    def get_prep_value(self, value: Any) -> Any:  # Any: Django's own signature
        text = super().get_prep_value(value)
        return text if text is None else vault.seal_text(text)

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return value if value is None else vault.open_text(value)


class Synced(models.Model):
    """A row that phones keep a copy of.

    `id` is made by the client and is its identity for ever; `rev` comes from the person's counter
    (`Person.last_rev`, taken under a row lock), so within one person it never goes backwards and never has gaps
    that a later commit could fill. `field_revs` says at which rev each field was last set (`length_mm`, `signs.fever`),
    so that two phones that were offline merge answer by answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    rev = models.BigIntegerField(default=0)
    field_revs = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        abstract = True
