"""A spreadsheet that somebody kept by hand, read cell by cell: what is meant is taken, what is unclear is asked.

Commas or semicolons, decimal points or commas, days as 2026-09-21 or 21.9.2026, column names in any of our languages.
A row that cannot be read is told with its line and nothing of it is guessed. Plain Python.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from tracking.errors import InvalidInput
from tracking.sheet_cells import (
    MM_PER_UNIT,
    Order,
    Unreadable,
    example_day,
    folded,
    is_bare_size,
    plain_order,
    read_day,
    read_pain,
    read_size,
    read_time,
    read_unit,
    read_word,
)
from tracking.spreadsheet import COLUMNS, READERS_COLUMNS, plain_cell
from tracking.texts import say

MOST_ROWS = 20_000

# Other names that a column may have; those of the template count in any case.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "date": ("day", "fecha", "dia"),
    "time": ("hora", "clock"),
    "lump": ("name", "label", "bulto", "nombre"),
    "site": ("place", "where", "location", "lugar", "sitio", "zona"),
    "side": ("lado",),
    "length": ("size", "longest", "diameter", "tamano", "largo", "medida", "diametro"),
    "width": ("across", "ancho"),
    "height": ("alto", "altura"),
    "unit": ("units", "unidad"),
    "method": ("measured with", "how", "metodo", "medido con"),
    "pain": ("dolor",),
    "note": ("notes", "comment", "comments", "nota", "notas", "comentario"),
    "person": ("persona",),
    "signs": ("answers", "respuestas"),
    "id": (),
}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One check of the sheet. Lengths in mm; `None` is an empty cell. `line` as the spreadsheet counts."""

    line: int
    day: date
    at: time | None
    lump: str
    site: str | None
    side: str | None
    sizes_mm: Mapping[str, float]
    method: str | None
    pain: int | None
    note: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """A row that cannot be taken, and why."""

    where: str
    error: InvalidInput


@dataclass(frozen=True, slots=True)
class Question:
    """Something that the sheet leaves open: `date_order`, `unit`, `person`. `example` is from the sheet."""

    name: str
    choices: tuple[str, ...]
    example: str = ""


@dataclass
class Rows:
    rows: list[SheetRow] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def read_rows(content: bytes, *, order: Order | None, unit: str | None) -> Rows:
    """The sheet's rows. What is not answered and not plain from the sheet is in `questions`; rows that hang on it are
    read with a guess, for the preview. Raises InvalidInput where it is no sheet at all."""
    lines = _lines(_text(content))
    if not lines:
        raise _not_a_sheet()
    names = _columns(lines[0][1])
    if "date" not in names.values():
        raise _not_a_sheet()
    body = [(line, _cells(names, lines[0][1], cells)) for line, cells in lines[1:] if any(map(str.strip, cells))]
    found = Rows()
    dates = [cells.get("date", "") for _, cells in body]
    order = order or plain_order(dates)
    if order is None:
        found.questions.append(Question("date_order", ("day_first", "month_first"), example_day(dates)))
    if unit is None and (example := _without_unit(body)):
        found.questions.append(Question("unit", tuple(MM_PER_UNIT), example))
    for line, cells in body:
        try:
            found.rows.append(_row(line, cells, order=order or "day_first", unit=unit or "mm"))
        except Unreadable as wrong:
            message = say(f"sheet.{wrong.key}", **wrong.values)  # type: ignore[arg-type]  # none of them is `language`
            where = say("sheet.line", line=line)
            found.slips.append(Slip(where, InvalidInput("invalid", message, fields={wrong.column: [message]})))
    return found


def _text(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or what Windows wrote before them."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """(line number in the file, cells)."""
    if "\0" in text:
        raise _not_a_sheet()
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    lines: list[tuple[int, list[str]]] = []
    try:
        start = 1
        for cells in reader:
            lines.append((start, [plain_cell(cell) for cell in cells]))
            start = reader.line_num + 1
            if len(lines) > MOST_ROWS + 1:
                raise InvalidInput("sheet_too_long", say("sheet.too_long", most=MOST_ROWS))
    except csv.Error as error:
        raise _not_a_sheet() from error
    return lines


def _columns(heads: Sequence[str]) -> dict[int, str]:
    """Position → our name of the column, of those that are known."""
    known = {folded(alias): name for name, aliases in ALIASES.items() for alias in (name, *aliases)}
    names: dict[int, str] = {}
    for number, head in enumerate(heads):
        name = known.get(folded(head))
        if name is not None and name not in names.values():
            names[number] = name
    return names


def _cells(names: Mapping[int, str], heads: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """The row by our names; what stands in a column that is not known goes into the note, so that nothing is lost."""
    row = {names[number]: cell.strip() for number, cell in enumerate(cells) if number in names}
    others = [
        f"{heads[number].strip() if number < len(heads) else ''}: {cell.strip()}".removeprefix(": ")
        for number, cell in enumerate(cells)
        if number not in names and cell.strip()
    ]
    row["note"] = "\n".join(filter(None, (row.get("note", ""), *others)))
    return row


def _row(line: int, cells: Mapping[str, str], *, order: Order, unit: str) -> SheetRow:
    row_unit = read_unit(cells.get("unit", ""), default=unit)
    sizes = {name: read_size(name, cells.get(name, ""), unit=row_unit) for name in ("length", "width", "height")}
    return SheetRow(
        line=line,
        day=read_day(cells.get("date", ""), order=order),
        at=read_time(cells.get("time", "")),
        lump=cells.get("lump", ""),
        site=read_word("site", cells.get("site", "")),
        side=read_word("side", cells.get("side", "")),
        sizes_mm={f"{name}_mm": size for name, size in sizes.items() if size is not None},
        method=read_word("method", cells.get("method", "")),
        pain=read_pain(cells.get("pain", "")),
        note=cells.get("note", ""),
        id=cells.get("id", ""),
    )


def _without_unit(body: Iterable[tuple[int, Mapping[str, str]]]) -> str:
    """A size of which nobody says in which unit it is."""
    for _, cells in body:
        size = cells.get("length") or cells.get("width") or cells.get("height") or ""
        if is_bare_size(size) and not cells.get("unit"):
            return size
    return ""


def _not_a_sheet() -> InvalidInput:
    return InvalidInput("sheet_unreadable", say("sheet.unreadable", columns=", ".join(COLUMNS)))


assert set(ALIASES) == {*COLUMNS, *READERS_COLUMNS}  # noqa: S101  a column that no name leads to would be lost
