"""The forms of CELERY_BROKER_URL: Redis or Valkey, alone or watched by sentinels; for Celery and for the shared cache.

`redis://`, `rediss://` (TLS), `valkey://`, `valkeys://`, and
`sentinel://[:PASSWORD@]HOST:26379,HOST:26379[,…]/0?master=NAME`, where the sentinels say who is master now.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

SPOKEN = {"valkey": "redis", "valkeys": "rediss"}  # Valkey speaks the same
SENTINEL_PORT = 26379
PATIENCE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Broker:
    """As Celery wants it, and as Django's cache wants it (empty: the cache lies in the database)."""

    url: str
    transport_options: dict[str, Any] = field(default_factory=dict)  # Any: Celery's own shape
    cache: dict[str, Any] = field(default_factory=dict)  # Any: Django's own shape


@dataclass(frozen=True, slots=True)
class Watched:
    """Sentinels, and the name under which they watch the master."""

    sentinels: tuple[tuple[str, int], ...]
    master: str
    password: str
    database: int


def broker_at(url: str) -> Broker:
    """Raises ValueError where it cannot be meant."""
    scheme, _, rest = url.partition("://")
    if scheme == "sentinel":
        watched = watched_by(url)
        who = f":{rest.partition('@')[0].removeprefix(':')}@" if "@" in rest else ""
        hosts = [f"sentinel://{who}{host}:{port}/{watched.database}" for host, port in watched.sentinels]
        options = {"master_name": watched.master, "socket_timeout": PATIENCE_SECONDS}
        return Broker(";".join(hosts), options, _cache(url, pool_class="lumptracker.sentinels.SentinelPool"))
    spoken = f"{SPOKEN.get(scheme, scheme)}://{rest}"
    return Broker(spoken, cache=_cache(spoken) if spoken.startswith(("redis:", "rediss:")) else {})


def watched_by(url: str) -> Watched:
    """A sentinel address taken apart."""
    _, _, rest = url.partition("://")
    place, _, query = rest.partition("?")
    where, _, database = place.partition("/")
    who, _, hosts = where.rpartition("@")
    master = parse_qs(query).get("master", [""])[0]
    if not master or not hosts or not (database or "0").isdigit():
        raise ValueError("a sentinel address names hosts and ?master=NAME")
    pairs = [host.rpartition(":") if ":" in host else (host, "", str(SENTINEL_PORT)) for host in hosts.split(",")]
    sentinels = tuple((name, int(port)) for name, _, port in pairs)
    return Watched(sentinels, master, unquote(who.removeprefix(":")), int(database or 0))


def _cache(url: str, **options: Any) -> dict[str, Any]:  # Any: Django's own shape
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url, "OPTIONS": options}
