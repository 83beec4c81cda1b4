"""Random histories of three phones against a plain model, on the real verbs.

Answers get lost, requests come twice, late and in another order, the server dies before or after it has committed,
clocks are days off, a phone is restored from an old backup, copied to another one, or loses all it held.
"""

from __future__ import annotations

import random
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tracking.models import Observation, Person, Tombstone, User
from tracking.record import put_row
from tracking.record_kinds import LUMP, OBSERVATION, PERSON
from tracking.sync import synchronise
from tracking.sync_feed import flat_document

AT = datetime(2026, 9, 21, 18, 4, tzinfo=UTC)
CLOCKS = (timedelta(), timedelta(days=-2), timedelta(days=400))  # how wrong each phone's clock is
Json = dict[str, Any]  # Any: JSON

PHONE, ROW, ORDER = st.integers(0, 2), st.integers(0, 2), st.randoms(use_true_random=False)
EDIT = st.tuples(st.just("edit"), PHONE, ROW, st.sampled_from(["pain", "red"]), st.integers(0, 10))
DELETE = st.tuples(st.just("delete"), PHONE, ROW, st.none(), st.none())
FATE = st.sampled_from(["answered", "answered", "unanswered", "killed"])
SEND = st.tuples(st.just("send"), PHONE, st.integers(1, 8), FATE, ORDER)
AGAIN = st.tuples(st.just("again"), PHONE, st.integers(1, 8), FATE, ORDER)
FALL = st.tuples(st.sampled_from(["backup", "restore", "copy", "clear"]), PHONE, PHONE, st.none(), st.none())
STEPS = st.one_of(EDIT, EDIT, EDIT, EDIT, EDIT, EDIT, DELETE, SEND, SEND, AGAIN, FALL)
HISTORIES = st.lists(STEPS, min_size=40, max_size=40)
PARTS = 3  # so that two processes share the work
EXAMPLES = 300 if connection.vendor == "sqlite" else 60  # in all; PostgreSQL has its own tests of what differs there
SOAK_EXAMPLES, SOAK_STEPS = 2000, 80


class Killed(Exception):
    """The server died before it had committed."""


@dataclass
class Phone:
    clock: timedelta
    rows: dict[str, Json] = field(default_factory=dict)  # what the server told it
    cursor: str | None = None
    queue: list[Json] = field(default_factory=list)
    sent: list[Json] = field(default_factory=list)
    backup: Phone | None = None

    def take_over(self, other: Phone) -> None:
        """Everything it held is now what `other` held, as after a restore or on a copied phone."""
        copy = deepcopy(other)
        self.rows, self.cursor, self.queue, self.sent = copy.rows, copy.cursor, copy.queue, copy.sent


