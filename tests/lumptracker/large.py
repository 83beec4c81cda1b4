"""Where an installation can move to: a PostgreSQL and a bucket of our own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import boto3
from moto.server import ThreadedMotoServer

from tests.servers import Missing, free_port, postgres_cluster, without


@dataclass(frozen=True)
class Large:
    database: str
    storage: str


@contextmanager
def large_form() -> Iterator[Large]:
    """Running and empty."""
    with ExitStack() as stack:
        try:
            cluster = stack.enter_context(postgres_cluster())
        except Missing as missing:
            without(missing)
        endpoint = f"http://127.0.0.1:{free_port()}"
        server = ThreadedMotoServer("127.0.0.1", int(endpoint.rpartition(":")[2]), verbose=False)
        server.start()
        stack.callback(server.stop)
        client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id="key",
            aws_secret_access_key="secret",
        )
        client.create_bucket(Bucket="moved")
        yield Large(cluster.url, f"s3://key:secret@s3.example.org/moved?endpoint={endpoint}")
