"""Every string a person can read keeps to the wording rules of tests/wording/never_say.toml, in every language.

Rules, mails, pushes, the clinician's page, the app, the fields and the regions. Source titles are left alone: a
document is called what its issuer calls it.
"""

from __future__ import annotations

import ast
import json
import re
import statistics
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.reading_grade import grade, syllables, words_of
from tracking.texts import DEFAULT_LANGUAGE, all_sentences, languages
from triage.regions import region_actions

ROOT = Path(__file__).parents[1]
WORDING: dict[str, Any] = tomllib.loads(
    (ROOT / "tests/wording/never_say.toml").read_text(encoding="utf-8")
)  # Any: TOML
HEALTH_WORDS = re.compile(rf"\b({'|'.join(WORDING[DEFAULT_LANGUAGE]['health'])})\b", re.IGNORECASE)
FOR_REVIEWERS = ("rule_facts.", "rule_words.")  # what a clinician reads to check the rules; not asked of anybody
LONG_WORDS = 8  # a reading grade says nothing of a few words
TEMPLATE_TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}|<!--.*?-->|<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
SVELTE_CODE = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->", re.DOTALL)

Sentences = list[tuple[str, str]]


def flatten(value: object, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flatten(inner, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for inner in value:
            yield from flatten(inner, name)
    elif isinstance(value, str):
        yield name, value


def app_sentences(language: str) -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "frontend/src/texts").rglob(f"{language}*.json")):
        yield from flatten(json.loads(path.read_text(encoding="utf-8")), "app")


def rule_sentences() -> Iterator[tuple[str, str]]:
    """In the words of Britain, which has words of its own for every level."""
    regions = read("triage/regions.toml")
    actions = region_actions(regions["actions"], regions["numbers"])["GB"]
    for path in sorted((ROOT / "triage/rules").glob("*.toml")):
        rule = read(path)
        message = rule["message"].replace("{action}", actions[rule["level"]])
        yield f"rule.{path.stem}", f"{rule['title']}. {message}"


def catalogue_sentences() -> Iterator[tuple[str, str]]:
    for name, text in flatten(read("tracking/fields.toml"), "fields"):
        if name.rpartition(".")[2] in ("label", "question", "hint") or ".choices." in name:
            yield name, text


def template_sentences() -> Iterator[tuple[str, str]]:
    """Words written into a page itself, in whatever language: they are English."""
    pages = [*ROOT.glob("lumptracker/templates/**/*.html"), *ROOT.glob("*/templates/**/*.html")]
    for path in sorted({*pages, ROOT / "frontend/index.html"}):
        for line in TEMPLATE_TAGS.sub("\n", path.read_text(encoding="utf-8")).splitlines():
            if words_of(line):
                yield f"page.{path.name}", line.strip()


def printed_for_reviewers() -> Iterator[tuple[str, str]]:
    """What docs/rules.md says beside the rules' own words: names of rules are names there, and not held."""
    rules = {path.stem: read(path) for path in sorted((ROOT / "triage/rules").glob("*.toml"))}
    names = re.compile(rf"(?<![\w-])({'|'.join(sorted(rules, key=len, reverse=True))})(?![\w-])")
    for name, rule in rules.items():
        if "other_ages" in rule:
            yield f"rule.{name}.other_ages", names.sub("", rule["other_ages"])
    for name, text in flatten(read("triage/not_expressed.toml"), "not_expressed"):
        yield name, names.sub("", text)


