"""What is kept, for how long, why, and what removes it: `retention.toml`, read once.

The list the person reads, the sweep that removes what is old, and the test that no table or field is missing from it
all come from that one file. Plain Python: it names tables and fields by their names.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("retention.toml")


@dataclass(frozen=True, slots=True)
class Table:
    """One table: the fields with something about a person, and the ones that only make it work."""

    name: str  # app.Model
    personal: tuple[str, ...] = ()
    technical: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """One row of the list. Its words are `retention.<name>.what` and `.why` in the text catalogues."""

    name: str
    until: str  # erased_thing, erased_person, erased_account, ended or days
    tables: tuple[Table, ...] = ()
    files: tuple[str, ...] = ()  # folders under the data folder, where bytes are kept as well
    days: int | None = None
    clock: str | None = None  # app.Model.field that lies `days` back when rows go; None: a verb removes them
    removed_by: tuple[str, ...] = field(default=())  # the verbs, by module and name


@cache
def kept() -> Mapping[str, Kept]:
    """Every row of the list by its name, in the order in which it is read."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: _kept(name, row) for name, row in rows.items()}


def span_of(name: str) -> timedelta:
    """How long things of this kind are kept. KeyError for a kind that does not end by time."""
    days = kept()[name].days
    if days is None:
        raise KeyError(name)
    return timedelta(days=days)


def _kept(name: str, row: Mapping[str, Any]) -> Kept:  # Any: what TOML holds
    tables = tuple(
        Table(table, tuple(fields.get("personal", ())), tuple(fields.get("technical", ())))
        for table, fields in row.get("tables", {}).items()
    )
    known = {"until", "tables", "files", "days", "clock", "removed_by"}
    if row.keys() - known:
        raise ValueError(f"retention.toml: {name} has a field that is not known: {sorted(row.keys() - known)}")
    return Kept(
        name=name,
        until=row["until"],
        tables=tables,
        files=tuple(row.get("files", ())),
        days=row.get("days"),
        clock=row.get("clock"),
        removed_by=tuple(row.get("removed_by", ())),
    )
