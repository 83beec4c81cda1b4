"""A clinician may answer once, where the owner allows it, and it counts when the owner says so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpResponse

from tests.lumptracker.readers import PASSCODE, Link, Reader, share
from tests.people import Somebody, ada

pytestmark = pytest.mark.django_db


@pytest.fixture(name="ada")
def _ada() -> Somebody:
    return ada()


def with_link(link: Link) -> Reader:
    bea = Reader()
    assert bea.open(token=link.token, passcode=PASSCODE).status_code == 303
    return bea


def reply(bea: Reader, lump: UUID, **form: str) -> HttpResponse:
    sent = {"lump": str(lump), "seen_on": "2026-10-02", "plan": "Scan, then call.", "review_on": "2026-11-02", **form}
    return bea.client.post("/s/view/reply/", sent)  # type: ignore[return-value]  # the stubs' own response type


def test_an_answer_becomes_a_care_event_that_waits_for_its_owner(ada: Somebody) -> None:
    lump = ada.put_lump()
    bea = with_link(share(ada, lump, write_back=True))
    assert b"/s/view/reply/" in bea.get().content
    assert reply(bea, lump).status_code == 303
    (care,) = ada.get(f"care/?lump={lump}")["results"]
    told = {name: care[name] for name in ("on", "kind", "outcome", "review_on", "by", "confirmed")}
    assert told == {
        "on": "2026-10-02",
        "kind": "seen",
        "outcome": "Scan, then call.",
        "review_on": "2026-11-02",
        "by": "clinician",
        "confirmed": False,
    }


def test_one_link_takes_one_answer_even_when_that_was_deleted(ada: Somebody) -> None:
    lump = ada.put_lump()
    bea = with_link(share(ada, lump, write_back=True))
    assert [reply(bea, lump).status_code for _ in range(2)] == [303, 404]
    (care,) = ada.get(f"care/?lump={lump}")["results"]
    ada.ask("DELETE", f"care/{care['id']}/")
    assert reply(bea, lump).status_code == 404
    assert b"/s/view/reply/" not in bea.get().content


@pytest.mark.django_db(transaction=True)
def test_of_answers_sent_in_the_same_moment_one_is_taken(ada: Somebody) -> None:
    lump = ada.put_lump()
    link = share(ada, lump, write_back=True)
    readers = [with_link(link) for _ in range(6)]

    def answer(number: int) -> int:
        try:
            return reply(readers[number], lump, plan=f"Plan {number}").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(answer, range(6)))
    assert sorted(told) == [303, *[404] * 5]
    (care,) = ada.get(f"care/?lump={lump}")["results"]
    assert care["outcome"] == f"Plan {told.index(303)}"


def test_a_link_that_does_not_allow_it_takes_no_answer(ada: Somebody) -> None:
    lump = ada.put_lump()
    assert reply(with_link(share(ada, lump)), lump).status_code == 404


def test_an_answer_about_a_lump_that_was_not_shared_is_404(ada: Somebody) -> None:
    shown, other = ada.put_lump(), ada.put_lump()
    assert reply(with_link(share(ada, shown, write_back=True)), other).status_code == 404


@pytest.mark.parametrize("slip", [{"seen_on": ""}, {"seen_on": "soon"}, {"review_on": "2026-10-01"}])
def test_a_slip_is_400_and_can_be_mended(ada: Somebody, slip: dict[str, str]) -> None:
    lump = ada.put_lump()
    bea = with_link(share(ada, lump, write_back=True))
    assert reply(bea, lump, **slip).status_code == 400
    assert reply(bea, lump).status_code == 303


def test_an_answer_sent_from_another_site_is_refused(ada: Somebody) -> None:
    lump = ada.put_lump()
    bea = with_link(share(ada, lump, write_back=True))
    form = {"lump": str(lump), "seen_on": "2026-10-02"}
    answer = bea.client.post("/s/view/reply/", form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
