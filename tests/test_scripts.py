"""Three hundred scripts in the fields that people write in: wherever they are shown they are text and never markup.

Each stands in every note and outcome. Names and labels, of which a lump has one, hold every third of them: a page of
three hundred lumps would take minutes and go through the same few lines of the templates.
"""

from __future__ import annotations

import re
import zipfile
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pypdfium2
import pytest
from django.core import mail
from django.utils import timezone
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject
from pytest_django.fixtures import Settings

from tests.lumptracker.readers import PASSCODE, Reader, share
from tests.people import OBSERVED_AT, Somebody, ada
from tests.scripts import SCRIPTS
from tracking.moving_work import move_due

pytestmark = [pytest.mark.django_db, pytest.mark.any_database("how texts are drawn")]
A_LINK = 10  # lumps that one link shows
A_LUMP = 3  # texts that one lump holds
PLAIN = "a plain word"


class Shape(HTMLParser):
    """Which elements a page has with which attributes, and all that is said between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.shape: set[tuple[str, tuple[str, ...]]] = set()
        self.addresses: set[str] = set()
        self.words = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.add((tag, tuple(sorted(name for name, _ in attrs))))
        self.addresses |= {value or "" for name, value in attrs if name in ("href", "src", "action", "formaction")}

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture(name="ada")
def _ada(settings: Settings, tmp_path: Path) -> Somebody:
    settings.STORAGE_DIR = tmp_path / "storage"
    settings.RATE_LIMITS_ON = False
    settings.EMAIL_CONFIGURED = True
    return ada()


def logged(owner: Somebody, texts: list[str]) -> list[UUID]:
    """Lumps with a text wherever a person may write; as a phone sends them."""
    lumps = []
    operations: list[dict[str, object]] = []
    for start in range(0, len(texts), A_LUMP):
        some, person, lump = texts[start : start + A_LUMP], str(uuid4()), uuid4()
        rows: list[tuple[str, str, dict[str, object]]] = [
            ("person", person, {"name": some[0]}),
            ("lump", str(lump), {"person": person, "site": "thigh", "label": some[-1]}),
        ]
        for text in some:
            check: dict[str, object] = {"lump": str(lump), "observed_at": OBSERVED_AT, "length_mm": 12, "note": text}
            visit: dict[str, object] = {
                "lump": str(lump),
                "on": "2026-10-02",
                "kind": "seen",
                "outcome": text,
                "note": text,
            }
            rows += [("observation", str(uuid4()), check), ("care", str(uuid4()), visit)]
        operations += [{"op_id": str(uuid4()), "type": kind, "id": pk, "fields": fields} for kind, pk, fields in rows]
        lumps.append(lump)
    for start in range(0, len(operations), 48):
        told = owner.post("sync/", {"operations": operations[start : start + 48]})
        assert [one["error"] for one in told["results"]] == [None] * len(told["results"])
    return lumps


def opened(owner: Somebody, lumps: list[UUID], text: str) -> Reader:
    """Bea's browser, behind a link of this name, after an answer of hers in these words."""
    bea = Reader()
    link = share(owner, *lumps, label=text, write_back=True, names=True)
    assert bea.open(token=link.token, passcode=PASSCODE).status_code == 303
    sent = {"lump": str(lumps[0]), "seen_on": "2026-10-02", "plan": text}
    assert bea.client.post("/s/view/reply/", sent).status_code == 303
    return bea


def exported(owner: Somebody) -> str:
    export = owner.post("export/", {})
    move_due(at=timezone.now())
    answer = owner.ask("GET", f"export/{export['id']}/file/")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a stream
    with zipfile.ZipFile(BytesIO(content)) as bundle:
        return bundle.read("index.html").decode()


