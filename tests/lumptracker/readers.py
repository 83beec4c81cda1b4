"""Bea, who holds a link, at her own browser."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.test import Client

from tests.people import Somebody

PASSCODE = "4711"


@dataclass
class Reader:
    """A browser without an account."""

    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    def open(self, **form: str) -> HttpResponse:
        return self.client.post("/s/open/", form)  # type: ignore[return-value]  # the stubs' own response type

    def get(self, path: str = "") -> HttpResponse:
        return self.client.get(f"/s/view/{path}")  # type: ignore[return-value]  # as above

    def manifest(self, link: Link, **body: object) -> HttpResponse:
        asked = {"recipient": "A test", **body}
        url = f"/shl/{link.token}/"
        body_text = json.dumps(asked)
        return self.client.post(url, body_text, content_type="application/json")  # type: ignore[return-value]  # as above


@dataclass(frozen=True)
class Link:
    """What Ada was told when she made a link."""

    id: UUID
    url: str
    code: str
    payload: dict[str, Any]

    @property
    def token(self) -> str:
        return str(self.payload["url"]).rstrip("/").rpartition("/")[2]

    @property
    def key(self) -> bytes:
        return base64.urlsafe_b64decode(self.payload["key"] + "=")


def share(owner: Somebody, *lumps: UUID, **wishes: object) -> Link:
    """A link made over the API, with a known passcode unless said otherwise."""
    link_id = uuid4()
    body = {"lumps": [str(lump) for lump in lumps], "passcode": PASSCODE, **wishes}
    told = owner.put(f"share-links/{link_id}/", body)
    payload = told["url"].partition("#shlink:/")[2]
    decoded = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return Link(link_id, told["url"], told["code"], decoded)
