"""Millimetres from a ruler, a bank card or a coin in the picture, each pointed at by a finger."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.camera import camera_phone, choose_file, drag_to, kept, open_camera, save_check, use_photo, with_lump
from tests.e2e.footage import PX_PER_MM, Scene
from tests.e2e.phone import Phone
from tests.e2e.product import Product

pytestmark = [pytest.mark.e2e]

SCENE = Scene(has_sheet=False)
MIDDLE = (430, 580)  # of the thing that is known: 20 mm from that of the lump
CARD_MM = (85.6, 53.98)
RULER_MM = 50
SAID = re.compile(r"About ([\d.]+)\smm \(give or take ([\d.]+)\smm\)")
Places = list[tuple[str, tuple[float, float]]]


def at(across_mm: float, down_mm: float) -> tuple[float, float]:
    return MIDDLE[0] + across_mm * PX_PER_MM, MIDDLE[1] + down_mm * PX_PER_MM


def ruler() -> Places:
    return [("Mark 1", at(-RULER_MM / 2, 0)), ("Mark 2", at(RULER_MM / 2, 0))]


def card() -> Places:
    across, down = CARD_MM[0] / 2, CARD_MM[1] / 2
    corners = [(-across, -down), (across, -down), (across, down), (-across, down)]
    return [(f"Corner {number}", at(*corner)) for number, corner in enumerate(corners, 1)]


def coin(page: Page) -> Places:
    """The first coin of the list; how wide it is, the app says itself."""
    choice = page.get_by_label("Which coin")
    said = re.search(r"([\d.]+)\s*mm", choice.locator("option").nth(1).inner_text())
    assert said
    choice.select_option(index=1)
    turns = [number * math.pi / 4 - math.pi / 2 for number in range(8)]
    radius = float(said[1]) / 2
    return [(f"Rim {n}", at(radius * math.cos(turn), radius * math.sin(turn))) for n, turn in enumerate(turns, 1)]


def place(page: Page, point: str, target: tuple[float, float]) -> None:
    """As somebody does who is careful: swept near to it, then slowly onto it, which is what its error is judged by."""
    drag_to(page, point, (target[0] + 12, target[1] + 6))
    drag_to(page, point, target)


def measured(phone: Phone, places: Places) -> tuple[float, float]:
    """The length that is said once the thing and then the lump were pointed at, and how sure it is; in millimetres."""
    for point, target in places:
        place(phone.page, point, target)
    phone.press("Next: the lump")
    ends = ("Longest, one end", "Longest, other end", "Across, one end", "Across, other end")
    for end, target in zip(ends, SCENE.ends(), strict=True):
        place(phone.page, end, target)
    told = phone.page.get_by_role("status").filter(has_text=SAID)
    expect(told).to_be_visible()
    said = SAID.search(told.inner_text())
    assert said
    return float(said[1]), float(said[2])


def test_what_a_finger_points_at_gives_the_size_of_the_lump(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with camera_phone(browser, tmp_path / "phone", product.url, shows=None) as phone:
        open_camera(phone, with_lump(phone, "by-touch"))
        choose_file(phone, SCENE)
        phone.press("Measure on it")
        for name in ("Coin", "Bank card", "Ruler"):
            phone.choose(name)
            places = {"Coin": lambda: coin(phone.page), "Bank card": card, "Ruler": ruler}[name]()
            length_mm, unsure_mm = measured(phone, places)
            assert length_mm == pytest.approx(SCENE.length_mm, rel=0.06), name
            assert abs(length_mm - SCENE.length_mm) < unsure_mm, name
            if name != "Ruler":
                phone.press("Back to the reference")
        phone.press("Use this size")
        use_photo(phone)
        save_check(phone)
        phone.everything_sent()
        check = kept(phone, "observations")[0]
        assert check["method"] == "photo"
        assert check["length_mm"] == pytest.approx(SCENE.length_mm, rel=0.06)
        assert check["width_mm"] == pytest.approx(SCENE.width_mm, rel=0.08)
        assert 0 < check["uncertainty_mm"] < 1.2
