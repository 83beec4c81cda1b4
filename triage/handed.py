"""Which mails the mail server has taken, noted beside the database in the moment it says so.

Between that moment and the commit that marks the row a process may die, and the machine with it. Whoever takes the row
up within a day finds the note and does not send the mail again. No note covers a death between the server's word and
the note, a machine that stays away for longer, or a worker on another host, which has its own notes. Then the mail
comes again under the same Message-ID, and is not lost.
"""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path
from uuid import UUID

from django.conf import settings

logger = logging.getLogger(__name__)

AN_HOUR = 60 * 60  # seconds
KEPT_HOURS = 24  # a lease runs for minutes, but a machine without power finds it only when it is back


def note_handed(intent: UUID) -> None:
    """The mail server has taken it. A note that cannot be written costs a repeat at worst."""
    path = _file(hours_ago=0)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        note = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(note, intent.bytes)  # never mixed with what another process writes
            os.fsync(note)
        finally:
            os.close(note)
    except OSError as error:
        logger.warning("what was handed over could not be noted: %s", type(error).__name__)


def was_handed(intent: UUID) -> bool:
    """Did a process of this machine hand it over, as far back as notes are kept?"""
    return any(intent.bytes in _notes(path) for path in _folder().glob("*"))  # wherever: one may be cut short


def forget_handed() -> None:
    """Take away the notes that nobody asks for any more. Where they cannot be taken away they lie there, no worse. A
    clock that was put back has left some from hours to come."""
    kept = {_file(hours_ago=hours) for hours in range(-KEPT_HOURS, KEPT_HOURS + 1)}
    try:
        for path in _folder().glob("*"):
            if path not in kept:
                path.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("old notes of what was handed over could not be taken away: %s", type(error).__name__)


def _notes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _file(*, hours_ago: int) -> Path:
    """One for each hour of the machine's clock."""
    return _folder() / str(int(time.time()) // AN_HOUR - hours_ago)


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "handed"
