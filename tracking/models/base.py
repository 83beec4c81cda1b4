"""What every synchronised row has, and the column type for free text."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from tracking import vault
from tracking.vault import Holder, Kind, VaultError

HOLDERS: tuple[tuple[str, Kind], ...] = (
    ("person_id", "person"),
    ("user_id", "account"),
    ("account_id", "account"),
    ("owner_id", "account"),
)


class SealedText(str):
    """A text that has passed the vault already and goes into its column as it is."""

    __slots__ = ()


class SealedTextField(models.TextField):  # type: ignore[type-arg]  # generic only in the stubs
    """Free text that a person wrote. It passes the vault both ways, so the column never holds plain words.

    It is sealed as its row is saved, because only then is it known whose key it takes. `update()` on a query has no
    row, so words cannot be written that way.
    """

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # Any: Django's own signature
        text = super().pre_save(model_instance, add)
        if text is None or text == "" or isinstance(text, SealedText):
            return text
        return SealedText(vault.seal_text(str(text), holder=holder_of(model_instance)))

    def get_prep_value(self, value: Any) -> Any:  # Any: Django's own signature
        text = super().get_prep_value(value)
        if text is None or text == "" or isinstance(value, SealedText):
            return text
        raise VaultError("Words reach a sealed column by saving their row only.")

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return value if value is None else vault.open_text(value)


def holder_of(row: models.Model) -> Holder:
    """Whose key seals a row's words: its person's, or else its account's."""
    name = row._meta.model_name
    if name in {"person", "user"}:
        return Holder("person" if name == "person" else "account", row.pk)
    for column, kind in HOLDERS:
        holder = getattr(row, column, None)
        if holder is not None:
            return Holder(kind, holder)
    raise VaultError(f"{row._meta.label} names neither a person nor an account, so nobody's key can seal its words.")


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
