"""What every test stands on."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from hypothesis import settings as properties
from pytest_django.fixtures import Settings


def pytest_configure(config: pytest.Config) -> None:
    """The gate tries the same random cases on every machine; the soak tries new ones each time."""
    properties.register_profile("gate", derandomize=True)
    properties.register_profile("soak", print_blob=True)
    properties.load_profile("soak" if config.option.markexpr == "soak" else "gate")


@pytest.fixture(autouse=True)
def _fresh_rate_limits(request: pytest.FixtureRequest) -> Iterator[None]:
    """Counters of one test never slow the next one down."""
    yield
    if touches_database(request.node):
        cache.clear()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what depends on the database runs again; the rest has been shown once."""
    unexplained = [item.nodeid for item in items for mark in item.iter_markers("any_database") if not mark.args]
    if unexplained:
        raise pytest.UsageError(f"any_database without its reason: {unexplained}")
    if os.environ.get("TEST_ON") == "postgres":
        others = [item for item in items if not depends_on_database(item)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if depends_on_database(item)]


def depends_on_database(item: pytest.Item) -> bool:
    return touches_database(item) and not item.get_closest_marker("any_database")


def touches_database(item: pytest.Item) -> bool:
    asks_by_name = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return bool(asks_by_name or item.get_closest_marker("django_db"))


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    """Each test signs people up through the real door; the real hash takes a tenth of a second and much memory."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
