"""Checks as rows of a spreadsheet: the columns, and cells that no spreadsheet takes for a formula. Plain Python."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# The columns of the template, in its order. The export adds those that only a reader needs.
COLUMNS = (
    "date", "time", "lump", "site", "side", "length", "width", "height", "unit", "method", "pain", "note",
)  # fmt: skip
READERS_COLUMNS = ("person", "signs", "id")

# What a spreadsheet runs: OWASP, "CSV Injection"; the wide forms are taken for the narrow ones in some languages.
_STARTS_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_SHIELD = "'"


def safe_cell(text: str) -> str:
    """The text, with a quote before it where a spreadsheet would run it. `plain_cell` takes that off again."""
    is_formula = text.startswith(_STARTS_FORMULA) or text.lstrip().startswith(_STARTS_FORMULA)
    return _SHIELD + text if is_formula or text.startswith(_SHIELD) else text


def plain_cell(text: str) -> str:
    """What `safe_cell` was given."""
    rest = text.removeprefix(_SHIELD)
    return rest if text.startswith(_SHIELD) and safe_cell(rest) == text else text


def write_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with its mark, as Excel wants it; every cell quoted and safe."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def template() -> bytes:
    """An empty sheet with two rows that show how it is filled in."""
    return write_csv(
        [
            COLUMNS,
            ("2026-09-21", "19:04", "Back", "lower_back", "left", "18", "14", "", "mm", "ruler", "2", ""),
            ("2026-10-05", "", "Back", "lower_back", "left", "19", "", "", "mm", "ruler", "", ""),
        ]
    )
