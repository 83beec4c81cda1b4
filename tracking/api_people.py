"""Persons: whose lumps they are."""

from __future__ import annotations

from rest_framework import status
from rest_framework.response import Response

from tracking.access import access_row, signed_in
from tracking.api import ChangeableRowView, RowsView, describe_row, describe_rows
from tracking.models import Person
from tracking.record import Written
from tracking.record_kinds import PERSON


@describe_rows(PERSON)
class PersonListView(RowsView):
    kind = PERSON


@describe_row(PERSON)
class PersonView(ChangeableRowView):
    kind = PERSON

    def answer(self, written: Written) -> Response:
        """As every row, with the caller's role, which is no column of it."""
        made = status.HTTP_201_CREATED if written.created else status.HTTP_200_OK
        row = access_row(Person, signed_in(self.request), written.row.pk)
        return Response(PERSON.document_of(row), status=made)
