"""A table that somebody kept by hand: what is meant is taken, what is unclear is asked, nothing is lost."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from tests.people import Somebody, ada, cal
from tests.tracking.test_exports import exported
from tests.tracking.test_imports import imported, post, previewed
from tracking.models import Lump, Observation
from tracking.sheet_rows import read_rows
from tracking.spreadsheet import plain_cell, safe_cell, template, write_csv

pytestmark = [pytest.mark.django_db, pytest.mark.any_database("how a table is read")]


@pytest.fixture(autouse=True)
def _storage(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGE_DIR = tmp_path / "storage"


def checks(somebody: Somebody) -> list[tuple[str, float | None, str]]:
    rows = somebody.get("observations/?page_size=200")["results"]
    return sorted((row["observed_at"][:10], row["length_mm"], row["note"]) for row in rows)


def test_the_template_can_be_sent_back_as_it_is() -> None:
    owner = ada()
    sheet = owner.ask("GET", "import/template/").content
    assert sheet == template()
    told = imported(owner, sheet)
    assert (told["problems"], told["by_kind"]["lump"]["new"], told["by_kind"]["observation"]["new"]) == ([], 1, 2)
    check = Observation.objects.order_by("observed_at").first()
    assert check is not None
    assert (check.length_mm, check.width_mm, check.method, check.signs) == (18.0, 14.0, "ruler", {"pain": 2})


def test_the_same_table_again_changes_nothing_and_a_longer_one_adds() -> None:
    owner = ada()
    sheet = "date,lump,length,unit\n2026-01-02,Back,18,mm\n"
    imported(owner, sheet.encode())
    assert imported(owner, sheet.encode())["same"] == 3
    longer = imported(owner, (sheet + "2026-01-09,back ,19,mm\n").encode())
    assert (longer["new"], longer["by_kind"]["lump"]["new"]) == (1, 0)
    assert Lump.objects.count() == 1


def test_a_mended_row_is_the_same_check() -> None:
    owner = ada()
    imported(owner, b"date,lump,length,unit\n2026-01-02,Back,18,mm\n")
    imported(owner, b"date,lump,length,unit,note\n2026-01-02,Back,19,mm,mended\n")
    assert checks(owner) == [("2026-01-02", 19.0, "mended")]


@pytest.mark.parametrize(
    "sheet",
    [
        "Fecha;Bulto;Lugar;Tamaño;Unidad;Nota\n02.01.2026;Back;Parte baja de la espalda;1,8;cm;hola\n",
        "\ufeffdate\tlump\tsite\tsize\tnote\n2026-01-02\tBack\tlower back\t18 mm\thola\n",
        'day,name,place,diameter,unit,comment\n"2026/1/2",Back,lower_back,"18,0",mm,hola\n',
    ],
)
def test_however_it_was_kept_it_is_the_same_check(sheet: str) -> None:
    owner = ada()
    told = imported(owner, sheet.encode())
    assert told["problems"] == []
    assert checks(owner) == [("2026-01-02", 18.0, "hola")]
    assert Lump.objects.get().site == "lower_back"


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_what_old_spreadsheets_wrote_is_read(encoding: str) -> None:
    owner = ada()
    imported(owner, "date,lump,length,unit,note\n2026-01-02,Back,18,mm,año\n".encode(encoding))
    assert checks(owner) == [("2026-01-02", 18.0, "año")]


def test_a_day_that_may_be_two_days_is_asked_about() -> None:
    owner = ada()
    sheet = b"date,lump,length,unit\n03/04/2026,Back,18,mm\n"
    questions = previewed(owner, sheet)["questions"]
    assert [(one["name"], one["example"]) for one in questions] == [("date_order", "03/04/2026")]
    unanswered = post(owner, sheet)
    assert (unanswered.status_code, unanswered.json()["code"]) == (400, "questions")
    assert list(unanswered.json()["fields"]) == ["date_order"]
    imported(owner, sheet, date_order="month_first")
    assert checks(owner) == [("2026-03-04", 18.0, "")]


@pytest.mark.parametrize(("days", "first"), [(("13/04/2026", "03/04/2026"), 3), (("04/13/2026", "04/03/2026"), 3)])
def test_one_plain_day_tells_how_the_others_are_written(days: tuple[str, str], first: int) -> None:
    rows = read_rows("\n".join(["date", *days]).encode(), order=None, unit=None)
    assert rows.questions == []
    assert [row.day.isoformat() for row in rows.rows] == ["2026-04-13", f"2026-04-{first:02}"]


def test_a_size_without_a_unit_is_asked_about() -> None:
    owner = ada()
    sheet = b"date,lump,length\n2026-01-02,Back,1.8\n"
    assert [one["name"] for one in previewed(owner, sheet)["questions"]] == ["unit"]
    imported(owner, sheet, unit="cm")
    assert checks(owner) == [("2026-01-02", 18.0, "")]


def test_whose_lumps_they_are_is_asked_where_there_are_several() -> None:
    owner = ada()
    owner.put_person(name="Ada")
    child = owner.put_person(name="Child")
    sheet = b"date,lump,length,unit\n2026-01-02,Back,18,mm\n"
    (question,) = previewed(owner, sheet)["questions"]
    assert (question["name"], str(child) in question["choices"]) == ("person", True)
    imported(owner, sheet, person=str(child))
    assert Lump.objects.get().person_id == child
    theirs = post(cal(), sheet, person=str(child))
    assert (theirs.status_code, list(theirs.json()["fields"])) == (400, ["person"])


def test_a_row_that_cannot_be_read_is_told_by_its_line_and_the_rest_are_taken() -> None:
    owner = ada()
    sheet = (
        "date,lump,site,length,unit,pain,note\n"
        "2026-01-02,Back,,18,mm,2,\n"
        "soon,Back,,18,mm,2,\n"
        '2026-01-03,Back,,18,mm,2,"a note\nof two lines"\n'
        "2026-01-04,Back,,big,mm,2,\n"
        "2026-01-05,Back,knie,18,mm,2,\n"
        "2026-01-06,Back,,18,feet,2,\n"
        "2026-01-07,Back,,18,mm,11,\n"
        "2026-01-08,Back,,18,cm,11,\n"
        "2099-01-08,Back,,18,mm,1,\n"
        "\n"
    )
    told = imported(owner, sheet.encode())
    assert sorted(int(problem["where"].split()[-1]) for problem in told["problems"]) == [3, 6, 7, 8, 9, 10, 11]
    assert checks(owner) == [("2026-01-02", 18.0, ""), ("2026-01-03", 18.0, "a note\nof two lines")]


def test_what_no_column_is_for_goes_into_the_note() -> None:
    owner = ada()
    imported(owner, b"date,lump,length,unit,Mood,\n2026-01-02,Back,18,mm,fine,more\n")
    assert checks(owner) == [("2026-01-02", 18.0, "Mood: fine\nmore")]


def test_an_empty_cell_takes_nothing_away() -> None:
    owner = ada()
    person = owner.put_person()
    lump = owner.put_lump(person, label="Back")
    check = owner.put_observation(lump, length_mm=18, note="kept", signs={"fever": False, "pain": 1})
    table = f"date,lump,length,unit,pain,id\n2026-09-21,Back,20,mm,3,{check}\n"
    imported(owner, table.encode())
    row = owner.get(f"observations/{check}/")
    assert (row["length_mm"], row["note"], row["signs"]) == (20.0, "kept", {"fever": False, "pain": 3})


def test_the_table_of_an_export_comes_back_as_what_it_is() -> None:
    owner = ada()
    lump = owner.put_lump(label="=Back")
    owner.put_observation(lump, length_mm=18, note="-1 today")
    told = imported(owner, exported(owner)["checks.csv"])
    assert (told["new"], told["same"], told["different"], told["problems"]) == (0, 3, 0, [])
    assert Observation.objects.get().note == "-1 today"


SHARP = st.text(st.sampled_from("=+-@＝＠'\";\t\r\n ,x1"), max_size=12)


@given(SHARP)
@example("'=1")
@example("\n'=1")
def test_a_cell_that_was_made_safe_is_read_as_it_was(text: str) -> None:
    assert plain_cell(safe_cell(text)) == text


@given(SHARP)
@example("x;=1+1;")
@example("x\n=1+1")
@example('x;"=1')
def test_no_piece_of_a_cell_is_a_formula_where_semicolons_part_cells(text: str) -> None:
    for row in csv.reader(io.StringIO(write_csv([["a", text, "b"]]).decode("utf-8-sig"), newline=""), delimiter=";"):
        assert not [piece for piece in row if piece.strip(' \t\r\n"').startswith(tuple("=+-@＝＠"))]
    for piece in re.split(r"[;\t\r\n]", safe_cell(text))[1:]:
        assert not piece.strip(' "').startswith(tuple("=+-@＝＠"))
