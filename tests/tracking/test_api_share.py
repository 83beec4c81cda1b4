"""`share-links/` over HTTP: secrets once, the owner alone, and an end that stays."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.people import Somebody, ada, cal
from tracking.models import ShareLink
from tracking.shared import note_access

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture(name="ada")
def _ada() -> Somebody:
    return ada()


def put_link(owner: Somebody, lump: UUID, link_id: UUID | None = None, **wishes: object) -> Any:  # Any: JSON
    return owner.put(f"share-links/{link_id or uuid4()}/", {"lumps": [str(lump)], **wishes})


def test_the_first_answer_alone_carries_the_secrets(ada: Somebody) -> None:
    lump, link_id = ada.put_lump(), uuid4()
    first = put_link(ada, lump, link_id, label="Bea Clinician")
    assert {"url", "code", "passcode"} <= set(first)
    assert len(first["code"]) == 10
    for again in (put_link(ada, lump, link_id, label="Bea Clinician"), ada.get(f"share-links/{link_id}/")):
        assert not {"url", "code", "passcode"} & set(again)
        assert again == {name: value for name, value in first.items() if name not in ("url", "code", "passcode")}


def test_a_link_that_was_read_can_be_written_back(ada: Somebody) -> None:
    link_id = uuid4()
    put_link(ada, ada.put_lump(), link_id, max_openings=3)
    read = ada.get(f"share-links/{link_id}/")
    assert ada.put(f"share-links/{link_id}/", read) == read


def test_what_its_owner_did_not_choose_is_off_and_no_link_lasts_longer_than_ninety_days(ada: Somebody) -> None:
    lump, link_id = ada.put_lump(), uuid4()
    made = put_link(ada, lump, link_id)
    chosen = {name: made[name] for name in ("photos", "intimate_photos", "names", "write_back")}
    assert chosen == {"photos": True, "intimate_photos": False, "names": False, "write_back": False}
    begun, ends = (datetime.fromisoformat(made[name]) for name in ("created_at", "expires_at"))
    assert ends - begun == timedelta(days=7)
    late = (begun + timedelta(days=91)).isoformat()
    for wish in ({"expires_at": late}, {"max_openings": 0}, {"max_openings": 2.5}):
        for address in (f"share-links/{link_id}/", f"share-links/{uuid4()}/"):
            answer = ada.ask("PUT", address, {"lumps": [str(lump)], **wish})
            assert (answer.status_code, [*json.loads(answer.content)["fields"]]) == (400, [*wish])
    assert ada.get(f"share-links/{link_id}/")["expires_at"] == made["expires_at"]


@pytest.mark.parametrize("passcode", [None, ""])
def test_null_or_nothing_means_no_passcode(ada: Somebody, passcode: str | None) -> None:
    assert put_link(ada, ada.put_lump(), passcode=passcode)["passcode"] is None


@pytest.mark.parametrize(
    "slip",
    [{"lumps": []}, {"lumps": "all"}, {"photos": "yes"}, {"max_openings": 0}, {"colour": "red"}, {"passcode": "1"}],
)
def test_a_slip_is_400_and_named(ada: Somebody, slip: dict[str, object]) -> None:
    answer = ada.ask("PUT", f"share-links/{uuid4()}/", {"lumps": [str(ada.put_lump())], **slip})
    assert answer.status_code == 400
    assert [name.partition(".")[0] for name in json.loads(answer.content)["fields"]] == list(slip)


def test_a_deleted_link_stays_in_the_list_as_ended(ada: Somebody) -> None:
    lump, link_id = ada.put_lump(), uuid4()
    put_link(ada, lump, link_id)
    assert [ada.ask("DELETE", f"share-links/{link_id}/").status_code for _ in range(2)] == [204, 204]
    assert ada.get("share-links/")["results"][0]["revoked_at"]
    again = ada.ask("PUT", f"share-links/{link_id}/", {"lumps": [str(lump)]})
    assert (again.status_code, json.loads(again.content)["code"]) == (409, "deleted")


def test_a_link_is_made_soon_after_signing_in_only(ada: Somebody, monkeypatch: pytest.MonkeyPatch) -> None:
    lump = ada.put_lump()
    monkeypatch.setattr("tracking.access.RECENT_SIGN_IN_SECONDS", -1)
    answer = ada.ask("PUT", f"share-links/{uuid4()}/", {"lumps": [str(lump)]})
    assert (answer.status_code, json.loads(answer.content)["code"]) == (403, "reauthentication_required")


def test_another_account_finds_no_link_and_no_lump(ada: Somebody) -> None:
    lump, link_id, other = ada.put_lump(), uuid4(), cal()
    put_link(ada, lump, link_id)
    missing = other.ask("GET", f"share-links/{uuid4()}/")
    body = {"lumps": [str(lump)]}
    for method, path, sent in (
        ("GET", f"share-links/{link_id}/", None),
        ("PUT", f"share-links/{link_id}/", body),
        ("PUT", f"share-links/{uuid4()}/", body),
        ("DELETE", f"share-links/{link_id}/", None),
        ("GET", f"share-links/{link_id}/accesses/", None),
    ):
        answer = other.ask(method, path, sent)
        assert (answer.status_code, answer.content) == (404, missing.content)
    assert ShareLink.objects.get().revoked_at is None


def test_the_owner_sees_who_looked_at_what(ada: Somebody) -> None:
    link_id = uuid4()
    put_link(ada, ada.put_lump(), link_id)
    note_access(ShareLink.objects.get(), reader="bea", what="record", at=AT, recipient="")
    seen = ada.get(f"share-links/{link_id}/accesses/")["results"]
    assert [one["what"] for one in seen] == ["record"]
    assert len(seen[0]["reader"]) == 8