def clinic_strings() -> Iterator[tuple[str, str]]:
    """Every string in the code of the clinician's page, but for what explains the code itself."""
    for path in sorted((ROOT / "lumptracker/clinic").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
                yield f"{path.name}:{node.lineno}", node.value


def literal_words(component: str) -> list[str]:
    """The words that a Svelte component holds itself: outside tags, code and {...}."""
    outside: list[str] = []
    depth, quote, in_tag = 0, "", False
    for letter in SVELTE_CODE.sub("\n", component):
        if depth or letter == "{":
            depth += (letter == "{") - (letter == "}")
            letter = "\n"
        elif quote:
            quote = "" if letter == quote else quote
            letter = "\n"
        elif in_tag:
            in_tag, quote = letter != ">", letter if letter in "\"'" else ""
            letter = "\n"
        elif letter == "<":
            in_tag, letter = True, "\n"
        outside.append(letter)
    return re.findall(r"[^\W\d_]{2,}", "".join(outside))


def read(path: str | Path) -> dict[str, Any]:  # Any: TOML
    return tomllib.loads((ROOT / path).read_text(encoding="utf-8"))


def every_sentence(language: str) -> Sentences:
    """A translation has rules, fields and regions in the server's catalogue; English has them in their own files."""
    found = [*all_sentences(language).items(), *app_sentences(language)]
    if language == DEFAULT_LANGUAGE:
        regions = flatten(read("triage/regions.toml")["actions"], "region")
        found += [*rule_sentences(), *catalogue_sentences(), *template_sentences(), *regions]
    return found


def read_by_everybody(language: str) -> Sentences:
    return [(name, text) for name, text in every_sentence(language) if not name.startswith(FOR_REVIEWERS)]


def sentence_and_pattern() -> Iterator[tuple[str, str]]:
    for language in sorted(set(languages()) & set(WORDING)):
        for pattern in WORDING[language]["never"]:
            yield language, pattern


def test_there_is_something_to_hold() -> None:
    kinds = {name.partition(".")[0] for name, _ in every_sentence(DEFAULT_LANGUAGE)}
    assert kinds >= {"rule", "fields", "app", "mail", "push", "clinic", "region", "page"}
    assert len(every_sentence(DEFAULT_LANGUAGE)) > 1000


def test_every_language_has_its_list() -> None:
    assert set(WORDING) == set(languages())


@pytest.mark.parametrize(("language", "pattern"), list(sentence_and_pattern()))
def test_no_sentence_says_it(language: str, pattern: str) -> None:
    may = WORDING[language].get("may", {})
    found = [
        (name, text)
        for name, text in read_by_everybody(language)
        if re.search(pattern, text, re.IGNORECASE) and name not in may
    ]
    assert found == []


@pytest.mark.parametrize("pattern", WORDING[DEFAULT_LANGUAGE]["never"])
def test_neither_the_printed_rules_nor_the_clinicians_page_says_it(pattern: str) -> None:
    held = [*printed_for_reviewers(), *clinic_strings()]
    assert {name.partition(".")[0] for name, _ in held} >= {"rule", "not_expressed", "sheet"}
    assert [(name, text) for name, text in held if re.search(pattern, text, re.IGNORECASE)] == []


def test_a_screen_holds_no_words_of_its_own() -> None:
    """They would be in one language only, and nobody would hold them to these rules."""
    assert literal_words('<p class="soft">{t("a")} Hello <b title={x > 1 ? "no" : ""}>you</b></p>') == ["Hello", "you"]
    screens = sorted((ROOT / "frontend/src").rglob("*.svelte"))
    assert len(screens) > 30
    found = {path.name: words for path in screens if (words := literal_words(path.read_text(encoding="utf-8")))}
    assert found == {}


@pytest.mark.parametrize("language", sorted(set(languages()) & set(WORDING)))
@pytest.mark.parametrize("prefix", ["mail.", "push."])
def test_what_a_lock_screen_shows_names_no_health_word(language: str, prefix: str) -> None:
    health = re.compile(rf"\b({'|'.join(WORDING[language]['health'])})\b", re.IGNORECASE)
    outside = {key: text for key, text in all_sentences(language).items() if key.startswith(prefix)}
    assert outside
    assert {key: text for key, text in outside.items() if health.search(text)} == {}


@pytest.mark.parametrize("language", sorted(one for one in WORDING if "skin" in WORDING[one]))
def test_redness_is_said_for_every_skin(language: str) -> None:
    red, also = (re.compile(pattern, re.IGNORECASE) for pattern in WORDING[language]["skin"])
    may = WORDING[language].get("may", {})
    one_sided = [
        (name, text)
        for name, text in read_by_everybody(language)
        if red.search(text) and not also.search(text) and name not in may
    ]
    assert one_sided == []


@pytest.mark.parametrize("language", sorted(one for one in WORDING if "grade_most" in WORDING[one]))
def test_a_child_of_ten_can_read_it(language: str) -> None:
    wording = WORDING[language]
    grades = {name: grade(text) for name, text in read_by_everybody(language) if len(words_of(text)) > LONG_WORDS}
    assert len(grades) > 300
    assert statistics.mean(grades.values()) <= wording["grade_mean"]
    hard = {name for name, value in grades.items() if value > wording["grade_most"]}
    assert hard == set(wording["may_grade"])


@pytest.mark.parametrize("language", sorted(WORDING))
def test_no_exception_outlives_its_sentence(language: str) -> None:
    names = {name for name, _ in every_sentence(language)}
    assert set(WORDING[language].get("may", {})) - names == set()


def test_silence_is_not_an_all_clear() -> None:
    said = [text for _, text in app_sentences(DEFAULT_LANGUAGE)]
    assert any("No rule matched. This is not a check-up." in text for text in said)


@pytest.mark.parametrize(
    ("word", "count"),
    [("lump", 1), ("table", 2), ("appointment", 3), ("emergency", 4), ("pushed", 1), ("needed", 2), ("breathe", 1)],
)
def test_syllables_are_counted_well_enough(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_long_sentence_of_long_words_is_hard_to_read() -> None:
    assert grade("See a doctor this week. It is getting bigger.") < 4
    assert (
        grade("Progressive enlargement necessitates expeditious professional evaluation by an appropriate clinician.")
        > 15
    )
