"""A list or a history that has not changed is not sent again to whoever shows its tag, and to nobody else."""

from __future__ import annotations

import pytest

from tests.people import ada as sign_ada_up
from tests.people import cal as sign_cal_up

pytestmark = pytest.mark.django_db
LISTS = ("persons/", "lumps/", "observations/", "care/")


def test_what_has_not_changed_is_answered_without_its_body() -> None:
    ada = sign_ada_up()
    lump = ada.put_lump()
    ada.put_observation(lump, note="Soft")
    for path in (*LISTS, f"lumps/{lump}/history/"):
        first = ada.ask("GET", path)
        again = ada.ask("GET", path, **{"If-None-Match": first["ETag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b""), path
        assert again["ETag"] == first["ETag"]
        assert again["Cache-Control"] == "private, no-store", path


def test_what_has_changed_is_sent_whole_under_another_tag() -> None:
    ada = sign_ada_up()
    lump = ada.put_lump()
    for path in ("observations/", f"lumps/{lump}/history/"):
        known = ada.ask("GET", path)["ETag"]
        ada.put_observation(lump)
        answer = ada.ask("GET", path, **{"If-None-Match": known})
        assert answer.status_code == 200, path
        assert answer["ETag"] != known


def test_a_tag_opens_nothing() -> None:
    ada, cal = sign_ada_up(), sign_cal_up()
    lump = ada.put_lump()
    known = ada.ask("GET", f"lumps/{lump}/history/")["ETag"]
    assert cal.ask("GET", f"lumps/{lump}/history/", **{"If-None-Match": known}).status_code == 404
    listed = ada.ask("GET", "lumps/")["ETag"]
    assert cal.ask("GET", "lumps/", **{"If-None-Match": listed}).status_code == 200


def test_the_tag_of_a_write_or_of_one_row_is_not_given() -> None:
    ada = sign_ada_up()
    lump = ada.put_lump()
    assert "ETag" not in ada.ask("GET", f"lumps/{lump}/").headers
    assert "ETag" not in ada.ask("POST", "sync/", {"cursor": None, "operations": []}).headers
