"""The shared cache on a Redis that sentinels watch. Loaded only where CELERY_BROKER_URL names sentinels."""

from __future__ import annotations

from typing import Any

from redis.sentinel import Sentinel, SentinelConnectionPool

from lumptracker.brokers import PATIENCE_SECONDS, watched_by


class SentinelPool(SentinelConnectionPool):
    """Connections to whoever is master now; made from an address, as Django's cache makes its pools."""

    @classmethod
    def from_url(cls, url: str, **options: Any) -> SentinelPool:  # Any: the library's own
        watched = watched_by(url)
        manager = Sentinel(list(watched.sentinels), socket_timeout=PATIENCE_SECONDS)  # type: ignore[no-untyped-call]  # redis has none
        return cls(watched.master, manager, db=watched.database, password=watched.password or None, **options)
