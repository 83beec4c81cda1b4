"""The app and the clinician's page in Spanish, in longer words, and in a script that runs from the right."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Playwright, expect

from lumptracker.translations import english_sentences
from tests.e2e.browser import desk, phone, playwright
from tests.e2e.product import Product, running_product
from tests.e2e.screenshots import addresses, sign_in, speak
from tests.e2e.screenshots_you import go

pytestmark = [pytest.mark.e2e]

PLACES = ("", "advice", "you", "add", "check", "share", "rules", "sign-up", "sign-in")
FEW = 3  # words: shorter ones may be spelt alike in two languages
WIDTHS = (390, 320)
SAID = """() => {
  const named = [...document.querySelectorAll('[aria-label],[placeholder],[alt],[title]')];
  const names = named.flatMap(one => ['aria-label', 'placeholder', 'alt', 'title'].map(name => one.getAttribute(name)));
  return [document.body.innerText, ...names].filter(Boolean).join('\\n');
}"""
# Text that leaves the screen, or that a box cuts off. What only screen readers hear is a pixel wide on purpose.
CUT = """() => {
  const found = [];
  const left_out = '.unseen, svg, option, script, noscript, [hidden], dialog:not([open])';
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const box = node.parentElement;
    if (!node.textContent.trim() || box.closest(left_out)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const style = getComputedStyle(box);
    const isCut = style.overflowX !== 'visible' && box.scrollWidth > box.clientWidth + 1 && box.clientWidth > 1;
    const lines = [...range.getClientRects()].filter(one => one.width > 0);
    const leaves = lines.some(one => one.right > document.documentElement.clientWidth + 1 || one.left < -1);
    if (isCut || leaves) found.push(node.textContent.trim().slice(0, 60));
  }
  return found;
}"""
TOO_LONG = """() => {
  const heading = document.querySelector('h1');
  heading.style.whiteSpace = 'nowrap';
  heading.append(' m'.repeat(200));
}"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Words on the screen that came from no catalogue: what pseudo-English says stands in brackets.
UNBRACKETED = """() => [...document.querySelectorAll('main :is(p, h1, h2, label, legend, button, a, li, dt, dd, th)')]
  .filter(one => !one.closest('select, .unseen') && !one.innerText.includes('⟦'))
  .map(one => one.innerText.trim()).filter(said => said.split(/\\s+/).length > 2)"""
WATCH = """(() => {
  window.saidSoFar = [];
  new MutationObserver(() => window.saidSoFar.push(document.body?.innerText ?? ''))
    .observe(document, {childList: true, subtree: true, characterData: true});
})()"""


@dataclass(frozen=True)
class Home:
    """A started product with the example account."""

    product: Product
    started: Playwright
    account: dict[str, str]
    folder: Path

    @property
    def url(self) -> str:
        return self.product.url


@pytest.fixture(scope="module", name="home")
def _home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("languages")
    with running_product(folder / "data", settings={"RATE_LIMITS": "off"}) as product, playwright() as started:
        yield Home(product, started, json.loads(product.manage("demo").splitlines()[-1]), folder)


def fragments() -> list[str]:
    """Every piece of English longer than a few words that stands between two gaps."""
    pieces = (piece.strip() for text in english_sentences().values() for piece in re.split(r"\{\w+\}|\n", text))
    return sorted({piece for piece in pieces if len(re.findall(r"[^\W\d_]+", piece)) > FEW})


def english_in(text: str) -> list[str]:
    return [piece for piece in fragments() if piece in text]


def screens(page: Page, url: str) -> Iterator[str]:
    """Every main screen, then one lump with what can be done about it."""
    lump = next(addresses(page, url, "lump"))
    for place in (*PLACES, f"lump/{lump}", f"check/{lump}", f"care/{lump}/seen", f"share/{lump}"):
        go(page, url, place)
        page.wait_for_timeout(300)  # what comes later is drawn, and colours have faded in
        yield place


def test_there_is_english_to_look_for() -> None:
    assert len(fragments()) > 500
    assert english_in("x Call 999 or go to A&E now. No rule matched. This is not a check-up. x")


def test_a_spanish_phone_never_shows_english_and_never_loads_it(home: Home) -> None:
    context = desk(home.started, locale="es-MX", service_workers="block")
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(WATCH)
    go(page, home.url, "add")
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["es", "ltr"]
    assert english_in("\n".join(page.evaluate("saidSoFar"))) == []
    loaded = {found[1] for url in asked if (found := re.search(r"_virtual_texts-(\w+)-", url))}
    assert loaded == {"es"}
    context.close()


