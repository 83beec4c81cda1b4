"""`manage.py rotate-key`: the key that an installation made for itself, changed in two steps."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django.fixtures import Settings

from lumptracker.env import Environment, WrongSetting
from tests.people import ada
from tracking.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def environment(settings: Settings, tmp_path: Path) -> Environment:
    found = Environment({"LUMPTRACKER_DATA": str(tmp_path)}, base=tmp_path)
    settings.ENV, settings.READ_DATA_KEYS = found, found.data_keys
    start_anew(settings)
    return found


def start_anew(settings: Settings) -> None:
    settings.DATA_KEY, *settings.DATA_KEYS_ALSO = settings.ENV.data_keys()


def rotate(*options: str) -> str:
    out = StringIO()
    call_command("rotate-key", *options, stdout=out)
    return out.getvalue()


def test_a_new_key_is_made_everything_wrapped_and_the_old_one_forgotten(
    environment: Environment, settings: Settings
) -> None:
    person = ada().put_person(name="Ada")
    (old,) = environment.data_keys()
    assert "--finish" in rotate("--make")
    new, kept = environment.data_keys()
    assert (kept, new != old) == (old, True)
    start_anew(settings)
    rotate("--finish")
    start_anew(settings)
    assert environment.data_keys() == (new,)
    assert Person.objects.get(pk=person).name == "Ada"


def test_the_old_key_is_not_forgotten_while_something_needs_it(environment: Environment, settings: Settings) -> None:
    ada().put_person(name="Ada")
    settings.DATA_KEY, settings.READ_DATA_KEYS = "a key that opens nothing of this", lambda: ()
    with pytest.raises(CommandError, match="DATA_KEY_ALSO"):
        rotate("--finish")


def test_a_key_from_outside_is_changed_outside(environment: Environment, settings: Settings) -> None:
    settings.ENV = Environment({"DATA_KEY": "k" * 40, "LUMPTRACKER_DATA": str(environment.data)}, base=environment.base)
    with pytest.raises(WrongSetting, match="DATA_KEY_ALSO"):
        rotate("--make")
