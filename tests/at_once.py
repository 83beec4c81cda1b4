"""Many at the same moment, each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

several_writers = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")


def at_once(number: int, verb: Callable[[int], Any]) -> list[Any]:  # Any: whatever the verb gives
    """Run the verb on as many connections of its own."""

    def alone(index: int) -> Any:  # Any: as above
        try:
            return verb(index)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(alone, range(number)))
