"""`import/`: what was exported comes back, whole and unchanged, into any account; and whatever else is sent is told."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests import pictures
from tests.people import Somebody, ada, cal, sign_up
from tests.tracking.test_exports import exported, fetched, made
from tests.uploads import send
from tracking import vault
from tracking.models import Import, Lump, Observation, Person, Photo, Superseded
from tracking.moving_work import move_due

pytestmark = pytest.mark.django_db
DATA = ("histories/", "photos/", "checks.csv", "persons.json", "index.html")


@pytest.fixture(autouse=True)
def _storage(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGE_DIR = tmp_path / "storage"


def post(somebody: Somebody, content: bytes, *, preview: bool = False, **form: str) -> Any:
    """Any: the test client's answer."""
    file = io.BytesIO(content)
    file.name = "a.zip"
    body = encode_multipart(BOUNDARY, {"file": file, **form})
    headers = {"X-Session-Token": somebody.token}
    address = f"/api/v1/import/{'?preview=1' if preview else ''}"
    return somebody.client.generic("POST", address, body, MULTIPART_CONTENT, headers=headers)


def imported(somebody: Somebody, content: bytes, **form: str) -> Any:
    """Send, wait, look. Any: JSON."""
    answer = post(somebody, content, preview=False, **form)
    assert answer.status_code == 202, answer.content
    move_due(at=timezone.now())
    told = somebody.get(f"import/{answer.json()['id']}/")
    assert told["state"] == "ready", told
    return told


def previewed(somebody: Somebody, content: bytes, **form: str) -> Any:  # Any: JSON
    answer = post(somebody, content, preview=True, **form)
    assert answer.status_code == 200, answer.content
    return answer.json()


