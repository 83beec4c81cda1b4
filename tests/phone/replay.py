"""The same histories through the server's judgement and the phone's, and where the two differ."""

from __future__ import annotations

import json
import math
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from tracking.history import parse_history
from triage.engine import assess
from triage.rulebook import rulebook_json
from triage.spoken import in_language, rulebook_in_language

HERE = Path(__file__).parent
NODE_MODULES = HERE.parents[1] / "frontend/node_modules"
TOLERANCE = 1e-6
MICROSECONDS = 1_000_000
Json = Any  # Any: JSON


class Case(NamedTuple):
    """One history to judge: where it comes from, in words, the document, the moment and the reader's language."""

    name: str
    document: dict[str, Json]
    at: datetime
    language: str = "en"


@dataclass(frozen=True)
class Phone:
    """The judgement built for the phone, run by Node."""

    folder: Path

    @classmethod
    def built(cls, folder: Path) -> Phone:
        """Build it into an empty folder."""
        _node("bundle.mjs", folder)
        return cls(folder)

    def answers(self, rows: Sequence[Json]) -> list[Json]:
        """What it says to each, in the same order: see replay.mjs."""
        asked, told = self.folder / "asked.jsonl", self.folder / "told.jsonl"
        asked.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
        _node("replay.mjs", self.folder, asked, told)
        return [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]


def _node(script: str, *arguments: Path) -> None:
    subprocess.run(["node", str(HERE / script), *map(str, arguments)], check=True)


def differences(cases: Sequence[Case], phone: Phone) -> list[str]:
    """One text for each history that the phone judges otherwise: where, what each says, and the history itself."""
    cases = [case._replace(document=with_ids(case.document)) for case in cases]
    rows = [{"document": one.document, "at": one.at.isoformat(), "language": one.language} for one in cases]
    found: list[str] = []
    for case, told in zip(cases, phone.answers(rows), strict=True):
        where = next(_differing(_server(case), told, ""), None)
        if where is not None:
            document = json.dumps({**case.document, "at": case.at.isoformat()})
            found.append(f"{case.name}: {where}\n  {document}")
    return found


def rulebook_differences(readers: Sequence[tuple[str, str | None]], phone: Phone) -> list[str]:
    """Where the rule book for people reads otherwise on the phone, for each (language, region)."""
    told = phone.answers([{"rulebook": region, "language": language} for language, region in readers])
    found: list[str] = []
    for (language, region), answer in zip(readers, told, strict=True):
        server = rulebook_in_language(rulebook_json(region=region), language=language)
        found += [f"{language}, {region}: {where}" for where in _differing(server, answer, "")]
    return found


def with_ids(document: dict[str, Json]) -> dict[str, Json]:
    """The document with the ids that the phone always has, and that an assessment on the server may do without."""
    rows = {
        name: [
            {"id": f"00000000-0000-4000-8000-{number:012}"} | row for number, row in enumerate(document.get(name) or [])
        ]
        for name in ("observations", "care")
    }
    lump = {"id": "00000000-0000-4000-9000-000000000000"} | document["lump"]
    return {**document, "lump": lump, **rows}


def _server(case: Case) -> Json:
    history = parse_history(case.document, at=case.at, for_judging=True)
    judged = assess(history, case.at)
    said = in_language(judged.to_json(), language=case.language, region=history.person.region)
    return {"assessment": said, "growth": _plain(judged.growth)}


def _plain(value: object) -> Json:
    """As the phone writes it: names in its manner, ids as text, instants in microseconds, infinities by name."""
    if is_dataclass(value) and not isinstance(value, type):
        return {_camel(name): _plain(one) for name, one in asdict(value).items()}
    if isinstance(value, dict):
        return {_camel(name): _plain(one) for name, one in value.items()}
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return round(value.timestamp() * MICROSECONDS)
    if isinstance(value, float) and not math.isfinite(value):
        return "Infinity" if value > 0 else "-Infinity"
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)


def _differing(server: Json, phone: Json, path: str) -> Iterator[str]:
    """Paths at which the two differ; numbers may by 1e-6."""
    if isinstance(server, dict) and isinstance(phone, dict) and "error" not in phone:
        for name in sorted({*server, *phone}):
            if name not in server or name not in phone:
                yield f"{path}.{name} is on one side only"
            else:
                yield from _differing(server[name], phone[name], f"{path}.{name}")
    elif isinstance(server, list) and isinstance(phone, list) and len(server) == len(phone):
        for index, (one, other) in enumerate(zip(server, phone, strict=True)):
            yield from _differing(one, other, f"{path}[{index}]")
    elif not _same(server, phone):
        yield f"{path or 'all of it'}: server {json.dumps(server)[:400]}, phone {json.dumps(phone)[:400]}"


def _same(server: Json, phone: Json) -> bool:
    if isinstance(server, bool) or isinstance(phone, bool):
        return server is phone
    if isinstance(server, int | float) and isinstance(phone, int | float):
        return math.isclose(server, phone, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return bool(server == phone)
