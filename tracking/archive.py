"""Reading a ZIP that somebody sent, which may be anything. Nothing is ever unpacked to a disk.

What is looked at is bounded before it is looked at: the number of entries from the ZIP's last record, each entry by
what is really read of it (what a ZIP says of its sizes is worth nothing), and all entries together. A name counts only
where it is one of ours, so one that climbs out of a folder leads nowhere; it is refused all the same, because no export
holds it. Plain Python.
"""

from __future__ import annotations

import json
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO
from uuid import UUID

from tracking.errors import InvalidInput
from tracking.texts import say

MOST_ENTRIES = 20_000
MOST_DIRECTORY_BYTES = 8 * 1024 * 1024  # of the list at the end of the ZIP
MOST_HISTORY_BYTES = 32 * 1024 * 1024
MOST_PICTURE_BYTES = 25 * 1024 * 1024
MOST_TOTAL_BYTES = 4 * 1024 * 1024 * 1024  # read in one go, unpacked
_NAME = re.compile(r"(?P<folder>(?:[^/]+/)?)(?P<room>histories|photos)/(?P<id>[0-9a-fA-F-]{36})\.(?P<end>json|jpg)")
_ROOMS = {"histories": "json", "photos": "jpg"}
_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_LAST_RECORD = struct.Struct("<4s4H2LH")
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


@dataclass
class Archive:
    """A ZIP whose list has been looked through. `others`: how many entries are none of ours."""

    histories: Mapping[UUID, zipfile.ZipInfo]
    photos: Mapping[UUID, zipfile.ZipInfo]
    persons: zipfile.ZipInfo | None
    others: int
    _bundle: zipfile.ZipFile
    _left: int = field(default=MOST_TOTAL_BYTES)

    def history(self, history_id: UUID) -> object:
        """One document, as JSON holds it. Raises InvalidInput."""
        return read_json(self._read(self.histories[history_id], most=MOST_HISTORY_BYTES))

    def people(self) -> object:
        """The list of persons; None where there is none."""
        return read_json(self._read(self.persons, most=MOST_HISTORY_BYTES)) if self.persons else None

    def picture(self, photo_id: UUID) -> bytes:
        """One picture's bytes. Raises InvalidInput."""
        return self._read(self.photos[photo_id], most=MOST_PICTURE_BYTES)

    def _read(self, entry: zipfile.ZipInfo, *, most: int) -> bytes:
        if entry.compress_type not in _PACKINGS:
            raise refused("packing")
        try:
            with self._bundle.open(entry) as file:
                content = file.read(most + 1)
        except _UNREADABLE as error:
            raise refused("broken") from error
        self._left -= len(content)
        if self._left < 0:
            raise refused("bomb")
        if len(content) > most:
            raise refused("entry_too_large", megabytes=most // 1024**2)
        return content


def is_archive(beginning: bytes) -> bool:
    """Whether a file says that it is a ZIP; an empty one begins with its last record."""
    return beginning.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def open_archive(file: IO[bytes]) -> Archive:
    """The ZIP, its list looked through. Raises InvalidInput: `archive_…` says what is wrong with the whole of it."""
    _refuse_long_list(file)
    try:
        bundle = zipfile.ZipFile(file)
    except _UNREADABLE as error:
        raise refused("broken") from error
    rooms: dict[str, dict[UUID, zipfile.ZipInfo]] = {"histories": {}, "photos": {}}
    persons, others, names = None, 0, set()
    for entry in bundle.infolist():
        _refuse_odd(entry)
        if entry.filename in names:
            raise refused("name_twice")
        names.add(entry.filename)
        match = _NAME.fullmatch(entry.filename)
        if match and _ROOMS[match["room"]] == match["end"] and (one := _uuid(match["id"])):
            if one in rooms[match["room"]]:
                raise refused("name_twice")
            rooms[match["room"]][one] = entry
        elif entry.filename.rpartition("/")[2] == "persons.json" and entry.filename.count("/") < 2 and persons is None:
            persons = entry
        else:
            others += 1
    if not rooms["histories"] and persons is None:
        raise refused("nothing_in_it")
    return Archive(rooms["histories"], rooms["photos"], persons, others, bundle)


def read_json(content: bytes) -> object:
    """JSON in UTF-8 without the numbers that JSON has not. Raises InvalidInput."""
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise refused("not_json") from error


def refused(code: str, **values: int) -> InvalidInput:
    """The error for a file that cannot be used, or not this part of it."""
    message = say(f"archive.{code}", **values)  # type: ignore[arg-type]  # numbers, none of which is `language`
    return InvalidInput(f"archive_{code}", message)


def _refuse_long_list(file: IO[bytes]) -> None:
    """By the ZIP's last record alone: a list of millions would be read whole before anybody could count it."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65_535 - _LAST_RECORD.size))
    ending = file.read()
    at = ending.rfind(b"PK\x05\x06")
    if at < 0 or len(ending) - at < _LAST_RECORD.size:
        raise refused("broken")
    _, _, _, _, entries, directory_bytes, _, _ = _LAST_RECORD.unpack_from(ending, at)
    if entries > MOST_ENTRIES or directory_bytes > MOST_DIRECTORY_BYTES:  # a larger form of ZIP says 0xFFFF here
        raise refused("too_many", most=MOST_ENTRIES)
    file.seek(0)


def _refuse_odd(entry: zipfile.ZipInfo) -> None:
    name, mode = entry.filename, entry.external_attr >> 16
    parts = name.replace("\\", "/").split("/")
    if entry.flag_bits & 0x1:
        raise refused("encrypted")
    if name.startswith("/") or "\\" in name or ".." in parts or ":" in parts[0]:
        raise refused("odd_name")
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise refused("odd_name")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
