"""An assessment in another language: the judgement is made and kept in English, and said in the language of its reader.

A translation belongs to one version of a rule. What was told under an older version stays in the words it was told in.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any  # Any: assessments and rules as JSON

from tracking.texts import DEFAULT_LANGUAGE, translated
from triage.regions import DEFAULT_REGION, region_actions
from triage.rulebook import REGIONS_FILE, Rule, load_rulebook

Document = Mapping[str, Any]  # Any: as above
SAYING = ("findings", "standing")  # lists in an assessment whose rows carry a rule's words


def in_language(document: Document, *, language: str, region: str | None) -> dict[str, Any]:  # Any: as above
    """The assessment with its titles and messages as that language says them in that region."""
    if language == DEFAULT_LANGUAGE:
        return dict(document)
    rows = {key: document[key] for key in SAYING if key in document}
    said = {key: [_said(row, language=language, region=region) for row in row_list] for key, row_list in rows.items()}
    return {**document, **said}


def title_of(finding: Document, *, language: str) -> str:
    """What a finding is called."""
    rule = _rule_of(finding)
    english: str = finding["title"]
    return translated(f"rules.{rule.id}.title", english, language=language) if rule else english


def rulebook_in_language(book: Document, *, language: str) -> dict[str, Any]:  # Any: as above
    """The rule book for people, its titles, messages and actions translated; conditions are the same everywhere."""
    if language == DEFAULT_LANGUAGE:
        return dict(book)
    region = None if book["region"] == DEFAULT_REGION else book["region"]
    rules = [_said({**row, "rule": row["id"]}, language=language, region=region) for row in book["rules"]]
    for row in rules:
        del row["rule"]
    return {**book, "language": language, "actions": actions_in(language), "rules": rules}


@cache
def actions_in(language: str) -> dict[str, dict[str, str]]:
    """Region → level → what to do, with that region's own numbers, in one language."""
    regions = tomllib.loads(REGIONS_FILE.read_text(encoding="utf-8"))
    words = {
        region: {name: translated(f"regions.{region}.{name}", text, language=language) for name, text in row.items()}
        for region, row in regions["actions"].items()
    }
    return region_actions(words, regions["numbers"])


def _said(finding: Document, *, language: str, region: str | None) -> dict[str, Any]:  # Any: as above
    rule = _rule_of(finding)
    if rule is None:
        return dict(finding)
    actions = actions_in(language)
    action = actions.get((region or "").partition("-")[0], actions[DEFAULT_REGION])[rule.level]
    message = translated(f"rules.{rule.id}.message", rule.message, language=language)
    return {**finding, "title": title_of(finding, language=language), "message": message.replace("{action}", action)}


def _rule_of(finding: Document) -> Rule | None:
    """The rule as it is now, if it is the very one that spoke."""
    rule = _rules().get(finding["rule"])
    return rule if rule is not None and rule.version == finding["version"] else None


@cache
def _rules() -> dict[str, Rule]:
    return {rule.id: rule for rule in load_rulebook().rules}
