"""Field types that take exactly what the contract says and guess nothing: a slip must not lose an answer."""

from __future__ import annotations

import zoneinfo
from datetime import date, datetime
from typing import Any, ClassVar

from django.utils.functional import lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tracking import catalogue
from tracking.days import read_day, read_instant, read_partial_date
from tracking.errors import InvalidInput
from tracking.texts import say

LARGEST_NUMBER = 10**9  # larger ones are slips, and a few hundred digits would not fit a float


Sentences = dict[str, Any]  # Any: DRF allows lazy text here
_said_later = lazy(say, str)  # these are made when the server starts, and said in the language of each request


class WordField(serializers.CharField):
    """Text as it was typed. Numbers are not turned into text, and half characters are refused here, not by a table."""

    default_error_messages: ClassVar[Sentences] = {"invalid": _said_later("field.text")}

    def __init__(self, **options: Any) -> None:  # Any: DRF's own options
        super().__init__(**{"trim_whitespace": False, **options})

    def to_internal_value(self, data: Any) -> str:  # Any: whatever the JSON held
        if not isinstance(data, str) or _is_broken(data):
            self.fail("invalid")
        return super().to_internal_value(data)


class ChoiceWord(WordField):
    """One of the words of the catalogue; `None` is *not asked*."""

    default_error_messages: ClassVar[Sentences] = {"choice": _said_later("field.choice")}

    def __init__(self, choices: tuple[str, ...], **options: Any) -> None:  # Any: DRF's own options
        super().__init__(**options)
        self.choices = choices

    def to_internal_value(self, data: Any) -> str:  # Any: whatever the JSON held
        word = super().to_internal_value(data)
        if word not in self.choices:
            self.fail("choice")
        return word


class NumberField(serializers.FloatField):
    """A finite number within limits, kept to one decimal. Neither text nor true is a number."""

    default_error_messages: ClassVar[Sentences] = {"invalid": _said_later("field.number")}

    def to_internal_value(self, data: Any) -> float:  # Any: whatever the JSON held
        if isinstance(data, bool) or not isinstance(data, (int, float)) or not abs(data) < LARGEST_NUMBER:
            self.fail("invalid")
        return round(float(data), 1)


class RatioField(NumberField):
    """A number that needs more than one decimal, such as millimetres for each pixel."""

    def to_internal_value(self, data: Any) -> float:  # Any: whatever the JSON held
        super().to_internal_value(data)
        return float(data)


class FlagField(serializers.BooleanField):
    """true or false, in no other spelling."""

    default_error_messages: ClassVar[Sentences] = {"invalid": _said_later("field.flag")}

    def to_internal_value(self, data: Any) -> bool:  # Any: whatever the JSON held
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


@extend_schema_field({"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"})
class ClockField(serializers.TimeField):
    """A time of the wall clock, to the minute and without a zone; so it is no `time` of RFC 3339."""


class InstantField(serializers.DateTimeField):
    """ISO 8601 with its offset; kept in UTC. A wall time without a zone is refused rather than guessed."""

    default_error_messages: ClassVar[Sentences] = {"invalid": _said_later("field.instant")}

    def to_internal_value(self, value: Any) -> datetime:  # Any: whatever the JSON held
        try:
            return read_instant(value)
        except (TypeError, ValueError, OverflowError):
            self.fail("invalid")


class DayField(serializers.DateField):
    """A calendar day, YYYY-MM-DD."""

    default_error_messages: ClassVar[Sentences] = {"invalid": _said_later("field.day")}

    def to_internal_value(self, value: Any) -> date:  # Any: whatever the JSON held
        try:
            return read_day(value)
        except (TypeError, ValueError):
            self.fail("invalid")


class PartialDateField(WordField):
    """YYYY, YYYY-MM or YYYY-MM-DD of a day that exists."""

    default_error_messages: ClassVar[Sentences] = {"invalid": _said_later("field.partial_date")}

    def to_internal_value(self, data: Any) -> str:  # Any: whatever the JSON held
        try:
            return read_partial_date(super().to_internal_value(data)).text
        except ValueError:
            self.fail("invalid")


class ZoneField(WordField):
    """A name of the IANA time zone database."""

    default_error_messages: ClassVar[Sentences] = {"invalid": _said_later("field.time_zone")}

    def to_internal_value(self, data: Any) -> str:  # Any: whatever the JSON held
        name = super().to_internal_value(data)
        if name not in zoneinfo.available_timezones():
            self.fail("invalid")
        return name


@extend_schema_field(OpenApiTypes.OBJECT)
class AnswersField(serializers.Field):  # type: ignore[type-arg]  # generic only in the stubs
    """Answers by name, as the catalogue has them. `None` for a name means *not asked* and takes an answer back."""

    default_error_messages: ClassVar[Sentences] = {"invalid": _said_later("field.answers")}

    def __init__(self, scope: catalogue.Scope, **options: Any) -> None:  # Any: DRF's own options
        super().__init__(**options)
        self.scope = scope

    def to_internal_value(self, data: Any) -> dict[str, Any]:  # Any: whatever the JSON held
        """Raises InvalidInput (not DRF's error) with dotted names: the catalogue's own words."""
        if not isinstance(data, dict):
            self.fail("invalid")
        return checked_answers(self.scope, data)

    def to_representation(self, value: Any) -> dict[str, Any]:  # Any: the JSON column
        return dict(value)


def checked_answers(scope: catalogue.Scope, answers: dict[str, Any]) -> dict[str, Any]:  # Any: JSON in, JSON out
    """The answers as JSON can hold them, each `None` kept. Raises InvalidInput that names the field."""
    for name, answer in answers.items():
        is_absurd = isinstance(answer, int) and abs(answer) > LARGEST_NUMBER
        if is_absurd or (isinstance(answer, str) and _is_broken(answer)):
            field = f"{scope.rpartition('.')[2]}.{name}"
            raise InvalidInput("invalid", say("record.invalid"), fields={field: [say("field.number")]})
    given = catalogue.check_answers(scope, answers)
    as_json = {name: answer.isoformat() if isinstance(answer, date) else answer for name, answer in given.items()}
    return {**dict.fromkeys(answers), **as_json}


def _is_broken(text: str) -> bool:
    """Half of a surrogate pair, or the character that PostgreSQL cannot store: JSON allows both."""
    return any("\ud800" <= character <= "\udfff" or character == "\0" for character in text)
