"""Three hundred scripts in every field of a record, in a real browser: none runs, and no policy is left to stop one."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, Playwright, expect

from tests.e2e.browser import desk
from tests.e2e.journeys import PASSWORD, opened, sign_up
from tests.e2e.product import Product
from tests.people import OBSERVED_AT
from tests.scripts import SCRIPTS

pytestmark = [pytest.mark.e2e]
EMAIL = "ada+scripts@example.org"
A_LUMP = 20  # texts that one lump's checks and visits hold
STRANGE_DEVICES = [text for text in SCRIPTS if text.isascii()][::60]
SEND = """async ([path, method, body]) => {
  const token = decodeURIComponent(document.cookie.match(/csrftoken=([^;]+)/)[1]);
  const answer = await fetch(`/api/v1/${path}`, {method, body: body && JSON.stringify(body),
    headers: {'Content-Type': 'application/json', 'X-CSRFToken': token}});
  return answer.json();
}"""
WATCH = """
  window.stopped = [];
  document.addEventListener('securitypolicyviolation', event => window.stopped.push(event.violatedDirective));
"""


def watched(page: Page) -> list[str]:
    """Dialogs that opened; whatever a policy had to stop is in `window.stopped`."""
    said: list[str] = []

    def opened_one(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", opened_one)
    page.add_init_script(WATCH)
    return said


def assert_nothing_ran(page: Page) -> None:
    assert page.evaluate("[typeof window.__ran, window.stopped]") == ["undefined", []], page.url


def assert_a_script_would_be_noticed(page: Page) -> None:
    """Markup that is put in on purpose is stopped by the policy, and that is seen."""
    page.evaluate("() => { try { document.body.insertAdjacentHTML('beforeend', '<b>x</b>'); } catch {} }")
    page.wait_for_function("window.stopped.length > 0")


def send(page: Page, path: str, method: str, body: object) -> Any:  # Any: JSON
    return page.evaluate(SEND, [path, method, body])


def log_scripts(page: Page) -> list[str]:
    """Lumps whose every word is a script."""
    lumps: list[str] = []
    operations: list[dict[str, object]] = []
    for start in range(0, len(SCRIPTS), A_LUMP):
        texts, person, lump = SCRIPTS[start : start + A_LUMP], str(uuid4()), str(uuid4())
        rows: list[tuple[str, str, dict[str, object]]] = [
            ("person", person, {"name": texts[0]}),
            ("lump", lump, {"person": person, "site": "thigh", "label": texts[1]}),
        ]
        for text in texts:
            rows.append(("observation", str(uuid4()), {"lump": lump, "observed_at": OBSERVED_AT, "note": text}))
            visit: dict[str, object] = {"lump": lump, "on": "2026-10-02", "kind": "seen", "outcome": text, "note": text}
            rows.append(("care", str(uuid4()), visit))
        operations += [{"op_id": str(uuid4()), "type": kind, "id": pk, "fields": fields} for kind, pk, fields in rows]
        lumps.append(lump)
    for start in range(0, len(operations), 50):
        told = send(page, "sync/", "POST", {"operations": operations[start : start + 50]})
        assert not [one for one in told["results"] if one["error"]]
    return lumps


def test_no_script_in_any_field_runs_in_the_app_or_on_the_clinicians_page(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with opened(browser, product, tmp_path / "phone") as page:
        said = watched(page)
        sign_up(page, product, EMAIL)
        lumps = log_scripts(page)
        page.goto(f"{product.url}/#/")
        page.reload()
        expect(page.locator("main article:visible")).to_have_count(len(lumps), timeout=60_000)
        assert_nothing_ran(page)
        for lump in lumps:
            page.goto(f"{product.url}/#/lump/{lump}")
            expect(page.get_by_role("link", name="Log a check")).to_be_visible()
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            expect(page.locator("main")).to_contain_text("__ran=")
            assert_nothing_ran(page)
        look_everywhere(page, product, lumps)
        links = [
            send(
                page,
                f"share-links/{uuid4()}/",
                "PUT",
                {"lumps": lumps[at : at + 5], "label": SCRIPTS[at], "names": True},
            )
            for at in range(0, len(lumps), 5)
        ]
        read_as_a_clinician(desk(browser), links)
        page.goto(f"{product.url}/#/security")
        devices = page.get_by_role("region", name="Where you are signed in").get_by_role("listitem")
        expect(devices).to_have_count(1 + len(STRANGE_DEVICES))
        assert_nothing_ran(page)
        page.goto(f"{product.url}/#/security/log")
        expect(page.get_by_role("list", name="Who looked")).to_contain_text("__ran=")
        assert_nothing_ran(page)
        assert said == []
        assert_a_script_would_be_noticed(page)


def look_everywhere(page: Page, product: Product, lumps: list[str]) -> None:
    """Every other screen that says what somebody typed, in the account, in a file or at another device."""
    sign_in_from_strange_devices(product)
    person = send(page, f"lumps/{lumps[0]}/", "GET", None)["person"]
    for text in SCRIPTS[::20]:
        send(page, f"invitations/{uuid4()}/", "PUT", {"person": person, "role": "viewer", "label": text})
    for screen in ("you", "due", "advice", f"share/{lumps[0]}", *(f"{form}/{lumps[0]}" for form in ("check", "care"))):
        page.goto(f"{product.url}/#/{screen}")
        expect(page.get_by_role("heading").first).to_be_visible()
        if screen == "you":
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            expect(page.get_by_role("heading", name="Shared with")).to_have_count(len(lumps))
        expect(page.locator("main")).to_contain_text("__ran=")
        assert_nothing_ran(page)
    page.goto(f"{product.url}/#/data")
    for name, table in (("sizes.csv", table_of(SCRIPTS)), ("wrong.csv", table_of(SCRIPTS, site="nowhere {text}"))):
        chosen = {"name": name, "mimeType": "text/csv", "buffer": table}
        page.get_by_label("Choose a file").set_input_files(chosen)  # type: ignore[arg-type]  # a FilePayload
        expect(page.get_by_role("heading", name="What is in it")).to_be_visible()
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert_nothing_ran(page)


def table_of(texts: list[str], *, site: str = "thigh") -> bytes:
    """A table that somebody kept, with the texts as lumps and as notes."""
    out = io.StringIO()
    rows = [("2026-09-21", text, site.format(text=text), "12", "mm", text) for text in texts]
    csv.writer(out).writerows([("date", "lump", "site", "length", "unit", "note"), *rows])
    return out.getvalue().encode()


def sign_in_from_strange_devices(product: Product) -> None:
    """What a device calls itself stands in the log and in the list of devices."""
    body = json.dumps({"email": EMAIL, "password": PASSWORD}).encode()
    for text in STRANGE_DEVICES:
        headers = {"Content-Type": "application/json", "User-Agent": text}
        with urlopen(Request(f"{product.url}/_allauth/app/v1/auth/login", body, headers), timeout=60) as answer:
            assert answer.status == 200


def read_as_a_clinician(desktop: BrowserContext, links: list[Any]) -> None:  # Any: JSON
    for link in links:
        clinic = desktop.new_page()
        said = watched(clinic)
        clinic.goto(link["url"])
        clinic.get_by_label("Passcode").first.fill(link["passcode"])
        clinic.get_by_role("button").first.click()
        expect(clinic.locator("main")).to_contain_text("__ran=")
        assert_nothing_ran(clinic)
        assert said == []
        clinic.close()
