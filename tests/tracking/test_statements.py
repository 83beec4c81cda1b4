"""A question that was put before answers as the query does that it was built from."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from tests.people import Somebody
from tests.people import ada as sign_ada_up
from tracking.models import Lump, Observation, Person
from tracking.statements import Change, Question

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Somebody:
    return sign_ada_up()


def test_it_gives_the_rows_of_the_query_with_all_that_was_joined(ada: Somebody) -> None:
    lump = ada.put_lump(label="Neck")
    ada.put_observation(lump, note="Sore", length_mm=12.5)

    def checks(lump: UUID) -> QuerySet[Observation]:
        rows = Observation.objects.filter(lump=lump).select_related("lump__person")
        return rows.annotate(role_here=F("person__memberships__role"))

    (asked,), (known,) = Question(checks, lump=UUID).all(lump=lump), list(checks(lump))
    assert asked.__dict__.keys() == known.__dict__.keys()
    assert {name: value for name, value in asked.__dict__.items() if name != "_state"} == {
        name: value for name, value in known.__dict__.items() if name != "_state"
    }
    assert not asked._state.adding
    assert (asked.lump.label, asked.lump.person) == ("Neck", known.lump.person)


def test_it_gives_columns_where_the_query_does(ada: Somebody) -> None:
    lump = ada.put_lump()
    ada.put_observation(lump, signs={"fever": True})
    columns = Question(lambda lump: Observation.objects.filter(lump=lump).values_list("lump", "signs"), lump=UUID)
    flat = Question(lambda lump: Observation.objects.filter(lump=lump).values_list("lump", flat=True), lump=UUID)
    assert columns.all(lump=lump) == [(lump, {"fever": True})]
    assert flat.first(lump=lump) == lump


def test_it_is_built_once_and_asked_with_other_values(ada: Somebody) -> None:
    built = []

    def lumps(lump: UUID) -> QuerySet[Lump]:
        built.append(lump)
        return Lump.objects.filter(pk=lump)

    question, both = Question(lumps, lump=UUID), (ada.put_lump(), ada.put_lump())
    found = [question.first(lump=lump) for lump in (*both, *both, uuid4())]
    assert [row and row.pk for row in found] == [*both, *both, None]
    assert lumps(both[0]).get() == found[0]
    assert len(set(built[:-1])) == 1


def test_a_change_is_made_where_its_values_say(ada: Somebody) -> None:
    person, other = ada.put_person(), ada.put_person()

    def seen(row: UUID, rev: int, at: datetime) -> tuple[QuerySet[Person], dict[str, object]]:
        return Person.objects.filter(pk=row), {"last_rev": rev, "updated_at": at}

    due = Change(seen, row=UUID, rev=int, at=datetime)
    at = timezone.now()
    assert due.make(row=person, rev=77, at=at) == 1
    assert due.make(row=uuid4(), rev=78, at=at) == 0
    assert Person.objects.values_list("last_rev", "updated_at").get(pk=person) == (77, at)
    assert Person.objects.get(pk=other).last_rev < 77


def test_what_does_not_reach_the_query_is_a_mistake(ada: Somebody) -> None:
    with pytest.raises(ValueError, match="not in its SQL"):
        Question(lambda **_: Person.objects.all(), person=UUID).all(person=ada.put_person())


def test_postgresql_plans_it_once_for_a_connection(ada: Somebody) -> None:
    lump = ada.put_lump()
    question = Question(lambda lump: Lump.objects.filter(pk=lump).values_list("site"), lump=UUID)
    for _ in range(5):
        assert question.first(lump=lump)
    assert prepared('"tracking_lump"."site"%') == (1 if connection.vendor == "postgresql" else 0)


def prepared(select: str) -> int:
    """How many statements that begin so this connection has prepared; SQLite keeps no such list."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", [f"SELECT {select}"])
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_what_locks_is_refused_outside_a_transaction_each_time(ada: Somebody) -> None:
    person = ada.put_person()
    locked = Question(lambda person: Person.objects.select_for_update().filter(pk=person), person=UUID)
    with transaction.atomic():
        assert locked.first(person=person)
    with pytest.raises(transaction.TransactionManagementError):
        locked.first(person=person)
