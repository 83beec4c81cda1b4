"""One whole record to send made-up requests at, and who sends them: its owner, members, strangers, holders of links.

Schemathesis makes the requests, valid ones and broken ones. In most of them Ada's ids stand where made-up ones stood,
or nothing would get past the doors. What one request did is undone after it, so that each meets the whole record.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import override_settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.doors import RECORD, World, a_world, nobodies, strangers
from tests.people import Somebody, sign_up
from tracking.models import Lump, Membership

PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
KINDS = {"share-links": "link", "helper-links": "helper"}  # the others are what their routes are called, less an s
CANARIES = ("canary of a name", "canary of a label")
PATIENCE_SECONDS = 10**9  # a proof of who one is stays fresh, however long all of it takes

AnyCase = Case[Any]  # Any: of whichever schema


class Record:
    """Ada's, with one of everything there is a route for, and one that is gone of what can be deleted."""

    def __init__(self, world: World) -> None:
        world.cal_ids = world.ids  # bodies that are right for Ada's record
        self.world, self.owner = world, world.ada
        self.ids = {**{kind: str(pk) for kind, pk in world.ids.items()}, "member": str(world.member.pk)}
        name, label = CANARIES
        self.owner.put(f"persons/{self.ids['person']}/", {"name": name})
        lump = {"person": self.ids["person"], "site": "lower_back", "label": label}
        self.owner.put(f"lumps/{self.ids['lump']}/", lump)
        self.gone = self._deleted()
        self.ids["erasure"] = self.owner.get("erasures/")["results"][0]["id"]
        self.members = {role: self._member(role) for role in ("viewer", "logger")}
        self.strangers, self.nobodies = strangers(world), nobodies(world)

    def _deleted(self) -> dict[str, str]:
        person, lump = UUID(self.ids["person"]), self.owner.put_lump(UUID(self.ids["person"]))
        made = {"lumps": lump, "observations": self.owner.put_observation(lump), "care": self.owner.put_care(lump)}
        made |= {"persons": self.owner.put_person(), "share-links": uuid4(), "invitations": uuid4()}
        self.owner.put(f"share-links/{made['share-links']}/", {"lumps": [self.ids["lump"]]})
        self.owner.put(f"invitations/{made['invitations']}/", {"person": str(person), "role": "viewer"})
        for kind in reversed(made):
            assert self.owner.ask("DELETE", f"{kind}/{made[kind]}/").status_code == 204
        return {kind: str(pk) for kind, pk in made.items()}

    def _member(self, role: str) -> Somebody:
        member = sign_up(f"cal+{role}@example.org")
        person = Lump.objects.get(pk=self.ids["lump"]).person
        Membership.objects.create(user=member.user, person=person, role=role)
        return member

    def enter(self, case: AnyCase, luck: Random) -> None:
        """Put Ada's ids and, seldom, ids of what is gone where made-up ones stand; mend some bodies but for a field."""
        chance, route = luck.random(), case.path.split("/")[3]
        kind = KINDS.get(route, route.removesuffix("s"))
        for name, value in case.path_parameters.items():
            if name == "member_id" and chance > 0.2:
                case.path_parameters[name] = self.ids["member"]
            elif isinstance(value, str | UUID) and kind in self.ids and chance > 0.3:
                case.path_parameters[name] = self.ids[kind]
            elif route in self.gone and chance > 0.2:
                case.path_parameters[name] = self.gone[route]
        if chance > 0.3:
            case.body = self._with_ids(case.body)
        if chance > 0.6 and isinstance(case.body, dict) and kind in self.world.ids and kind != "photo":
            kept = luck.sample(sorted(case.body), min(1, len(case.body)))
            case.body = json.loads(str(self.world.body(kind)[0])) | {name: case.body[name] for name in kept}

    def _with_ids(self, body: Any) -> Any:  # Any: JSON
        if isinstance(body, list):
            return [self._with_ids(one) for one in body]
        if not isinstance(body, dict):
            return body
        ours = {name: self.ids[name] for name in ("person", "lump", "observation") if name in body}
        listed = {"lumps": [self.ids["lump"]]} if body.get("lumps") else {}
        return {name: self._with_ids(value) for name, value in body.items()} | ours | listed

    def secrets_from(self, who: str) -> list[str]:
        """What no answer to them may hold: to members all that is Ada's alone, to others all that is hers."""
        hidden = set(self.ids) - {"person", "member"} - (RECORD if who in self.members else set())
        told = () if who in self.members else (*CANARIES, self.owner.email)
        return [*told, *(self.ids[kind] for kind in hidden)]


def sent(case: AnyCase, by: Somebody) -> Response:
    """The answer; what it did is undone."""
    headers = {"X-Session-Token": by.token} if by.token else {}
    cookies = {name: morsel.value for name, morsel in by.client.cookies.items()}
    with transaction.atomic():
        answer = case.call(headers=headers, cookies=cookies)
        transaction.set_rollback(True)
    return answer


def leaked(case: AnyCase, answer: Response, secrets: list[str]) -> list[str]:
    """Which of them an answer tells that the request had not said."""
    text = answer.content.decode("utf-8", "replace")
    said = repr((case.path_parameters, case.query, case.body))
    return [secret for secret in secrets if secret in text and secret not in said]


@contextmanager
def a_record(storage: Path) -> Iterator[Record]:
    """In one transaction on one connection, for all requests: to make it anew for each takes longer than they do."""
    unlimited = override_settings(STORAGE_DIR=storage, RATE_LIMITS_ON=False, ACCOUNT_RATE_LIMITS=False)
    with transaction.atomic(), unlimited, pytest.MonkeyPatch.context() as patch:
        patch.setattr("tracking.access.RECENT_SIGN_IN_SECONDS", PATIENCE_SECONDS)
        record = Record(a_world())
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
        try:
            yield record
        finally:
            for signal in (request_started, request_finished):
                signal.connect(close_old_connections)
            transaction.set_rollback(True)
