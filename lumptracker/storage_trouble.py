"""Tells "the disk is full" and "the disk may not be written" from every other accident.

Both are the hoster's to mend and pass without anybody's hands here: nothing half written stays, the phone keeps its
entry and tries again. So they get a status of their own, which says what to do, in place of a plain 500.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator

from django.conf import settings

FULL, UNWRITABLE = 507, 503  # RFC 4918, section 11.5; RFC 9110, section 15.6.4
RETRY_SECONDS = 60
_FULL = {errno.ENOSPC, errno.EDQUOT}
_UNWRITABLE = {errno.EROFS}
_SQLITE_FULL = {sqlite3.SQLITE_FULL}
_SQLITE_NO_ROOM = {sqlite3.SQLITE_IOERR_SHMSIZE}  # so it says it of the log's index
_SQLITE_NOT_WRITTEN = {sqlite3.SQLITE_IOERR_WRITE}  # of that index, and of a disk that turned read-only meanwhile
LITTLE_BYTES = 1_000_000
_SQLITE_UNWRITABLE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR}
_POSTGRES_FULL = {"53100"}  # disk_full
_POSTGRES_UNWRITABLE = {"25006"}  # read_only_sql_transaction: also a stand-by


def status_of(error: BaseException | None) -> int | None:
    """507, 503, or None where `error` and what caused it have nothing to do with the disk."""
    for one in _causes(error):
        number = one.errno if isinstance(one, OSError) else None
        extended = getattr(one, "sqlite_errorcode", 0)  # the low byte is the kind, the rest says more
        sqlstate = getattr(one, "sqlstate", None)
        kind = extended & 0xFF
        if number in _FULL or kind in _SQLITE_FULL or extended in _SQLITE_NO_ROOM or sqlstate in _POSTGRES_FULL:
            return FULL
        if extended in _SQLITE_NOT_WRITTEN:
            return FULL if shutil.disk_usage(settings.DATA_DIR).free < LITTLE_BYTES else UNWRITABLE
        if number in _UNWRITABLE or kind in _SQLITE_UNWRITABLE or sqlstate in _POSTGRES_UNWRITABLE:
            return UNWRITABLE
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
