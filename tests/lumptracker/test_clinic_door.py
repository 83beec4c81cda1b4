"""The door: the same page for every link, opened by a POST alone, and silent about why it stays shut."""

from __future__ import annotations

import io
import json
import logging
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection
from itertools import cycle, islice, product
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core import signing
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.lumptracker.readers import PASSCODE, Link, Reader, share
from tests.people import Somebody, ada
from tests.pictures import jpeg
from tests.uploads import send
from tracking.models import Access, HelperLink, ShareLink
from tracking.share_secrets import new_token

pytestmark = pytest.mark.django_db

PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Content-Type-Options": "nosniff",
}


@pytest.fixture(name="ada")
def _ada() -> Somebody:
    return ada()


@pytest.fixture(name="bea")
def _bea() -> Reader:
    return Reader()


def assert_private(response: HttpResponse) -> None:
    assert {name: response.headers[name] for name in PRIVATE} == PRIVATE
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_looking_at_the_door_counts_nothing_and_sets_nothing(ada: Somebody, bea: Reader) -> None:
    """1,000 looks by previews, with the token itself in the address wherever an address can carry it."""
    lump = ada.put_lump()
    link = share(ada, lump, max_openings=1)
    helper = ada.put(f"helper-links/{uuid4()}/", {"lump": str(lump)})
    secret = helper["url"].partition("#")[2]
    before = list(ShareLink.objects.values()), list(HelperLink.objects.values()), ada.get("me/access-log/")
    asked = f"?token={link.token}&code={link.code}&passcode={PASSCODE}"
    shut = (
        "/s/view/",
        "/s/view/report.pdf",
        "/s/help/photo/",
        "/s/help/like/",
        f"/s/{link.token}",
        f"/s/help/{secret}",
    )
    posts = (f"/shl/{link.token}/", "/s/help/open/", "/s/help/send/", "/s/view/reply/")
    doors = {"/s/": 200, "/s/open/": 200, "/s/help/": 200, **dict.fromkeys(shut, 404), **dict.fromkeys(posts, 405)}
    paths = [*doors, f"/s/open/{asked}", f"/s/help/?token={secret}", f"/shl/{link.token}/{asked}"]
    for number, path in enumerate(islice(cycle(paths), 504)):
        headers = {"User-Agent": f"previewer/{number}"}
        got, head = (ask(path, headers=headers) for ask in (bea.client.get, bea.client.head))
        assert (got.status_code, head.content) == (head.status_code, b""), path
        assert got.status_code == doors[path.partition("?")[0]], path
    assert len({bea.client.get(path).content for path in ("/s/", "/s/open/", f"/s/open/{asked}")}) == 1
    assert (len(bea.client.cookies), Access.objects.count()) == (0, 0)
    assert (list(ShareLink.objects.values()), list(HelperLink.objects.values()), ada.get("me/access-log/")) == before


def test_every_answer_of_a_link_is_private(ada: Somebody, bea: Reader) -> None:
    link = share(ada, ada.put_lump())
    assert_private(bea.client.get("/s/"))  # type: ignore[arg-type]  # the stubs' own response type
    assert_private(bea.open(token=new_token()))
    assert_private(bea.open(token=link.token, passcode="wrong"))
    assert_private(bea.open(token=link.token, passcode=PASSCODE))
    for path in ("", "report.pdf", "bundle.json", "record.txt", f"photos/{uuid4()}/large/", "nothing"):
        assert_private(bea.get(path))
    assert_private(bea.manifest(link, passcode=PASSCODE))
    assert_private(bea.manifest(link, passcode="wrong"))