@dataclass
class World:
    """The server, three phones, and what the model expects: values with the rev that set them, and who is gone."""

    user: User
    lump: UUID
    ids: list[UUID] = field(default_factory=lambda: [uuid4() for _ in range(3)])
    phones: list[Phone] = field(default_factory=lambda: [Phone(clock) for clock in CLOCKS])
    values: dict[str, dict[str, tuple[object, int]]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    first: dict[str, Json] = field(default_factory=dict)

    def edit(self, phone: Phone, row_id: UUID, sign: str, value: int) -> None:
        known = phone.rows.get(str(row_id))
        answer = value if sign == "pain" else value > 5
        fields: Json = {f"signs.{sign}": answer, "lump": str(self.lump)}
        if known is None:
            fields["observed_at"] = _written(AT + phone.clock)
        base_rev = known["rev"] if known else None
        phone.queue.append(
            {"op_id": str(uuid4()), "type": "observation", "id": str(row_id), "base_rev": base_rev, "fields": fields}
        )

    def delete(self, phone: Phone, row_id: UUID) -> None:
        phone.queue.append({"op_id": str(uuid4()), "type": "observation", "id": str(row_id), "deleted": True})

    def deliver(self, phone: Phone, operations: list[Json], *, fate: str) -> None:
        """One request with all of them. Where the server was killed, it never happened; where it was not answered, the
        phone does not know."""
        phone.sent += [one for one in operations if one not in phone.sent]
        if fate == "killed":
            with suppress(Killed):
                self._begin_and_die(phone, operations)
            return
        told = synchronise(self.user, cursor=phone.cursor, operations=operations, at=AT)
        own_revs: set[int] = set()
        for operation, result in zip(operations, told["results"], strict=True):
            self._check(operation, result, own_revs)
            own_revs |= {result["rev"]} if result["rev"] else set()
        if fate == "answered":
            self._hear(phone, told)
            phone.queue = [one for one in phone.queue if one not in operations]

    def _begin_and_die(self, phone: Phone, operations: list[Json]) -> None:
        with transaction.atomic():
            synchronise(self.user, cursor=phone.cursor, operations=operations, at=AT)
            raise Killed

    def pull(self, phone: Phone) -> None:
        self._hear(phone, synchronise(self.user, cursor=phone.cursor, operations=[], at=AT))

    def _hear(self, phone: Phone, told: Json) -> None:
        phone.cursor = told["cursor"]
        for change in told["changes"]:
            if change.get("deleted"):
                phone.rows.pop(change["id"], None)
            else:
                phone.rows[change["id"]] = {"rev": change["rev"], "fields": change["fields"]}

    def _check(self, operation: Json, result: Json, own_revs: set[int]) -> None:
        if operation["op_id"] in self.first:
            forgotten = {**self.first[operation["op_id"]], "conflicts": {}}  # what was erased is not echoed either
            assert result == self.first[operation["op_id"]] or (self.gone and result == forgotten)
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
        self._check_edit(operation, result, self.values.setdefault(row_id, {}), own_revs)

    def _check_edit(
        self, operation: Json, result: Json, values: dict[str, tuple[object, int]], own_revs: set[int]
    ) -> None:
        """Nothing that the phone had not seen is overwritten without a word."""
        expected: Json = {}
        changed = False
        for name, given_value in operation["fields"].items():
            had, rev = values.get(name, (None, 0))
            if name == "lump" or had == given_value:
                continue
            changed = True
            if had is not None and rev > (operation["base_rev"] or 0) and rev not in own_revs:
                expected[name] = {"kept": given_value, "other": had}
            values[name] = (given_value, result["rev"])
        assert result["conflicts"] == expected
        assert (result["status"] in ("applied", "merged")) == changed

    def assert_server_is_the_model(self) -> None:
        rows = {str(row.pk): row for row in Observation.objects.filter(lump=self.lump)}
        assert {pk: _said(row) for pk, row in rows.items()} == {
            pk: {name: value for name, (value, _) in values.items()} for pk, values in self.values.items()
        }
        assert {
            str(pk) for pk in Tombstone.objects.filter(user=self.user).values_list("row_id", flat=True)
        } == self.gone


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _said(row: Observation) -> Json:
    return {"observed_at": _written(row.observed_at), **{f"signs.{name}": value for name, value in row.signs.items()}}


def _begun() -> World:
    user = User.objects.create(email=f"{uuid4()}@example.org")
    person, lump = uuid4(), uuid4()
    put_row(user, PERSON, person, {}, at=AT)
    put_row(user, LUMP, lump, {"person": str(person), "site": "thigh"}, at=AT)
    return World(user, lump)


def _play(world: World, step: tuple[Any, ...]) -> None:  # Any: several kinds of step
    what, device, number, extra, order = step
    phone = world.phones[device]
    if what == "edit":
        world.edit(phone, world.ids[number], extra, order)
    elif what == "delete":
        world.delete(phone, world.ids[number])
    elif what == "backup":
        phone.backup = deepcopy(phone)
    elif what in ("restore", "copy"):
        phone.take_over((phone.backup if what == "restore" else world.phones[number]) or phone)
    elif what == "clear":
        phone.take_over(Phone(phone.clock))
    else:
        world.deliver(phone, _some(phone.queue if what == "send" else phone.sent, number, order), fate=extra)
        world.assert_server_is_the_model()


def _some(pool: list[Json], count: int, order: random.Random) -> list[Json]:
    return order.sample(pool, min(count, len(pool)))


def _converge(world: World) -> None:
    """The faults stop: everything goes out, everybody pulls, and all hold what the server holds."""
    for phone in world.phones:
        for _ in range(0, max(1, len(phone.queue)), 50):
            world.deliver(phone, phone.queue[:50], fate="answered")
    for phone in world.phones[:-1]:  # the last one has just heard everything
        world.pull(phone)
    world.assert_server_is_the_model()
    rows = Observation.objects.filter(lump=world.lump)
    server = {str(row.pk): {"rev": row.rev, "fields": flat_document(OBSERVATION, row)} for row in rows}
    for phone in world.phones:
        assert phone.queue == []
        assert {pk: row for pk, row in phone.rows.items() if pk in map(str, world.ids)} == server


def _assert_old_requests_change_nothing(world: World) -> None:
    last_rev = Person.objects.get(lumps=world.lump).last_rev
    phone = world.phones[0]
    ever = list({operation["op_id"]: operation for each in world.phones for operation in each.sent}.values())
    for start in range(0, len(ever), 50):
        world.deliver(phone, ever[start : start + 50], fate="unanswered")
    assert Person.objects.get(lumps=world.lump).last_rev == last_rev


def _live(history: list[tuple[Any, ...]]) -> None:  # Any: steps
    world = _begun()
    for step in history:
        _play(world, step)
    _converge(world)
    _assert_old_requests_change_nothing(world)


def _live_many(part: int, *, examples: int, histories: Any) -> None:  # Any: a strategy of steps
    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    phases = [Phase.generate]  # shrinking forty steps takes minutes: add Phase.shrink when one has failed
    bounds = settings(max_examples=examples, deadline=None, database=None, phases=phases, suppress_health_check=checks)
    seed(part)(bounds(given(histories)(_live)))()  # type: ignore[no-untyped-call]  # hypothesis does not type `seed`


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
def test_three_phones_lose_nothing_double_nothing_and_end_with_the_same_record(part: int) -> None:
    _live_many(part, examples=EXAMPLES // PARTS, histories=HISTORIES)


@pytest.mark.soak
@pytest.mark.django_db
@pytest.mark.parametrize("part", range(100, 110))
def test_they_still_do_over_long_histories(part: int) -> None:
    long = st.lists(STEPS, min_size=SOAK_STEPS, max_size=SOAK_STEPS)
    _live_many(part, examples=SOAK_EXAMPLES // 10, histories=long)
