"""The SMART Health Link, read by another implementation of JWE than ours."""

from __future__ import annotations

import base64
import json
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from jwcrypto import jwe, jwk  # type: ignore[import-untyped]  # it ships no types
from pytest_django.fixtures import Settings

from lumptracker.clinic import report
from tests.lumptracker.fhir_reading import references
from tests.lumptracker.readers import PASSCODE, Link, Reader, share
from tests.people import Somebody, ada
from tests.pictures import jpeg
from tests.uploads import send
from tracking.models import Access, ShareLink
from tracking.share_secrets import new_token

pytestmark = pytest.mark.django_db


@pytest.fixture(name="ada")
def _ada() -> Somebody:
    return ada()


def unsealed(link: Link, compact: str) -> Any:  # Any: JSON
    """What another library reads with the key of the link."""
    key = jwk.JWK(kty="oct", k=link.payload["key"])
    token = jwe.JWE(algs=["dir", "A256GCM"])
    token.deserialize(compact, key=key)
    header = json.loads(token.objects["protected"])
    assert (header["alg"], header["enc"], header["cty"]) == ("dir", "A256GCM", "application/fhir+json")
    return json.loads(token.payload)


def behind(file: dict[str, str]) -> HttpResponse:
    """What a file's location answers to anybody who asks."""
    return Reader().client.get("/shl/" + file["location"].partition("/shl/")[2])  # type: ignore[return-value]  # the stubs' own response type


def files_of(link: Link, **body: object) -> list[dict[str, str]]:
    answer = Reader().manifest(link, **{"passcode": PASSCODE, **body})
    assert answer.status_code == 200, answer.content
    files: list[dict[str, str]] = json.loads(answer.content)["files"]
    return files


def logged(owner: Somebody) -> Any:
    lump = owner.put_lump(owner.put_person(name="Ada Example", birth_date="1971-04-09", sex="female"), side="left")
    owner.put_observation(lump, length_mm=18, width_mm=14, method="ruler", signs={"fever": False, "pain": 2})
    return lump


def test_the_bundle_comes_embedded_and_opens_with_the_key_of_the_link(ada: Somebody) -> None:
    link = share(ada, logged(ada))
    file, _ = files_of(link)
    assert file["contentType"] == "application/fhir+json"
    bundle = unsealed(link, file["embedded"])
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert {"Patient", "Condition", "BodyStructure", "Observation", "Provenance"} == set(kinds)


def test_a_small_embedded_limit_gives_a_location_that_needs_nothing_more(ada: Somebody) -> None:
    link = share(ada, logged(ada))
    file, _ = files_of(link, embeddedLengthMax=10)
    answer = behind(file)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/jose")
    assert unsealed(link, answer.content.decode())["resourceType"] == "Bundle"


def test_a_location_closes_with_the_link(ada: Somebody) -> None:
    link = share(ada, logged(ada))
    files = files_of(link, embeddedLengthMax=10)
    assert [behind(file).status_code for file in files] == [200, 200]
    ada.ask("DELETE", f"share-links/{link.id}/")
    assert [behind(file).status_code for file in files] == [404, 404]


def test_a_location_of_one_link_does_not_open_with_another_token(ada: Somebody) -> None:
    lump = logged(ada)
    one, other = share(ada, lump), share(ada, lump)
    file, _ = files_of(one, embeddedLengthMax=10)
    path = "/shl/" + file["location"].partition("/shl/")[2].replace(one.token, other.token)
    assert Reader().client.get(path).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_each_picture_is_a_file_of_its_own(ada: Somebody) -> None:
    lump = logged(ada)
    photo = uuid4()
    assert send(ada, ada.put_observation(lump), jpeg(), photo=photo).status_code == 201
    link = share(ada, lump)
    bundle, _, file = files_of(link)
    assert "DocumentReference" not in json.dumps(unsealed(link, bundle["embedded"]))  # here it would have no bytes
    document = unsealed(link, behind(file).content.decode())
    assert (document["resourceType"], document["id"]) == ("DocumentReference", str(photo))
    assert base64.b64decode(document["content"][0]["attachment"]["data"])[:3] == b"\xff\xd8\xff"