def assert_only_text(page: str, plain: str, texts: list[str]) -> None:
    """Nothing stands on the page but what stands there with plain words, and the texts are read as they were typed."""
    seen, usual = Shape(page), Shape(plain)
    assert seen.shape <= usual.shape
    assert not {one for one in seen.addresses if one.strip().lower().startswith(("java", "data"))}
    for text in texts:
        assert flat(text) in flat(seen.words), text


def flat(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_there_are_three_hundred_and_each_is_another() -> None:
    assert len(SCRIPTS) == len(set(SCRIPTS)) == 300
    assert max(map(len, SCRIPTS)) <= 80


def test_no_answer_holds_what_was_typed_as_markup(ada: Somebody) -> None:
    plain_lumps = logged(ada, [PLAIN] * A_LINK * A_LUMP)
    plain = {"page": opened(ada, plain_lumps, PLAIN).get().content.decode(), "export": exported(ada)}
    lumps = logged(ada, SCRIPTS)
    for start in range(0, len(lumps), A_LINK):
        texts, some = SCRIPTS[start * A_LUMP : (start + A_LINK) * A_LUMP], lumps[start : start + A_LINK]
        bea = opened(ada, some, texts[0])
        assert_only_text(bea.get().content.decode(), plain["page"], texts)
        if start % 50 == 0:
            assert bea.get("record.txt").headers["Content-Type"] == "text/plain; charset=utf-8"
            assert bea.get("bundle.json").headers["Content-Type"].startswith("application/fhir+json")
            assert_no_action(bea.get("report.pdf").content)
    assert_only_text(exported(ada), plain["export"], SCRIPTS)
    calendar = ada.client.get(ada.post("calendar/", {})["url"].partition("8000")[2]).content.decode()
    assert "__ran" not in calendar
    for path in ("lumps/", "observations/", "care/", "persons/", "share-links/"):
        answer = ada.ask("GET", path)
        assert b"__ran" in answer.content
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def assert_no_action(pdf: bytes) -> None:
    """What was typed is printed; nothing in the file acts."""
    assert not names_in(PdfReader(BytesIO(pdf))) & {
        "/JavaScript",
        "/JS",
        "/Launch",
        "/OpenAction",
        "/URI",
        "/EmbeddedFile",
    }
    document = pypdfium2.PdfDocument(pdf)
    assert "__ran" in "".join(page.get_textpage().get_text_range() for page in document)


def names_in(document: PdfReader) -> set[str]:
    """Every name that stands anywhere in the file, as a key or a value; what a packed stream holds is none of them."""
    found: set[str] = set()
    waiting: list[object] = [document.get_object(number) for number in range(1, int(str(document.trailer["/Size"])))]
    waiting.append(document.trailer)
    assert len(waiting) > 4
    while waiting:
        one = waiting.pop()
        if isinstance(one, DictionaryObject):
            waiting += [*one, *map(one.raw_get, one)]
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, NameObject):
            found.add(one)
    return found


def test_what_would_act_is_found_wherever_it_stands() -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    writer.root_object[NameObject("/Names")] = ArrayObject([writer._add_object(DictionaryObject(script))])
    out = BytesIO()
    writer.write(out)
    assert {"/JavaScript", "/JS"} <= names_in(PdfReader(out))


def test_no_mail_and_no_page_of_a_contact_says_what_was_typed_as_a_name(ada: Somebody) -> None:
    words = ada.get("trusted-contact/")["words"]["version"]
    for number, text in enumerate(SCRIPTS):
        body = {"name": text, "email": f"bea+{number}@example.org", "words": words}
        assert ada.ask("PUT", "trusted-contact/", body).status_code == 200
        assert ada.get("trusted-contact/")["contact"]["name"] == text.strip()
    assert len(mail.outbox) > 100
    for message in mail.outbox:
        assert "__ran" not in message.message().as_string()
    page = re.search(r"/s/contact/[^/\s]+/", str(mail.outbox[-1].body))
    assert page
    answer = ada.client.get(page[0])
    assert answer.status_code == 200
    assert b"__ran" not in answer.content
