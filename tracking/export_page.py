"""The page in an export that a person opens first: reads offline, prints, runs nothing.

Every word that somebody wrote passes `html.escape`; the page has no script and forbids any, so that what was typed
years ago cannot do anything in the browser that opens the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from html import escape
from uuid import UUID

from tracking import catalogue
from tracking.days import read_zone
from tracking.history import Answer, CareFacts, History, ObservationFacts
from tracking.texts import language_in_force, say

_POLICY = "script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; connect-src 'none'"
_STYLE = """
body { font: 17px/1.5 system-ui, sans-serif; color: #1c1b19; background: #fff; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem }
h2 { border-top: 1px solid #999; padding-top: 1.5rem; margin-top: 2.5rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: start; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #ccc }
td { white-space: pre-wrap; overflow-wrap: anywhere; font-variant-numeric: tabular-nums }
img { max-width: 16rem; max-height: 16rem; margin: .25rem .5rem .25rem 0; vertical-align: top }
.soft { color: #555 }
@media print { details:not([open]) { display: none } tr, figure { break-inside: avoid } }
"""


@dataclass
class ExportPage:
    """Lumps are added one by one; the page is made at the end, in the language in force."""

    _parts: list[tuple[tuple[str, str, str], str]] = field(default_factory=list)

    def add(self, history: History, *, pictures: frozenset[UUID]) -> None:
        """`pictures`: those whose files are in the export."""
        order = history.person.name, history.lump.label, str(history.lump.id)
        self._parts.append((order, "\n".join(_lump(history, pictures))))

    def to_bytes(self) -> bytes:
        lumps = [part for _, part in sorted(self._parts)] or [f"<p>{_said('export.empty')}</p>"]
        head = [
            "<!doctype html>",
            f'<html lang="{escape(language_in_force())}">',
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="referrer" content="no-referrer">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{_said('export.title')}</title>",
            f"<style>{_STYLE}</style>",
            f"<h1>{_said('export.title')}</h1>",
            f'<p class="soft">{_said("export.lead")}</p>',
        ]
        return ("\n".join([*head, *lumps, "</html>"]) + "\n").encode("utf-8")


def _lump(history: History, pictures: frozenset[UUID]) -> Iterator[str]:
    lump, person = history.lump, history.person
    place = catalogue.SITES[lump.site].label if lump.site in catalogue.SITES else lump.site
    side = catalogue.SIDES[lump.side] if lump.side else ""
    names = [name for name in (person.name, lump.label, place, side) if name]
    yield f"<h2>{escape(' · '.join(names))}</h2>"
    facts = [
        (say("export.noticed"), _day(lump.first_noticed_on)),
        (say("export.closed"), _day(lump.closed_on)),
        (say("export.born"), person.birth_date.text if person.birth_date else ""),
    ]
    yield from (f"<p>{escape(name)}: {escape(value)}</p>" for name, value in facts if value)
    if history.observations:
        names = [say(f"export.{name}") for name in ("when", "size", "method", "answers", "note")]
        yield from _table(say("export.checks"), names, (_check(one, history) for one in history.observations))
    if history.care:
        names = [say(f"export.{name}") for name in ("when", "what", "outcome", "note")]
        yield from _table(say("export.care"), names, map(_care, history.care))
    yield from _photos(history, pictures)


def _photos(history: History, pictures: frozenset[UUID]) -> Iterator[str]:
    """Those of an intimate place lie behind a press, as they do in the app."""
    shown = [photo for photo in history.photos if photo.id in pictures]
    if not shown:
        return
    images = [
        f'<img src="photos/{photo.id}.jpg" loading="lazy" alt="{escape(_instant(photo.taken_at, history))}">'
        for photo in shown
    ]
    title = f"<summary>{escape(say('export.photos', count=len(shown)))}</summary>"
    is_open = "" if catalogue.is_intimate(history.lump.site, history.person.sex) else " open"
    yield f"<details{is_open}>{title}{''.join(images)}</details>"


def _table(title: str, names: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"<h3>{escape(title)}</h3><table><thead><tr>"
    yield "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    yield "</tr></thead><tbody>"
    yield from (f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    yield "</tbody></table>"


def _check(check: ObservationFacts, history: History) -> tuple[str, ...]:
    sizes = [f"{size:g}" for size in (check.length_mm, check.width_mm, check.height_mm) if size is not None]
    method = catalogue.METHODS.get(check.method or "", check.method or "")
    answers = "\n".join(_answer(name, answer) for name, answer in sorted(check.signs.items()))
    size = f"{' × '.join(sizes)} mm" if sizes else ""
    return _instant(check.observed_at, history), size, method, answers, check.note


def _answer(name: str, answer: Answer) -> str:
    known = catalogue.FIELDS["observation.signs"].get(name)
    if known is None:
        return f"{name}: {answer}"
    if isinstance(answer, bool):
        said = say("export.yes" if answer else "export.no")
    else:
        said = known.choices[answer] if isinstance(answer, str) and answer in known.choices else f"{answer}"
    return f"{known.label}: {said}"


def _care(care: CareFacts) -> tuple[str, ...]:
    kind = catalogue.CARE_KINDS.get(care.kind, care.kind)
    return care.on.isoformat(), kind, care.outcome or "", care.note


def _instant(instant: datetime | None, history: History) -> str:
    if instant is None:
        return ""
    return f"{instant.astimezone(read_zone(history.person.time_zone)):%Y-%m-%d %H:%M}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _said(key: str) -> str:
    return escape(say(key))
