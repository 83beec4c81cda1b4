"""Random histories of two phones against a plain model: lost answers, repeats, reordering, deletions (T17)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracking.models import Observation, Person, Tombstone, User
from tracking.record import put_row
from tracking.record_kinds import LUMP, OBSERVATION, PERSON
from tracking.sync import synchronise
from tracking.sync_feed import flat_document

AT = datetime(2026, 9, 21, 18, 4, tzinfo=UTC)
Json = dict[str, Any]  # Any: JSON

EDIT = st.tuples(
    st.just("edit"), st.integers(0, 1), st.integers(0, 2), st.sampled_from(["pain", "red"]), st.integers(0, 10)
)
DELETE = st.tuples(st.just("delete"), st.integers(0, 1), st.integers(0, 2), st.none(), st.none())
SEND = st.tuples(
    st.just("send"), st.integers(0, 1), st.integers(1, 4), st.booleans(), st.randoms(use_true_random=False)
)
AGAIN = st.tuples(st.just("again"), st.integers(0, 1), st.integers(1, 5), st.none(), st.randoms(use_true_random=False))
HISTORIES = st.lists(st.one_of(EDIT, EDIT, DELETE, SEND, SEND, AGAIN), max_size=50)


@dataclass
class Phone:
    rows: dict[str, Json] = field(default_factory=dict)  # what the server told it
    cursor: str | None = None
    queue: list[Json] = field(default_factory=list)
    sent: list[Json] = field(default_factory=list)


@dataclass
class World:
    """The server, two phones, and what the model expects: values with the rev that set them, and who is gone."""

    user: User
    lump: UUID
    ids: list[UUID] = field(default_factory=lambda: [uuid4() for _ in range(3)])
    phones: list[Phone] = field(default_factory=lambda: [Phone(), Phone()])
    values: dict[str, dict[str, tuple[object, int]]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    first: dict[str, Json] = field(default_factory=dict)

    def edit(self, phone: Phone, row_id: UUID, sign: str, value: int) -> None:
        known = phone.rows.get(str(row_id))
        answer = value if sign == "pain" else value > 5
        fields: Json = {f"signs.{sign}": answer, "lump": str(self.lump), "observed_at": AT.isoformat()}
        base_rev = known["rev"] if known else None
        phone.queue.append(
            {"op_id": str(uuid4()), "type": "observation", "id": str(row_id), "base_rev": base_rev, "fields": fields}
        )

    def delete(self, phone: Phone, row_id: UUID) -> None:
        phone.queue.append({"op_id": str(uuid4()), "type": "observation", "id": str(row_id), "deleted": True})

    def deliver(self, phone: Phone, operations: list[Json], *, answer_arrives: bool) -> None:
        """One request with one operation each, so that the model sees every step; the phone may never hear."""
        for operation in operations:
            told = synchronise(self.user, cursor=phone.cursor, operations=[operation], at=AT)
            self._check(operation, told["results"][0])
            if answer_arrives:
                self._hear(phone, told)
                phone.queue = [one for one in phone.queue if one is not operation]
            phone.sent.append(operation)

    def pull(self, phone: Phone) -> None:
        self._hear(phone, synchronise(self.user, cursor=phone.cursor, operations=[], at=AT))

    def _hear(self, phone: Phone, told: Json) -> None:
        phone.cursor = told["cursor"]
        for change in told["changes"]:
            if change.get("deleted"):
                phone.rows.pop(change["id"], None)
            else:
                phone.rows[change["id"]] = {"rev": change["rev"], "fields": change["fields"]}

    def _check(self, operation: Json, result: Json) -> None:
        if operation["op_id"] in self.first:
            assert result == self.first[operation["op_id"]]
            return
        self.first[operation["op_id"]] = result
        row_id = operation["id"]
        if operation.get("deleted"):
            assert result["status"] == (
                "applied" if row_id in self.values else "unchanged" if row_id in self.gone else "rejected"
            )
            if self.values.pop(row_id, None) is not None:
                self.gone.add(row_id)
            return
        if row_id in self.gone:
            assert (result["status"], result["error"]["code"]) == ("rejected", "deleted")
            return
        self._check_edit(operation, result, self.values.setdefault(row_id, {}))

    def _check_edit(self, operation: Json, result: Json, values: dict[str, tuple[object, int]]) -> None:
        """Nothing that the phone had not seen is overwritten without a word."""
        name, given_value = next((k, v) for k, v in operation["fields"].items() if k.startswith("signs."))
        had, rev = values.get(name, (None, 0))
        unseen = had is not None and had != given_value and rev > (operation["base_rev"] or 0)
        expected = {name: {"kept": given_value, "other": had}} if unseen else {}
        assert result["conflicts"] == expected
        if had != given_value:
            assert result["status"] in ("applied", "merged")
            values[name] = (given_value, result["rev"])

    def assert_server_is_the_model(self) -> None:
        rows = {str(row.pk): row for row in Observation.objects.filter(lump=self.lump)}
        assert {pk: row.signs for pk, row in rows.items()} == {
            pk: {name.removeprefix("signs."): value for name, (value, _) in values.items()}
            for pk, values in self.values.items()
        }
        assert {
            str(pk) for pk in Tombstone.objects.filter(user=self.user).values_list("row_id", flat=True)
        } == self.gone


def _begun() -> World:
    user = User.objects.create(email=f"{uuid4()}@example.org")
    person, lump = uuid4(), uuid4()
    put_row(user, PERSON, person, {}, at=AT)
    put_row(user, LUMP, lump, {"person": str(person), "site": "thigh"}, at=AT)
    return World(user, lump)


def _play(world: World, history: list[tuple[Any, ...]]) -> Iterator[None]:  # Any: five kinds of step
    for step, device, number, extra, order in history:
        phone = world.phones[device]
        if step == "edit":
            world.edit(phone, world.ids[number], extra, order)
        elif step == "delete":
            world.delete(phone, world.ids[number])
        else:
            pool = phone.queue if step == "send" else phone.sent
            chosen = _some(pool, number, order)
            world.deliver(phone, chosen, answer_arrives=bool(extra))
        yield


def _some(pool: list[Json], count: int, order: random.Random) -> list[Json]:
    return order.sample(pool, min(count, len(pool)))


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(HISTORIES)
def test_nothing_is_lost_doubled_or_overwritten_in_silence(history: list[tuple[Any, ...]]) -> None:  # Any: steps
    world = _begun()
    for _ in _play(world, history):
        world.assert_server_is_the_model()


@pytest.mark.django_db
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(HISTORIES)
def test_once_the_faults_stop_both_phones_agree_and_old_requests_change_nothing(
    history: list[tuple[Any, ...]],  # Any: steps
) -> None:
    world = _begun()
    for _ in _play(world, history):
        pass
    for phone in world.phones:
        world.deliver(phone, list(phone.queue), answer_arrives=True)
    for phone in world.phones:
        world.pull(phone)
    rows = Observation.objects.filter(lump=world.lump)
    server = {str(row.pk): {"rev": row.rev, "fields": flat_document(OBSERVATION, row)} for row in rows}
    for phone in world.phones:
        assert {pk: row for pk, row in phone.rows.items() if pk in map(str, world.ids)} == server
    last_rev = Person.objects.get(lumps=world.lump).last_rev
    for phone in world.phones:
        world.deliver(phone, list(phone.sent), answer_arrives=False)
    assert Person.objects.get(lumps=world.lump).last_rev == last_rev
