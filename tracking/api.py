"""What the skins of the record share: who is asking, how much they may send, how a page and a row are answered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from tracking.access import access_row, rows_of, signed_in
from tracking.access_log import record_shared_read
from tracking.api_pages import PAGING, Pages, page_shape
from tracking.models.base import Synced
from tracking.record import Written, change_row, put_row
from tracking.record_kinds import PERSON, Kind
from tracking.record_removal import delete_row
from tracking.record_shapes import invalid
from tracking.shown_rows import TEXT, as_documents
from tracking.texts import say

WRITES_A_MINUTE = 600  # far above any phone; below what a runaway script does
MOST_COUNTED = 10_000
View = TypeVar("View", bound="RowView")
Told = dict[str, str]  # a row of a list: its JSON, and some columns
READ_METHODS = ("GET", "HEAD", "OPTIONS")


class WriteThrottle(BaseThrottle):
    """So many writes a minute for each account, counted in the cache that all processes share.

    A process counts by itself and reports there a few at a time, or each write would be followed by another one. So all
    together may let through a few more than that; a phone seldom comes as far as the first report.
    """

    _here: ClassVar[dict[str, int]] = {}  # account and minute → writes that this process let through

    def allow_request(self, request: Request, view: APIView) -> bool:  # noqa: ARG002  DRF's own signature
        if request.method in READ_METHODS or not settings.RATE_LIMITS_ON:
            return True
        key = f"writes:{signed_in(request).pk}:{int(timezone.now().timestamp()) // 60}"
        if len(self._here) > MOST_COUNTED and key not in self._here:
            self._here.clear()
        count = self._here[key] = self._here.get(key, 0) + 1
        step = max(1, WRITES_A_MINUTE // 20)
        return True if count % step else self._reported(key, step) <= WRITES_A_MINUTE

    @staticmethod
    def _reported(key: str, count: int) -> int:
        """What all processes together have counted."""
        if cache.add(key, count, timeout=60):
            return count
        try:
            return int(cache.incr(key, count))
        except ValueError:  # it ran out between the two
            return count

    def wait(self) -> float:
        return 60 - timezone.now().timestamp() % 60


class RecordView(APIView):
    """A skin of the record: JSON in, one verb, JSON out."""

    throttle_classes = (WriteThrottle,)


class KnownView(RecordView):
    """Answers that a client may have already: with the tag that it was given it hears 304 instead of all of it again.

    The tag is made from the answer itself and not from the record's counter: a backup that was put back counts once
    more where it stood. So it saves the way and not the work, and whoever may not look is refused first.
    """

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Any: DRF's own signature."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if request.method in ("GET", "HEAD") and answer.status_code == status.HTTP_200_OK:
            answer.add_post_render_callback(partial(_unless_known, request._request))
        return answer


def _unless_known(request: HttpRequest, answer: HttpResponse) -> HttpResponseBase | None:
    answer.headers["ETag"] = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
    return get_conditional_response(request, etag=answer.headers["ETag"], response=answer)


def person_of(row: Synced) -> UUID:
    """Whose row it is; a person is their own."""
    owner: UUID = getattr(row, "person_id", row.pk)
    return owner


class RowsView(KnownView):
    """A list of one kind of row."""

    kind: ClassVar[Kind]
    ordering: ClassVar[tuple[str, ...]] = ("-created_at", "-id")

    def conditions(self, request: Request) -> dict[str, object]:  # noqa: ARG002  a list that can be narrowed reads it
        """Which rows the query asks for, as conditions on columns. Another account's id in it matches nothing."""
        return {}

    def get(self, request: Request) -> Response:
        pages = Pages(*self.ordering)
        user = signed_in(request)
        rows = rows_of(self.kind.model, user).filter(**self.conditions(request))
        person = "id" if self.kind is PERSON else "person_id"
        also = {person, *(name.lstrip("-") for name in pages.ordering)}
        page: list[Told] = pages.paginate_queryset(as_documents(rows, self.kind, also=also), request) or []
        record_shared_read({UUID(row[person]) for row in page}, reader=user, at=timezone.now())
        return pages.written(row[TEXT] for row in page)


class RowView(RecordView):
    """One row: read, put, delete."""

    kind: ClassVar[Kind]

    def get(self, request: Request, row_id: UUID) -> Response:
        user = signed_in(request)
        row = access_row(self.kind.model, user, row_id)
        record_shared_read([person_of(row)], reader=user, at=timezone.now())
        return Response(self.kind.document_of(row))

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
    parameters = [*(OpenApiParameter(name, type_) for name, type_ in filters.items()), *PAGING]
    page = page_shape(kind.name.capitalize(), kind.shape)
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
