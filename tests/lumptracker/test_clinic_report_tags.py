"""The report as a screen reader walks it; and every fault of that kind is seen when it is made on purpose."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any  # Any: a PDF's objects are open dictionaries
from uuid import uuid4

import pytest
from pypdf import PdfWriter
from pypdf.generic import BooleanObject, NameObject, StreamObject, TextStringObject

from tests.lumptracker.pdf_reading import faults_of
from tests.lumptracker.test_clinic_report import lump_of, report_of
from tests.people import ada
from tests.pictures import jpeg
from tests.uploads import send
from tracking.models import Photo

pytestmark = pytest.mark.any_database("how a history is printed")

Writer = Any  # Any: as above


def tags_of(writer: Writer, kind: str) -> list[Any]:
    """Every tag of a type, in reading order."""

    def below(node: Any) -> list[Any]:
        kids = node.get("/K", [])
        found = [kid.get_object() for kid in (kids if isinstance(kids, list) else [kids])]
        inner = [one for one in found if not isinstance(one, int) and "/S" in one]
        return [each for one in inner for each in (one, *below(one))]

    return [one for one in below(writer.root_object["/StructTreeRoot"]) if one["/S"] == kind]


def put(node: Any, name: str, value: Any) -> None:
    node[NameObject(name)] = value


def paint(writer: Writer, more: bytes, *, after: bytes) -> None:
    """Painted too, on the first page: after the first `after` that follows a tagged thing's beginning."""
    page = writer.pages[0]
    data = page.get_contents().get_data()
    place = data.index(after, data.index(b"/MCID")) + len(after)
    stream = StreamObject()
    stream.set_data(data[:place] + more + data[place:])
    put(page, "/Contents", stream)


def without_font_file(writer: Writer) -> None:
    font = next(iter(writer.pages[0]["/Resources"]["/Font"].values())).get_object()
    described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
    for name in ("/FontFile2", "/FontFile3"):
        described.pop(name, None)


def without_words_of_letters(writer: Writer) -> None:
    next(iter(writer.pages[0]["/Resources"]["/Font"].values())).get_object().pop("/ToUnicode")


SPOILS: dict[str, Callable[[Writer], object]] = {
    "tags": lambda writer: writer.root_object.pop("/StructTreeRoot"),
    "marked": lambda writer: put(writer.root_object["/MarkInfo"], "/Marked", BooleanObject(False)),
    "language": lambda writer: writer.root_object.pop("/Lang"),
    "title in the window": lambda writer: writer.root_object["/ViewerPreferences"].pop("/DisplayDocTitle"),
    "title": lambda writer: put(writer._info.get_object(), "/Title", TextStringObject("Another")),
    "words of a picture": lambda writer: put(tags_of(writer, "/Figure")[0], "/Alt", TextStringObject(" ")),
    "words of the last picture": lambda writer: tags_of(writer, "/Figure")[-1].pop("/Alt"),
    "a type of our own": lambda writer: put(tags_of(writer, "/P")[0], "/S", NameObject("/Remark")),
    "a heading left out": lambda writer: put(tags_of(writer, "/H2")[0], "/S", NameObject("/H3")),
    "a list of paragraphs": lambda writer: put(tags_of(writer, "/LI")[0], "/S", NameObject("/P")),
    "a wrong parent": lambda writer: put(tags_of(writer, "/LI")[0], "/P", writer.root_object["/StructTreeRoot"]),
    "a tag without what it held": lambda writer: tags_of(writer, "/P")[0].pop("/K"),
    "something without a tag": lambda writer: paint(writer, b" 0 0 9 9 re f ", after=b"EMC"),
    "an artifact in a tag": lambda writer: paint(writer, b" /Artifact BMC 0 0 9 9 re f EMC ", after=b"BDC"),
    "the tab key": lambda writer: writer.pages[-1].pop("/Tabs"),
    "a font": without_font_file,
    "letters": without_words_of_letters,
}


@pytest.mark.django_db(transaction=True)
def test_a_report_with_all_its_parts_has_the_structure_of_pdf_ua_and_each_spoilt_one_is_noticed() -> None:
    owner = ada()
    lump = lump_of(owner, pin={"view": "back", "x": 0.4, "y": 0.4})
    check = owner.put_observation(lump, length_mm=12, method="ruler", signs={"fever": True, "chills": False})
    assert send(owner, check, jpeg(960, 640), photo=uuid4()).status_code == 201
    Photo.objects.update(mm_per_px=0.1)
    pdf = report_of(owner, lump).content
    assert faults_of(pdf) == []
    assert len(tags_of(PdfWriter(clone_from=BytesIO(pdf)), "/Figure")) == 3  # the body, the chart, the photo
    unnoticed = [name for name, spoil in SPOILS.items() if not faults_of(spoilt(pdf, spoil))]
    assert unnoticed == []


def spoilt(pdf: bytes, spoil: Callable[[Writer], object]) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(pdf))
    spoil(writer)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()
