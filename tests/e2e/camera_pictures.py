"""Pictures of every step of the camera, for tests/e2e/screenshots.py: from the live picture to two photos compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Playwright, expect

from tests.e2e.browser import DESK
from tests.e2e.camera import (
    camera_phone,
    choose_file,
    drag_to,
    measure_by_sheet,
    open_camera,
    save_check,
    shoot,
    use_photo,
    with_lump,
)
from tests.e2e.footage import Scene
from tests.e2e.phone import Phone

Keep = Callable[[Phone, str], None]
FIRST = Scene()
SECOND = replace(FIRST, lump=(470, 400), length_mm=24, width_mm=16, sheet=(940, 590))


def draw_camera(started: Playwright, url: str, profiles: Path, keep: Keep, *, scheme: str) -> None:
    with camera_phone(started, profiles / "camera", url, shows=SECOND, color_scheme=scheme) as phone:
        lump = with_lump(phone, f"pictures-{scheme}")
        first_photo(phone, lump)
        second_photo(phone, lump, keep)
        compared(phone, lump, keep)
    with camera_phone(started, profiles / "no-camera", url, shows=None, color_scheme=scheme) as phone:
        open_camera(phone, with_lump(phone, f"pictures-{scheme}-too"))
        expect(phone.page.get_by_role("alert")).to_be_visible()
        keep(phone, "camera-none")


def first_photo(phone: Phone, lump: str) -> None:
    open_camera(phone, lump)
    choose_file(phone, FIRST)
    measure_by_sheet(phone, FIRST)
    use_photo(phone)
    phone.page.get_by_label("Day of this check").fill("2026-10-01")
    save_check(phone)


def second_photo(phone: Phone, lump: str, keep: Keep) -> None:
    page = phone.page
    open_camera(phone, lump)
    expect(page.locator("img.ghost")).to_be_visible()
    expect(page.get_by_role("button", name="Take photo", exact=True)).to_be_enabled()
    keep(phone, "camera-live")
    shoot(phone)
    keep(phone, "camera-look")
    phone.press("Line up")
    keep(phone, "camera-line-up")
    phone.press("Leave it out")
    phone.press("Crop or blur")
    page.get_by_text("Set the box with sliders").click()
    page.get_by_label("Right edge").fill("60")
    keep(phone, "camera-hide")
    phone.press("Leave as it was")
    phone.press("Measure on it")
    keep(phone, "measure-by")
    for name in ("Coin", "Bank card", "Printed sheet"):
        phone.choose(name)
        page.wait_for_timeout(300)
        keep(phone, f"measure-{name.split()[-1].lower()}")
    expect(page.get_by_text("Found the sheet.")).to_be_visible()
    keep(phone, "measure-sheet")
    phone.press("Next: the lump")
    names = ("Longest, one end", "Longest, other end", "Across, one end", "Across, other end")
    for name, target in zip(names, SECOND.ends(), strict=True):
        drag_to(page, name, target, held=lambda: keep(phone, "measure-loupe"))
    keep(phone, "measure-lump")
    phone.press("Use this size")
    keep(phone, "camera-measured")
    use_photo(phone)
    keep(phone, "check-with-photo")
    save_check(phone)


def compared(phone: Phone, lump: str, keep: Keep) -> None:
    page = phone.page
    for wide in (False, True):
        if wide:
            page.set_viewport_size(DESK["viewport"])
        page.goto(f"{phone.url}/#/compare/{lump}")
        expect(page.get_by_text("bigger by")).to_be_visible()
        for mode in ("Side by side", "Slider", "One scale"):
            phone.choose(mode)
            keep(phone, f"{'desk-' if wide else ''}compare-{mode.split()[0].lower()}")
