"""Django's own backend for SQLite; a transaction that may write waits in line before it asks for SQLite's lock."""

from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3 import base

from lumptracker.queued_sqlite3.line import Line, line_of


class DatabaseWrapper(base.DatabaseWrapper):
    """The line only orders who asks when. What keeps two from writing at once is SQLite's lock, now as before."""

    def __init__(self, *settings: Any, **more: Any) -> None:  # Any: Django's own signature
        super().__init__(*settings, **more)
        self._line: Line | None = None  # in which it is this connection's turn

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs know no such method
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        """Where it fails, Django rolls back, or closes."""
        super()._commit()  # type: ignore[misc]  # as above
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # as above
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # as above
        finally:
            self._end_turn()

    def _take_turn(self) -> None:
        mode: str | None = getattr(self, "transaction_mode", None)
        if mode in (None, "DEFERRED") or self._line is not None or self.is_in_memory_db():
            return  # who only reads, as `move` does for long, stands in nobody's way
        line = line_of(str(self.settings_dict["NAME"]))
        self._line = line if line.wait() else None

    def _end_turn(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.leave()
