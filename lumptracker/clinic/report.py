"""The record as a PDF: a page for each lump, then its photos at one scale. Tagged (PDF/UA-1), fonts embedded.

Only plain text, SVG of our own and JPEGs of our own making go to the child that sets it (`report_child.py`); nothing
is written to a disk on the way.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any  # Any: what goes to the child is JSON

from lumptracker.clinic.body import draw_body
from lumptracker.clinic.brief import (
    BETWEEN,
    MOST_FINDINGS,
    PAPER,
    earlier_advice,
    latest_done,
    short,
)
from lumptracker.clinic.glyphs import FAMILIES, printable
from lumptracker.clinic.record_text import sizes_text
from lumptracker.clinic.scale import Shown, at_one_scale
from lumptracker.clinic.sentences import place_text
from lumptracker.clinic.sheet import Sheet, chart_key, chart_of, taken_at
from lumptracker.clinic.words import day_text, mm_text, span_text, zone_of
from tracking.history import PhotoFacts
from tracking.texts import language_in_force, say
from tracking.vault import VaultError, read_bytes

MOST_PHOTOS = 12  # a lump: the first and the latest, two pages of them
BOX_MM = {"a4": (84.0, 72.0), "us-letter": (87.0, 66.0)}  # six to a page
LETTER = ("BZ", "CA", "CL", "CO", "CR", "DO", "GT", "HN", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE")  # else A4
WALL_SECONDS = 30  # the child ends itself five seconds earlier
AT_ONCE = 2  # children of one web process
WAIT_SECONDS = 10
_CHILD = Path(__file__).with_name("report_child.py")
_SLOTS = threading.BoundedSemaphore(AT_ONCE)
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "RAYON_NUM_THREADS": "2"}

Data = dict[str, Any]  # Any: as above


class Busy(Exception):
    """Other reports are being set; the same request may be sent again in a moment."""


def report_of(sheets: Sequence[Sheet], keys: Mapping[Any, str], *, at: datetime) -> bytes:  # Any: photo ids
    """The PDF. `keys`: photo id → where its large picture lies in the vault. Raises Busy."""
    paper = paper_of(sheets)
    document = {
        "paper": paper,
        "timestamp": int(at.timestamp()),
        "title": say("clinic.title"),
        "language": language_in_force(),
        "fonts": list(FAMILIES),
        "footer": f"{say('clinic.provenance')} {say('clinic.not_reviewed')}",
        "words": _words(),
        "sheets": [_sheet(sheet, keys, BOX_MM[paper]) for sheet in sheets],
    }
    return _set(json.dumps(_printable(document), ensure_ascii=False).encode("utf-8"))


def _set(document: bytes) -> bytes:
    if not _SLOTS.acquire(timeout=WAIT_SECONDS):
        raise Busy
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_CHILD)],
            input=document,
            capture_output=True,
            env=_ENVIRONMENT,
            cwd="/",
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Busy from error
    finally:
        _SLOTS.release()
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        # Its words name what could not be set, which may be somebody's note: they stay out of the log.
        raise RuntimeError(f"The child for reports failed (exit status {done.returncode}).")
    return done.stdout


def _printable(node: Any) -> Any:  # Any: any JSON
    """Every text with what the fonts cannot print replaced. Pictures are plain ASCII and pass as they are."""
    if isinstance(node, str):
        return node if node.isascii() else printable(node)
    if isinstance(node, list):
        return [_printable(one) for one in node]
    if isinstance(node, dict):
        return {name: _printable(one) for name, one in node.items()}
    return node


def _words() -> Data:
    return {
        "page": say("clinic.report_page", page="{page}", pages="{pages}"),
        "body": say("clinic.body"),
        "flags": say("clinic.flags"),
        "background": say("clinic.background"),
        "told": say("clinic.told"),
        "done": say("clinic.done"),
        "no_chart": say("clinic.chart_none"),
        "scale": say("clinic.report_scale", percent="{percent}"),
        "scale_unknown": say("clinic.scale_unknown"),
    }


def paper_of(sheets: Sequence[Sheet]) -> str:
    """The paper of the place where the first of them is cared for; A4 where that is not known."""
    return "us-letter" if sheets and sheets[0].history.person.region in LETTER else "a4"


def _sheet(sheet: Sheet, keys: Mapping[Any, str], box: tuple[float, float]) -> Data:  # Any: photo ids
    told = sheet.summary
    return {
        "who": told.who,
        "as_of": say("clinic.as_of", when=told.as_of),
        "headline": told.headline,
        "body": draw_body(sheet.history.lump.pin, label=say("clinic.body")),
        "facts": [
            {"label": one.label, "value": one.value, "detail": one.detail, "is_out": one.is_out} for one in told.facts
        ],
        "chart": chart_of(sheet, height=210, font="Noto Sans"),
        "chart_alt": say("clinic.chart_label", words=told.headline),
        "chart_key": chart_key(sheet),
        "sizes": say("clinic.record_sizes", sizes=sizes_text(sheet)) if told.measurements else "",
        "flags": _flags(sheet),
        "background": _background(sheet),
        "told": _told(sheet),
        "done": [_item(one.when, one.text, one.note) for one in latest_done(told, PAPER)]
        or [_item("", say("clinic.done_none"), "", is_out=True)],
        **_photos(sheet, keys, box),
    }


def _flags(sheet: Sheet) -> list[Data]:
    told = sheet.summary
    yes = BETWEEN.join(
        f"{one.text} ({one.when}{', ' + say('clinic.flag_old') if one.is_old else ''})" for one in told.yes
    )
    return [
        _state("clinic.yes", yes or say("clinic.none_yes"), is_out=bool(yes)),
        _state("clinic.no", short(told.no, letters=PAPER.refused)),
        _state("clinic.not_asked", short(told.not_asked, letters=PAPER.unasked), is_unasked=True),
    ]


def _background(sheet: Sheet) -> list[Data]:
    known = sheet.summary.background
    rows = [
        _state("clinic.yes", BETWEEN.join(known.yes), is_out=bool(known.yes)),
        _state("clinic.no", BETWEEN.join(known.no)),
    ]
    if known.told:
        rows.append(_state("clinic.also", BETWEEN.join(known.told)))
    return [*rows, _state("clinic.not_asked", short(known.not_asked, letters=PAPER.background), is_unasked=True)]


def _told(sheet: Sheet) -> list[Data]:
    told = sheet.summary
    rows = [
        _item(
            one.since,
            one.level,
            " ".join(part for part in (one.title, f"({one.source})" if one.source else "") if part),
            is_out=True,
        )
        for one in told.findings[:MOST_FINDINGS]
    ] or [_item("", say("clinic.told_none"), "")]
    rows += [_item(step.when, step.text, step.note) for step in earlier_advice(sheet)]
    if more := len(told.findings[MOST_FINDINGS:]):
        rows.append(_item("", "", say("clinic.more_findings", count=more)))
    if told.undecided:
        rows.append(_item("", "", say("clinic.told_undecided", count=told.undecided)))
    return rows


def _state(key: str, text: str, *, is_out: bool = False, is_unasked: bool = False) -> Data:
    return {"state": say(key), "text": text or "–", "is_out": is_out, "is_unasked": is_unasked}


def _item(when: str, text: str, note: str, *, is_out: bool = False) -> Data:
    return {"when": when, "text": text, "note": note, "is_out": is_out}


def _photos(sheet: Sheet, keys: Mapping[Any, str], box: tuple[float, float]) -> Data:  # Any: photo ids
    """The first picture and the latest ones; one whose bytes are gone is left out."""
    photos = sheet.photos if len(sheet.photos) <= MOST_PHOTOS else (sheet.photos[0], *sheet.photos[1 - MOST_PHOTOS :])
    scale = at_one_scale(photos, width=box[0], height=box[1])
    shown = [made for one in scale.shown if (made := _photo(sheet, one, keys)) is not None]
    total = len(sheet.photos)
    return {
        "photos": shown,
        "photos_title": BETWEEN.join((place_text(sheet.history), say("clinic.photos"))),
        "photos_note": say("clinic.photos_shown", shown=len(shown), total=total) if len(shown) < total else "",
        "ten_mm": None if scale.per_mm is None else round(10 * scale.per_mm, 2),
        "percent": "" if scale.per_mm is None else f"{100 * scale.per_mm:.0f}",
    }


def _photo(sheet: Sheet, one: Shown, keys: Mapping[Any, str]) -> Data | None:  # Any: photo ids
    try:
        picture = read_bytes(keys[one.photo.id])
    except (KeyError, VaultError):
        return None
    zone = zone_of(sheet.history.person.time_zone)
    taken = taken_at(one.photo, sheet.history).astimezone(zone).date()
    ago = span_text(max(0, (sheet.at.astimezone(zone).date() - taken).days))
    size = {check.id: check.length_mm for check in sheet.history.observations}.get(one.photo.observation)
    when = day_text(taken, year=True)
    return {
        "picture": _as_svg(picture, one.photo),
        "width": one.width,
        "height": one.height,
        "is_scaled": one.is_scaled,
        "caption": BETWEEN.join((when, f"{mm_text(size)} mm")) if size else when,
        "alt": say("clinic.photo_alt", when=when, ago=ago),
    }


def _as_svg(picture: bytes, photo: PhotoFacts) -> str:
    """The JPEG inside an SVG, because the child's data is text; the bytes come out again as they went in."""
    width, height = photo.width or 3, photo.height or 4
    data = base64.b64encode(picture).decode("ascii")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,{data}"/></svg>'
    )
