"""An installation is brought up to date, or says in one line why it cannot be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

from lumptracker.env import WrongSetting
from lumptracker.ground import prepare_installation
from tracking.models import Person

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def test_preparing_twice_changes_nothing_and_the_cache_works() -> None:
    prepare_installation()
    prepare_installation()
    cache.set("counter", 1)
    assert cache.get("counter") == 1


def test_a_key_that_does_not_open_what_lies_here_stops_the_start(settings: Settings) -> None:
    Person.objects.create(name="Ada", created_at=AT, updated_at=AT)
    settings.DATA_KEY, settings.READ_DATA_KEYS = "another key, as if the file had been lost", lambda: ()
    with pytest.raises(WrongSetting, match="DATA_KEY: is not the one this data was sealed with"):
        prepare_installation()
