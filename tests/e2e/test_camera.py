"""The camera on a phone: the same picture again, millimetres from it, and two of them compared. Live, and by files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.camera import (
    camera_phone,
    choose_file,
    kept,
    measure_by_sheet,
    open_camera,
    pinch,
    save_check,
    shoot,
    use_photo,
    with_lump,
)
from tests.e2e.footage import HEIGHT, WIDTH, Scene
from tests.e2e.product import Product

pytestmark = [pytest.mark.e2e]

FIRST = Scene()
SECOND = replace(FIRST, lump=(470, 400), length_mm=24, width_mm=16, sheet=(940, 590))
NEARLY_MM = 1.5  # fingers of a robot on a picture shown four times smaller than it is
# How the picture that waits lies on the phone: Safari loses Blobs there.
LIES_AS = """() => new Promise(resolve => {
  const opening = indexedDB.open('tracker');
  opening.onsuccess = () => {
    const all = opening.result.transaction('pictures').objectStore('pictures').getAll();
    all.onsuccess = () => {
      const kind = value => Object.prototype.toString.call(value).slice(8, -1);
      resolve(all.result.filter(row => row.bytes).map(row => [kind(row.bytes), kind(row.thumb), row.type]));
      opening.result.close();
    };
  };
})"""


REMEMBER = """() => {
  window.lay = new DOMMatrix(getComputedStyle(document.querySelector('img.over')).transform);
}"""
# Each key moves, enlarges or turns by three hundredths.
MOVED_BY_KEYS = """() => {
  const over = document.querySelector('img.over'), now = new DOMMatrix(getComputedStyle(over).transform);
  const step = 0.03 * over.parentElement.clientWidth, was = window.lay;
  const grown = Math.hypot(now.a, now.b) / Math.hypot(was.a, was.b);
  const turned = Math.atan2(now.b, now.a) - Math.atan2(was.b, was.a);
  return Math.hypot(now.e - was.e - step, now.f - was.f + step) < 1
    && Math.abs(grown - 1.03) < 0.003 && Math.abs(turned - 0.03) < 0.003;
}"""


def test_a_photo_is_taken_under_the_last_one_measured_saved_offline_and_compared(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with camera_phone(browser, tmp_path / "first", product.url, shows=FIRST) as phone:
        lump = with_lump(phone, "ada")
        open_camera(phone, lump)
        shoot(phone)
        measure_by_sheet(phone, FIRST)
        use_photo(phone)
        size = phone.page.get_by_label("Longest size", exact=True)
        assert abs(float(size.input_value()) - FIRST.length_mm) < NEARLY_MM
        phone.context.set_offline(True)
        save_check(phone)
        expect(phone.page.get_by_role("button", name="Undo")).to_be_visible()
        assert phone.page.evaluate(LIES_AS) == [["ArrayBuffer", "ArrayBuffer", "image/jpeg"]]
        open_camera(phone, lump)
        expect(phone.page.get_by_role("button", name="Undo")).to_have_count(0, timeout=2_000)  # the shutter lies there
        expect(phone.page.locator("img.ghost")).to_be_visible()
        phone.page.get_by_label("Last photo").fill("80")
        phone.press("Show the last photo over it")
        expect(phone.page.locator("img.ghost")).to_have_count(0)
        phone.press("Show the last photo over it")
        phone.page.evaluate("performance.clearMeasures()")
        shoot(phone)
        phone.page.wait_for_function("performance.getEntriesByName('hints about the sheet').length > 0")
        expect(phone.page.get_by_text("No printed sheet was found")).to_have_count(0)  # it is in the picture
        phone.press("Use this photo")
        save_check(phone)
        phone.context.set_offline(False)
        phone.everything_sent()
        observations, photos = kept(phone, "observations"), kept(phone, "photos")
        measured = next(one for one in observations if one["method"] == "photo")
        assert abs(measured["length_mm"] - FIRST.length_mm) < NEARLY_MM
        assert abs(measured["width_mm"] - FIRST.width_mm) < NEARLY_MM
        assert 0 < measured["uncertainty_mm"] < NEARLY_MM
        scales = [photo["mm_per_px"] for photo in photos]
        assert [scale for scale in scales if scale] == [pytest.approx(1 / 8, rel=0.05)]
        assert {mark["kind"] for photo in photos for mark in photo["marks"]} >= {"reference", "length", "width"}
        phone.page.goto(f"{phone.url}/#/compare/{lump}")
        expect(phone.page.get_by_role("table")).to_contain_text("mm")
        expect(phone.page.get_by_role("application")).to_be_visible()


def test_files_go_all_the_same_ways_and_the_change_is_told_in_words(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with camera_phone(browser, tmp_path / "none", product.url, shows=None) as phone:
        page = phone.page
        lump = with_lump(phone, "bea")
        open_camera(phone, lump)
        expect(page.get_by_role("alert")).to_contain_text("no camera")
        choose_file(phone, FIRST)
        measure_by_sheet(phone, FIRST)
        use_photo(phone)
        page.get_by_label("Day of this check").fill("2026-10-01")
        save_check(phone)
        open_camera(phone, lump)
        choose_file(phone, SECOND)
        expect(page.get_by_role("heading", name="Line up with the last photo", level=1)).to_be_visible()
        frame = page.get_by_role("application", name="Last photo over the new one")
        pinch(phone.context, page, frame)
        page.evaluate(REMEMBER)
        frame.focus()
        for key in ("Shift+ArrowRight", "Shift+ArrowUp", "Shift++", "Shift+]"):
            page.keyboard.press(key)
        page.wait_for_function(MOVED_BY_KEYS)
        phone.press("They lie on each other")
        measure_by_sheet(phone, SECOND)
        use_photo(phone)
        save_check(phone)
        phone.everything_sent()
        page.goto(f"{phone.url}/#/compare/{lump}")
        expect(page.get_by_text("bigger by")).to_be_visible()
        expect(page.get_by_text("Lined up by hand.")).to_be_visible()
        for mode in ("Slider", "Blink", "One scale"):
            phone.choose(mode)
        expect(page.get_by_text("The bar is 10 mm long")).to_be_visible()
        expect(page.locator("main svg image")).to_have_count(2)


REFUSED = """navigator.mediaDevices.getUserMedia = async () => {
  if (!window.free) throw new DOMException('in use', '%s');
  const canvas = document.createElement('canvas');
  setInterval(() => canvas.getContext('2d').fillRect(0, 0, 10, 10), 50);
  return canvas.captureStream();
}"""


@pytest.mark.parametrize(
    ("name", "said"),
    [("NotAllowedError", "not allowed"), ("NotReadableError", "Another app is using the camera")],
)
def test_a_camera_that_is_refused_or_busy_is_said_plainly_and_two_ways_lead_on(
    product: Product, browser: Playwright, tmp_path: Path, name: str, said: str
) -> None:
    with camera_phone(browser, tmp_path / name, product.url, shows=None, script=REFUSED % name) as phone:
        lump = with_lump(phone, f"cal-{name.lower()}")
        open_camera(phone, lump)
        page = phone.page
        expect(page.get_by_role("alert")).to_contain_text(said)
        page.evaluate("window.free = true")
        phone.press("Try again")
        expect(page.get_by_role("button", name="Take photo", exact=True)).to_be_enabled()
        choose_file(phone, FIRST)
        expect(page.get_by_role("heading", name="Your photo", level=1)).to_be_visible()


HIDE = """hidden => {
  Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden});
  document.dispatchEvent(new Event('visibilitychange'));
}"""


def test_a_hidden_tab_lets_the_camera_go_and_takes_it_again_on_return(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with camera_phone(browser, tmp_path / "hidden", product.url, shows=FIRST) as phone:
        lump = with_lump(phone, "hidden")
        open_camera(phone, lump)
        shutter = phone.page.get_by_role("button", name="Take photo", exact=True)
        expect(shutter).to_be_enabled()
        phone.page.evaluate("window.track = document.querySelector('video').srcObject.getVideoTracks()[0]")
        phone.page.evaluate(HIDE, True)
        assert phone.page.evaluate("window.track.readyState") == "ended"
        expect(shutter).to_be_disabled()
        phone.page.evaluate(HIDE, False)
        shoot(phone)
        phone.press("Take again")
        expect(shutter).to_be_enabled()
        phone.page.evaluate("window.track = document.querySelector('video').srcObject.getVideoTracks()[0]")
        phone.press("Back")
        expect(phone.page.get_by_role("heading", name="How is it now?", level=1)).to_be_visible()
        assert phone.page.evaluate("window.track.readyState") == "ended"


def test_what_was_blurred_or_cut_off_is_gone_from_what_is_kept(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with camera_phone(browser, tmp_path / "hide", product.url, shows=None) as phone:
        page = phone.page
        lump = with_lump(phone, "hide")
        open_camera(phone, lump)
        choose_file(phone, FIRST)
        phone.press("Crop or blur")
        page.get_by_text("Set the box with sliders").click()
        page.get_by_label("Right edge").fill("50")
        phone.press("Keep it like this")
        expect(page.get_by_text("can no longer be measured")).to_be_visible()
        expect(page.get_by_role("button", name="Measure on it")).to_be_disabled()
        use_photo(phone)
        save_check(phone)
        phone.everything_sent()
        [photo] = kept(phone, "photos")
        assert (photo["width"], photo["height"]) == (WIDTH // 2, HEIGHT)


TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
TOO_SMALL = """() => [...document.querySelectorAll('main a, main button, main summary, main select, main .button')]
  .filter(each => each.checkVisibility() && !each.classList.contains('unseen'))
  .map(each => [each.innerText.trim() || each.getAttribute('aria-label'), each.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.width < 43.5 || box.height < 43.5))
  .map(([name, box]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
LARGE_TEXT = "document.documentElement.style.fontSize = '212.5%'"


def assert_open(page: Page, step: str) -> None:
    page.wait_for_timeout(300)  # axe would measure half-faded colours
    found = Axe().run(page)
    assert found.violations_count == 0, f"{step}\n{found.generate_report()}"
    assert (page.evaluate(TOO_WIDE), page.evaluate(TOO_SMALL)) == (0, []), step


@pytest.mark.parametrize(("scheme", "large"), [("light", False), ("dark", True)])
def test_every_step_is_open_to_everybody_on_320_pixels(
    product: Product, browser: Playwright, tmp_path: Path, scheme: str, *, large: bool
) -> None:
    narrow = {"viewport": {"width": 320, "height": 640}, "bypass_csp": True, "color_scheme": scheme}
    script = f"addEventListener('DOMContentLoaded', () => {{ {LARGE_TEXT} }})" if large else ""
    with camera_phone(browser, tmp_path / scheme, product.url, shows=None, script=script, **narrow) as phone:
        page = phone.page
        lump = with_lump(phone, f"open-{scheme}")
        open_camera(phone, lump)
        choose_file(phone, FIRST)
        use_photo(phone)
        save_check(phone)
        open_camera(phone, lump)
        assert_open(page, "no camera")
        choose_file(phone, SECOND)
        expect(page.get_by_role("heading", name="Line up with the last photo", level=1)).to_be_visible()
        assert_open(page, "line up")
        phone.press("Leave it out")
        assert_open(page, "look")
        phone.press("Crop or blur")
        page.get_by_text("Set the box with sliders").click()
        assert_open(page, "hide")
        phone.press("Leave as it was")
        phone.press("Measure on it")
        phone.choose("Coin")
        assert_open(page, "coin")
        phone.choose("Printed sheet")
        phone.press("Next: the lump")
        assert_open(page, "lump")
        phone.press("Back")
        use_photo(phone)
        save_check(phone)
        page.goto(f"{phone.url}/#/compare/{lump}")
        for mode in ("Side by side", "Slider", "Blink", "One scale"):
            phone.choose(mode)
            assert_open(page, mode)
