"""Twelve very unlike histories on the clinician's page, without JavaScript: five questions answered in one screen."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.browser import DESK, desk, playwright
from tests.e2e.clinic_stage import AT, Demo, demo_on_a_day, open_with_code
from tracking.models import CareEvent, ShareLink
from tracking.share_secrets import hash_code

__all__ = ["demo_on_a_day"]  # a fixture

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SCREEN = DESK["viewport"]["height"]
PAPERS = ("A4", "Letter")
MAY_LACK = ("no", "not_asked")
CROWDED = ("growing back", "child's neck", "mole")  # twenty visits more must push nothing off the screen
# Where the page answers each of the five questions, and where the two other states of a red flag stand.
PLACES = {
    "site": ".facts div >> nth=0",
    "how_long": ".facts div >> nth=1",
    "how_fast": ".facts div >> nth=3",
    "red_flags": ".right .flags >> nth=0 >> dd >> nth=0",
    "done": ".done",
    "no": ".right .flags >> nth=0 >> dd >> nth=1",
    "not_asked": ".right .flags >> nth=0 >> dd >> nth=2",
}
# Language → name of the history → question → what stands there, word for word.
ANSWERS = tomllib.loads(Path(__file__).with_name("five_answers.toml").read_text(encoding="utf-8"))


@pytest.fixture(name="page")
def _page() -> Iterator[Page]:
    with playwright() as started:
        context = desk(started, java_script_enabled=False)
        yield context.new_page()
        context.close()


def words(text: str) -> str:
    """As they are read, wherever the lines break."""
    return " ".join(text.split())


def below(page: Page, place: str) -> float:
    box = page.locator(place).first.bounding_box()
    assert box is not None, place
    return box["y"] + box["height"]


def sheets_of(page: Page, paper: str) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper)))


def write_twenty_visits(code: str) -> None:
    """More was done than any screen has room for, and each time with many words."""
    link = ShareLink.objects.get(code_hmac=hash_code(code))
    for lump in link.lumps.all():
        for day in range(1, 21):
            visit = f"Visit {day}: {'wait and measure ' * 30}"
            row = {"created_at": AT, "updated_at": AT, "on": date(2026, 11, day), "kind": "seen", "outcome": visit}
            CareEvent.objects.create(person=lump.person, lump=lump, note="x" * 500, **row)


def faults_of(page: Page, answers: dict[str, str] | None = None) -> Iterator[str]:
    for question, place in PLACES.items():
        said = words(page.locator(place).first.inner_text())
        if answers and said != answers.get(question, said if question in MAY_LACK else None):
            yield f"{question}: {said!r} is not {answers.get(question)!r}"
        if (end := below(page, place)) > SCREEN:
            yield f"{question} ends at {end:.0f}"
    if (end := below(page, "footer")) > SCREEN:
        yield f"the page ends at {end:.0f}"
    if (size := len(page.content().encode())) > 100_000:
        yield f"{size} bytes"
    for paper in PAPERS:
        if (sheets := sheets_of(page, paper)) != 1:
            yield f"{sheets} sheets of {paper}"


def test_each_answers_the_five_questions_in_the_first_screen_and_prints_on_one_sheet(demo: Demo, page: Page) -> None:
    names = set(demo["links"])
    assert (len(names), {language: set(told) for language, told in ANSWERS.items()}) == (12, {"en": names, "es": names})
    wrong: list[str] = []
    for language, told in ANSWERS.items():
        for name, link in demo["links"].items():
            open_with_code(page, link, language=language)
            if pictures := os.environ.get("LOOK"):
                page.screenshot(path=Path(pictures) / f"{language}-{name.replace(' ', '-')}.png")
            wrong += [f"{language}, {name}: {fault}" for fault in faults_of(page, told[name])]
    for name in CROWDED:
        write_twenty_visits(demo["links"][name]["code"])
        open_with_code(page, demo["links"][name], language="es")
        if pictures := os.environ.get("LOOK"):
            page.screenshot(path=Path(pictures) / f"crowded-{name.replace(' ', '-')}.png")
        assert page.locator(".done li").count() == 4
        wrong += [f"crowded, {name}: {fault}" for fault in faults_of(page)]
    assert not wrong, "\n".join(wrong)