def bundle(files: Mapping[str, Any]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return out.getvalue()


def history(**lump: object) -> dict[str, Any]:  # Any: JSON
    return {
        "format": "lumptracker.history/1",
        "person": {"id": str(uuid4()), "name": "Ada", "time_zone": "Europe/London"},
        "lump": {"id": str(uuid4()), "site": "thigh", **lump},
        "observations": [{"id": str(uuid4()), "observed_at": "2026-09-21T19:04:00+01:00", "length_mm": 18}],
    }


def zipped(*documents: dict[str, Any]) -> bytes:
    return bundle({f"histories/{one['lump']['id']}.json": json.dumps(one) for one in documents})


def full_record(somebody: Somebody) -> UUID:
    """A lump with something of everything, and a person without a lump."""
    person = somebody.put_person(
        name="Ada", birth_date="1971-04", sex="female", region="GB", time_zone="Europe/London",
        background={"anticoagulant": False},
    )  # fmt: skip
    lump = somebody.put_lump(
        person, label="Back", side="left", pin={"view": "back", "x": 0.41, "y": 0.52}, first_noticed_on="2026-09-20",
        first_noticed_certainty="about", background={"cause": "injury", "cause_on": "2026-09-19"},
    )  # fmt: skip
    check = somebody.put_observation(
        lump, readings_mm=[17, 18, 19], width_mm=14, method="ruler", note="=after a walk",
        signs={"consistency": "soft", "pain": 2, "fever": False},
    )  # fmt: skip
    somebody.put_observation(lump, observed_at="2026-10-25T01:30:00+00:00", length_mm=20.5, uncertainty_mm=0.04)
    somebody.put_observation(lump, observed_at="2026-10-25T01:30:00+01:00", length_mm=20.6, uncertainty_mm=0)
    somebody.put_care(lump, kind="seen", outcome="Wait", review_on="2026-12-02", note="kind")
    send(somebody, check, pictures.jpeg(), taken_at="2026-09-21T19:05:00+01:00")
    somebody.put_person(name="Nobody's lump")
    return lump


def data_of(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if name.startswith(DATA)}


def wipe_by_hand(somebody: Somebody) -> Somebody:
    for person in somebody.get("persons/")["results"]:
        assert somebody.ask("DELETE", f"persons/{person['id']}/").status_code == 204
    return somebody


def wipe_the_account(somebody: Somebody) -> Somebody:
    assert somebody.ask("DELETE", "me/").status_code == 204
    return sign_up(somebody.email)


@pytest.mark.parametrize("wipe", [wipe_by_hand, wipe_the_account])
def test_what_was_exported_and_wiped_comes_back_to_the_byte(wipe: Callable[[Somebody], Somebody]) -> None:
    owner = ada()
    full_record(owner)
    content = fetched(owner, made(owner))
    before = exported(owner)
    owner = wipe(owner)
    assert not Person.objects.exists()
    told = imported(owner, content)
    assert (told["problems"], told["same"], told["different"]) == ([], 0, 0)
    assert data_of(exported(owner)) == data_of(before)
    assert len([name for name in before if name.startswith("photos/")]) == 1


def test_the_same_file_again_changes_nothing() -> None:
    owner = ada()
    full_record(owner)
    content = fetched(owner, made(owner))
    revs = list(Person.objects.order_by("pk").values_list("last_rev", flat=True))
    told = imported(owner, content)
    assert (told["new"], told["different"], told["restored"], told["problems"]) == (0, 0, 0, [])
    assert told["by_kind"]["observation"]["same"] == 3
    assert list(Person.objects.order_by("pk").values_list("last_rev", flat=True)) == revs


def test_a_preview_counts_and_writes_nothing() -> None:
    owner = ada()
    lump = full_record(owner)
    content = fetched(owner, made(owner))
    owner.ask("PATCH", f"lumps/{lump}/", {"label": "Renamed"})
    check = Observation.objects.filter(lump=lump).order_by("observed_at").last()
    assert check is not None
    owner.ask("DELETE", f"observations/{check.pk}/")
    Import.objects.all().delete()
    told = previewed(owner, content)
    assert (told["new"], told["same"], told["different"], told["restored"]) == (0, 6, 1, 1)
    assert not Import.objects.exists()
    assert owner.get(f"lumps/{lump}/")["label"] == "Renamed"
    assert Observation.objects.filter(lump=lump).count() == 2


def test_it_is_chosen_which_word_holds_and_what_lost_is_kept() -> None:
    owner = ada()
    lump = full_record(owner)
    content = fetched(owner, made(owner))
    owner.ask("PATCH", f"lumps/{lump}/", {"label": "Renamed"})
    assert imported(owner, content, different="keep")["different"] == 1
    assert owner.get(f"lumps/{lump}/")["label"] == "Renamed"
    imported(owner, content, different="take")
    assert owner.get(f"lumps/{lump}/")["label"] == "Back"
    assert [json.loads(lost.value) for lost in Superseded.objects.filter(field="label")] == ["Renamed"]


def test_what_was_deleted_here_may_stay_deleted() -> None:
    owner = ada()
    lump = full_record(owner)
    content = fetched(owner, made(owner))
    owner.ask("DELETE", f"lumps/{lump}/")
    imported(owner, content, deleted="leave")
    assert not Lump.objects.exists()
    imported(owner, content)
    assert Lump.objects.get().pk == lump
    assert Photo.objects.get().state == "ready"


def test_a_phone_that_was_told_of_the_deletion_is_told_of_the_return() -> None:
    owner = ada()
    full_record(owner)
    content = fetched(owner, made(owner))
    wipe_by_hand(owner)
    cursor = owner.post("sync/", {"cursor": None, "operations": []})["cursor"]
    imported(owner, content)
    pulled = owner.post("sync/", {"cursor": cursor, "operations": []})
    back = {(change["type"], change.get("deleted", False)) for change in pulled["changes"]}
    assert back == {(kind, False) for kind in ("person", "lump", "observation", "photo", "care")}


def test_somebody_elses_ids_become_ones_own_and_theirs_stay_untouched() -> None:
    owner, other = ada(), cal()
    full_record(owner)
    content = fetched(owner, made(owner))
    theirs = list(Observation.objects.order_by("pk").values())
    told = imported(other, content)
    assert (told["problems"], told["same"], told["different"]) == ([], 0, 0)
    assert list(Observation.objects.filter(person__memberships__user=owner.user).order_by("pk").values()) == theirs
    mine = other.get("lumps/")["results"]
    assert [one["label"] for one in mine] == ["Back"]
    assert imported(other, content)["new"] == 0
    photo = Photo.objects.get(person__memberships__user=other.user).pk
    assert other.ask("GET", f"photos/{photo}/large/").status_code == 200


def test_an_import_goes_on_where_the_last_pass_left_it() -> None:
    owner = ada()
    answer = post(owner, zipped(*(history() for _ in range(3))))
    move_due(at=timezone.now(), seconds=1e-9)
    before = owner.get(f"import/{answer.json()['id']}/")
    assert before["state"] == "waiting"
    move_due(at=timezone.now())
    after = owner.get(f"import/{answer.json()['id']}/")
    assert (after["state"], after["done"], after["by_kind"]["lump"]["new"]) == ("ready", 3, 3)


def test_the_file_is_gone_once_it_is_done_with() -> None:
    owner = ada()
    imported(owner, zipped(history()))
    assert list(vault.iter_keys()) == []


def test_one_at_a_time() -> None:
    owner = ada()
    assert post(owner, zipped(history())).status_code == 202
    again = post(owner, zipped(history()))
    assert (again.status_code, again.json()["code"]) == (409, "import_running")


def test_a_stranger_finds_no_import() -> None:
    owner, other = ada(), cal()
    found = post(owner, zipped(history())).json()["id"]
    assert other.ask("GET", f"import/{found}/").status_code == 404
    assert other.ask("DELETE", f"import/{found}/").status_code == 404
    assert other.get("import/") == []


def test_what_was_logged_in_the_future_does_not_hide_from_a_judgement() -> None:
    owner = ada()
    document = history()
    document["observations"][0]["observed_at"] = "2099-01-01T00:00:00+00:00"
    at = timezone.now()
    imported(owner, zipped(document))
    check = Observation.objects.get()
    assert check.received_at is not None
    assert check.received_at >= at


def test_a_history_is_judged_once_it_is_here() -> None:
    owner = ada()
    imported(owner, zipped(history()))
    assert Lump.objects.get().assess_after is not None


def test_nobody_imports_into_a_record_that_is_only_shared_with_them() -> None:
    owner, other = ada(), cal()
    full_record(owner)
    content = fetched(owner, made(owner))
    for person in Person.objects.all():
        person.memberships.create(user=other.user, role="logger")
    told = imported(other, content)
    assert {problem["code"] for problem in told["problems"]} == {"not_in_this_role"}
    assert (told["new"], told["different"]) == (0, 0)
