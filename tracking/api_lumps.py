"""Lumps, and the history document of one."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tracking.access import access_lump, signed_in
from tracking.access_log import record_shared_read
from tracking.api import ChangeableRowView, KnownView, RowsView, describe_row, describe_rows, query_flag, query_id
from tracking.history import write_history
from tracking.reader import history_of
from tracking.record_kinds import LUMP


@describe_rows(LUMP, person=OpenApiTypes.UUID, open=OpenApiTypes.BOOL)
class LumpListView(RowsView):
    kind = LUMP

    def conditions(self, request: Request) -> dict[str, object]:
        person, is_open = query_id(request, "person"), query_flag(request, "open")
        wanted: dict[str, object] = {} if person is None else {"person": person}
        if is_open is not None:
            wanted["closed_on__isnull"] = is_open
        return wanted


@describe_row(LUMP)
class LumpView(ChangeableRowView):
    kind = LUMP


class LumpHistoryView(KnownView):
    """Everything logged about one lump, as it is exported and judged."""

    @extend_schema(operation_id="lump_history", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, row_id: UUID) -> Response:
        user = signed_in(request)
        lump = access_lump(user, row_id)
        record_shared_read([lump.person_id], reader=user, at=timezone.now())
        return Response(write_history(history_of(lump.pk)))