def test_the_token_and_the_passcode_open_the_page(ada: Somebody, bea: Reader) -> None:
    link = share(ada, ada.put_lump())
    answer = bea.open(token=link.token, passcode=PASSCODE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/s/view/")
    cookie = bea.client.cookies["shared"]
    assert (cookie["path"], cookie["samesite"], bool(cookie["httponly"]), cookie["max-age"]) == (
        "/s/",
        "Strict",
        True,
        1800,
    )
    assert b"Left" not in bea.get().content
    assert b"Lower back" in bea.get().content


def test_the_code_opens_it_too_as_it_was_heard(ada: Somebody, bea: Reader) -> None:
    link = share(ada, ada.put_lump())
    heard = f" {link.code[:5]}-{link.code[5:]} ".lower().replace("0", "o").replace("1", "l")
    assert bea.open(code=heard, passcode=PASSCODE).status_code == 303


def test_a_wrong_passcode_is_401_with_the_tries_left_and_asks_again(ada: Somebody, bea: Reader) -> None:
    link = share(ada, ada.put_lump())
    answer = bea.open(token=link.token, passcode="0000")
    assert (answer.status_code, b"Tries left: 4." in answer.content) == (401, True)
    assert link.token in answer.content.decode()
    assert [bea.open(token=link.token, passcode="0000").status_code for _ in range(5)] == [401] * 4 + [404]
    assert bea.open(token=link.token, passcode=PASSCODE).status_code == 404


def closed_links(owner: Somebody) -> list[Link]:
    """One that never was, and one for each way to end."""
    lump = owner.put_lump()
    known = share(owner, lump)
    url = known.payload["url"].replace(known.token, new_token())
    unknown = replace(known, id=uuid4(), code="0000000000", payload={**known.payload, "url": url})
    revoked, expired, used, guessed = (share(owner, lump, max_openings=1) for _ in range(4))
    owner.ask("DELETE", f"share-links/{revoked.id}/")
    ShareLink.objects.filter(pk=expired.id).update(expires_at=timezone.now())
    assert Reader().open(token=used.token, passcode=PASSCODE).status_code == 303
    assert [Reader().open(token=guessed.token, passcode="0000").status_code for _ in range(5)] == [401] * 5
    return [unknown, revoked, expired, used, guessed]


def by_file(link: Link) -> HttpResponse:
    ticket = signing.dumps([link.id.hex, "bundle", "bea"], salt="lumptracker.clinic.file")
    path = f"/shl/{link.token}/file/{ticket}/"
    return Reader().client.get(path)  # type: ignore[return-value]  # the stubs' own response type


DOORS: dict[str, Callable[..., HttpResponse]] = {
    "token": lambda link, **sent: Reader().open(token=link.token, **sent),
    "code": lambda link, **sent: Reader().open(code=link.code, **sent),
    "manifest": lambda link, **sent: Reader().manifest(link, **sent),
}
PASSCODES: dict[str, dict[str, str]] = {"right": {"passcode": PASSCODE}, "wrong": {"passcode": "0000"}, "none": {}}


def test_why_a_link_stays_shut_shows_in_no_byte_and_no_header_of_any_door(ada: Somebody, settings: Settings) -> None:
    """Only `Date` may differ, which the server adds."""
    settings.RATE_LIMITS_ON = False  # else the eleventh unknown code is asked to wait
    links = closed_links(ada)
    for way in product(DOORS, PASSCODES):
        answers = [DOORS[way[0]](link, **PASSCODES[way[1]]) for link in links]
        assert {answer.status_code for answer in answers} == {404}, way
        assert len({answer.content for answer in answers}) == 1, way
        assert len({(str(sorted(answer.headers.items())), str(answer.cookies)) for answer in answers}) == 1, way
    assert Reader().open(token="not a token").content == DOORS["token"](links[0]).content
    shut = [links[index] for index in (0, 1, 2, 4)]  # a file's address stays good for whoever opened a used up link
    assert {(answer.status_code, answer.content) for answer in map(by_file, shut)} == {(404, by_file(shut[0]).content)}
    assert by_file(links[3]).status_code == 200


def parts(photo: UUID) -> list[str]:
    return ["", "report.pdf", "bundle.json", "record.txt", f"photos/{photo}/large/", f"photos/{photo}/thumb/"]


@pytest.mark.django_db(transaction=True)
def test_after_revocation_every_part_answers_404_alike(ada: Somebody, bea: Reader) -> None:
    lump, photo = ada.put_lump(), uuid4()
    assert send(ada, ada.put_observation(lump), jpeg(), photo=photo).status_code == 201
    link = share(ada, lump)
    bea.open(token=link.token, passcode=PASSCODE)
    assert [bea.get(part).status_code for part in parts(photo)] == [200] * 6
    ada.ask("DELETE", f"share-links/{link.id}/")
    answers = [bea.get(part) for part in parts(photo)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, bea.get("nothing").content)}
    assert bea.manifest(link, passcode=PASSCODE).status_code == 404


def test_a_part_without_an_opening_is_404(ada: Somebody, bea: Reader) -> None:
    share(ada, ada.put_lump())
    assert {bea.get(part).status_code for part in parts(uuid4())} == {404}


