"""Lists: cursor pages, newest first (contract, section 5), and how they are described."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from tracking.record_shapes import invalid
from tracking.shown_rows import WrittenJSON
from tracking.texts import language_in_force, say

PAGING = [OpenApiParameter("page_size", OpenApiTypes.INT), OpenApiParameter("cursor", OpenApiTypes.STR)]


class Pages(CursorPagination):
    """Newest first by `ordering`; a page survives rows that come in meanwhile."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def __init__(self, *ordering: str) -> None:
        self.ordering = ordering or ("-created_at", "-id")

    def decode_cursor(self, request: Request) -> Cursor | None:
        """A cursor that is none is a bad value like any other, not something missing."""
        try:
            return super().decode_cursor(request)
        except NotFound as error:
            raise invalid({"cursor": [say("field.cursor", language=language_in_force())]}) from error

    def written(self, rows: Iterable[str]) -> Response:
        """The answer where each row is JSON already."""
        after, before = json.dumps(self.get_next_link()), json.dumps(self.get_previous_link())
        return Response(WrittenJSON(f'{{"next":{after},"previous":{before},"results":[{",".join(rows)}]}}'))


def page_shape(name: str, row: Any) -> Any:  # Any: a serializer's class or instance, as drf-spectacular takes them
    """The schema of a page of `row`s."""
    rows = row(many=True) if isinstance(row, type) else serializers.ListSerializer(child=row)
    return inline_serializer(
        f"{name}Page",
        {
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": rows,
        },
    )
