"""What a client sends as JSON, up to a size. A room of its own, since the framework reads it before any view."""

from __future__ import annotations

import json
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from tracking.errors import TooLarge
from tracking.texts import say

LARGEST_BODY = 2 * 1024 * 1024  # bytes: fifty operations with a long note each fit


class BoundedJSONParser(JSONParser):
    """JSON up to a size, in which absurdly deep nesting is a slip like any other."""

    def parse(self, stream: IO[Any], *_: object, **__: object) -> Any:  # Any: whatever the JSON holds
        body = stream.read(LARGEST_BODY + 1)
        if len(body) > LARGEST_BODY:
            raise TooLarge("too_large", say("api.too_large"))
        try:
            return json.loads(body, parse_constant=self._refuse_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError(say("api.malformed")) from error

    @staticmethod
    def _refuse_constant(name: str) -> None:
        raise ValueError(name)
