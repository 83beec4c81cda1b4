"""Every sentence the server says to a person, in one catalogue a language (`texts/en.toml`, `texts/es.toml`).

English rule texts live in their rule files and English labels in `fields.toml`; a translation has them in its catalogue
under `rules` and `fields`. Adding a language is adding a file: docs/languages.md.

A request speaks one language from its first to its last word. It is set once, at the door (`speaking`), so that no
function in between has to carry it; whoever speaks to somebody else than the reader says so: `language=user.language`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "texts"
DEFAULT_LANGUAGE = "en"
_in_force: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


@cache
def _catalogue(language: str) -> dict[str, str]:
    """Dotted key → sentence; nothing for a language without a file."""
    path = _FOLDER / f"{language}.toml"
    if language not in languages():
        return {}
    return dict(_flatten(tomllib.loads(path.read_text(encoding="utf-8")), prefix=""))


def _flatten(table: Mapping[str, object], *, prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flatten(value, prefix=f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)


@cache
def languages() -> tuple[str, ...]:
    """Languages that have a catalogue."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def nearest_language(accepted: str) -> str | None:
    """The best of our languages for an `Accept-Language` header (RFC 9110, 12.5.4); None where it asks for none."""
    wanted = sorted(filter(None, map(_wish, accepted.split(",")[:20])), key=lambda wish: -wish[1])
    return next((language for language, weight in wanted if weight > 0 and language in languages()), None)


def _wish(part: str) -> tuple[str, float] | None:
    """`es-MX;q=0.8` → ("es", 0.8)."""
    tag, _, weight = part.strip().partition(";q=")
    try:
        return tag.partition("-")[0].lower(), float(weight or 1)
    except ValueError:
        return None


def language_in_force() -> str:
    """The language of whoever reads what is made now; English where nobody said."""
    return _in_force.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Inside, everything is said in this language."""
    before = _in_force.set(language)
    try:
        yield
    finally:
        _in_force.reset(before)


def say(key: str, *, language: str | None = None, **values: object) -> str:
    """The sentence for `key`, with {placeholders} filled. A missing language or key falls back to English.

    Raises KeyError when English lacks the key too: a missing sentence is a defect, not an empty page.
    """
    sentence = _catalogue(language or language_in_force()).get(key) or _catalogue(DEFAULT_LANGUAGE)[key]
    return sentence.format(**values) if values else sentence


def translated(key: str, english: str, *, language: str | None = None) -> str:
    """What a language says for a text whose English lies in another file: a rule's message, a field's label."""
    return _catalogue(language or language_in_force()).get(key, english)


def all_sentences(language: str = DEFAULT_LANGUAGE) -> dict[str, str]:
    """The whole catalogue, for the tests that hold every string to the wording rules."""
    return dict(_catalogue(language))
