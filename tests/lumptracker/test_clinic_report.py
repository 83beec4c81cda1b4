"""The report as a PDF: one page, photos at one scale, every letter printed, and the same door as every other part."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pypdfium2
import pytest
from django.http import HttpResponse
from pytest_django.fixtures import Settings

from lumptracker.clinic.body import draw_body
from lumptracker.clinic.glyphs import STAND_IN, printable
from lumptracker.clinic.scale import at_one_scale
from tests.lumptracker.pdf_reading import faults_of
from tests.lumptracker.readers import PASSCODE, Reader, share
from tests.people import Somebody, ada
from tests.pictures import jpeg
from tests.uploads import send
from tracking.history import PhotoFacts, Pin
from tracking.models import Access, Photo

pytestmark = pytest.mark.any_database("how a history is printed")

# "Keep an eye on it" and the like, in scripts that share no letter: each needs a font of its own.
WORDS = {
    "Vietnamese": "Đã hẹn bác sĩ",
    "Greek": "Κλείστηκε ραντεβού",
    "Russian": "Записалась к врачу",
    "Arabic": "حجزت موعدا",
    "Hebrew": "קבעתי תור",
    "Hindi": "डॉक्टर से मिलना है",
    "Bengali": "ডাক্তার দেখাব",
    "Tamil": "மருத்துவரை பார்க்க",
    "Thai": "นัดหมอแล้ว",
    "Amharic": "ሐኪም አየሁ",
    "Chinese": "已经预约医生",
    "Japanese": "医者に予約した",
    "Korean": "의사 예약함",
}


@pytest.fixture(name="ada")
def _ada() -> Somebody:
    return ada()


def lump_of(owner: Somebody, **fields: object) -> UUID:
    person = owner.put_person(name="Ada Example", birth_date="1971-04-09", sex="female")
    return owner.put_lump(person, None, **{"side": "left", **fields})


def report_of(owner: Somebody, *lumps: UUID) -> HttpResponse:
    bea = Reader()
    bea.open(token=share(owner, *lumps).token, passcode=PASSCODE)
    return bea.get("report.pdf")


def pages_of(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


@pytest.mark.django_db
def test_the_report_is_one_accessible_page_that_answers_at_once(ada: Somebody) -> None:
    lump = lump_of(ada, pin={"view": "back", "x": 0.4, "y": 0.4})
    ada.put_observation(lump, length_mm=12, method="ruler", signs={"fever": True, "chills": False})
    answer = report_of(ada, lump)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    (page,) = pages_of(answer.content)
    for words in (
        "Left lower back",
        "12 mm",
        "Yes: Fever",
        "No: Hard shivering",
        "Not asked:",
        "A. E., female, 55",
        "±2.9 mm, 95 % CI",
        "Bars: 95 %",
    ):
        assert words in page.replace("\r\n", " ")
    assert faults_of(answer.content) == []
    assert "Example" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(("region", "size"), [("US", (612, 792)), ("GB", (595, 842)), (None, (595, 842))])
def test_the_report_lies_on_the_paper_of_the_place(ada: Somebody, region: str | None, size: tuple[int, int]) -> None:
    lump = ada.put_lump(ada.put_person(name="Ada Example", region=region), side="left")
    ada.put_observation(lump, length_mm=12, method="ruler", signs={"fever": True})
    (page,) = pypdfium2.PdfDocument(report_of(ada, lump).content)
    assert tuple(map(round, page.get_size())) == size


@pytest.mark.django_db(transaction=True)
def test_six_photos_lie_on_one_page_of_letter_paper(ada: Somebody) -> None:
    lump = ada.put_lump(ada.put_person(name="Ada Example", region="US"), side="left")
    for _ in range(6):
        assert send(ada, ada.put_observation(lump, length_mm=9), jpeg(480, 640), photo=uuid4()).status_code == 201
    Photo.objects.update(mm_per_px=0.1)
    assert len(pages_of(report_of(ada, lump).content)) == 2


@pytest.mark.django_db
def test_each_lump_begins_a_page(ada: Somebody) -> None:
    first, second = lump_of(ada), lump_of(ada, site="thigh")
    pages = pages_of(report_of(ada, first, second).content)
    assert len(pages) == 2
    assert {"Left lower back" in pages[0], "Left thigh" in pages[0]} == {True, False}


@pytest.mark.django_db
def test_twenty_steps_with_long_words_leave_one_page_and_are_counted(ada: Somebody) -> None:
    lump = lump_of(ada)
    ada.put_observation(lump, length_mm=12, method="ruler", signs={"fever": True, "chills": False})
    for day in range(1, 21):
        words = {"outcome": f"Visit {day}: {'wait and measure ' * 60}", "note": "x" * 2000}
        ada.put_care(lump, on=f"2026-10-{day:02}", kind="seen", **words)
    bea = Reader()
    bea.open(token=share(ada, lump).token, passcode=PASSCODE)
    page, record = (bea.get(part).content.decode() for part in ("", "record.txt"))
    done = page.partition('<ul class="done">')[2].partition("</ul>")[0]
    assert re.findall(r"Visit (\d+): wait and measure", done) == ["18", "19", "20"]
    assert "17 before that, not shown here." in done
    assert len(done) < 1_000
    assert len(page.encode()) < 100_000
    assert re.findall(r"Visit (\d+): wait and measure", record) == [str(day) for day in range(1, 21)]
    (paper,) = pages_of(bea.get("report.pdf").content)
    assert re.findall(r"Visit (\d+):", paper) == [str(day) for day in range(13, 21)]
    assert "12 before that, not shown here." in paper


@pytest.mark.django_db
def test_notes_in_any_script_are_printed_and_stay_accessible(ada: Somebody) -> None:
    assert {language: words for language, words in WORDS.items() if STAND_IN in printable(words)} == {}
    lump = lump_of(ada)
    for words in WORDS.values():
        ada.put(f"care/{uuid4()}/", {"lump": str(lump), "on": "2026-11-02", "kind": "told", "note": words})
    assert faults_of(report_of(ada, lump).content) == []


@pytest.mark.django_db
def test_a_letter_that_no_font_has_breaks_nothing(ada: Somebody) -> None:
    lump = lump_of(ada)
    note = 'Good \U0001f44d\U0001f3fd and \U00013000 and \u0302\u200d\ufe0f #evaluate("x") $x^2$ \x07 \u202e done'
    ada.put(
        f"care/{uuid4()}/", {"lump": str(lump), "on": "2026-11-02", "kind": "told", "note": note.replace("\x07", "")}
    )
    (page,) = pages_of(report_of(ada, lump).content)
    assert "Good" in page
    assert '#evaluate("x") $x^2$' in page


@pytest.mark.django_db(transaction=True)
def test_photos_follow_on_pages_of_their_own(ada: Somebody) -> None:
    lump = lump_of(ada)
    photo = uuid4()
    assert send(ada, ada.put_observation(lump, length_mm=9), jpeg(960, 640), photo=photo).status_code == 201
    Photo.objects.filter(pk=photo).update(mm_per_px=0.1)
    pages = pages_of(report_of(ada, lump).content)
    assert len(pages) == 2
    assert "All photos at one scale" in pages[1]
    assert "9 mm" in pages[1]


@pytest.mark.django_db
def test_the_owner_sees_that_the_report_was_taken(ada: Somebody) -> None:
    report_of(ada, lump_of(ada))
    assert set(Access.objects.values_list("what", flat=True)) == {"opened", "report"}


@pytest.mark.django_db
def test_looking_at_the_report_without_an_opening_is_404(ada: Somebody) -> None:
    share(ada, lump_of(ada))
    assert Reader().get("report.pdf").status_code == 404


@pytest.mark.django_db
def test_the_bundle_names_the_report(ada: Somebody, settings: Settings) -> None:
    bea = Reader()
    bea.open(token=share(ada, lump_of(ada)).token, passcode=PASSCODE)
    entries = [entry["resource"] for entry in json.loads(bea.get("bundle.json").content)["entry"]]
    (document,) = [one for one in entries if one["resourceType"] == "DocumentReference"]
    attachment = document["content"][0]["attachment"]
    assert attachment["contentType"] == "application/pdf"
    assert attachment["url"] == f"{settings.PUBLIC_URL}/s/view/report.pdf"


# Pictures at one scale


def photo(width: int, height: int, mm_per_px: float | None) -> PhotoFacts:
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    return PhotoFacts(uuid4(), uuid4(), taken_at=moment, width=width, height=height, mm_per_px=mm_per_px)


def test_a_millimetre_is_as_long_on_every_picture() -> None:
    near, far = photo(1000, 1000, 0.03), photo(1000, 1000, 0.12)
    scale = at_one_scale((near, far), width=60, height=60)
    assert scale.per_mm == 0.5
    assert [one.width for one in scale.shown] == [15, 60]


def test_a_picture_without_a_scale_fills_its_box_and_says_so() -> None:
    scale = at_one_scale((photo(1500, 2000, None),), width=60, height=60)
    assert (scale.per_mm, scale.shown[0].is_scaled) == (None, False)
    assert (scale.shown[0].width, scale.shown[0].height) == (45, 60)


@pytest.mark.parametrize("slip", [0.0001, 90.0])
def test_a_scale_that_cannot_be_shrinks_no_other_picture(slip: float) -> None:
    scale = at_one_scale((photo(1000, 1000, 0.05), photo(1000, 1000, slip)), width=50, height=50)
    assert [one.is_scaled for one in scale.shown] == [True, False]
    assert scale.per_mm == 1


# The drawing


def test_the_drawing_is_the_apps_own() -> None:
    root = Path(__file__).parents[2]
    ours = json.loads((root / "lumptracker/clinic/body.json").read_text(encoding="utf-8"))
    assert ours == json.loads((root / "frontend/src/parts/body/drawing.json").read_text(encoding="utf-8"))


def test_the_pin_stands_where_it_was_set() -> None:
    svg = draw_body(Pin("front", 0.25, 0.5), label="<place>")
    assert 'cx="50.0" cy="220.0"' in svg
    assert "<place>" not in svg
    assert draw_body(None, label="") == ""
