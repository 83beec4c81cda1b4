"""No string a person can read says what this product must never say (docs/decisions.md, "Words")."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracking.texts import all_sentences

ROOT = Path(__file__).parents[1]
# Wording guidance: clinical evidence 5.1. A pattern, and the sentences that may hold it because they deny it.
NEVER_SAY = [
    r"\bbenign\b",
    r"\bmalignan",
    r"\bharmless\b",
    r"nothing to worry",
    r"\blow risk\b",
    r"no action (is )?needed",
    r"safe to wait",
    r"you do not need a doctor",
    r"\bwe monitor\b",
    r"\bdetects?\b.*\b(cancer|infection)",
    r"all clear",
    r"\breassur",
    r"\b(lipoma|sarcoma|lymphoma|abscess|melanoma|carcinoma|torsion|sepsis|thrombosis|haematoma)\b",
    r"\d ?% (risk|chance|probability)",
    r"\blesion\b",
    r"well done|great job|good news|don't worry",
]
HEALTH_WORDS = re.compile(
    r"\b(lumps?|health|medical|doctor|clinic\w*|symptoms?|pain|fever|cancer|swelling|bleed\w*|body|skin|care|hospital|GP|"
    r"emergency|advice|diagnos\w*|patient|measure\w*|growing|photo)\b",
    re.IGNORECASE,
)


def app_sentences() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "frontend/src/texts").glob("*.json")):
        yield from flatten(json.loads(path.read_text(encoding="utf-8")), str(path.name))


def flatten(value: object, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flatten(inner, f"{name}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from flatten(inner, name)
    elif isinstance(value, str):
        yield name, value


def rule_sentences() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "triage/rules").glob("*.toml")):
        rule = tomllib.loads(path.read_text(encoding="utf-8"))
        for key in ("title", "message", "messages", "say", "what_to_say"):
            yield from flatten(rule.get(key), f"{path.name}.{key}")


def catalogue_sentences() -> Iterator[tuple[str, str]]:
    fields = tomllib.loads((ROOT / "tracking/fields.toml").read_text(encoding="utf-8"))
    for name, text in flatten(fields, "fields"):
        if name.rpartition(".")[2] in ("label", "question", "hint") or ".choices." in name:
            yield name, text


def every_sentence() -> list[tuple[str, str]]:
    server = [(f"texts.{key}", text) for key, text in all_sentences().items()]
    return [*server, *app_sentences(), *rule_sentences(), *catalogue_sentences()]


def test_there_is_something_to_hold() -> None:
    assert len(every_sentence()) > 300


@pytest.mark.parametrize("pattern", NEVER_SAY)
def test_no_sentence_says_it(pattern: str) -> None:
    found = [(name, text) for name, text in every_sentence() if re.search(pattern, text, re.IGNORECASE)]
    assert found == []


@pytest.mark.parametrize("prefix", ["mail.", "push."])
def test_what_a_lock_screen_shows_names_no_health_word(prefix: str) -> None:
    outside = {key: text for key, text in all_sentences().items() if key.startswith(prefix)}
    assert outside
    assert {key: text for key, text in outside.items() if HEALTH_WORDS.search(text)} == {}
