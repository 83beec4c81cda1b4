"""What the skins of the record share: who is asking, how much they may send, how a page and a row are answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import IO, Any, ClassVar, TypeVar
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view, inline_serializer
from rest_framework import serializers, status
from rest_framework.exceptions import ParseError
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from tracking.access import access_row, rows_of, signed_in
from tracking.errors import TooLarge
from tracking.record import Written, change_row, put_row
from tracking.record_kinds import Kind
from tracking.record_removal import delete_row
from tracking.record_shapes import invalid
from tracking.texts import say

LARGEST_BODY = 2 * 1024 * 1024  # bytes: fifty operations with a long note each fit
WRITES_A_MINUTE = 600  # far above any phone; below what a runaway script does
View = TypeVar("View", bound="RowView")
READ_METHODS = ("GET", "HEAD", "OPTIONS")


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


class WriteThrottle(BaseThrottle):
    """So many writes a minute for each account, counted in the cache that all processes share."""

    def allow_request(self, request: Request, view: APIView) -> bool:  # noqa: ARG002  DRF's own signature
        if request.method in READ_METHODS or not settings.RATE_LIMITS_ON:
            return True
        key = f"writes:{signed_in(request).pk}:{int(timezone.now().timestamp()) // 60}"
        if cache.add(key, 1, timeout=60):
            return True
        try:
            return cache.incr(key) <= WRITES_A_MINUTE
        except ValueError:  # it ran out between the two
            return True

    def wait(self) -> float:
        return 60 - timezone.now().timestamp() % 60


class Pages(CursorPagination):
    """Newest first; a page survives rows that come in meanwhile."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class RecordView(APIView):
    """A skin of the record: JSON in, one verb, JSON out."""

    parser_classes = (BoundedJSONParser,)
    throttle_classes = (WriteThrottle,)


class RowsView(RecordView):
    """A list of one kind of row."""

    kind: ClassVar[Kind]
    ordering: ClassVar[tuple[str, ...]] = ("-created_at", "-id")

    def conditions(self, request: Request) -> dict[str, object]:  # noqa: ARG002  a list that can be narrowed reads it
        """Which rows the query asks for, as conditions on columns. Another account's id in it matches nothing."""
        return {}

    def get(self, request: Request) -> Response:
        pages = Pages()
        pages.ordering = self.ordering
        rows = rows_of(self.kind.model, signed_in(request)).filter(**self.conditions(request))
        page = pages.paginate_queryset(rows, request, view=self) or []
        return pages.get_paginated_response([self.kind.document_of(row) for row in page])


class RowView(RecordView):
    """One row: read, put, delete."""

    kind: ClassVar[Kind]

    def get(self, request: Request, row_id: UUID) -> Response:
        return Response(self.kind.document_of(access_row(self.kind.model, signed_in(request), row_id)))

    def put(self, request: Request, row_id: UUID) -> Response:
        return self.answer(put_row(signed_in(request), self.kind, row_id, request.data, at=timezone.now()))

    def delete(self, request: Request, row_id: UUID) -> Response:
        delete_row(signed_in(request), self.kind, row_id, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def answer(self, written: Written) -> Response:
        """201 for a row that is new, else 200."""
        made = status.HTTP_201_CREATED if written.created else status.HTTP_200_OK
        return Response(self.kind.document_of(written.row), status=made)


class ChangeableRowView(RowView):
    """One row that can also be changed in part."""

    def patch(self, request: Request, row_id: UUID) -> Response:
        return self.answer(change_row(signed_in(request), self.kind, row_id, request.data, at=timezone.now()))


def query_id(request: Request, name: str) -> UUID | None:
    """An id in the query; raises InvalidInput for what is none."""
    found: UUID | None = _from_query(request, name, serializers.UUIDField(), mend="field.uuid")
    return found


def query_flag(request: Request, name: str) -> bool | None:
    """Yes or no in the query; raises InvalidInput for what is neither."""
    found: bool | None = _from_query(request, name, serializers.BooleanField(), mend="field.flag")
    return found


def _from_query(request: Request, name: str, field: serializers.Field[Any, Any, Any, Any], *, mend: str) -> Any:
    """Any: what the field makes of it."""
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        return field.run_validation(text)
    except serializers.ValidationError as error:
        raise invalid({name: [say(mend, language=signed_in(request).language)]}) from error


def describe_rows(kind: Kind, **filters: OpenApiTypes) -> Any:  # Any: a class decorator of drf-spectacular
    """The schema of a list: `filters` are the names and types of its query parameters."""
    page = inline_serializer(
        f"{kind.name.capitalize()}Page",
        {
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": kind.shape(many=True),
        },
    )
    paging = {"page_size": OpenApiTypes.INT, "cursor": OpenApiTypes.STR}
    parameters = [OpenApiParameter(name, type_) for name, type_ in {**filters, **paging}.items()]
    get = extend_schema(operation_id=f"{kind.name}_list", parameters=parameters, responses=page)
    return extend_schema_view(get=get)


def describe_row(kind: Kind) -> Callable[[type[View]], type[View]]:
    """The schema of one row's methods, of those that the view has."""
    name, shape = kind.name, kind.shape
    methods = {
        "get": extend_schema(operation_id=f"{name}_read", responses=shape),
        "put": extend_schema(operation_id=f"{name}_put", request=shape, responses={200: shape, 201: shape}),
        "patch": extend_schema(operation_id=f"{name}_change", request=shape, responses=shape),
        "delete": extend_schema(operation_id=f"{name}_delete", responses={204: None}),
    }

    def describe(view: type[View]) -> type[View]:
        present = {method: schema for method, schema in methods.items() if hasattr(view, method)}
        described: type[View] = extend_schema_view(**present)(view)
        return described

    return describe
