"""Whatever a record holds: exported, wiped and imported it is the same to the byte."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from lumptracker.demo.account import EMAIL, make_demo
from tests import pictures
from tests.people import Somebody, sign_up
from tests.tracking.histories import histories
from tests.tracking.test_exports import exported, fetched, made
from tests.tracking.test_imports import bundle, data_of, imported, wipe_the_account
from tracking.history import History, write_history
from tracking.models import Membership

pytestmark = pytest.mark.django_db
PICTURE = pictures.jpeg(96, 64)


@pytest.fixture(autouse=True)
def _storage(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGE_DIR = tmp_path / "storage"
    settings.RATE_LIMITS_ON = settings.ACCOUNT_RATE_LIMITS = False


def zip_of(records: list[History]) -> bytes:
    """As an export would hold them; the pictures that they name are all one."""
    files: dict[str, Any] = {}  # Any: what a ZIP takes
    for record in records:
        files[f"histories/{record.lump.id}.json"] = json.dumps(write_history(record))
        files |= {f"photos/{photo.id}.jpg": PICTURE for photo in record.photos}
    return bundle(files)


def round_trip(owner: Somebody) -> tuple[Mapping[str, bytes], Mapping[str, bytes]]:
    content, before = fetched(owner, made(owner)), exported(owner)
    owner = wipe_the_account(owner)
    told = imported(owner, content)
    assert (told["problems"], told["same"], told["different"]) == ([], 0, 0)
    return data_of(before), data_of(exported(owner))


@settings(
    max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(st.lists(histories(), min_size=1, max_size=3, unique_by=lambda one: one.lump.id))
def test_any_histories_come_back_to_the_byte(records: list[History]) -> None:
    """Of several people, one of them shared; also of what is closed, of intimate places, with every step of care."""
    owner, viewer = sign_up(f"{uuid4()}@example.org"), sign_up(f"{uuid4()}@example.org")
    imported(owner, zip_of(records))
    for person in owner.get("persons/")["results"][:1]:
        Membership.objects.create(user=viewer.user, person_id=person["id"], role="viewer")
    before, after = round_trip(owner)
    assert [name for name in before if before[name] != after.get(name)] == []
    assert after.keys() == before.keys()


@pytest.mark.soak
def test_the_example_account_comes_back_to_the_byte() -> None:
    account = make_demo(at=timezone.now())
    owner = Somebody(email=EMAIL)
    answer = owner.ask("POST", "/_allauth/app/v1/auth/login", {"email": EMAIL, "password": account.password})
    owner.token = json.loads(answer.content)["meta"]["session_token"]
    before, after = round_trip(owner)
    assert [name for name in before if before[name] != after.get(name)] == []
    assert after.keys() == before.keys()
