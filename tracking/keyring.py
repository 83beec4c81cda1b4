"""A key for each person and for each account, so that erasing the key erases whatever it sealed, wherever a copy lies.

A person's texts and pictures are under the person's key, because several accounts may share a person; what belongs to
an account alone (names of links, contacts, what its phones sent) is under the account's. The rows (`SealingKey`) hold
the keys wrapped under DATA_KEY. They are reached by name: the columns of every other table rest on this module.

Keys that opened something stay in memory for some minutes. A key to seal with is asked for anew in each transaction:
a key that was erased meanwhile, or was made in a transaction that failed, must never seal anything.
"""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID, uuid4

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from tracking import sealing
from tracking.sealing import VaultError
from tracking.statements import Question

Kind = Literal["person", "account"]
MEMORY_SECONDS = 600.0
MEMORY_KEYS = 20_000


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose key it is. The kind keeps a person's id, which a phone chooses, apart from every account's."""

    kind: Kind
    id: UUID


@dataclass(frozen=True, slots=True)
class Key:
    id: UUID
    secret: bytes


class _Memory:
    """Keys by id, for opening; emptied when DATA_KEY is another one."""

    def __init__(self) -> None:
        self._keys: OrderedDict[UUID, tuple[bytes, float]] = OrderedDict()
        self._under = ""
        self._lock = threading.Lock()

    def get(self, key_id: UUID) -> bytes | None:
        with self._lock:
            self._look_at_data_key()
            found = self._keys.get(key_id)
            if found is None or time.monotonic() - found[1] > MEMORY_SECONDS:
                self._keys.pop(key_id, None)
                return None
            return found[0]

    def put(self, key: Key) -> None:
        with self._lock:
            self._look_at_data_key()
            self._keys[key.id] = key.secret, time.monotonic()
            while len(self._keys) > MEMORY_KEYS:
                self._keys.popitem(last=False)

    def drop(self, key_id: UUID) -> None:
        with self._lock:
            self._keys.pop(key_id, None)

    def _look_at_data_key(self) -> None:
        if self._under != settings.DATA_KEY:
            self._keys.clear()
            self._under = settings.DATA_KEY


_memory = _Memory()
_thread = threading.local()  # a connection belongs to a thread, and so does what its transaction knows


def key_for(holder: Holder) -> Key:
    """The key to seal with, made where there is none yet."""
    known: dict[Holder, tuple[Key, Callable[[], None]]] = _thread.__dict__.setdefault("known", {})
    found = known.get(holder)
    if found is not None and _is_same_transaction(found[1]):
        return found[0]
    key = _stored(holder) or _made(holder)
    _memory.put(key)
    marker = _new_marker()
    transaction.on_commit(marker)
    if len(known) > MEMORY_KEYS:
        known.clear()
    known[holder] = key, marker
    return key


def secret_of(key_id: UUID) -> bytes:
    """The key that sealed something, by the id that lies before it. VaultError when it was erased."""
    secret = _memory.get(key_id)
    if secret is None:
        row = _rows().filter(pk=key_id).first()
        if row is None:
            raise VaultError("The key to this was erased.")
        secret = _opened(row).secret
    return secret


def load_keys(kind: Kind, holders: Iterable[UUID] | Any) -> None:  # Any: or a query that yields them
    """Fetch many keys at once, so that what they sealed can be read without asking for each."""
    for row in _rows().filter(kind=kind, holder__in=holders):
        if _memory.get(row.pk) is None:
            _opened(row)


def forget_keys(kind: Kind, holders: Iterable[UUID]) -> int:
    """Erase keys, and with them all that they sealed. Other processes forget them within `MEMORY_SECONDS`."""
    gone = list(_rows().filter(kind=kind, holder__in=list(holders)))
    for row in gone:
        _memory.drop(row.pk)
        _thread.__dict__.get("known", {}).pop(Holder(kind, row.holder), None)
    _rows().filter(pk__in=[row.pk for row in gone]).delete()
    return len(gone)


def name_of(key_id: UUID) -> str:
    """What a wrapped key is bound to: its own row."""
    return f"lumptracker/key/{key_id}"


def _rows() -> Any:  # Any: the table is known by name alone here
    return apps.get_model("tracking", "SealingKey")._default_manager


def _stored(holder: Holder) -> Key | None:
    row = OF_HOLDER.first(kind=holder.kind, holder=holder.id)
    return None if row is None else _opened(row)


OF_HOLDER = Question(lambda kind, holder: _rows().filter(kind=kind, holder=holder), kind=str, holder=UUID)


def _made(holder: Holder) -> Key:
    """Whoever was faster wins: both then read the same row."""
    key_id, secret = uuid4(), os.urandom(sealing.KEY_BYTES)
    wrapped, wrapped_by = sealing.wrap(secret, bound_to=name_of(key_id))
    row = _rows().model(pk=key_id, kind=holder.kind, holder=holder.id, wrapped=wrapped, wrapped_by=wrapped_by)
    _rows().bulk_create([row], ignore_conflicts=True)
    key = _stored(holder)
    if key is None:
        raise VaultError("A key could not be stored.")
    return key


def _opened(row: Any) -> Key:  # Any: as above
    key = Key(row.pk, sealing.unwrap(row.wrapped, row.wrapped_by, bound_to=name_of(row.pk)))
    _memory.put(key)
    return key


def _new_marker() -> Callable[[], None]:
    def marker() -> None:
        """Left with the transaction: while it waits there, neither it nor its savepoint has ended."""

    return marker


def _is_same_transaction(marker: Callable[[], None]) -> bool:
    return any(waiting[1] is marker for waiting in connection.run_on_commit)
