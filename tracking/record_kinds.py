"""The five kinds of row that phones keep a copy of, and each row as flat *leaves*.

A leaf is the smallest thing that two phones can change apart: `length_mm`, `signs.fever`. Leaves hold column values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db.models import Field
from rest_framework import serializers

from tracking.models import CareEvent, Lump, Observation, Person, Photo
from tracking.models.base import Synced
from tracking.record_fields import InstantField
from tracking.record_shapes import CareShape, LumpShape, ObservationShape, PersonShape, PhotoShape, Shape, fields_of

Leaves = Mapping[str, Any]  # Any: column values of as many types as there are columns


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of row: its table, its JSON, the field that names its parent and the one that holds answers by name."""

    name: str
    model: type[Synced]
    shape: type[Shape]
    parent: str | None = None
    answers: str | None = None

    @property
    def columns(self) -> dict[str, str]:
        """Writable field → column, answers left out."""
        return _columns(self.shape, self.answers)

    def leaves_of(self, row: Synced | None) -> dict[str, Any]:
        """The row's leaves; a new row's defaults where there is none yet."""
        if row is None:
            return {name: self._default(column) for name, column in self.columns.items() if name != self.parent}
        leaves = {name: getattr(row, column) for name, column in self.columns.items()}
        if self.answers:
            leaves |= {f"{self.answers}.{name}": answer for name, answer in getattr(row, self.answers).items()}
        return leaves

    def leaves_in(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What `read_shape` gave, flat; an answer that was taken back is None, and `null` for text is no text."""
        leaves = {}
        for name, column in self.columns.items():
            if column in values:
                empty = values[column] is None and not self._is_nullable(column)
                leaves[name] = self._default(column) if empty else values[column]
        if self.answers:
            leaves |= {f"{self.answers}.{name}": answer for name, answer in (values.get(self.answers) or {}).items()}
        return leaves

    def write_leaves(self, row: Synced, leaves: Leaves) -> None:
        """Set the row's columns, unsaved."""
        for name, column in self.columns.items():
            setattr(row, column, leaves[name])
        if self.answers:
            start = f"{self.answers}."
            setattr(row, self.answers, {k.removeprefix(start): v for k, v in leaves.items() if k.startswith(start)})

    def document_of(self, row: Synced) -> dict[str, Any]:
        """The row in JSON, as the API answers it."""
        document = {}
        for column, (name, show) in self.shown.items():
            value = getattr(row, column, ABSENT)
            if value is not ABSENT:
                document[name] = None if value is None else show(value)
        return document

    @property
    def shown(self) -> Mapping[str, tuple[str, Callable[[Any], Any]]]:
        """Column → its name in the answer, and how its value is written there."""
        return _shown(self.shape)

    def json_of(self, name: str, value: Any) -> Any:
        """One leaf's value in JSON."""
        if value is None or name not in self.columns:
            return value
        return fields_of(self.shape)[name].to_representation(value)

    def _default(self, column: str) -> Any:
        return self._column(column).get_default()

    def _is_nullable(self, column: str) -> bool:
        return bool(self._column(column).null)

    def _column(self, name: str) -> Field[Any, Any]:
        column = self.model._meta.get_field(name.removesuffix("_id"))
        assert isinstance(column, Field)  # noqa: S101  for the type checker: our shapes name columns only
        return column


@cache
def _shown(shape: type[Shape]) -> Mapping[str, tuple[str, Callable[[Any], Any]]]:
    """A serializer would work this out for each row."""
    return {
        field.source or name: (name, QUICK.get(type(field), field.to_representation))
        for name, field in fields_of(shape).items()
    }


def _instant_text(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


QUICK: Mapping[type, Callable[[Any], Any]] = {InstantField: _instant_text, serializers.UUIDField: str}


@cache
def _columns(shape: type[Shape], answers: str | None) -> dict[str, str]:
    fields = fields_of(shape)
    return {name: field.source or name for name, field in fields.items() if not field.read_only and name != answers}


ABSENT = object()  # what only some rows have: the role of whoever asks
PERSON = Kind("person", Person, PersonShape, answers="background")
LUMP = Kind("lump", Lump, LumpShape, parent="person", answers="background")
OBSERVATION = Kind("observation", Observation, ObservationShape, parent="lump", answers="signs")
PHOTO = Kind("photo", Photo, PhotoShape, parent="observation")
CARE = Kind("care", CareEvent, CareShape, parent="lump")
KINDS = {kind.name: kind for kind in (PERSON, LUMP, OBSERVATION, PHOTO, CARE)}


def kind_of(row: Synced) -> Kind:
    """The kind that keeps this row."""
    return next(kind for kind in KINDS.values() if kind.model is type(row))
