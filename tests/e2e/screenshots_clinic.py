"""Pictures of the clinician's side: the door, the page, and the pages of the PDF."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.browser import desk

COLOURS = 256  # fewer turn the photos grey
PX_PER_POINT = 1.5


def draw_clinic(started: Playwright, account: dict[str, str], *, save: Path) -> None:
    """`account` is what `manage.py demo` printed."""
    context = desk(started)
    page = context.new_page()
    page.goto(account["url"])
    keep(page, save / "door.png")
    page.get_by_label("Passcode").first.fill(account["passcode"])
    page.get_by_role("button").first.click()
    expect(page).to_have_url(re.compile("/s/view/"))
    keep(page, save / "clinician.png")
    page.goto(f"{page.url}?lang=es")
    keep(page, save / "es-clinician.png")
    pdf = page.request.get(page.url.partition("?")[0] + "report.pdf")
    draw_pages(pdf.body(), save)
    context.close()


def keep(page: Page, path: Path) -> None:
    """Once every picture on it can be seen."""
    for picture in page.locator("img").all():
        expect(picture).to_have_js_property("complete", True)
        expect(picture).not_to_have_js_property("naturalWidth", 0)
    page.screenshot(path=path)


def draw_pages(pdf: bytes, save: Path) -> None:
    for number, sheet in enumerate(pypdfium2.PdfDocument(pdf), start=1):
        path = save / f"clinician-report-{number}.png"
        picture: Image.Image = sheet.render(scale=PX_PER_POINT).to_pil()
        picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)
