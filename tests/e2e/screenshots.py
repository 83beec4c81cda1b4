"""Pictures of every screen, from the example account: `python -m tests.e2e.screenshots FOLDER [SET…]`.

Phone and desk computer, light and dark, English and Spanish, and a made-up language that runs from the right. Screens
are gone to by address and waited for by shape, so that no word decides whether a picture is taken. A set is the prefix
of a variant ("" is the plain one), `camera`, `camera-dark` or `clinic`; what others drew stays.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.browser import DESK, phone, playwright
from tests.e2e.camera_pictures import draw_camera
from tests.e2e.phone import Phone
from tests.e2e.product import Product, running_product
from tests.e2e.screenshots_clinic import draw_clinic
from tests.e2e.screenshots_written import draw_written
from tests.e2e.screenshots_you import Keep, draw_end, draw_helper, draw_you, go

COLOURS = 96  # a picture of plain surfaces needs no more, and the repository stays small
PATIENCE_MS = 30_000


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to look at all screens; `prefix` begins the names of its pictures."""

    prefix: str
    scheme: str = "light"
    language: str = "en"
    wide: bool = False

    @property
    def options(self) -> dict[str, Any]:  # Any: Playwright's options are of several types
        size = {"viewport": DESK["viewport"], "is_mobile": False, "has_touch": False} if self.wide else {}
        return {"color_scheme": self.scheme, "device_scale_factor": 1, **size}


VARIANTS = (
    Variant(""),
    Variant("dark-", scheme="dark"),
    Variant("desk-", wide=True),
    Variant("desk-dark-", scheme="dark", wide=True),
    Variant("es-", language="es"),
    Variant("es-dark-", scheme="dark", language="es"),
    Variant("rtl-", language="ar-XB"),
    Variant("rtl-dark-", scheme="dark", language="ar-XB"),
)


def main(folder: Path, sets: set[str] | None = None) -> None:
    """All pictures, or only those of these sets."""
    folder.mkdir(parents=True, exist_ok=True)
    if sets is None:
        for old in folder.glob("*.png"):
            old.unlink()
    with ExitStack() as stack:
        temporary = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tracker-screens-")))
        product = stack.enter_context(running_product(temporary / "data", settings={"RATE_LIMITS": "off"}))
        started = stack.enter_context(playwright())
        account = json.loads(product.manage("demo").splitlines()[-1])
        for variant in VARIANTS:
            if sets is None or variant.prefix in sets:
                draw(
                    started, product, account, profiles=temporary / f"of-{variant.prefix}", variant=variant, save=folder
                )
        if sets is None or "clinic" in sets:
            draw_clinic(started, account, save=folder)
        for scheme, prefix in (("light", ""), ("dark", "dark-")):
            if sets is None or ("camera-dark" if prefix else "camera") in sets:
                keep = partial(keep_camera, folder, prefix)
                draw_camera(started, product.url, temporary / f"camera-{scheme}", keep, scheme=scheme)


def draw(
    started: Playwright, product: Product, account: dict[str, str], *, profiles: Path, variant: Variant, save: Path
) -> None:
    """All screens of one variant: on a new phone without an account, and on another with the example account."""
    for person in ("new", "ada"):
        context = phone(started, profiles / person, **variant.options)
        page = context.pages[0]
        page.set_default_timeout(PATIENCE_MS)
        page.add_init_script(f"localStorage.setItem('language', {json.dumps(variant.language)})")
        keep = partial(keep_picture, page, save, variant.prefix)
        if person == "new":
            draw_as_new(page, product.url, keep)
        else:
            sign_in(page, product.url, account)
            speak(page, variant.language)
            lump = draw_signed_in(page, product.url, keep)
            draw_written(started, page, product.url, lump, keep)
            draw_you(page, product.url, account["password"], keep)
            speak(page, "en")
        context.close()


# Nothing moves, fades or loads any more, and the line that says what was done has gone.
STILL = """() => document.fonts.status === 'loaded' && !document.querySelector('.skeleton')
  && [...document.images].every(each => each.complete)
  && document.getAnimations().every(each => each.playState !== 'running')
  && [...document.querySelectorAll('.place[role=status]')].every(each => !each.textContent.trim())"""
HEIGHT = "() => Math.max(document.documentElement.scrollHeight, innerHeight)"


def keep_picture(page: Page, folder: Path, prefix: str, name: str, *, whole: bool = False) -> None:
    """`whole` is a screen as high as all there is, so that the bar lies below it and not across."""
    page.wait_for_function(STILL)
    seen = page.viewport_size
    if whole and seen:
        page.set_viewport_size({"width": seen["width"], "height": page.evaluate(HEIGHT)})
        page.wait_for_function(STILL)
    path = folder / f"{prefix}{name}.png"
    page.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)
    if whole and seen:
        page.set_viewport_size(seen)


def keep_camera(folder: Path, prefix: str, seen: Phone, name: str) -> None:
    """Named as those of the variants are: the desk before the dark."""
    bare = name.removeprefix("desk-")
    keep_picture(seen.page, folder, prefix if bare == name else f"desk-{prefix}", bare)


