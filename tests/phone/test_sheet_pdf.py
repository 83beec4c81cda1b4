"""The sheet to print, as a PDF library reads it: true millimetres, on one page of A4."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from benchmarks.camera.phone import NODE_MODULES, bundle
from tests.servers import without

MM = 25.4 / 72
MAKE = "import(process.argv[1]).then(m => process.stdout.write(m.sheetPdf({title: 'T', how: ['a (b)'], bar: 'bär'})))"
Box = tuple[float, float, float, float]


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    if not NODE_MODULES.exists():
        without("the phone app's packages are not installed (run: make setup)")
    folder: Path = tmp_path_factory.mktemp("sheet")
    bundle(folder)
    made = subprocess.run(["node", "-e", MAKE, str(folder / "sheet.mjs")], check=True, capture_output=True)
    return PdfReader(BytesIO(made.stdout), strict=True)


def boxes(sheet: PdfReader) -> list[Box]:
    """Every rectangle of the page in millimetres: left, bottom, width and height."""
    found: list[Box] = []

    def seen(operator: bytes, operands: list[float], matrix: list[float], _text: list[float]) -> None:
        if operator == b"re":
            assert matrix == [1.0, 0.0, 0.0, 1.0, 0.0, 0.0], "nothing scales the page"
            left, bottom, width, height = (float(operand) * MM for operand in operands)
            found.append((left, bottom, width, height))

    sheet.pages[0].extract_text(visitor_operand_before=seen)
    return found


def test_four_squares_of_fifteen_millimetres_stand_twenty_five_apart(sheet: PdfReader) -> None:
    squares = [box for box in boxes(sheet) if box[2] == pytest.approx(15, abs=0.01)]
    assert [box[3] for box in squares] == pytest.approx([15] * 4, abs=0.01)
    lefts, bottoms = ({round(box[axis], 1) for box in squares} for axis in (0, 1))
    assert max(lefts) - min(lefts) == pytest.approx(25, abs=0.05)
    assert max(bottoms) - min(bottoms) == pytest.approx(25, abs=0.05)


def test_the_bar_to_check_the_print_is_fifty_millimetres_and_everything_lies_on_the_page(sheet: PdfReader) -> None:
    assert len(sheet.pages) == 1
    page = sheet.pages[0].mediabox
    assert (float(page.width) * MM, float(page.height) * MM) == pytest.approx((210, 297), abs=0.01)
    assert "/UserUnit" not in sheet.pages[0]
    bars = [
        box for box in boxes(sheet) if box[2] == pytest.approx(50, abs=0.001) and box[3] == pytest.approx(3, abs=0.01)
    ]
    assert len(bars) == 1
    for left, bottom, width, height in boxes(sheet):
        assert min(left, bottom) >= 10
        assert left + width <= 200
        assert bottom + height <= 287


def test_its_words_can_be_read_and_a_reader_is_told_not_to_scale(sheet: PdfReader) -> None:
    text = sheet.pages[0].extract_text()
    assert "a (b)" in text
    assert "bär" in text
    preferences = sheet.root_object["/ViewerPreferences"]
    assert isinstance(preferences, DictionaryObject)
    assert str(preferences["/PrintScaling"]) == "/None"
