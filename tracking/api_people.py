"""Persons: whose lumps they are."""

from __future__ import annotations

from tracking.api import ChangeableRowView, RowsView, describe_row, describe_rows
from tracking.record_kinds import PERSON


@describe_rows(PERSON)
class PersonListView(RowsView):
    kind = PERSON


@describe_row(PERSON)
class PersonView(ChangeableRowView):
    kind = PERSON