def draw_as_new(page: Page, url: str, keep: Keep) -> None:
    """No lump yet, the three steps of adding one, and what follows an emergency."""
    go(page, url, "")
    keep("empty")
    go(page, url, "add")
    keep("add-1-where")
    page.locator("[role=group] polygon").nth(30).dispatch_event("click")
    keep("add-1-near")
    page.locator(".action button").click()
    page.locator("button.thing").nth(2).click()
    keep("add-2-size")
    page.locator(".action button").click()
    page.locator("input[type=checkbox]").first.wait_for()
    keep("add-3-signs")
    page.locator("input[type=checkbox]").nth(1).check()
    page.locator(".action button").click()
    page.locator("article").first.wait_for()
    keep("emergency")
    for name in ("sign-up", "sign-in", "join", "reset"):
        go(page, url, name)
        keep(name)
    draw_locked(page, url, keep)
    draw_end(page, url, keep)


def draw_locked(page: Page, url: str, keep: Keep) -> None:
    """No line to the server, the lock being set, and what is behind it."""
    page.context.set_offline(True)
    go(page, url, "")
    page.reload()
    page.locator("h1").wait_for()
    keep("offline")
    page.context.set_offline(False)
    go(page, url, "you")
    lock = page.locator("[aria-labelledby=lock]")
    lock.locator("button").first.click()
    for field in lock.locator("input[type=password]").all():
        field.fill("271828")
    lock.scroll_into_view_if_needed()
    keep("lock")
    lock.locator("button[type=submit]").click()
    lock.locator(".row button").first.click()
    pin = page.locator("main input[type=password]")
    pin.wait_for()
    keep("locked")
    pin.fill("271828")
    page.locator("main button[type=submit]").click()
    page.locator("[aria-labelledby=lock] input[type=checkbox]").check()
    page.locator("#app > button").click()  # quick hide
    page.locator("button.blank").wait_for()
    keep("hidden")


def draw_signed_in(page: Page, url: str, keep: Keep) -> str:
    """The places, and all about one lump, whose id is returned."""
    for name, address in (("lumps", ""), ("advice", "advice"), ("rules", "rules"), ("check-choose", "check")):
        go(page, url, address)
        page.locator("article, details").first.wait_for()
        keep(name)
    lump = next(addresses(page, url, "lump"))
    go(page, url, f"lump/{lump}")
    page.locator("svg[role=img]").wait_for()
    keep("lump")
    parts = ("chart", "svg[role=img]"), ("care-path", "#care-path"), ("timeline", "[aria-labelledby=timeline]")
    for name, place in parts:
        page.locator(place).first.evaluate("element => element.scrollIntoView({block: 'center'})")
        keep(name)
    page.locator("article summary").first.click()
    keep("why")
    for name, address in (("check", f"check/{lump}"), ("care", f"care/{lump}/seen"), ("share", f"share/{lump}")):
        go(page, url, address)
        keep(name)
        if name == "check":
            page.locator("textarea").scroll_into_view_if_needed()
            keep("check-end")
    page.locator(".action button, main button.button-main").last.click()
    page.locator("main img[alt], main [role=img]").first.wait_for()
    helper = page.locator("[aria-labelledby=helper]")
    helper.locator("button").first.click()
    helper.locator("article [role=img], article img").first.wait_for()
    keep("share-made", whole=True)
    draw_helper(page, url, (helper.locator("article .big").text_content() or "").replace(" ", ""), keep)
    go(page, url, f"share/{lump}")
    helper.locator("article .button-warn").first.click()
    return lump


def addresses(page: Page, url: str, place: str) -> Iterator[str]:
    """The ids that the list links to, in its order."""
    go(page, url, "")
    page.locator("article").first.wait_for()
    for link in page.locator(f"article h2 a[href^='#/{place}/']").all():
        yield (link.get_attribute("href") or "").rpartition("/")[2]


SPEAK = """async language => {
  localStorage.setItem('language', language);
  const known = ['en', 'es'].includes(language);
  const token = decodeURIComponent(document.cookie.match(/csrftoken=([^;]+)/)[1]);
  if (known) await fetch('/api/v1/me/', {method: 'PATCH', body: JSON.stringify({language}),
    headers: {'Content-Type': 'application/json', 'X-CSRFToken': token}});
}"""


def speak(page: Page, language: str) -> None:
    """The account's language too, or the app would follow what it was."""
    page.evaluate(SPEAK, language)
    page.reload()
    page.locator("h1").wait_for()


def sign_in(page: Page, url: str, account: dict[str, str]) -> None:
    page.goto(f"{url}/#/sign-in")
    page.locator("input[type=email]").fill(account["email"])
    page.locator("input[name=password]").fill(account["password"])
    page.locator("form button[type=submit]").click()
    page.goto(f"{url}/#/")
    expect(page.locator("article").first).to_be_visible()
    expect(page.get_by_text("21").first).to_be_visible()


if __name__ == "__main__":
    main(Path(sys.argv[1]), set(sys.argv[2:]) or None)