def test_a_cookie_lasts_half_an_hour(ada: Somebody, bea: Reader) -> None:
    link = share(ada, ada.put_lump())
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False) as clock:
        bea.open(token=link.token, passcode=PASSCODE)
        clock.shift(timedelta(minutes=29))
        assert bea.get().status_code == 200
        clock.shift(timedelta(minutes=2))
        assert bea.get().status_code == 404


def test_a_cookie_of_one_link_opens_no_other(ada: Somebody, bea: Reader) -> None:
    back, thigh = ada.put_lump(), ada.put_lump(site="thigh")
    first, second = share(ada, back), share(ada, thigh)
    bea.open(token=first.token, passcode=PASSCODE)
    assert b"Thigh" not in bea.get().content
    bea.open(token=second.token, passcode=PASSCODE)
    assert b"Lower back" not in bea.get().content


def test_a_made_up_cookie_opens_nothing(ada: Somebody, bea: Reader) -> None:
    share(ada, ada.put_lump())
    bea.client.cookies["shared"] = "WyJhIl0:abc:def"
    assert bea.get().status_code == 404


def test_opening_counts_once_for_one_browser(ada: Somebody, bea: Reader) -> None:
    link = share(ada, ada.put_lump(), max_openings=1)
    assert [bea.open(token=link.token, passcode=PASSCODE).status_code for _ in range(3)] == [303] * 3
    assert Reader().open(token=link.token, passcode=PASSCODE).status_code == 404
    assert ShareLink.objects.get().openings == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://testserver"}, 404),
        ({"Origin": "null"}, 404),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 404),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_a_form_on_another_site_opens_nothing(headers: dict[str, str], status: int) -> None:
    answer = Client(enforce_csrf_checks=True).post("/s/open/", {"token": new_token()}, headers=headers)
    assert answer.status_code == status


def test_ten_unknown_codes_an_hour_then_a_pause(ada: Somebody, bea: Reader, settings: Settings) -> None:
    settings.RATE_LIMITS_ON = True
    link = share(ada, ada.put_lump())
    assert [bea.open(code=f"00000000{number:02}").status_code for number in range(10)] == [404] * 10
    answer = bea.open(code=link.code, passcode=PASSCODE)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert bea.open(token=link.token, passcode=PASSCODE).status_code == 303


@pytest.mark.django_db(transaction=True)
def test_a_hundred_openings_at_once_through_the_door_of_a_link_for_three_are_three(
    ada: Somebody,
    live_server: Any,  # Any: pytest-django's server
) -> None:
    link = share(ada, ada.put_lump(), passcode="", max_openings=3)
    form = urlencode({"token": link.token})

    def opening(_: int) -> int:
        web = HTTPConnection(live_server.thread.host, live_server.thread.port, timeout=120)
        try:
            web.request("POST", "/s/open/", form, {"Content-Type": "application/x-www-form-urlencoded"})
            return web.getresponse().status
        finally:
            web.close()

    with ThreadPoolExecutor(8) as pool:
        assert Counter(pool.map(opening, range(100))) == {303: 3, 404: 97}
    assert (ShareLink.objects.get().openings, Access.objects.filter(what="opened").count()) == (3, 3)


def test_right_codes_are_no_guesses(ada: Somebody, settings: Settings) -> None:
    settings.RATE_LIMITS_ON = True
    link = share(ada, ada.put_lump())
    assert {Reader().open(code=link.code, passcode=PASSCODE).status_code for _ in range(12)} == {303}


def test_no_log_line_carries_a_token(ada: Somebody, bea: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    link, written = share(ada, ada.put_lump()), io.StringIO()
    console = logging.getLogger("django.request").handlers[0]  # pytest adds its own behind it
    monkeypatch.setattr(console, "stream", written)
    bea.manifest(link, passcode="wrong")
    bea.client.get(f"/shl/{link.token}/file/none/")
    logging.getLogger("django.request").error("Internal Server Error: %s", f"/shl/{link.token}/")
    assert "Internal Server Error" in written.getvalue()
    assert link.token not in written.getvalue()


def test_the_owners_record_never_learns_the_readers_address(ada: Somebody, bea: Reader) -> None:
    link: Link = share(ada, ada.put_lump())
    bea.open(token=link.token, passcode=PASSCODE)
    seen = json.dumps(ada.get(f"share-links/{link.id}/accesses/"))
    assert "127.0.0.1" not in seen
