"""A clinician may answer once, where the owner allows it, and it counts when the owner says so."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import HttpResponse

from tests.lumptracker.readers import PASSCODE, Link, Reader, share
from tests.people import Somebody, ada, cal
from tracking.models import Lump, Membership

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


def test_its_owner_says_yes_from_the_phone_and_may_put_it_right(ada: Somebody) -> None:
    lump = ada.put_lump()
    reply(with_link(share(ada, lump, write_back=True)), lump)
    (care,) = ada.get(f"care/?lump={lump}")["results"]

    def say(**fields: object) -> tuple[str, dict[str, object]]:
        operation = {"op_id": str(uuid4()), "type": "care", "id": care["id"], "base_rev": care["rev"], "fields": fields}
        (result,) = ada.post("sync/", {"operations": [operation]})["results"]
        kept = ada.get(f"care/{care['id']}/")
        return result["status"], {name: kept[name] for name in ("by", "confirmed", "outcome")}

    assert say(confirmed=True)[1] == {"by": "clinician", "confirmed": True, "outcome": "Scan, then call."}
    status, kept = say(outcome="Call first.", by="person", confirmed=True)
    assert status in ("applied", "merged")
    assert kept == {"by": "person", "confirmed": True, "outcome": "Call first."}


def test_a_yes_stays_until_it_is_taken_back_by_name(ada: Somebody) -> None:
    """What an undo or an older phone sends says nothing of it, and neither does null."""
    lump = ada.put_lump()
    reply(with_link(share(ada, lump, write_back=True)), lump)
    (care,) = ada.get(f"care/?lump={lump}")["results"]
    silent = {name: care[name] for name in ("lump", "on", "kind", "by")}

    def kept(**fields: object) -> tuple[bool, bool]:
        """Whether it counts after a replacement, and after a change by a phone."""
        put = ada.put(f"care/{care['id']}/", {**silent, **fields})["confirmed"]
        change = {"op_id": str(uuid4()), "type": "care", "id": care["id"], "base_rev": 0}
        ada.post("sync/", {"operations": [{**change, "fields": {"note": str(uuid4()), "by": "clinician", **fields}}]})
        return put, ada.get(f"care/{care['id']}/")["confirmed"]

    assert (kept(), kept(confirmed=None)) == ((False, False), (False, False))
    assert kept(confirmed=True) == (True, True)
    assert (kept(), kept(confirmed=None)) == ((True, True), (True, True))
    assert kept(confirmed=False) == (False, False)


def test_nobody_but_an_owner_answers_for_what_a_clinician_wrote(ada: Somebody) -> None:
    lump, logger = ada.put_lump(), cal()
    Membership.objects.create(user=logger.user, person=Lump.objects.get(pk=lump).person, role="logger")
    reply(with_link(share(ada, lump, write_back=True)), lump)
    (care,) = ada.get(f"care/?lump={lump}")["results"]
    address = f"care/{care['id']}/"
    assert logger.put(address, care) == care
    row = {"lump": str(lump), "on": "2026-10-02", "kind": "seen"}
    for path, wish in (
        (address, {**care, "confirmed": True}),
        (address, {**care, "by": "person", "confirmed": True}),
        (address, {**care, "outcome": "Scan in May."}),
        (f"care/{uuid4()}/", {**row, "by": "clinician", "confirmed": True}),
    ):
        answer = logger.ask("PUT", path, wish)
        told = json.loads(answer.content)
        assert (answer.status_code, told["code"]) == (403, "not_in_this_role")
        assert told["message"].endswith("Only an owner of this record may say that it is right.")
    change = {"op_id": str(uuid4()), "type": "care", "id": care["id"], "fields": {"confirmed": True}}
    (result,) = logger.post("sync/", {"operations": [change]})["results"]
    assert (result["status"], result["error"]["code"]) == ("rejected", "not_in_this_role")
    assert ada.get(address) == care
    assert logger.put(f"care/{uuid4()}/", row)["confirmed"] is True
    ada.put(address, {**care, "confirmed": True})
    assert logger.put(address, {**care, "confirmed": True, "note": "Cal drove."})["note"] == "Cal drove."


@pytest.mark.parametrize("confirmed", [False, True])
@pytest.mark.parametrize(
    ("language", "word", "whole"),
    [
        ("en", "Only an owner of this record may change or delete it.", "Only an owner of this record may delete it."),
        ("es", "Solo quien es dueño de este registro puede cambiarlo o borrarlo.", "puede borrarlo."),
    ],
)
def test_nobody_but_an_owner_removes_what_a_clinician_wrote(
    ada: Somebody, *, confirmed: bool, language: str, word: str, whole: str
) -> None:
    lump, logger = ada.put_lump(), cal()
    Membership.objects.create(user=logger.user, person=Lump.objects.get(pk=lump).person, role="logger")
    logger.ask("PATCH", "me/", {"language": language})
    own = logger.put(f"care/{uuid4()}/", {"lump": str(lump), "on": "2026-10-02", "kind": "booked"})["id"]
    reply(with_link(share(ada, lump, write_back=True)), lump)
    (care,) = [one for one in ada.get(f"care/?lump={lump}")["results"] if one["by"] == "clinician"]
    care = ada.put(f"care/{care['id']}/", {**care, "confirmed": confirmed})

    for path, end in ((f"care/{care['id']}/", word), (f"lumps/{lump}/", whole)):
        answer = logger.ask("DELETE", path)
        told = json.loads(answer.content)
        assert (answer.status_code, told["code"]) == (403, "not_in_this_role")
        assert told["message"].endswith(end)

    rows = (("care", care["id"]), ("lump", str(lump)), ("care", own))
    sent = [{"op_id": str(uuid4()), "type": kind, "id": row, "deleted": True} for kind, row in rows]
    one, other, last = logger.post("sync/", {"operations": sent})["results"]
    assert [result["status"] for result in (one, other, last)] == ["rejected", "rejected", "applied"]
    assert one["error"]["code"] == other["error"]["code"] == "not_in_this_role"
    assert one["error"]["message"].endswith(word)
    assert other["error"]["message"].endswith(whole)
    assert ada.get(f"care/?lump={lump}")["results"] == [care]
    assert ada.ask("DELETE", f"care/{care['id']}/").status_code == 204
    assert logger.ask("DELETE", f"lumps/{lump}/").status_code == 204


def test_once_it_counts_nobody_but_an_owner_changes_a_word_of_it(ada: Somebody) -> None:
    lump, logger = ada.put_lump(), cal()
    Membership.objects.create(user=logger.user, person=Lump.objects.get(pk=lump).person, role="logger")
    reply(with_link(share(ada, lump, write_back=True)), lump)
    (care,) = ada.get(f"care/?lump={lump}")["results"]
    care = ada.put(f"care/{care['id']}/", {**care, "confirmed": True})
    slips = ({"outcome": "No."}, {"on": "2026-10-01"}, {"kind": "told"}, {"review_on": None}, {"by": "person"})
    for slip in (*slips, {"confirmed": False}):
        answer = logger.ask("PUT", f"care/{care['id']}/", {**care, **slip})
        assert answer.status_code == 403, slip
        assert b"Only an owner of this record may change or delete it." in answer.content
    assert ada.get(f"care/{care['id']}/") == care
    assert ada.put(f"care/{care['id']}/", {**care, "outcome": "Scan in May."})["outcome"] == "Scan in May."


def test_until_its_owner_says_yes_the_page_says_so_and_the_chart_leaves_it_out(ada: Somebody) -> None:
    lump = ada.put_lump()
    ada.put_observation(lump, length_mm=14.0, method="ruler", observed_at="2026-09-20T09:00:00Z")
    bea = with_link(share(ada, lump, write_back=True))
    reply(bea, lump)

    def shown() -> tuple[list[str], str, bool]:
        """The line of the timeline, what the drawing says, and whether its key has the sign for care."""
        page = bea.get().content.decode()
        rows = re.findall(r"<td>(Seen by .*?)</td>", page)
        drawing = "".join(re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL))
        return rows, drawing, "□" in page

    rows, drawing, has_sign = shown()
    assert rows == ["Seen by a doctor or nurse (not confirmed by the person) Scan, then call."]
    assert ">Seen<" not in drawing
    assert not has_sign
    (care,) = ada.get(f"care/?lump={lump}")["results"]
    ada.put(f"care/{care['id']}/", {**care, "confirmed": True})
    rows, drawing, has_sign = shown()
    assert rows == ["Seen by a doctor or nurse Scan, then call."]
    assert ">Seen<" in drawing
    assert has_sign


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


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        ({"seen_on": ""}, "date"),
        ({"seen_on": "soon"}, "date"),
        ({"seen_on": "2090-10-02", "review_on": ""}, "This day is still to come."),
        ({"review_on": "2026-10-01"}, "The next look cannot be before this day."),
    ],
)
def test_a_slip_is_400_with_its_reason_and_can_be_mended(ada: Somebody, slip: dict[str, str], words: str) -> None:
    lump = ada.put_lump()
    bea = with_link(share(ada, lump, write_back=True))
    answer = reply(bea, lump, **slip)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert ada.get(f"care/?lump={lump}")["results"] == []
    assert reply(bea, lump).status_code == 303


def test_an_answer_sent_from_another_site_is_refused(ada: Somebody) -> None:
    lump = ada.put_lump()
    bea = with_link(share(ada, lump, write_back=True))
    form = {"lump": str(lump), "seen_on": "2026-10-02"}
    answer = bea.client.post("/s/view/reply/", form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
