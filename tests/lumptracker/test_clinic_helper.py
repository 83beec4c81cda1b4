"""A helper's link: one photo from somebody else's phone, and nothing of the record to see on the way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.people import Somebody, ada, cal
from tests.pictures import jpeg
from tests.uploads import files, send
from tracking.helping import forget_unanswered
from tracking.models import HelperLink, Membership, Observation, Photo
from tracking.record_photos import forget_orphans

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def storage(settings: Settings, tmp_path: Path) -> Path:
    settings.STORAGE_DIR = tmp_path / "storage"
    settings.DATA_DIR = tmp_path
    return tmp_path / "storage"


@pytest.fixture(name="ada")
def _ada() -> Somebody:
    return ada()


def asked(owner: Somebody, lump: UUID, link: UUID | None = None, **wishes: object) -> Any:  # Any: JSON
    return owner.put(f"helper-links/{link or uuid4()}/", {"lump": str(lump), **wishes})


def state_of(owner: Somebody, link: str) -> str:
    return str(owner.get(f"helper-links/{link}/")["state"])


def token_of(link: Any) -> str:  # Any: JSON
    return str(link["url"].partition("#")[2])


def opened(link: Any, **form: str) -> Client:  # Any: JSON
    phone = Client(enforce_csrf_checks=True)
    phone.post("/s/help/open/", form or {"token": token_of(link)})
    return phone


def given(phone: Client, data: bytes | None = None, **headers: str) -> HttpResponse:
    image = BytesIO(jpeg() if data is None else data)
    image.name = "photo.jpg"
    return phone.post("/s/help/send/", {"image": image}, headers=headers)  # type: ignore[return-value]  # the stubs' own


def photographed(owner: Somebody, lump: UUID) -> UUID:
    photo = uuid4()
    assert send(owner, owner.put_observation(lump), jpeg(), photo=photo).status_code == 201
    return photo


def test_a_helpers_photo_waits_for_the_owners_yes_and_then_is_theirs(ada: Somebody, storage: Path) -> None:
    lump = ada.put_lump()
    link = asked(ada, lump)
    assert given(opened(link)).status_code == 200
    assert (state_of(ada, link["id"]), Photo.objects.count()) == ("arrived", 0)
    assert ada.ask("GET", f"helper-links/{link['id']}/photo/").headers["Content-Type"] == "image/jpeg"
    assert ada.ask("POST", f"helper-links/{link['id']}/keep/").status_code == 201
    assert ada.ask("POST", f"helper-links/{link['id']}/keep/").status_code == 200
    photo = Photo.objects.get()
    assert (photo.lump_id, photo.state, state_of(ada, link["id"])) == (lump, "ready", "kept")
    assert photo.observation.observed_at == photo.taken_at
    assert len(files(storage)) == 2


def test_a_refused_photo_leaves_nothing(ada: Somebody, storage: Path) -> None:
    link = asked(ada, ada.put_lump())
    given(opened(link))
    assert ada.ask("DELETE", f"helper-links/{link['id']}/").status_code == 204
    assert state_of(ada, link["id"]) == "refused"
    assert (files(storage), Observation.objects.count()) == ([], 0)
    assert ada.ask("POST", f"helper-links/{link['id']}/keep/").status_code == 404


def test_the_helper_sees_the_one_picture_and_no_word_about_whose_or_what(ada: Somebody) -> None:
    person = ada.put_person(name="Ada Example", birth_date="1971-04-09")
    lump = ada.put_lump(person, None, label="By the waistband")
    link = asked(ada, lump, like=str(photographed(ada, lump)))
    phone = opened(link)
    page = phone.get("/s/help/photo/")
    assert phone.get("/s/help/like/").headers["Content-Type"] == "image/jpeg"
    text = page.content.decode().lower()
    for hidden in ("ada", "waistband", "back", "lump", "doctor", str(lump), "1971"):
        assert hidden not in text
    assert 'type="file"' in text


def test_what_a_helper_saw_and_sent_is_told_to_every_owner_without_a_page_for_each_look(ada: Somebody) -> None:
    lump = ada.put_lump()
    other = cal()
    person = ada.get(f"lumps/{lump}/")["person"]
    Membership.objects.create(user=other.user, person_id=person, role="owner")
    link = asked(ada, lump, like=str(photographed(ada, lump)))
    phone = opened(link)
    phone.get("/s/help/photo/")
    assert whats(ada) == whats(other) == [], "the page shows nothing yet"
    for _ in range(3):
        assert phone.get("/s/help/like/").status_code == 200
    assert given(phone, b"no picture").status_code == 415
    assert whats(ada) == whats(other) == ["helper_photo"]
    assert given(phone).status_code == 200
    assert whats(ada) == whats(other) == ["helper_sent", "helper_photo"]
    line = ada.get("me/access-log/")["results"][0]
    assert (line["by"], line["about"]) == ("link", str(lump))


def whats(somebody: Somebody) -> list[object]:
    lines = somebody.get("me/access-log/")["results"]
    return [line["what"] for line in lines if line["what"].startswith("helper_")]


def test_a_helper_comes_to_no_other_part(ada: Somebody) -> None:
    lump = ada.put_lump()
    photo = photographed(ada, lump)
    phone = opened(asked(ada, lump, like=str(photo)))
    for path in ("/s/view/", "/s/view/record.txt", f"/s/view/photos/{photo}/large/", f"/api/v1/photos/{photo}/large/"):
        assert phone.get(path).status_code in (401, 404)


def test_looking_spends_nothing_and_one_photo_spends_it(ada: Somebody) -> None:
    link = asked(ada, ada.put_lump())
    phone = opened(link)
    assert {phone.get(path).status_code for path in ("/s/help/", "/s/help/photo/") for _ in range(9)} == {200}
    assert given(phone, b"no picture").status_code == 415
    assert (state_of(ada, link["id"]), given(phone).status_code) == ("open", 200)
    assert given(opened(link)).status_code == 404
    assert phone.get("/s/help/photo/").status_code == 404


def test_two_photos_at_once_are_one(ada: Somebody, storage: Path) -> None:
    link = asked(ada, ada.put_lump())
    phones = [opened(link) for _ in range(2)]

    def try_it(phone: Client) -> int:
        try:
            return given(phone).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(try_it, phones)) == [200, 404]
    assert len(files(storage)) == 2


def test_the_code_opens_it_too_without_a_script(ada: Somebody) -> None:
    link = asked(ada, ada.put_lump())
    assert given(opened(link, code=f"{link['code'][:5]} {link['code'][5:]}".lower())).status_code == 200


@pytest.mark.parametrize("how", ["never was", "ended", "an hour later"])
def test_whatever_is_closed_is_the_same_404(ada: Somebody, how: str) -> None:
    link = asked(ada, ada.put_lump())
    if how == "ended":
        ada.ask("DELETE", f"helper-links/{link['id']}/")
    token = "x" * 43 if how == "never was" else token_of(link)
    with time_machine.travel(timezone.now() + timedelta(minutes=61 if how == "an hour later" else 1)):
        answer = Client().post("/s/help/open/", {"token": token})
    spent = asked(ada, ada.put_lump())
    given(opened(spent))
    other = Client().post("/s/help/open/", {"token": token_of(spent)})
    assert (answer.status_code, answer.content) == (404, other.content)


def test_an_end_counts_from_the_next_request_on(ada: Somebody) -> None:
    link = asked(ada, ada.put_lump())
    phone = opened(link)
    ada.ask("DELETE", f"helper-links/{link['id']}/")
    assert [phone.get("/s/help/photo/").status_code, given(phone).status_code] == [404, 404]


def test_a_form_on_another_site_gives_nothing(ada: Somebody) -> None:
    link = asked(ada, ada.put_lump())
    assert given(opened(link), Origin="https://elsewhere.example").status_code == 403
    assert state_of(ada, link["id"]) == "open"


def test_no_link_is_made_for_a_childs_intimate_place(ada: Somebody) -> None:
    child = ada.put_person(birth_date="2015-02-28")
    lump = ada.put_lump(child, site="groin")
    assert ada.ask("PUT", f"helper-links/{uuid4()}/", {"lump": str(lump)}).status_code == 409


def test_strangers_find_no_link_and_can_make_none(ada: Somebody) -> None:
    lump = ada.put_lump()
    link, other = asked(ada, lump), cal()
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "photo/"), ("POST", "keep/")):
        assert other.ask(method, f"helper-links/{link['id']}/{path}").status_code == 404
    for link_id in (link["id"], uuid4()):
        assert other.ask("PUT", f"helper-links/{link_id}/", {"lump": str(lump)}).status_code == 404
    assert state_of(ada, link["id"]) == "open"


def test_another_lumps_picture_cannot_go_along(ada: Somebody) -> None:
    photo = photographed(ada, ada.put_lump())
    body = {"lump": str(ada.put_lump()), "like": str(photo)}
    assert ada.ask("PUT", f"helper-links/{uuid4()}/", body).status_code == 404


def test_the_secrets_are_told_once(ada: Somebody) -> None:
    lump, link_id = ada.put_lump(), uuid4()
    told = asked(ada, lump, link_id)
    assert not {"url", "code"} & set(asked(ada, lump, link_id))
    stored = repr(list(HelperLink.objects.values()))
    assert str(link_id) in stored
    assert token_of(told) not in stored
    assert told["code"] not in stored


def test_a_waiting_photo_is_no_orphan_and_goes_after_a_week(ada: Somebody, storage: Path) -> None:
    given(opened(asked(ada, ada.put_lump())))
    later = timezone.now() + timedelta(days=6)
    assert (forget_orphans(at=later), forget_unanswered(at=later), len(files(storage))) == (0, 0, 2)
    assert forget_unanswered(at=later + timedelta(days=2)) == 1
    assert files(storage) == []


def test_after_ten_unknown_codes_the_door_says_how_long_to_wait(ada: Somebody, settings: Settings) -> None:
    settings.RATE_LIMITS_ON = True
    link, phone = asked(ada, ada.put_lump()), Client(enforce_csrf_checks=True)
    guesses = [phone.post("/s/help/open/", {"code": f"00000000{number:02}"}).status_code for number in range(10)]
    answer = phone.post("/s/help/open/", {"code": link["code"]})
    assert (guesses, answer.status_code) == ([404] * 10, 429)
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
