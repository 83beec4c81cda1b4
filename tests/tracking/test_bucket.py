"""Pictures in an S3 bucket, through the same door: a server that speaks S3, on a port of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest
from django.utils import timezone
from moto.server import ThreadedMotoServer
from pytest_django.fixtures import Settings

from lumptracker.env import Environment, WrongSetting
from tests import pictures
from tests.people import ada
from tests.servers import free_port
from tracking import vault
from tracking.bucket import BucketAway, bucket
from tracking.models import Photo
from tracking.record_account import erase_account
from tracking.record_photos import SentPhoto, store_photo
from tracking.vault import Holder, VaultError

pytestmark = [pytest.mark.django_db, pytest.mark.any_database("where bytes lie")]

ADA = Holder("person", uuid4())
NAME = "pictures"
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    port = free_port()
    moto = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    moto.start()
    yield f"http://127.0.0.1:{port}"
    moto.stop()


@pytest.fixture
def s3(server: str, settings: Settings) -> Iterator[object]:
    settings.STORAGE_BUCKET = from_url(f"s3://key:sec%2Fret@s3.example.org/{NAME}?region=eu-west-1&endpoint={server}")
    client = boto3.client(
        "s3", endpoint_url=server, region_name="eu-west-1", aws_access_key_id="key", aws_secret_access_key="sec/ret"
    )
    client.create_bucket(Bucket=NAME, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    yield client
    for key in everything(client):
        client.delete_object(Bucket=NAME, Key=key)
    client.delete_bucket(Bucket=NAME)


def from_url(url: str) -> dict[str, object]:
    return Environment({"STORAGE_URL": url}, base=Path("/nowhere")).bucket("STORAGE_URL")


def everything(client: object) -> list[str]:
    listed = client.list_objects_v2(Bucket=NAME)  # type: ignore[attr-defined]  # boto makes its clients as it runs
    return [entry["Key"] for entry in listed.get("Contents", [])]


def test_bytes_come_back_lie_sealed_and_go_for_good(s3: object) -> None:
    key = vault.new_key()
    vault.store_bytes(key, b"picture " * 100, holder=ADA)
    assert everything(s3) == [f"{key[:2]}/{key}"]
    lying = s3.get_object(Bucket=NAME, Key=f"{key[:2]}/{key}")["Body"].read()  # type: ignore[attr-defined]  # as above
    assert b"picture" not in lying
    assert (vault.has_bytes(key), vault.read_bytes(key)) == (True, b"picture " * 100)
    vault.store_bytes(key, b"another", holder=ADA)
    assert vault.read_bytes(key) == b"another"
    assert list(vault.iter_keys()) == [key]
    assert list(vault.iter_keys(written_before=datetime(2020, 1, 1, tzinfo=UTC))) == []
    for _ in range(2):
        vault.delete_bytes(key)
    assert (everything(s3), vault.has_bytes(key)) == ([], False)
    with pytest.raises(VaultError, match="gone"):
        vault.read_bytes(key)


def test_a_photo_is_stored_seen_and_erased_through_the_doors_alone(
    s3: object,
    django_capture_on_commit_callbacks: Any,  # Any: pytest-django's fixture
) -> None:
    somebody, photo = ada(), uuid4()
    check = somebody.put_observation(somebody.put_lump())
    store_photo(somebody.user, photo, SentPhoto(check, pictures.jpeg()), at=AT)
    assert len(everything(s3)) == 2
    seen = somebody.ask("GET", f"photos/{photo}/large/")
    assert (seen.status_code, seen.headers["Content-Type"]) == (200, "image/jpeg")
    assert "127.0.0.1" not in str(seen.headers)  # bytes, not an address to fetch them from
    key = Photo.objects.get(pk=photo).large_key
    kept = vault.read_sealed(key)
    with django_capture_on_commit_callbacks(execute=True):
        erase_account(somebody.user, at=timezone.now())
    assert everything(s3) == []
    assert kept is not None
    with pytest.raises(VaultError, match="erased"):  # a copy that somebody kept opens no more either
        vault.open_bytes(kept, key=key)


def test_a_bucket_that_does_not_answer_is_not_a_picture_that_is_gone(s3: object, settings: Settings) -> None:
    settings.STORAGE_BUCKET = {**settings.STORAGE_BUCKET, "endpoint_url": f"http://127.0.0.1:{free_port()}"}
    with pytest.raises(BucketAway):
        vault.read_bytes(vault.new_key())
    with pytest.raises(BucketAway):
        vault.has_bytes(vault.new_key())


def test_uploads_that_never_ended_are_tidied_away(s3: object) -> None:
    s3.create_multipart_upload(Bucket=NAME, Key="aa/half")  # type: ignore[attr-defined]  # as above
    assert vault.delete_unfinished(written_before=datetime(2000, 1, 1, tzinfo=UTC)) == 0
    assert vault.delete_unfinished(written_before=datetime(2100, 1, 1, tzinfo=UTC)) == 1


def test_a_bucket_that_keeps_versions_is_noticed(s3: object) -> None:
    assert not bucket().keeps_versions()
    s3.put_bucket_versioning(Bucket=NAME, VersioningConfiguration={"Status": "Enabled"})  # type: ignore[attr-defined]  # as above
    assert bucket().keeps_versions()


@pytest.mark.parametrize(
    "url",
    [
        "s3://host/bucket",
        "s3://key:secret@host/",
        "s3://key:secret@host/a/b",
        "ftp://key:secret@host/bucket",
        "s3://key:secret@host/bucket?acl=public",
    ],
)
def test_an_address_that_cannot_be_meant_stops_the_start(url: str) -> None:
    with pytest.raises(WrongSetting, match="STORAGE_URL"):
        from_url(url)


def test_the_address_of_a_bucket_is_taken_apart() -> None:
    assert from_url("s3://k:a%2Fb@s3.example.org:9000/pics") == {
        "access_key": "k",
        "secret_key": "a/b",
        "bucket_name": "pics",
        "endpoint_url": "https://s3.example.org:9000",
        "region_name": "us-east-1",
    }


def test_a_folder_is_no_bucket() -> None:
    assert from_url("/srv/pictures") == {}
