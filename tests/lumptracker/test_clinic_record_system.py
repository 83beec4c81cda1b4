"""A record system of somebody else opens the printed link over HTTP, with WebCrypto, and reads FHIR R4."""

from __future__ import annotations

import base64
import json
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any  # Any: JSON, and pytest-django's server
from uuid import UUID, uuid4

import pypdfium2
import pytest
from PIL import Image
from pytest_django.fixtures import Settings

from tests.lumptracker.fhir_reading import faults_of
from tests.lumptracker.readers import PASSCODE, share
from tests.people import Somebody, ada
from tests.uploads import send
from tracking.models import Access, ShareLink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database("how another program reads an answer")]
SCRIPT = Path(__file__).with_name("record_system.mjs")
FHIR = "application/fhir+json"
Json = Any  # Any: JSON


@pytest.fixture(name="ada")
def _ada(live_server: Any, settings: Settings) -> Somebody:  # Any: pytest-django's server
    settings.PUBLIC_URL = live_server.url
    return ada()


def asked(link: str, passcode: str = PASSCODE, *more: str) -> Json:
    command = ["node", str(SCRIPT), link, passcode, *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def lump_with_check(owner: Somebody) -> tuple[UUID, UUID]:
    lump = owner.put_lump(owner.put_person(name="Ada Example", birth_date="1971-04-09", sex="female"), side="left")
    return lump, owner.put_observation(lump, length_mm=18, method="ruler", signs={"fever": False, "pain": 2})


def large_picture() -> bytes:
    """As heavy as a phone's: noise that no compression makes smaller."""
    picture = BytesIO()
    Image.effect_noise((1500, 1200), 120).convert("RGB").save(picture, "JPEG", quality=90)
    return picture.getvalue()


def data_of(file: Json) -> bytes:
    return base64.b64decode(file["resource"]["content"][0]["attachment"]["data"])


def test_the_printed_link_leads_to_a_bundle_a_report_and_the_pictures(ada: Somebody) -> None:
    lump, check = lump_with_check(ada)
    assert send(ada, check, large_picture(), photo=uuid4()).status_code == 201
    told = asked(share(ada, lump).url)
    assert told["status"] == 200
    bundle, report, picture = told["files"]
    assert [file["resource"]["resourceType"] for file in told["files"]] == [
        "Bundle",
        "DocumentReference",
        "DocumentReference",
    ]
    assert (
        {file["contentType"] for file in told["files"]} == {file["header"]["cty"] for file in told["files"]} == {FHIR}
    )
    assert {
        number: faults for number, file in enumerate(told["files"]) if (faults := faults_of(file["resource"]))
    } == {}
    assert (bundle["isEmbedded"], bundle["header"]["zip"]) == (True, "DEF")
    assert {"zip" in report["header"], "zip" in picture["header"]} == {False}
    assert len(pypdfium2.PdfDocument(data_of(report))) == 2
    assert len(data_of(picture)) > 400_000
    assert data_of(picture)[:3] == b"\xff\xd8\xff"
    assert ShareLink.objects.get().openings == 1
    assert set(Access.objects.values_list("what", flat=True)) == {"opened", "bundle", "report", "photo"}


def test_a_bundle_that_is_not_embedded_is_read_from_its_location(ada: Somebody) -> None:
    lump, _ = lump_with_check(ada)
    told = asked(share(ada, lump).url, PASSCODE, "0")
    assert [file["isEmbedded"] for file in told["files"]] == [False, False]
    assert faults_of(told["files"][0]["resource"]) == []


def test_a_link_without_a_passcode_says_so_and_opens(ada: Somebody) -> None:
    lump, _ = lump_with_check(ada)
    assert asked(share(ada, lump, passcode="").url, "")["status"] == 200


def test_a_wrong_passcode_is_told_with_the_tries_left_and_a_closed_link_with_nothing(ada: Somebody) -> None:
    lump, _ = lump_with_check(ada)
    link = share(ada, lump)
    wrong = asked(link.url, "0000")
    assert (wrong["status"], wrong["answer"]["remainingAttempts"], wrong["files"]) == (401, 4, [])
    ada.ask("DELETE", f"share-links/{link.id}/")
    closed = asked(link.url)
    assert (closed["status"], closed["files"]) == (404, [])
