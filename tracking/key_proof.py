"""Whether the key at hand opens what lies here. A lost or foreign DATA_KEY must stop the start, not each request."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.models import CharField, F, Model, QuerySet
from django.db.models.functions import Cast

from tracking import sealing, vault
from tracking.keyring import name_of
from tracking.models import SealingKey
from tracking.models.base import SealedTextField
from tracking.vault import FIRST_TEXT_VERSION, VaultError


def sealed_columns() -> Iterator[tuple[type[Model], str]]:
    """Every column of the installation that holds sealed words."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedTextField):
                yield model, field.attname


def sealed_rows(model: type[Model], column: str) -> QuerySet[Model]:
    """The rows with words in a column; `as_it_lies` is the column unopened."""
    rows = model._default_manager.exclude(**{column: ""}).exclude(**{f"{column}__isnull": True})
    found: QuerySet[Model] = rows.annotate(as_it_lies=Cast(F(column), CharField()))
    return found


def is_data_key_right() -> bool:
    """Unwrap a key of each DATA_KEY that wrapped any, and open a text of the first form. True where there is none."""
    try:
        for wrapped_by in SealingKey.objects.order_by().values_list("wrapped_by", flat=True).distinct():
            row = SealingKey.objects.filter(wrapped_by=wrapped_by).first()
            if row is not None:
                sealing.unwrap(row.wrapped, row.wrapped_by, bound_to=name_of(row.pk))
        for model, column in sealed_columns():
            first_form = sealed_rows(model, column).filter(as_it_lies__startswith=FIRST_TEXT_VERSION)
            vault.open_text(first_form.values_list("as_it_lies", flat=True).first() or "")
    except VaultError:
        return False
    return True
