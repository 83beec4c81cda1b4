"""Every sentence the server says to a person, in one catalogue a language (`texts/en.toml`).

Rule titles and messages live in their rule files; this holds the rest: errors, mails, pushes, the clinician's page.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "texts"
DEFAULT_LANGUAGE = "en"


@cache
def _catalogue(language: str) -> dict[str, str]:
    """Dotted key → sentence. Raises KeyError for a language without a file."""
    path = _FOLDER / f"{language}.toml"
    if not path.is_file():
        raise KeyError(language)
    return dict(_flatten(tomllib.loads(path.read_text(encoding="utf-8")), prefix=""))


def _flatten(table: dict[str, object], *, prefix: str) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            rows += _flatten(value, prefix=f"{prefix}{key}.")
        else:
            rows.append((f"{prefix}{key}", str(value)))
    return rows


def languages() -> list[str]:
    """Languages that have a catalogue."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def say(key: str, *, language: str = DEFAULT_LANGUAGE, **values: object) -> str:
    """The sentence for `key`, with {placeholders} filled. A missing language or key falls back to English.

    Raises KeyError when English lacks the key too: a missing sentence is a defect, not an empty page.
    """
    try:
        sentence = _catalogue(language)[key]
    except KeyError:
        sentence = _catalogue(DEFAULT_LANGUAGE)[key]
    return sentence.format(**values) if values else sentence


def all_sentences(language: str = DEFAULT_LANGUAGE) -> dict[str, str]:
    """The whole catalogue, for the tests that hold every string to the wording rules."""
    return dict(_catalogue(language))
