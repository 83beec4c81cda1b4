"""Rows over HTTP: made by their maker's id, replaced, changed in part, deleted, and never anybody else's."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from tests.people import OBSERVED_AT, Somebody, ada, cal, nobody
from tracking.models import Lump, Observation, Person

pytestmark = pytest.mark.django_db


@pytest.fixture(name="ada")
def _ada() -> Somebody:
    return ada()


def test_a_lump_is_made_under_the_id_that_its_maker_chose(ada: Somebody) -> None:
    person, lump = ada.put_person(name="Ada"), uuid4()
    answer = ada.ask("PUT", f"lumps/{lump}/", {"person": str(person), "site": "thigh"})
    assert answer.status_code == 201
    assert ada.get(f"lumps/{lump}/")["site"] == "thigh"


def test_the_same_put_said_again_is_200_and_changes_no_rev(ada: Somebody) -> None:
    person = ada.put_person(name="Ada")
    path, body = f"lumps/{uuid4()}/", {"person": str(person), "site": "thigh", "label": "The old one"}
    first = ada.put(path, body)
    again = ada.ask("PUT", path, body)
    assert (again.status_code, json.loads(again.content)) == (200, first)


def test_what_was_read_can_be_written_back(ada: Somebody) -> None:
    lump = ada.put_lump()
    check = ada.put_observation(lump, readings_mm=[17, 18, 19], signs={"fever": False, "pain": 2})
    care = ada.put_care(lump, by="clinician", outcome="Come back in March")
    for path in (f"lumps/{lump}/", f"observations/{check}/", f"care/{care}/"):
        read = ada.get(path)
        assert ada.put(path, read) == read


def test_put_replaces_the_whole_row(ada: Somebody) -> None:
    lump = ada.put_lump(label="Left thigh", background={"since_birth": True})
    ada.put_lump(Lump.objects.get(pk=lump).person_id, lump)
    read = ada.get(f"lumps/{lump}/")
    assert (read["label"], read["background"]) == ("", {})


def test_an_id_in_the_body_must_be_the_one_in_the_address(ada: Somebody) -> None:
    person = ada.put_person()
    answer = ada.ask("PUT", f"lumps/{uuid4()}/", {"id": str(uuid4()), "person": str(person), "site": "thigh"})
    assert answer.status_code == 400
    assert list(json.loads(answer.content)["fields"]) == ["id"]


def test_patch_merges_answers_by_name_and_null_takes_one_back(ada: Somebody) -> None:
    check = ada.put_observation(ada.put_lump(), signs={"fever": True, "pain": 2})
    answer = ada.ask("PATCH", f"observations/{check}/", {"signs": {"fever": None, "red": False}})
    assert answer.status_code == 200
    assert ada.get(f"observations/{check}/")["signs"] == {"pain": 2, "red": False}


def test_patch_leaves_what_it_does_not_name(ada: Somebody) -> None:
    lump = ada.put_lump(label="Old one", side="left")
    ada.ask("PATCH", f"lumps/{lump}/", {"side": None})
    read = ada.get(f"lumps/{lump}/")
    assert (read["label"], read["side"]) == ("Old one", None)


def test_a_change_to_what_is_not_there_is_404(ada: Somebody) -> None:
    assert ada.ask("PATCH", f"lumps/{uuid4()}/", {"label": "x"}).status_code == 404


@pytest.mark.parametrize("site", [None, "moon", 3, ""])
def test_a_lump_needs_a_place_that_is_known(ada: Somebody, site: object) -> None:
    answer = ada.ask("PUT", f"lumps/{uuid4()}/", {"person": str(ada.put_person()), "site": site})
    assert answer.status_code == 400
    assert list(json.loads(answer.content)["fields"]) == ["site"]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"signs": {"fevr": True}}, "signs.fevr"),
        ({"signs": {"fever": "yes"}}, "signs.fever"),
        ({"signs": {"fever": 1}}, "signs.fever"),
        ({"signs": {"pain": 11}}, "signs.pain"),
        ({"signs": {"pain": 10**400}}, "signs.pain"),
        ({"signs": []}, "signs"),
        ({"length_mm": "18"}, "length_mm"),
        ({"length_mm": True}, "length_mm"),
        ({"length_mm": -1}, "length_mm"),
        ({"length_mm": 10**400}, "length_mm"),
        ({"readings_mm": [17, "18"]}, "readings_mm.1"),
        ({"readings_mm": [17, 18, 19], "length_mm": 25}, "length_mm"),
        ({"observed_at": "2026-09-21T19:04:00"}, "observed_at"),
        ({"observed_at": "yesterday"}, "observed_at"),
        ({"method": "eye"}, "method"),
        ({"note": 5}, "note"),
        ({"note": "half a character \ud800"}, "note"),
        ({"note": "nothing \x00"}, "note"),
        ({"colour": "red"}, "colour"),
        ({"person": "somebody"}, "person"),
    ],
)
def test_a_slip_is_refused_by_the_name_of_its_field(ada: Somebody, fields: dict[str, object], named: str) -> None:
    body = {"lump": str(ada.put_lump()), "observed_at": OBSERVED_AT, **fields}
    answer = ada.ask("PUT", f"observations/{uuid4()}/", body)
    assert answer.status_code == 400, answer.content
    assert named in json.loads(answer.content)["fields"]
    assert not Observation.objects.exists()


@pytest.mark.parametrize("given", [{"first_noticed_on": "2999-01-01"}, {"background": {"cause_on": "2190-01-01"}}])
def test_a_lump_was_not_noticed_tomorrow(ada: Somebody, given: dict[str, object]) -> None:
    answer = ada.ask("PUT", f"lumps/{uuid4()}/", {"person": str(ada.put_person()), "site": "thigh", **given})
    assert answer.status_code == 400


def test_readings_fill_in_the_length_by_their_median(ada: Somebody) -> None:
    check = ada.put_observation(ada.put_lump(), readings_mm=[17, 19, 18.4])
    assert ada.get(f"observations/{check}/")["length_mm"] == 18.4


def test_a_check_from_a_phone_whose_clock_runs_ahead_is_data(ada: Somebody) -> None:
    check = ada.put_observation(ada.put_lump(), observed_at="2031-01-01T00:00:00Z", received_at="2031-01-02T00:00:00Z")
    read = ada.get(f"observations/{check}/")
    assert read["observed_at"].startswith("2031-01-01")
    assert not read["received_at"].startswith("2031")


def test_the_moment_of_receipt_is_the_first_one(ada: Somebody) -> None:
    lump = ada.put_lump()
    check = ada.put_observation(lump)
    first = ada.get(f"observations/{check}/")["received_at"]
    ada.put_observation(lump, check, note="Later")
    assert ada.get(f"observations/{check}/")["received_at"] == first


def test_what_a_clinician_wrote_counts_only_once_confirmed(ada: Somebody) -> None:
    lump = ada.put_lump()
    by_person, by_clinician = ada.put_care(lump), ada.put_care(lump, by="clinician")
    assert ada.get(f"care/{by_person}/")["confirmed"] is True
    assert ada.get(f"care/{by_clinician}/")["confirmed"] is False


def test_care_is_put_whole_and_not_patched(ada: Somebody) -> None:
    care = ada.put_care(ada.put_lump())
    assert ada.ask("PATCH", f"care/{care}/", {"note": "x"}).status_code == 405


def test_a_check_does_not_move_to_another_lump(ada: Somebody) -> None:
    lump = ada.put_lump()
    check, other = ada.put_observation(lump), ada.put_lump(Lump.objects.get(pk=lump).person_id)
    answer = ada.ask("PATCH", f"observations/{check}/", {"lump": str(other)})
    assert (answer.status_code, list(json.loads(answer.content)["fields"])) == (400, ["lump"])


def test_deleting_may_be_repeated_and_the_id_never_comes_back(ada: Somebody) -> None:
    lump = ada.put_lump()
    person = Lump.objects.get(pk=lump).person_id
    assert [ada.ask("DELETE", f"lumps/{lump}/").status_code for _ in range(2)] == [204, 204]
    again = ada.ask("PUT", f"lumps/{lump}/", {"person": str(person), "site": "thigh"})
    assert (again.status_code, json.loads(again.content)["code"]) == (409, "deleted")
    assert ada.ask("GET", f"lumps/{lump}/").status_code == 404


@pytest.mark.parametrize("kind", ["persons", "lumps", "observations", "care"])
def test_every_kind_of_row_can_be_deleted(ada: Somebody, kind: str) -> None:
    lump = ada.put_lump()
    ids = {"lumps": lump, "persons": Lump.objects.get().person_id}
    ids |= {"observations": ada.put_observation(lump), "care": ada.put_care(lump)}
    assert ada.ask("DELETE", f"{kind}/{ids[kind]}/").status_code == 204
    assert ada.ask("GET", f"{kind}/{ids[kind]}/").status_code == 404


def test_what_was_logged_about_a_lump_goes_with_it(ada: Somebody) -> None:
    lump = ada.put_lump()
    check = ada.put_observation(lump)
    ada.ask("DELETE", f"lumps/{lump}/")
    again = ada.ask("PUT", f"observations/{check}/", {"lump": str(lump), "observed_at": OBSERVED_AT})
    assert again.status_code == 409
    assert not Observation.objects.exists()


def test_one_id_may_be_used_for_two_kinds_of_row_and_both_be_deleted(ada: Somebody) -> None:
    same = uuid4()
    ada.put_lump(ada.put_person(same), same)
    ada.put_observation(same, same)
    assert ada.ask("DELETE", f"persons/{same}/").status_code == 204


def test_a_stranger_cannot_log_under_somebody_elses_lump(ada: Somebody) -> None:
    lump, stranger = ada.put_lump(), cal()
    answer = stranger.ask("PUT", f"observations/{uuid4()}/", {"lump": str(lump), "observed_at": OBSERVED_AT})
    missing = stranger.ask("PUT", f"observations/{uuid4()}/", {"lump": str(uuid4()), "observed_at": OBSERVED_AT})
    assert (answer.status_code, answer.content) == (404, missing.content)


def test_a_stranger_cannot_make_a_row_under_an_id_that_is_taken_or_was(ada: Somebody) -> None:
    stranger = cal()
    person = stranger.put_person()
    alive, dead = ada.put_lump(), ada.put_lump()
    ada.ask("DELETE", f"lumps/{dead}/")
    for lump in (alive, dead):
        assert stranger.ask("PUT", f"lumps/{lump}/", {"person": str(person), "site": "thigh"}).status_code == 404
        assert stranger.ask("DELETE", f"lumps/{lump}/").status_code == 404


def test_every_write_rings_the_lumps_alarm_clock(ada: Somebody) -> None:
    lump = ada.put_lump()
    Lump.objects.update(assess_after=None)
    for write in (
        lambda: ada.put_observation(lump),
        lambda: ada.put_care(lump),
        lambda: ada.ask("PATCH", f"persons/{Lump.objects.get(pk=lump).person_id}/", {"birth_date": "1971"}),
        lambda: ada.ask("PATCH", f"lumps/{lump}/", {"side": "left"}),
        lambda: ada.ask("DELETE", f"observations/{Observation.objects.get().pk}/"),
    ):
        write()
        assert Lump.objects.get(pk=lump).assess_after is not None
        Lump.objects.update(assess_after=None)


def test_each_row_takes_its_own_rev_from_the_persons_counter(ada: Somebody) -> None:
    person = ada.put_person()
    lump = ada.put_lump(person)
    ada.put_observation(lump)
    assert Person.objects.get(pk=person).last_rev == 3
    assert ada.get("observations/")["results"][0]["rev"] == 3


def test_lists_come_newest_first_a_page_at_a_time(ada: Somebody) -> None:
    lump = ada.put_lump()
    days = [ada.put_observation(lump, observed_at=f"2026-09-{day:02}T08:00:00Z") for day in (3, 1, 2)]
    page = ada.get(f"observations/?lump={lump}&page_size=2")
    rest = ada.get(page["next"].partition("/api/v1/")[2])
    seen = [row["id"] for row in page["results"] + rest["results"]]
    assert seen == [str(days[0]), str(days[2]), str(days[1])]
    assert rest["next"] is None


def test_lumps_are_listed_by_person_and_by_whether_they_are_open(ada: Somebody) -> None:
    person = ada.put_person()
    is_open, closed = ada.put_lump(person), ada.put_lump(person, closed_on="2026-09-01", closed_reason="removed")
    ada.put_lump()
    mine = ada.get(f"lumps/?person={person}")["results"]
    assert {row["id"] for row in mine} == {str(is_open), str(closed)}
    assert [row["id"] for row in ada.get(f"lumps/?person={person}&open=true")["results"]] == [str(is_open)]
    assert [row["id"] for row in ada.get("lumps/?open=false")["results"]] == [str(closed)]


@pytest.mark.parametrize("query", ["lumps/?person=zzz", "lumps/?open=perhaps", "observations/?lump=zzz"])
def test_a_filter_that_cannot_be_read_is_named(ada: Somebody, query: str) -> None:
    answer = ada.ask("GET", query)
    name = query.partition("?")[2].partition("=")[0]
    assert (answer.status_code, list(json.loads(answer.content)["fields"])) == (400, [name])


def test_a_query_that_is_no_id_is_refused(ada: Somebody) -> None:
    assert ada.ask("GET", "lumps/?person=ada").status_code == 400


def test_somebody_elses_id_in_a_query_matches_nothing(ada: Somebody) -> None:
    lump = ada.put_lump()
    ada.put_observation(lump)
    assert cal().get(f"observations/?lump={lump}")["results"] == []


def test_the_history_document_holds_what_was_logged(ada: Somebody) -> None:
    lump = ada.put_lump(ada.put_person(birth_date="1971-04", time_zone="Europe/London"), background={"cause": "injury"})
    ada.put_observation(lump, length_mm=18, signs={"fever": False})
    ada.put_care(lump)
    history = ada.get(f"lumps/{lump}/history/")
    assert history["format"] == "lumptracker.history/1"
    assert history["person"]["birth_date"] == "1971-04"
    assert history["lump"]["background"] == {"cause": "injury"}
    assert history["observations"][0]["signs"] == {"fever": False}
    assert history["care"][0]["kind"] == "booked"


def test_somebody_who_is_not_signed_in_is_told_so_in_the_one_shape() -> None:
    answer = nobody().ask("GET", "lumps/")
    assert answer.status_code == 401
    assert json.loads(answer.content) == {"code": "not_authenticated", "message": "Sign in first.", "fields": {}}
