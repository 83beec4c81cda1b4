"""The cast. Ada owns a record, Bea is a clinician with a link, Cal is a stranger who is signed in.

They sign up through the door that everybody uses, and talk to the API with what that door gave them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.client import ClientHandler

from tracking.models import User

PASSWORD = "a long way to the sea"
OBSERVED_AT = "2026-09-21T19:04:00+01:00"


_HANDLER = ClientHandler(enforce_csrf_checks=True)  # one for all: each lists every static file when it starts


def _device() -> Client:
    """A client with cookies of its own, which is held to CSRF like a browser."""
    client = Client(enforce_csrf_checks=True)
    client.handler = _HANDLER
    return client


@dataclass
class Somebody:
    """Somebody at a device. `token` is what a script sends; without one the session cookie speaks."""

    email: str = ""
    token: str = ""
    client: Client = field(default_factory=_device)

    @property
    def user(self) -> User:
        return User.objects.get(email=self.email)

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> HttpResponse:
        """One request to /api/v1/ (or to a path that starts with a slash)."""
        url = path if path.startswith("/") else f"/api/v1/{path}"
        sent = {"X-Session-Token": self.token} if self.token else {}
        data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        response: Any = self.client.generic(method, url, **data, headers={**sent, **headers})  # type: ignore[arg-type]  # two shapes
        assert isinstance(response, HttpResponseBase)  # Any: the test client adds attributes of its own
        return response  # type: ignore[return-value]  # a JSON answer is never a stream

    def get(self, path: str) -> Any:  # Any: JSON
        response = self.ask("GET", path)
        assert response.status_code == 200, response.content
        return json.loads(response.content)

    def put(self, path: str, body: object) -> Any:  # Any: JSON
        response = self.ask("PUT", path, body)
        assert response.status_code in (200, 201), response.content
        return json.loads(response.content)

    def post(self, path: str, body: object) -> Any:  # Any: JSON
        response = self.ask("POST", path, body)
        assert response.status_code in (200, 201, 202), response.content
        return json.loads(response.content)

    def put_person(self, person_id: UUID | None = None, **fields: object) -> UUID:
        person_id = person_id or uuid4()
        self.put(f"persons/{person_id}/", fields)
        return person_id

    def put_lump(self, person_id: UUID | None = None, lump_id: UUID | None = None, **fields: object) -> UUID:
        lump_id, person_id = lump_id or uuid4(), person_id or self.put_person()
        self.put(f"lumps/{lump_id}/", {"person": str(person_id), "site": "lower_back", **fields})
        return lump_id

    def put_observation(self, lump_id: UUID, observation_id: UUID | None = None, **fields: object) -> UUID:
        observation_id = observation_id or uuid4()
        self.put(f"observations/{observation_id}/", {"lump": str(lump_id), "observed_at": OBSERVED_AT, **fields})
        return observation_id

    def put_care(self, lump_id: UUID, **fields: object) -> UUID:
        care_id = uuid4()
        self.put(f"care/{care_id}/", {"lump": str(lump_id), "on": "2026-10-02", "kind": "booked", **fields})
        return care_id


def sign_up(email: str) -> Somebody:
    """A new account, through the API that scripts use."""
    somebody = Somebody(email=email)
    answer = somebody.ask("POST", "/_allauth/app/v1/auth/signup", {"email": email, "password": PASSWORD})
    assert answer.status_code == 200, answer.content
    somebody.token = json.loads(answer.content)["meta"]["session_token"]
    return somebody


def ada() -> Somebody:
    return sign_up("ada@example.org")


def cal() -> Somebody:
    return sign_up("cal@example.org")


def nobody() -> Somebody:
    """Somebody who is not signed in."""
    return Somebody()
