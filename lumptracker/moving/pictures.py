"""Sealed pictures from place to place, each under its own name. A name holds all of a picture or nothing, so what is
there need not be copied again; at the end each is compared by its hash."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from lumptracker.env import Environment
from tracking.sealing import VaultError
from tracking.storage import Folder, Place, place


def place_at(address: str) -> Place:
    """The place that a STORAGE_URL names."""
    options = Environment({"STORAGE_URL": address}, base=settings.BASE_DIR).bucket("STORAGE_URL")
    if options:
        found: Place = import_string("tracking.bucket.bucket_with")(options)
        return found
    return Folder(Path(address).expanduser().resolve())


def carry_pictures(target: Place) -> tuple[int, int]:
    """How many were copied, and how many that are gone here were removed there."""
    source = place()
    there = set(target.keys(written_before=None))
    here = set(source.keys(written_before=None))
    copied = 0
    for key in sorted(here - there):
        try:
            target.write(key, source.read(key))
        except VaultError:  # deleted while we went along
            here.discard(key)
            continue
        copied += 1
    for key in there - here:
        target.delete(key)
    return copied, len(there - here)


def differing_pictures(target: Place) -> list[str]:
    """Names under which the two places do not hold the same bytes."""
    source = place()
    keys = set(source.keys(written_before=None)) | set(target.keys(written_before=None))
    return sorted(key for key in keys if _hash(source, key) != _hash(target, key))


def _hash(where: Place, key: str) -> str | None:
    try:
        return hashlib.sha256(where.read(key)).hexdigest()
    except VaultError:
        return None
