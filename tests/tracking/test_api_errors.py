"""Whatever goes wrong, the answer has one shape: code, message, fields."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from tests.people import Somebody, ada
from tracking import api, bounded_json

pytestmark = pytest.mark.django_db


@pytest.fixture(name="ada")
def _ada() -> Somebody:
    return ada()


def _sent(somebody: Somebody, path: str, data: bytes | str, content_type: str) -> tuple[int, dict[str, object]]:
    headers = {"X-Session-Token": somebody.token}
    answer = somebody.client.put(f"/api/v1/{path}", data, content_type=content_type, headers=headers)
    return answer.status_code, json.loads(answer.content)


@pytest.mark.parametrize("body", ["{", "nonsense", '{"site": NaN}', '{"a": 1e999999', "[" * 100_000, b"\xff"])
def test_json_that_cannot_be_read_is_malformed(ada: Somebody, body: str | bytes) -> None:
    status, answer = _sent(ada, f"lumps/{uuid4()}/", body, "application/json")
    assert (status, answer["code"], set(answer)) == (400, "malformed", {"code", "message", "fields"})


@pytest.mark.parametrize("body", ["[]", "3", "null", '"text"', "true"])
def test_a_body_that_is_no_object_is_refused(ada: Somebody, body: str) -> None:
    status, answer = _sent(ada, f"lumps/{uuid4()}/", body, "application/json")
    assert (status, answer["fields"]) == (400, {"body": ["Write an object with named fields."]})


def test_a_body_beyond_all_measure_is_413(ada: Somebody) -> None:
    body = json.dumps({"label": "x" * bounded_json.LARGEST_BODY})
    status, answer = _sent(ada, f"lumps/{uuid4()}/", body, "application/json")
    assert (status, answer["code"]) == (413, "too_large")


def test_another_media_type_is_415(ada: Somebody) -> None:
    status, answer = _sent(ada, f"lumps/{uuid4()}/", "site=thigh", "text/plain")
    assert (status, answer["code"]) == (415, "unsupported_media_type")


def test_a_method_that_is_not_taken_is_405(ada: Somebody) -> None:
    answer = ada.ask("POST", "lumps/", {})
    assert (answer.status_code, json.loads(answer.content)["code"]) == (405, "method_not_allowed")


def test_an_address_that_does_not_exist_answers_like_an_object_that_does_not(ada: Somebody) -> None:
    missing = ada.ask("GET", f"lumps/{uuid4()}/")
    for path in ("lumps/not-an-id/", "nowhere/"):
        answer = ada.ask("GET", path)
        assert (answer.status_code, answer.content) == (404, missing.content)


def test_writing_too_fast_is_429_and_says_when_to_go_on(
    ada: Somebody, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RATE_LIMITS_ON = True
    monkeypatch.setattr(api, "WRITES_A_MINUTE", 1)
    answers = [ada.ask("PUT", f"persons/{uuid4()}/", {}) for _ in range(4)]
    assert answers[-1].status_code == 429
    assert json.loads(answers[-1].content)["code"] == "too_fast"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 61
    assert ada.ask("GET", "persons/").status_code == 200
