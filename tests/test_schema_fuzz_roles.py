"""The same requests as each role, on a record of which everything is there: nobody learns what is not theirs.

`test_schema_fuzz.py` tries each operation as Ada in every gate; `make soak` sends 100,000 requests here
(SOAK_REQUESTS), each of them as Ada and as somebody else.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, settings
from pytest_django.plugin import DjangoDbBlocker

from tests.doors import OPEN
from tests.fuzzed import PROMISES, AnyCase, Record, a_record, leaked, sent

DOCUMENT = Path(__file__).parents[1] / "docs/openapi.yaml"
OPERATIONS = 97
SOAK_EXAMPLES = int(os.environ.get("SOAK_REQUESTS", "100000")) // OPERATIONS // 2 + 1
MADE_UP = schemathesis.Config.from_dict({"phases": {"coverage": {"enabled": False}}})  # that is tried as Ada already
OPEN_DESCRIBED = {path.replace("<str:", "{").replace("<uuid:", "{").replace(">", "}") for path in OPEN}
api = schemathesis.openapi.from_path(DOCUMENT, config=MADE_UP)
api.app = get_wsgi_application()


@pytest.fixture(name="db", scope="module")
def _db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """In place of pytest-django's own, which gives each test a connection of its own."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(name="record", scope="module")
def _record(db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    with a_record(tmp_path_factory.mktemp("storage")) as record:
        yield record


def hold_to_the_document(case: AnyCase, record: Record) -> None:
    """As Ada, and as somebody else."""
    luck = Random(repr(case))
    record.enter(case, luck)
    case.validate_response(sent(case, record.owner), checks=PROMISES)
    who, somebody = luck.choice([*record.members.items(), *record.strangers.items(), *record.nobodies.items()])
    answer = sent(case, somebody)
    case.validate_response(answer, checks=PROMISES)
    assert not leaked(case, answer, record.secrets_from(who)), who
    is_shut = who in record.nobodies and case.path.removeprefix("/api/v1/") not in OPEN_DESCRIBED
    assert not is_shut or answer.status_code in (401, 404, 405), (who, answer.status_code)  # 404: no id, so no address


@pytest.mark.soak
@api.parametrize()
@settings(max_examples=SOAK_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_nobody_is_told_it_in_a_hundred_thousand_requests(case: AnyCase, record: Record) -> None:
    hold_to_the_document(case, record)
