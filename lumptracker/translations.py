"""What there is to translate, and what a translation lacks or was made from words that have changed since.

English lies in four places (the server's catalogue, the app's, `fields.toml`, the rule files and regions), a
translation in two. Parts of the app that load later, such as the camera, have a folder of their own in the app's.
Beside it `texts/LANGUAGE.sources.json` keeps a short digest of the English that each sentence was made from.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tracking.fields import fields_table
from tracking.texts import DEFAULT_LANGUAGE, all_sentences
from triage.rulebook import REGIONS_FILE, load_rulebook

ROOT = Path(__file__).parents[1]
APP_TEXTS = ROOT / "frontend/src/texts"
SERVER_TEXTS = ROOT / "tracking/texts"
WORD_KEYS = frozenset({"label", "question"})
UNITS_ALIKE = frozenset({"%", "mm", "°C"})  # written the same everywhere
_GAPS = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Findings:
    """Keys, each list empty where a translation is whole."""

    missing: list[str]
    without_english: list[str]
    other_gaps: list[str]
    stale: list[str]

    @property
    def is_whole(self) -> bool:
        return not (self.missing or self.without_english or self.other_gaps or self.stale)


def english_sentences() -> dict[str, str]:
    """Everything a person can read, by the key that a translation has it under."""
    regions = tomllib.loads(REGIONS_FILE.read_text(encoding="utf-8"))["actions"]
    return {
        **all_sentences(DEFAULT_LANGUAGE),
        **_app_sentences(DEFAULT_LANGUAGE),
        **dict(_field_words(fields_table(), "fields")),
        **{f"rules.{rule.id}.title": rule.title for rule in load_rulebook().rules},
        **{f"rules.{rule.id}.message": rule.message for rule in load_rulebook().rules},
        **{f"regions.{region}.{name}": text for region, row in regions.items() for name, text in row.items()},
    }


def sentences_of(language: str) -> dict[str, str]:
    """The same in another language, as far as it goes."""
    return {**all_sentences(language), **_app_sentences(language)}


def review(language: str) -> Findings:
    """What is wrong with a translation."""
    english, said, made_from = english_sentences(), sentences_of(language), sources_of(language)
    both = english.keys() & said.keys()
    return Findings(
        missing=sorted(english.keys() - said.keys()),
        without_english=sorted(said.keys() - english.keys()),
        other_gaps=sorted(key for key in both if not _same_gaps(key, english[key], said[key])),
        stale=sorted(key for key in both & made_from.keys() if made_from[key] != digest(english[key])),
    )


def sources_of(language: str) -> dict[str, str]:
    """Key → digest of the English that its translation was made from."""
    path = _sources_file(language)
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def mark_translated(language: str) -> int:
    """Write down that every sentence there is says what the English says now. Returns how many there are."""
    english = english_sentences()
    made_from = {key: digest(english[key]) for key in sorted(english.keys() & sentences_of(language).keys())}
    _sources_file(language).write_text(json.dumps(made_from, indent=0) + "\n", encoding="utf-8")
    return len(made_from)


def digest(sentence: str) -> str:
    """Eight characters: enough to notice a change."""
    return hashlib.sha256(sentence.encode()).hexdigest()[:8]


def _sources_file(language: str) -> Path:
    return SERVER_TEXTS / f"{language}.sources.json"


def _app_sentences(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(APP_TEXTS.rglob(f"{language}.json")):
        found |= {f"app.{key}": text for key, text in json.loads(path.read_text(encoding="utf-8")).items()}
    return found


def _field_words(table: Mapping[str, object], path: str) -> Iterator[tuple[str, str]]:
    """Labels, questions, choices and units that are words, below their place in `fields.toml`."""
    is_list = path.endswith(".choices") or (
        path.count(".") == 1 and all(isinstance(one, str) for one in table.values())
    )
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _field_words(value, f"{path}.{key}")
        elif isinstance(value, str) and (is_list or key in WORD_KEYS or (key == "unit" and value not in UNITS_ALIKE)):
            yield f"{path}.{key}", value


def _same_gaps(key: str, english: str, said: str) -> bool:
    """`{site}` and `{inside}` are one place in two shapes: a language takes the one that it needs."""
    if key in ("clinic.left", "clinic.right"):
        return bool({"{site}", "{inside}"} & set(_GAPS.findall(said)))
    return sorted(_GAPS.findall(english)) == sorted(_GAPS.findall(said))
