"""What the OpenAPI promises holds for whatever is sent: no accident, no undocumented status, each answer as described.

Schemathesis makes the requests from `docs/openapi.yaml`, valid ones and broken ones, and sends them as Ada. Half of
the ids in them are ids of her record, so that the requests get past the doors.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from pytest_django.fixtures import Settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.people import ada

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).parents[1] / "docs/openapi.yaml"
PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
api = schemathesis.openapi.from_path(DOCUMENT)
api.app = get_wsgi_application()


class Record:
    """Ada's record with one of everything that can be made with a PUT; `token` is her session."""

    def __init__(self) -> None:
        owner = ada()
        lump = owner.put_lump()
        observation = owner.put_observation(lump)
        care, link, helper = uuid4(), uuid4(), uuid4()
        owner.put(f"care/{care}/", {"lump": str(lump), "on": "2026-10-02", "kind": "booked"})
        owner.put(f"share-links/{link}/", {"lumps": [str(lump)]})
        owner.put(f"helper-links/{helper}/", {"lump": str(lump)})
        person = owner.get(f"lumps/{lump}/")["person"]
        self.token = owner.token
        self.ids = {
            "persons": person, "person": person, "lumps": lump, "lump": lump, "observations": observation,
            "observation": observation, "care": care, "share-links": link, "helper-links": helper,
        }  # fmt: skip

    def enter(self, case: Case[Any]) -> None:  # Any: of whichever schema
        """Put Ada's ids where made-up ones stand, in half of the requests."""
        if Random(repr(case)).random() < 0.5:
            return
        kind = case.path.split("/")[3]
        for name, value in case.path_parameters.items():
            if isinstance(value, str | UUID) and kind in self.ids:
                case.path_parameters[name] = str(self.ids[kind])
        if isinstance(case.body, dict):
            for name in {"person", "lump", "observation"} & set(case.body):
                case.body[name] = str(self.ids[name])


@pytest.fixture(name="record")
def _record(settings: Settings, tmp_path: Path) -> Iterator[Record]:
    """Ada's record, on the one connection that holds the test's transaction: a request must not close it."""
    settings.STORAGE_DIR = tmp_path / "storage"
    record = Record()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield record
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@api.parametrize()
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_each_operation_answers_as_the_document_says(case: Case[Any], record: Record) -> None:
    record.enter(case)
    response = case.call(headers={"X-Session-Token": record.token})
    case.validate_response(response, checks=PROMISES)
