"""Redis, Valkey and sentinels: one address serves Celery and the shared cache, and a new master is found."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.cache.backends.redis import RedisCache
from kombu.connection import Connection

from lumptracker import celery
from lumptracker.brokers import Broker, broker_at, watched_by
from lumptracker.env import Environment, WrongSetting
from tests.servers import Missing, Redis, free_port, redis_server, wait_for_port, without

PATIENCE = 60.0  # seconds: sentinels take a while to agree


@pytest.mark.parametrize(
    ("url", "spoken"),
    [
        ("redis://h:1/0", "redis://h:1/0"),
        ("rediss://:pw@h/2", "rediss://:pw@h/2"),
        ("valkey://h:1/0", "redis://h:1/0"),
        ("valkeys://u:pw@h/0", "rediss://u:pw@h/0"),
    ],
)
def test_valkey_is_spoken_to_as_redis_and_serves_the_cache_too(url: str, spoken: str) -> None:
    broker = broker_at(url)
    assert (broker.url, broker.cache["LOCATION"]) == (spoken, spoken)


def test_the_folder_leaves_the_cache_in_the_database() -> None:
    assert broker_at("filesystem://") == Broker("filesystem://")


def test_sentinels_are_taken_apart() -> None:
    url = "sentinel://:pw@one:26379,two/3?master=tracker"
    watched = watched_by(url)
    assert (watched.sentinels, watched.master) == ((("one", 26379), ("two", 26379)), "tracker")
    assert (watched.password, watched.database) == ("pw", 3)
    broker = broker_at(url)
    assert broker.url == "sentinel://:pw@one:26379/3;sentinel://:pw@two:26379/3"
    assert broker.transport_options["master_name"] == "tracker"


@pytest.mark.parametrize(
    "url", ["sentinel://one:26379/0", "sentinel:///0?master=x", "sentinel://h:no/0?master=x", "amqp://h"]
)
def test_what_cannot_be_meant_stops_the_start(url: str) -> None:
    with pytest.raises(WrongSetting, match="CELERY_BROKER_URL"):
        Environment({"CELERY_BROKER_URL": url}, base=Path("/nowhere")).broker("")


def test_photos_and_deliveries_have_queues_of_their_own_and_every_task_has_one() -> None:
    routes = celery.app.conf.task_routes
    celery.app.loader.import_default_modules()
    assert {queue.name for queue in celery.app.conf.task_queues} == {"bell", "deliveries", "photos"}
    assert (routes["hand_over"]["queue"], routes["sweep"]["queue"], routes["tidy"]["queue"]) == (
        "deliveries", "bell", "photos",
    )  # fmt: skip
    ours = {name for name in celery.app.tasks if not name.startswith("celery.")}
    assert ours == set(routes)


@contextmanager
def watched_redis() -> Iterator[tuple[str, Redis]]:
    """A master, a replica that takes its place, and one sentinel that sees to it."""
    folder = Path(tempfile.mkdtemp(prefix="tracker-sentinel-"))
    with redis_server() as master, redis_server() as replica:
        _tell(replica, f"REPLICAOF 127.0.0.1 {master.port}")
        port = free_port()
        settings = folder / "sentinel.conf"
        settings.write_text(
            f"port {port}\nbind 127.0.0.1\ndir {folder}\n"
            f"sentinel monitor tracker 127.0.0.1 {master.port} 1\n"
            "sentinel down-after-milliseconds tracker 500\nsentinel failover-timeout tracker 3000\n"
        )
        command = ["redis-server", str(settings), "--sentinel"]
        quiet = subprocess.DEVNULL
        sentinel = subprocess.Popen(command, stdout=quiet, stderr=quiet)
        try:
            wait_for_port(port)
            yield f"sentinel://127.0.0.1:{port}/0?master=tracker", master
        finally:
            sentinel.kill()
            sentinel.wait()


def _tell(server: Redis, words: str) -> None:
    subprocess.run(["redis-cli", "-p", str(server.port), *words.split()], check=True, stdout=subprocess.DEVNULL)


def test_when_the_master_dies_cache_and_celery_find_the_next_one() -> None:
    try:
        with watched_redis() as (url, master):
            broker = broker_at(url)
            cache = RedisCache(broker.cache["LOCATION"], {"OPTIONS": broker.cache["OPTIONS"]})
            _until(lambda: cache.add("counter", 1))
            _until(lambda: _is_watched_by_a_replica(master))  # or there is nobody to take over
            master.kill()
            _until(lambda: cache.incr("written") if cache.has_key("written") else cache.add("written", 1))
            assert cache.get("written") >= 1
            options = broker.transport_options
            with Connection(broker.url, transport_options=options) as line:  # type: ignore[no-untyped-call]  # kombu has no types
                line.ensure_connection(max_retries=20, interval_start=0.5, interval_step=0)
    except Missing as missing:
        without(missing)


def _is_watched_by_a_replica(master: Redis) -> bool:
    told = subprocess.run(["redis-cli", "-p", str(master.port), "INFO", "replication"], capture_output=True, text=True)
    return "state=online" in told.stdout


def _until(is_done: object) -> None:
    """Wait for it: whoever is asked may be away for a moment."""
    assert callable(is_done)
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            if is_done():
                return
        except Exception:
            if time.monotonic() > ends:
                raise
        assert time.monotonic() < ends
        time.sleep(0.1)
