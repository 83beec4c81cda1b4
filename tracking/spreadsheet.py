"""Checks as rows of a spreadsheet: the columns, and cells that no spreadsheet takes for a formula. Plain Python."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

# The columns of the template, in its order. The export adds those that only a reader needs.
COLUMNS = (
    "date", "time", "lump", "site", "side", "length", "width", "height", "unit", "method", "pain", "note",
)  # fmt: skip
READERS_COLUMNS = ("person", "signs", "id")

# What a spreadsheet runs: OWASP, "CSV Injection"; the wide forms are taken for the narrow ones in some languages.
_STARTS_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_SHIELD = "'"
# Where numbers have a comma, cells are parted by semicolons: there a cell of ours is cut at each, and at each new line.
_STARTS_INSIDE = re.compile(r"""([;\t\r\n][\s"]*)('*)(?=[=+\-@＝＋－＠])""")


def safe_cell(text: str) -> str:
    """The text, with a quote wherever a spreadsheet would begin to run it. `plain_cell` takes them off again."""
    is_formula = text.startswith(_STARTS_FORMULA) or text.lstrip().startswith(_STARTS_FORMULA)
    shielded = _STARTS_INSIDE.sub(r"\1'\2", text)
    return _SHIELD + shielded if is_formula or text.startswith(_SHIELD) else shielded


def plain_cell(text: str) -> str:
    """What `safe_cell` was given; a text that it never gave stays as it is."""
    for rest in (text.removeprefix(_SHIELD), text):
        plain = _STARTS_INSIDE.sub(lambda found: found[1] + found[2][1:], rest)
        if safe_cell(plain) == text:
            return plain
    return text


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