def test_the_report_is_a_file_of_its_own_and_its_reading_is_noted(ada: Somebody) -> None:
    link = share(ada, logged(ada))
    _, file = files_of(link)
    assert Access.objects.filter(what="report").count() == 0
    document = unsealed(link, behind(file).content.decode())
    attachment = document["content"][0]["attachment"]
    assert (document["resourceType"], attachment["contentType"]) == ("DocumentReference", "application/pdf")
    assert base64.b64decode(attachment["data"])[:5] == b"%PDF-"
    assert Access.objects.filter(what="report").count() == 1


def test_a_report_about_two_people_is_laid_to_neither(ada: Somebody) -> None:
    alone, both = share(ada, mine := logged(ada)), share(ada, mine, logged(ada))
    told = [unsealed(link, behind(files_of(link)[1]).content.decode()) for link in (alone, both)]
    assert [("subject" in one, len(one["author"])) for one in told] == [(True, 1), (False, 2)]


def test_many_reports_at_once_are_asked_to_come_again(ada: Somebody, monkeypatch: pytest.MonkeyPatch) -> None:
    link = share(ada, logged(ada))
    monkeypatch.setattr(report, "_SLOTS", threading.BoundedSemaphore(1))
    monkeypatch.setattr(report, "WAIT_SECONDS", 0.01)
    with report._SLOTS:
        answer = behind(files_of(link)[1])
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_fresh_iv_is_used_each_time(ada: Somebody) -> None:
    link = share(ada, logged(ada))
    ivs = {files_of(link)[0]["embedded"].split(".")[2] for _ in range(3)}
    assert len(ivs) == 3


def test_wrong_passcodes_are_401_with_the_attempts_left(ada: Somebody) -> None:
    link = share(ada, logged(ada))
    answers = [Reader().manifest(link, passcode="0000") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [404]
    assert [json.loads(answer.content)["remainingAttempts"] for answer in answers[:5]] == [4, 3, 2, 1, 0]


def test_a_missing_passcode_is_asked_for_and_costs_nothing(ada: Somebody) -> None:
    answer = Reader().manifest(share(ada, logged(ada)))
    assert (answer.status_code, json.loads(answer.content)["remainingAttempts"]) == (401, 5)


def test_closed_and_unknown_are_the_same_404(ada: Somebody) -> None:
    link = share(ada, logged(ada))
    ada.ask("DELETE", f"share-links/{link.id}/")
    closed = Reader().manifest(link, passcode=PASSCODE)
    unknown = Reader().client.post(f"/shl/{new_token()}/", {"recipient": "A test"}, content_type="application/json")
    assert (closed.status_code, closed.content) == (unknown.status_code, unknown.content) == (404, unknown.content)


def test_one_recipient_counts_once_and_the_owner_sees_its_name(ada: Somebody) -> None:
    link = share(ada, logged(ada), max_openings=1)
    assert [Reader().manifest(link, passcode=PASSCODE).status_code for _ in range(2)] == [200, 200]
    assert Reader().manifest(link, passcode=PASSCODE, recipient="Somebody else").status_code == 404
    assert ShareLink.objects.get().openings == 1
    assert Access.objects.filter(what="opened").get().recipient == "A test"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"recipient": ""}', b'{"recipient": "x", "embeddedLengthMax": "1"}']
)
def test_what_is_no_manifest_request_is_400(ada: Somebody, body: bytes) -> None:
    link = share(ada, logged(ada))
    answer = Reader().client.post(f"/shl/{link.token}/", body, content_type="application/json")
    assert answer.status_code == 400
    assert set(json.loads(answer.content)) == {"code", "message", "fields"}