def test_no_english_is_left_on_a_spanish_screen(home: Home) -> None:
    context = phone(home.started, home.folder / "es")
    page = context.pages[0]
    sign_in(page, home.url, home.account)
    go(page, home.url, "you")
    page.get_by_role("radio", name="Español").check()
    expect(page.get_by_role("heading", name="Tú", exact=True)).to_be_visible()
    left = {place: english_in(page.evaluate(SAID)) for place in screens(page, home.url)}
    assert {place: found for place, found in left.items() if found} == {}
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "es"
    assert page.evaluate("async () => (await (await fetch('/api/v1/me/')).json()).language") == "es"
    speak(page, "en")
    context.close()


def test_a_decimal_comma_is_a_number(home: Home) -> None:
    context = phone(home.started, home.folder / "comma", locale="es-ES")
    page = context.pages[0]
    go(page, home.url, "add")
    page.get_by_role("radio", name="Lista").check()
    page.get_by_role("button", name="Muslo").or_(page.get_by_text("Muslo", exact=True)).first.click()
    page.get_by_role("radio", name="Izquierda").check()
    page.get_by_role("button", name="Siguiente").click()
    size = page.get_by_label("Medida más larga", exact=True)
    size.fill("12,5")
    size.blur()
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", re.compile(r"^12,5\s*mm$"))
    context.close()


@pytest.mark.parametrize("language", ["es", "en-XA", "ar-XB"])
def test_nothing_is_cut_off_and_axe_finds_nothing(home: Home, language: str) -> None:
    context = phone(home.started, home.folder / language, bypass_csp=True)
    page = context.pages[0]
    sign_in(page, home.url, home.account)
    speak(page, language)
    assert page.evaluate(f"() => {{ ({TOO_LONG})(); return ({CUT})(); }}")  # what looks for cut text finds it
    page.reload()
    wrong: dict[str, object] = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        for place in screens(page, home.url):
            cut = page.evaluate(CUT)
            if cut or page.evaluate(TOO_WIDE) > 0:
                wrong[f"{width} {place}"] = cut or "wider than the screen"
            if width == WIDTHS[0] and (report := Axe().run(page)).violations_count:
                wrong[f"axe {place}"] = report.generate_report()
    assert wrong == {}
    speak(page, "en")
    context.close()


def test_every_word_of_the_app_itself_is_in_the_catalogue(home: Home) -> None:
    page = (context := phone(home.started, home.folder / "made")).pages[0]
    for place in ("", "you", "add", "sign-up", "sign-in", "share", "advice"):
        page.goto(f"{home.url}/?lang=en-XA#/{place}")
        page.locator("h1").wait_for()
        assert page.evaluate(UNBRACKETED) == [], place
    context.close()


def test_from_the_right_arrows_turn_and_the_body_and_the_chart_do_not(home: Home) -> None:
    context = phone(home.started, home.folder / "turned")
    page = context.pages[0]
    sign_in(page, home.url, home.account)
    seen = {language: shapes(page, home.url, language) for language in ("en-XA", "ar-XB")}
    assert seen["ar-XB"]["back"] != seen["en-XA"]["back"]
    assert seen["ar-XB"]["chart"] == seen["en-XA"]["chart"] == "ltr"
    assert seen["ar-XB"]["body"] == seen["en-XA"]["body"]
    assert (seen["en-XA"]["runs"], seen["ar-XB"]["runs"]) == ("ltr", "rtl")
    context.close()


def shapes(page: Page, url: str, language: str) -> dict[str, Any]:  # Any: JSON
    """How the parts that know left from right are drawn."""
    speak(page, language)
    lump = next(addresses(page, url, "lump"))
    go(page, url, f"lump/{lump}")
    chart = page.locator("svg[role=img]").first
    chart.wait_for()
    told = {
        "chart": chart.evaluate("svg => getComputedStyle(svg).direction"),
        "back": page.locator(".back").first.evaluate("button => getComputedStyle(button).transform"),
        "runs": page.evaluate("getComputedStyle(document.body).direction"),
    }
    go(page, url, "add")
    page.locator("[role=group] polygon").first.wait_for()
    inside = """svg => [...svg.querySelectorAll('polygon')].slice(0, 40).map(one =>
      Math.round(one.getBoundingClientRect().x - svg.getBoundingClientRect().x))"""
    return {**told, "body": page.locator("svg[role=group]").first.evaluate(inside)}


def test_the_clinicians_page_is_read_in_spanish_by_a_plain_link(home: Home) -> None:
    context = desk(home.started)
    page = context.new_page()
    page.goto(home.account["url"])
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_role("heading", name="Abre lo que han compartido contigo")).to_be_visible()
    page.get_by_label("Clave").first.fill(home.account["passcode"])
    page.get_by_role("button", name="Abrir").first.click()
    expect(page.get_by_role("heading", name="Señales de alarma").first).to_be_visible()
    assert english_in(page.evaluate(SAID)) == []
    assert page.evaluate(TOO_WIDE) <= 0
    assert {cookie["name"] for cookie in context.cookies()} <= {"shared", "csrftoken"}
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Red flags").first).to_be_visible()
    context.close()
