"""What is logged about a lump: checks and care."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request

from tracking.api import ChangeableRowView, RowsView, RowView, describe_row, describe_rows, query_id
from tracking.record_kinds import CARE, OBSERVATION


class LoggedListView(RowsView):
    """Rows that belong to a lump."""

    def conditions(self, request: Request) -> dict[str, object]:
        lump = query_id(request, "lump")
        return {} if lump is None else {"lump": lump}


@describe_rows(OBSERVATION, lump=OpenApiTypes.UUID)
class ObservationListView(LoggedListView):
    kind = OBSERVATION
    ordering = ("-observed_at", "-id")


@describe_row(OBSERVATION)
class ObservationView(ChangeableRowView):
    kind = OBSERVATION


@describe_rows(CARE, lump=OpenApiTypes.UUID)
class CareListView(LoggedListView):
    kind = CARE
    ordering = ("-on", "-id")


@describe_row(CARE)
class CareView(RowView):
    kind = CARE
