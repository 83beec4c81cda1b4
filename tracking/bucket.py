"""Sealed bytes in an S3 bucket. Whoever sees a picture reads it through the vault; nothing is ever presigned or public.

Loaded only where `STORAGE_URL` names a bucket: its library weighs thirty megabytes of memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage

from tracking.sealing import VaultError

PATIENCE = Config(
    connect_timeout=5, read_timeout=30, retries={"max_attempts": 3, "mode": "standard"}, s3={"addressing_style": "path"}
)
GONE = ("404", "NoSuchKey", "NotFound")


class BucketAway(OSError):
    """The bucket does not answer, or refuses us. What was asked for may be there all the same."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Object keys as names, each below its first two characters, as in the folder."""

    storage: S3Storage

    def write(self, key: str, sealed: bytes) -> None:
        """On return the bucket has it; a name holds all of it or nothing."""
        with _asking():
            self.storage.save(_name(key), ContentFile(sealed))

    def read(self, key: str) -> bytes:
        with _asking(), self.storage.open(_name(key)) as file:
            sealed: bytes = file.read()
            return sealed

    def has(self, key: str) -> bool:
        with _asking():
            return bool(self.storage.exists(_name(key)))

    def delete(self, key: str) -> None:
        with _asking():
            self.storage.delete(_name(key))

    def keys(self, *, written_before: datetime | None) -> Iterator[str]:
        with _asking():
            for entry in self.storage.bucket.objects.all():
                if written_before is None or entry.last_modified < written_before:
                    yield entry.key.rpartition("/")[2]

    def delete_unfinished(self, *, written_before: datetime) -> int:
        """A bucket has no half written names; uploads that were begun in parts and never ended go."""
        with _asking():
            stale = [one for one in self.storage.bucket.multipart_uploads.all() if one.initiated < written_before]
            for upload in stale:
                upload.abort()
            return len(stale)

    def keeps_versions(self) -> bool:
        """A bucket with versions keeps what is deleted: an erased picture stays there, sealed, until its key goes."""
        with _asking():
            return str(self.storage.bucket.Versioning().status) == "Enabled"


def bucket() -> Bucket:
    """The one that the settings name."""
    return bucket_with(settings.STORAGE_BUCKET)


def bucket_with(options: dict[str, Any]) -> Bucket:  # Any: values of several types
    """The one that these options name, as `lumptracker.env` read them."""
    return _bucket(tuple(sorted(options.items())))


@lru_cache(maxsize=4)
def _bucket(options: tuple[tuple[str, Any], ...]) -> Bucket:
    return Bucket(
        S3Storage(
            **dict(options),
            client_config=PATIENCE,
            file_overwrite=True,
            default_acl=None,
            querystring_auth=False,
            signature_version=None,
            addressing_style=None,
        )
    )


def _name(key: str) -> str:
    return f"{key[:2]}/{key}"


class _asking:  # noqa: N801  # read as a verb: with _asking()
    """Turns the library's errors into ours."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, FileNotFoundError):
            raise VaultError("The bytes are gone.") from error
        if isinstance(error, ClientError) and error.response.get("Error", {}).get("Code") in GONE:
            raise VaultError("The bytes are gone.") from error
        if isinstance(error, BotoCoreError | ClientError):
            raise BucketAway(f"the bucket does not answer: {type(error).__name__}") from error
