"""The shape of each kind of row in JSON: the history document's fields, one reading for the API and for `sync/`.

Read-only fields are accepted and ignored, so that what was read can be written back; unknown ones are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from tracking import catalogue
from tracking.errors import InvalidInput
from tracking.record_fields import (
    AnswersField,
    ChoiceWord,
    DayField,
    FlagField,
    InstantField,
    NumberField,
    PartialDateField,
    RatioField,
    WordField,
    ZoneField,
)
from tracking.texts import all_sentences, language_in_force, say

LABEL_LIMIT = 200  # characters
NOTE_LIMIT = 10_000
READINGS_LIMIT = 20
MARKS_LIMIT = 100
SMALLEST_MM, LARGEST_MM = catalogue.SIZES["length_mm"].min_mm, catalogue.SIZES["length_mm"].max_mm
NULLABLE: dict[str, Any] = {"required": False, "allow_null": True}  # Any: keywords of several field types


def length(name: str) -> NumberField:
    """A length in millimetres within the catalogue's limits for it."""
    size = catalogue.SIZES[name]
    return NumberField(min_value=size.min_mm, max_value=size.max_mm, **NULLABLE)


class StrictShape(serializers.Serializer[Any]):  # Any: rows of several tables
    """Unknown names are refused by name; read-only ones pass unread."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:  # Any: whatever the JSON held
        if not isinstance(data, Mapping):
            raise serializers.ValidationError([ErrorDetail(say("field.object"), "object")])
        unknown = [name for name in data if name not in self.fields]
        if unknown:
            raise serializers.ValidationError(
                {name: [ErrorDetail(say("field.unknown"), "unknown")] for name in unknown}
            )
        values: dict[str, Any] = super().to_internal_value(data)
        return values


class Shape(StrictShape):
    """What every row has beside its own fields."""

    id = serializers.UUIDField(read_only=True)
    rev = serializers.IntegerField(read_only=True)
    created_at = InstantField(read_only=True)
    updated_at = InstantField(read_only=True)

    def to_internal_value(self, data: Any) -> dict[str, Any]:  # Any: whatever the JSON held
        """No field of a row has a default or a check of its own in its shape; those would be passed over here."""
        quick = self._quickly(data) if isinstance(data, Mapping) else None
        return super().to_internal_value(data) if quick is None else quick

    def _quickly(self, data: Mapping[str, Any]) -> dict[str, Any] | None:  # Any: as above
        """What is right at once; None where anything is not, for the framework to say what. It looks at every field
        that might have been sent, this at those that were."""
        values: dict[str, Any] = {}
        is_partial = getattr(self.root, "partial", False)
        if not (is_partial or self._needed <= data.keys()):
            return None
        try:
            for name, value in data.items():
                field = self.fields[name]
                if not field.read_only:
                    values[str(field.source)] = field.run_validation(value)
        except (KeyError, InvalidInput, serializers.ValidationError, serializers.SkipField):
            return None
        return values

    @cached_property
    def _needed(self) -> frozenset[str]:
        return frozenset(name for name, field in self.fields.items() if field.required and not field.read_only)


@extend_schema_serializer(component_name="Person")
class PersonShape(Shape):
    name = WordField(max_length=LABEL_LIMIT, allow_blank=True, **NULLABLE)
    colour = ChoiceWord(tuple(catalogue.COLOURS), **NULLABLE)
    birth_date = PartialDateField(**NULLABLE)
    sex = ChoiceWord(tuple(catalogue.SEXES), **NULLABLE)
    region = serializers.RegexField(r"^[A-Z]{2}\Z", **NULLABLE)
    time_zone = ZoneField(max_length=64, **NULLABLE)
    background = AnswersField("person.background", **NULLABLE)
    role = serializers.CharField(read_only=True)  # of the account that asks: owner, logger or viewer


@extend_schema_serializer(component_name="Pin")
class PinShape(StrictShape):
    view = ChoiceWord(("front", "back"))
    x = RatioField(min_value=0, max_value=1)
    y = RatioField(min_value=0, max_value=1)


@extend_schema_serializer(component_name="Lump")
class LumpShape(Shape):
    person = serializers.UUIDField(source="person_id")
    label = WordField(  # type: ignore[assignment]  # DRF takes declared fields off the class; its own `label` stays
        max_length=LABEL_LIMIT, allow_blank=True, **NULLABLE
    )
    site = ChoiceWord(tuple(catalogue.SITES))
    side = ChoiceWord(tuple(catalogue.SIDES), **NULLABLE)
    pin = PinShape(**NULLABLE)
    first_noticed_on = DayField(**NULLABLE)
    first_noticed_certainty = ChoiceWord(tuple(catalogue.CERTAINTIES), **NULLABLE)
    closed_on = DayField(**NULLABLE)
    closed_reason = ChoiceWord(tuple(catalogue.CLOSED_REASONS), **NULLABLE)
    background = AnswersField("lump.background", **NULLABLE)


@extend_schema_serializer(component_name="Observation")
class ObservationShape(Shape):
    lump = serializers.UUIDField(source="lump_id")
    observed_at = InstantField()
    received_at = InstantField(read_only=True)
    length_mm = length("length_mm")
    width_mm = length("width_mm")
    height_mm = length("height_mm")
    readings_mm = serializers.ListField(
        child=NumberField(min_value=SMALLEST_MM, max_value=LARGEST_MM), max_length=READINGS_LIMIT, **NULLABLE
    )
    uncertainty_mm = RatioField(min_value=0, max_value=LARGEST_MM, **NULLABLE)
    method = ChoiceWord(tuple(catalogue.METHODS), **NULLABLE)
    signs = AnswersField("observation.signs", **NULLABLE)
    note = WordField(max_length=NOTE_LIMIT, allow_blank=True, **NULLABLE)


@extend_schema_serializer(component_name="Photo")
class PhotoShape(Shape):
    lump = serializers.UUIDField(source="lump_id", read_only=True)
    observation = serializers.UUIDField(source="observation_id")
    taken_at = InstantField(**NULLABLE)
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}\Z", **NULLABLE)
    width = serializers.IntegerField(read_only=True, allow_null=True)
    height = serializers.IntegerField(read_only=True, allow_null=True)
    mm_per_px = RatioField(min_value=0.0001, max_value=100, **NULLABLE)
    marks = serializers.ListField(child=serializers.DictField(), max_length=MARKS_LIMIT, **NULLABLE)
    state = serializers.CharField(read_only=True)


@extend_schema_serializer(component_name="Care")
class CareShape(Shape):
    lump = serializers.UUIDField(source="lump_id")
    on = DayField()
    kind = ChoiceWord(tuple(catalogue.CARE_KINDS))
    outcome = WordField(max_length=NOTE_LIMIT, allow_blank=True, **NULLABLE)
    review_on = DayField(**NULLABLE)
    by = ChoiceWord(tuple(catalogue.CARE_AUTHORS), **NULLABLE)
    confirmed = FlagField(**NULLABLE)
    note = WordField(max_length=NOTE_LIMIT, allow_blank=True, **NULLABLE)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:  # Any: values of several fields
        """`confirmed: null` says nothing, and is no yes to what a clinician wrote."""
        return {name: value for name, value in attrs.items() if name != "confirmed" or value is not None}


def read_shape(shape: type[serializers.Serializer[Any]], document: object, *, partial: bool) -> dict[str, Any]:
    """The document's values under the row's attribute names. Raises InvalidInput naming every field to mend.

    Any: values of as many types as there are columns.
    """
    if not isinstance(document, Mapping):
        raise invalid({"body": [say("field.object")]})
    try:
        values: dict[str, Any] = _reader(shape, partial=partial).run_validation(document)
    except serializers.ValidationError as error:
        raise invalid(field_slips(error.detail)) from error
    return values


@cache
def _reader(shape: type[serializers.Serializer[Any]], *, partial: bool) -> serializers.Serializer[Any]:
    """One for all documents: it holds none, and to make it takes longer than to read one."""
    reader = shape(partial=partial)
    assert reader.fields  # noqa: S101  made now and not in two threads at once
    return reader


def fields_of(shape: type[serializers.Serializer[Any]]) -> Mapping[str, serializers.Field[Any, Any, Any, Any]]:
    """The fields of a shape, made once."""
    return _reader(shape, partial=False).fields


def invalid(fields: dict[str, list[str]]) -> InvalidInput:
    """The error for slips by dotted field name."""
    return InvalidInput("invalid", say("record.invalid"), fields=fields)


def field_slips(detail: Any) -> dict[str, list[str]]:  # Any: DRF's nested detail
    """Dotted field name → messages, of a validation error."""
    return dict(_slips(detail, prefix=""))


def _slips(detail: Any, *, prefix: str) -> Iterator[tuple[str, list[str]]]:  # Any: DRF's nested detail
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _slips(inner, prefix=f"{prefix}.{name}".strip("."))
    else:
        yield prefix, [_said(one) for one in detail if one]


def _said(detail: Any) -> str:  # Any: DRF's detail, a string with a code or, inside lists, a mapping
    """Our own sentence where there is one for this code, else the framework's."""
    sentences = all_sentences(language_in_force())
    code = {"max_length": "too_long", "min_value": "too_small", "max_value": "too_large", "not_a_list": "list"}.get(
        getattr(detail, "code", ""), getattr(detail, "code", "")
    )
    return str(detail) if code == "invalid" else sentences.get(f"field.{code}", str(detail))
