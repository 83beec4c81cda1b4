"""What every test stands on."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def _fresh_rate_limits(request: pytest.FixtureRequest) -> Iterator[None]:
    """Counters of one test never slow the next one down."""
    yield
    if touches_database(request.node):
        cache.clear()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what touches the database runs again; the rest has been shown once."""
    if os.environ.get("TEST_ON") == "postgres":
        others = [item for item in items if not touches_database(item)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if touches_database(item)]


def touches_database(item: pytest.Item) -> bool:
    asks_by_name = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return bool(asks_by_name or item.get_closest_marker("django_db"))


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    """Each test signs people up through the real door; the real hash takes a tenth of a second and much memory."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
