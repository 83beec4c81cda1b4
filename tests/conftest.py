"""What every test stands on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _fresh_rate_limits(request: pytest.FixtureRequest) -> Iterator[None]:
    """Counters of one test never slow the next one down."""
    yield
    asks_by_name = {"db", "transactional_db"} & set(request.fixturenames)
    if asks_by_name or request.node.get_closest_marker("django_db"):
        cache.clear()