def test_any_site_may_ask_without_credentials(ada: Somebody) -> None:
    link, headers = share(ada, logged(ada)), {"Origin": "https://viewer.example"}
    before = Reader().client.options(f"/shl/{link.token}/", headers=headers)
    asked = Reader().manifest(link, passcode=PASSCODE)
    for answer in (before, asked):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert not answer.cookies
    assert before.status_code == 204
    assert "Access-Control-Allow-Origin" not in Reader().client.get("/s/", headers=headers).headers


def test_asking_by_get_opens_nothing(ada: Somebody) -> None:
    link = share(ada, logged(ada))
    answer = Reader().client.get(f"/shl/{link.token}/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, OPTIONS")
    assert ShareLink.objects.get().openings == 0


def test_the_bundle_tells_initials_and_the_year_of_birth_only(ada: Somebody) -> None:
    link = share(ada, logged(ada))
    text = json.dumps(unsealed(link, files_of(link)[0]["embedded"]))
    assert '"birthDate": "1971"' in text
    assert "A. E." in text
    for hidden in ("Example", "1971-04", "ada@example.org"):
        assert hidden not in text


def test_every_reference_in_the_bundle_leads_somewhere(ada: Somebody) -> None:
    link = share(ada, logged(ada), logged(ada))
    bundle = unsealed(link, files_of(link)[0]["embedded"])
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(urls) == len(set(urls))
    assert references(bundle) <= set(urls)


@pytest.mark.django_db(transaction=True)
def test_twenty_wrong_passcodes_at_once_are_exactly_five_tries(ada: Somebody) -> None:
    link = share(ada, logged(ada))

    def guess(_: int) -> tuple[int, int | None]:
        try:
            answer = Reader().manifest(link, passcode="0000")
        finally:
            connection.close()
        return answer.status_code, json.loads(answer.content).get("remainingAttempts")

    with ThreadPoolExecutor(10) as pool:
        answers = sorted(pool.map(guess, range(20)), key=str)
    assert answers == [*((401, left) for left in range(5)), *[(404, None)] * 15]


@pytest.mark.django_db(transaction=True)
def test_a_revocation_amid_fifty_downloads_ends_every_part_from_the_next_request_on(
    ada: Somebody,
    live_server: Any,  # Any: pytest-django's server
    settings: Settings,
) -> None:
    settings.PUBLIC_URL = live_server.url
    lump, photo = logged(ada), uuid4()
    assert send(ada, ada.put_observation(lump), jpeg(), photo=photo).status_code == 201
    link, bea = share(ada, lump), Reader()
    bea.open(token=link.token, passcode=PASSCODE)
    cookie = "; ".join(f"{name}={one.value}" for name, one in bea.client.cookies.items())
    small = ["", "record.txt", "bundle.json", f"photos/{photo}/large/", f"photos/{photo}/thumb/"]
    files = ["/shl/" + file["location"].partition("/shl/")[2] for file in files_of(link, embeddedLengthMax=0)]
    parts = [f"/s/view/{part}" for part in [*small, "report.pdf"]] + files
    downloads = [*parts, *[f"/s/view/{small[number % len(small)]}" for number in range(50 - len(parts))]]

    def read(path: str) -> tuple[float, int]:
        began = time.monotonic()
        asked = urllib.request.Request(live_server.url + path, headers={"Cookie": cookie})
        try:
            with urllib.request.urlopen(asked, timeout=120) as answer:
                answer.read()
                return began, answer.status
        except urllib.error.HTTPError as error:
            return began, error.code

    with ThreadPoolExecutor(10) as pool:
        reading = [pool.submit(read, path) for path in downloads]
        wait(reading[:12])
        assert ada.ask("DELETE", f"share-links/{link.id}/").status_code == 204
        ended = time.monotonic()
        during = [one.result() for one in reading]
        after = list(pool.map(read, parts))
    assert {status for _, status in during} <= {200, 404}
    assert {status for began, status in during if began > ended} <= {404}
    assert 200 in {status for _, status in during}
    assert [status for _, status in after] == [404] * len(parts)
    assert Reader().manifest(link, passcode=PASSCODE).status_code == 404
