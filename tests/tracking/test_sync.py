"""Phones that were offline: what they did is applied once, merged answer by answer, and told to the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from tests.people import OBSERVED_AT, Somebody, ada, cal
from tracking.models import Lump, Observation, Person, Superseded

pytestmark = pytest.mark.django_db


@dataclass
class Phone:
    """A device of an account, with its own cursor."""

    owner: Somebody
    cursor: str | None = None
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)  # Any: JSON

    def sync(self, *operations: dict[str, Any]) -> Any:  # Any: JSON
        answer = self.owner.post("sync/", {"cursor": self.cursor, "operations": operations})
        self.cursor = answer["cursor"]
        for change in answer["changes"]:
            if change.get("deleted"):
                self.rows.pop(change["id"], None)
            else:
                self.rows[change["id"]] = {"rev": change["rev"], **change["fields"]}
        return answer


def edit(type_: str, row_id: UUID, *, base_rev: int | None = None, **fields: object) -> dict[str, Any]:
    named = {name.replace("__", "."): value for name, value in fields.items()}
    return {"op_id": str(uuid4()), "type": type_, "id": str(row_id), "base_rev": base_rev, "fields": named}


def deletion(kind: str, row_id: UUID) -> dict[str, Any]:
    return {"op_id": str(uuid4()), "type": kind, "id": str(row_id), "base_rev": None, "deleted": True}


@pytest.fixture(name="ada")
def _ada() -> Somebody:
    return ada()


@pytest.fixture(name="check")
def _check(ada: Somebody) -> UUID:
    return ada.put_observation(ada.put_lump(), signs={"fever": False})


def rev_of(check: UUID) -> int:
    return Observation.objects.get(pk=check).rev


def statuses(answer: Any) -> list[str]:  # Any: JSON
    return [result["status"] for result in answer["results"]]


def test_a_whole_record_logged_offline_arrives_in_one_request(ada: Somebody) -> None:
    person, lump, check, care = (uuid4() for _ in range(4))
    answer = Phone(ada).sync(
        edit("person", person, name="Ada"),
        edit("lump", lump, person=str(person), site="thigh"),
        edit("observation", check, lump=str(lump), observed_at=OBSERVED_AT, signs__fever=False),
        edit("care", care, lump=str(lump), on="2026-10-02", kind="booked"),
    )
    assert statuses(answer) == ["applied"] * 4
    assert [result["rev"] for result in answer["results"]] == [1, 2, 3, 4]
    assert Observation.objects.get(pk=check).signs == {"fever": False}
    assert {change["type"] for change in answer["changes"]} == {"person", "lump", "observation", "care"}


def test_another_phone_hears_of_it_with_answers_named_one_by_one(ada: Somebody, check: UUID) -> None:
    other = Phone(ada)
    other.sync()
    assert other.rows[str(check)]["signs.fever"] is False
    assert other.rows[str(check)]["lump"] == str(Observation.objects.get().lump_id)
    assert other.sync()["changes"] == []


def test_an_answer_that_was_taken_back_is_told_as_null(ada: Somebody, check: UUID) -> None:
    ada.ask("PATCH", f"observations/{check}/", {"signs": {"fever": None}})
    phone = Phone(ada)
    phone.sync()
    assert phone.rows[str(check)]["signs.fever"] is None


def test_two_phones_that_answer_different_questions_both_survive(ada: Somebody, check: UUID) -> None:
    base = rev_of(check)
    first = Phone(ada).sync(edit("observation", check, base_rev=base, signs__red=True))
    second = Phone(ada).sync(edit("observation", check, base_rev=base, signs__pain=3, length_mm=18))
    assert (statuses(first), statuses(second)) == (["applied"], ["merged"])
    assert second["results"][0]["conflicts"] == {}
    row = Observation.objects.get(pk=check)
    assert (row.signs, row.length_mm) == ({"fever": False, "red": True, "pain": 3}, 18)


def test_of_two_answers_to_one_question_the_later_arrival_is_kept_and_the_other_told(
    ada: Somebody, check: UUID
) -> None:
    base = rev_of(check)
    Phone(ada).sync(edit("observation", check, base_rev=base, signs__pain=3, note="Mine"))
    answer = Phone(ada).sync(edit("observation", check, base_rev=base, signs__pain=5, note="Hers"))
    assert statuses(answer) == ["merged"]
    assert answer["results"][0]["conflicts"] == {
        "signs.pain": {"kept": 5, "other": 3},
        "note": {"kept": "Hers", "other": "Mine"},
    }
    assert Observation.objects.get(pk=check).signs["pain"] == 5
    assert sorted((row.field, row.value) for row in Superseded.objects.all()) == [
        ("note", '"Mine"'),
        ("signs.pain", "3"),
    ]


def test_the_same_answer_from_two_phones_is_no_conflict(ada: Somebody, check: UUID) -> None:
    base = rev_of(check)
    Phone(ada).sync(edit("observation", check, base_rev=base, signs__pain=3))
    answer = Phone(ada).sync(edit("observation", check, base_rev=base, signs__pain=3))
    assert (statuses(answer), answer["results"][0]["conflicts"]) == (["unchanged"], {})


def test_a_phone_that_changes_its_mind_offline_does_not_conflict_with_itself(ada: Somebody, check: UUID) -> None:
    base = rev_of(check)
    answer = Phone(ada).sync(
        edit("observation", check, base_rev=base, signs__pain=3),
        edit("observation", check, base_rev=base, signs__pain=5),
    )
    assert [result["conflicts"] for result in answer["results"]] == [{}, {}]
    assert statuses(answer) == ["applied", "applied"]


def test_a_length_and_readings_from_two_phones_leave_one_measurement(ada: Somebody, check: UUID) -> None:
    base = rev_of(check)
    Phone(ada).sync(edit("observation", check, base_rev=base, readings_mm=[17, 18, 19]))
    answer = Phone(ada).sync(edit("observation", check, base_rev=base, length_mm=25))
    row = Observation.objects.get(pk=check)
    assert (row.length_mm, row.readings_mm) == (25, [])
    assert answer["results"][0]["conflicts"]["readings_mm"] == {"kept": [], "other": [17.0, 18.0, 19.0]}


def test_a_repeated_operation_gets_its_first_result_and_changes_nothing(ada: Somebody, check: UUID) -> None:
    operation = edit("observation", check, base_rev=rev_of(check), signs__pain=3)
    first = Phone(ada).sync(operation)
    Phone(ada).sync(edit("observation", check, base_rev=rev_of(check), signs__pain=7))
    again = Phone(ada).sync(operation, operation)
    assert again["results"] == first["results"] * 2
    assert Observation.objects.get(pk=check).signs["pain"] == 7


def test_a_rejected_operation_stays_rejected_under_its_id(ada: Somebody) -> None:
    operation = edit("observation", uuid4(), lump=str(uuid4()), observed_at=OBSERVED_AT)
    first = Phone(ada).sync(operation)
    assert (statuses(first), first["results"][0]["error"]["code"]) == (["rejected"], "not_found")
    assert Phone(ada).sync(operation)["results"] == first["results"]


def test_an_op_id_of_somebody_else_means_nothing(ada: Somebody) -> None:
    operation = edit("person", uuid4(), name="Ada")
    Phone(ada).sync(operation)
    stranger = Phone(cal()).sync({**operation, "id": str(uuid4())})
    assert statuses(stranger) == ["applied"]


def test_one_bad_operation_of_fifty_never_stops_the_rest(ada: Somebody) -> None:
    operations: list[Any] = [edit("person", uuid4(), name=f"{number}") for number in range(50)]
    operations[7] = edit("person", uuid4(), nmae="Ada")
    answer = Phone(ada).sync(*operations)
    assert statuses(answer).count("applied") == 49
    assert answer["results"][7]["error"]["fields"] == {"nmae": ["There is no field of this name."]}
    assert Person.objects.count() == 49


@pytest.mark.parametrize(
    "broken",
    [
        None,
        3,
        {},
        {"op_id": "x"},
        {"op_id": 3},
        {"op_id": str(uuid4())},
        {"op_id": str(uuid4()), "type": "moon", "id": str(uuid4()), "fields": {}},
        {"op_id": str(uuid4()), "type": "person", "id": "ada", "fields": {}},
        {"op_id": str(uuid4()), "type": "person", "id": str(uuid4()), "fields": [], "base_rev": "x"},
        {"op_id": str(uuid4()), "type": "person", "id": str(uuid4()), "fields": {"background.fever": True}},
        {"op_id": str(uuid4()), "type": "person", "id": str(uuid4()), "fields": {"name.first": "Ada"}},
        {"op_id": str(uuid4()), "type": "person", "id": str(uuid4()), "base_rev": -1, "fields": {}},
        {"op_id": str(uuid4()), "type": "person", "id": str(uuid4()), "base_rev": 10**30, "fields": {}},
        {"op_id": str(uuid4()), "type": "person", "id": str(uuid4()), "fields": {"background": 3, "background.x": 1}},
        {"op_id": [1], "type": ["person"], "id": {}, "fields": "x"},
    ],
)
def test_whatever_is_no_operation_is_rejected_alone(ada: Somebody, broken: object) -> None:
    good = edit("person", uuid4(), name="Ada")
    answer = ada.post("sync/", {"operations": [broken, good]})
    assert statuses(answer) == ["rejected", "applied"]
    assert answer["results"][0]["error"]["fields"]
    assert isinstance(answer["results"][0]["op_id"], str | None)


def test_more_than_fifty_operations_are_too_many(ada: Somebody) -> None:
    answer = ada.ask("POST", "sync/", {"operations": [edit("person", uuid4())] * 51})
    assert answer.status_code == 400


@pytest.mark.parametrize("body", [{"operations": {}}, {"operations": "x"}, []])
def test_a_request_of_another_shape_is_refused(ada: Somebody, body: object) -> None:
    assert ada.ask("POST", "sync/", body).status_code == 400


def test_deletion_wins_over_an_edit_from_a_phone_that_did_not_know(ada: Somebody, check: UUID) -> None:
    base = rev_of(check)
    assert statuses(Phone(ada).sync(deletion("observation", check))) == ["applied"]
    answer = Phone(ada).sync(edit("observation", check, base_rev=base, signs__pain=3))
    assert (statuses(answer), answer["results"][0]["error"]["code"]) == (["rejected"], "deleted")
    assert statuses(Phone(ada).sync(deletion("observation", check))) == ["unchanged"]
    assert not Observation.objects.exists()


def test_a_deleted_lump_is_told_with_all_that_hung_on_it(ada: Somebody, check: UUID) -> None:
    phone = Phone(ada)
    phone.sync()
    lump = Lump.objects.get().pk
    Phone(ada).sync(deletion("lump", lump))
    changes = phone.sync()["changes"]
    assert [(change["type"], change["id"], change["deleted"]) for change in changes] == [
        ("observation", str(check), True),
        ("lump", str(lump), True),
    ]


def test_a_deleted_person_is_told_to_phones_that_knew_it(ada: Somebody, check: UUID) -> None:
    phone, person = Phone(ada), Person.objects.get().pk
    phone.sync()
    ada.ask("DELETE", f"persons/{person}/")
    assert [change["id"] for change in phone.sync()["changes"] if change["type"] == "person"] == [str(person)]
    assert phone.sync()["changes"] == []


def test_a_person_that_is_no_longer_shared_leaves_the_phone(ada: Somebody, check: UUID) -> None:
    phone, person = Phone(ada), Person.objects.get()
    phone.sync()
    person.memberships.all().delete()
    assert [(one["id"], one["deleted"]) for one in phone.sync()["changes"]] == [(str(person.pk), True)]
    assert phone.sync()["changes"] == []


def test_a_stranger_reads_and_changes_nothing_through_sync(ada: Somebody, check: UUID) -> None:
    phone = Phone(ada)
    phone.sync()
    stranger = Phone(cal(), cursor=phone.cursor)
    answer = stranger.sync(edit("observation", check, base_rev=9, signs__pain=3), deletion("observation", check))
    assert [result["error"]["code"] for result in answer["results"]] == ["not_found", "not_found"]
    assert [change for change in answer["changes"] if "fields" in change] == []


def test_what_a_phone_wrote_lies_sealed_in_results_and_superseded_values(ada: Somebody, check: UUID) -> None:
    base = rev_of(check)
    for note in ("secret one", "secret two"):
        Phone(ada).sync(edit("observation", check, base_rev=base, note=note))
    for table in ("tracking_operation", "tracking_superseded", "tracking_observation"):
        assert "secret" not in _raw(table)


def _raw(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")  # noqa: S608  three names written above
        return str(cursor.fetchall())
