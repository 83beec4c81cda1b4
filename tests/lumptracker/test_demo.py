"""`manage.py demo`: one account, judged by the real rules, with a link that opens."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from tests.lumptracker.readers import Reader
from tracking.models import Lump, Photo, User
from triage.models import Assessment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _storage(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGE_DIR = tmp_path / "storage"


def test_the_demo_is_a_record_with_pictures_advice_and_a_link_that_opens() -> None:
    out = StringIO()
    call_command("demo", stdout=out)
    line = json.loads(out.getvalue())
    assert set(line) == {"email", "password", "url", "code", "passcode"}
    assert User.objects.get().check_password(line["password"])
    assert (Lump.objects.count(), Photo.objects.filter(state="ready").count()) == (3, 6)
    back = Assessment.objects.filter(lump__site="lower_back").order_by("at").last()
    assert back is not None
    assert back.document["growth"]["state"] == "growing"
    bea = Reader()
    assert bea.open(code=line["code"], passcode=line["passcode"]).status_code == 303
    assert re.search(r"12 → 21 mm in [56] weeks", bea.get().content.decode())  # by night the last check was yesterday


def test_the_demo_refuses_a_database_with_accounts() -> None:
    User.objects.create_user("cal@example.org")
    with pytest.raises(CommandError, match="has accounts"):
        call_command("demo")
    assert User.objects.count() == 1
