"""A large file as sealed pieces in the vault, so that nothing of it lies plain and nobody holds all of it at once."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from tracking import vault

PIECE_BYTES = 4 * 1024 * 1024


class PieceWriter(io.RawIOBase):
    """A file to write into, from its beginning to its end. `on_piece` is told each piece's key once it is stored."""

    def __init__(self, account: UUID, *, on_piece: Callable[[str], None]) -> None:
        super().__init__()
        self._holder = vault.Holder("account", account)
        self._on_piece = on_piece
        self._waiting = bytearray()
        self.size_bytes = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        chunk = bytes(data)  # type: ignore[call-overload]  # whatever holds bytes, as every file takes it
        self._waiting += chunk
        self.size_bytes += len(chunk)
        while len(self._waiting) >= PIECE_BYTES:
            self._store(bytes(self._waiting[:PIECE_BYTES]))
            del self._waiting[:PIECE_BYTES]
        return len(chunk)

    def finish(self) -> None:
        """Store what is left."""
        if self._waiting:
            self._store(bytes(self._waiting))
            self._waiting.clear()

    def _store(self, piece: bytes) -> None:
        key = vault.new_key()
        vault.store_bytes(key, piece, holder=self._holder)
        self._on_piece(key)


class PieceReader(io.RawIOBase):
    """The file again, to read anywhere in it; one piece is open at a time."""

    def __init__(self, keys: Iterable[str], *, size_bytes: int) -> None:
        super().__init__()
        self._keys = list(keys)
        self._size = size_bytes
        self._at = 0
        self._open: tuple[int, bytes] | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # narrower than typeshed's buffer
        if self._at >= self._size:
            return 0
        number, start = divmod(self._at, PIECE_BYTES)
        piece = self._piece(number)[start : start + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _piece(self, number: int) -> bytes:
        if self._open is None or self._open[0] != number:
            self._open = number, vault.read_bytes(self._keys[number])
        return self._open[1]


def read_pieces(keys: Iterable[str]) -> Iterator[bytes]:
    """The file from its beginning to its end. Raises VaultError where a piece is gone."""
    for key in keys:
        yield vault.read_bytes(key)


def forget_pieces(keys: Iterable[str]) -> None:
    """Remove the bytes; may be repeated."""
    for key in keys:
        vault.delete_bytes(key)
