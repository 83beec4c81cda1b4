"""Pictures of every screen, from the example account: `python -m tests.e2e.screenshots FOLDER`.

Phone and desk computer, light and dark, English and Spanish, and a made-up language that runs from the right. Screens
are gone to by address and waited for by shape, so that no word decides whether a picture is taken.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.browser import DESK, desk, phone, playwright
from tests.e2e.camera_pictures import draw_camera
from tests.e2e.product import Product, running_product

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


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    with ExitStack() as stack:
        temporary = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tracker-screens-")))
        product = stack.enter_context(running_product(temporary / "data", settings={"RATE_LIMITS": "off"}))
        started = stack.enter_context(playwright())
        account = json.loads(product.manage("demo").splitlines()[-1])
        for variant in VARIANTS:
            draw(started, product, account, profiles=temporary / f"of-{variant.prefix}", variant=variant, save=folder)
        draw_clinic(started, account, save=folder)
        draw_camera(started, product.url, temporary, lambda seen, name: keep_picture(seen.page, folder, "", name))


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
            draw_signed_in(page, product.url, keep)
            speak(page, "en")
        context.close()


def keep_picture(page: Page, folder: Path, prefix: str, name: str) -> None:
    page.wait_for_timeout(700)  # pictures fade in
    path = folder / f"{prefix}{name}.png"
    page.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)


def draw_as_new(page: Page, url: str, keep: Callable[[str], None]) -> None:
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
    page.wait_for_timeout(8_000)  # the line with Undo has gone
    keep("emergency")
    go(page, url, "sign-up")
    keep("sign-up")


def draw_signed_in(page: Page, url: str, keep: Callable[[str], None]) -> None:
    for name, address in (("lumps", ""), ("advice", "advice"), ("rules", "rules"), ("check-choose", "check")):
        go(page, url, address)
        page.locator("article, details").first.wait_for()
        keep(name)
    lump = next(addresses(page, url, "lump"))
    go(page, url, f"lump/{lump}")
    page.locator("svg[role=img]").wait_for()
    keep("lump")
    for name, place in (("chart", "svg[role=img]"), ("care-path", "ol"), ("timeline", "[aria-labelledby=timeline]")):
        page.locator(place).first.evaluate("element => element.scrollIntoView({block: 'center'})")
        keep(name)
    for name, address in (("check", f"check/{lump}"), ("care", f"care/{lump}/seen"), ("share", f"share/{lump}")):
        go(page, url, address)
        keep(name)
    go(page, url, "you")
    keep("you")
    page.locator("main details summary").first.click()
    page.locator("main details").first.evaluate("element => element.scrollIntoView()")
    keep("you-people")


def go(page: Page, url: str, address: str) -> None:
    page.goto(f"{url}/#/{address}")
    page.locator("h1").wait_for()


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
    expect(page.locator("article").first).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("21").first).to_be_visible(timeout=PATIENCE_MS)


def draw_clinic(started: Playwright, account: dict[str, str], *, save: Path) -> None:
    context = desk(started)
    page = context.new_page()
    page.goto(account["url"])
    page.screenshot(path=save / "door.png")
    page.get_by_label("Passcode").first.fill(account["passcode"])
    page.get_by_role("button").first.click()
    expect(page).to_have_url(re.compile("/s/view/"))
    page.screenshot(path=save / "clinician.png")
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
