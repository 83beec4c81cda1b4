"""Somebody else's phone takes the one photo that a place out of sight needs, with the ghost, and sees nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from tests.e2e.browser import ARGUMENTS, PHONE, chromium, playwright
from tests.e2e.footage import HEIGHT, WIDTH, Scene, film
from tests.people import Somebody, ada
from tests.pictures import jpeg
from tests.uploads import send
from tracking.models import Photo

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture(name="ada")
def _ada(live_server: Any, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Somebody:
    # live_server is Any: pytest-django's server
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps a loop in this thread
    settings.STORAGE_DIR, settings.PUBLIC_URL = tmp_path / "storage", live_server.url
    return ada()


@pytest.fixture(name="page")
def _page(tmp_path: Path) -> Iterator[Page]:
    """A helper's phone, whose camera sees a scene."""
    seen = film(Scene(), tmp_path / "film.mjpeg")
    camera = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={seen}"]
    options = {**PHONE, "device_scale_factor": 1, "permissions": ["camera"], "bypass_csp": True}  # axe is a script
    with playwright() as started:
        browser = started.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS, *camera])
        context = browser.new_context(**options)
        yield context.new_page()
        context.close()


def barriers(page: Page) -> list[str]:
    return [one["id"] for one in Axe().run(page).response["violations"]]


def asked(owner: Somebody) -> tuple[dict[str, str], UUID]:
    """A link with the earlier picture as the ghost, and that picture."""
    lump, photo = owner.put_lump(), uuid4()
    assert send(owner, owner.put_observation(lump), jpeg(480, 640), photo=photo).status_code == 201
    return owner.put(f"helper-links/{uuid4()}/", {"lump": str(lump), "like": str(photo)}), photo


def test_a_helper_takes_one_photo_over_the_ghost_and_comes_to_nothing_else(ada: Somebody, page: Page) -> None:
    link, earlier = asked(ada)
    here = link["url"].partition("/s/")[0]
    page.goto(link["url"])
    page.locator("#by-link button").wait_for()
    assert barriers(page) == []
    page.click("#by-link button")
    page.wait_for_url("**/s/help/photo/")
    assert barriers(page) == []

    page.click("#start")
    expect(page.locator("#controls")).to_be_visible()
    page.wait_for_function("document.querySelector('#live').videoWidth > 0")
    ghost = page.locator("#like")
    assert ghost.evaluate("image => image.complete && image.naturalWidth") == 480
    over, film_box = ghost.bounding_box(), page.locator("#live").bounding_box()
    assert over == film_box  # it lies on the live picture, edge on edge
    for faded, opacity in (("0", "0"), ("90", "0.9")):
        page.locator("#ghost").fill(faded)
        expect(ghost).to_have_css("opacity", opacity)
    assert barriers(page) == []

    page.click("#take")
    expect(page.locator("h1")).to_have_text("Thank you")
    assert barriers(page) == []
    sent = Image.open(BytesIO(ada.ask("GET", f"helper-links/{link['id']}/photo/").content))
    assert sent.size == (WIDTH, HEIGHT)
    assert (ada.get(f"helper-links/{link['id']}/")["state"], Photo.objects.count()) == ("arrived", 1)

    for part in ("s/help/photo/", "s/help/like/", "s/view/", f"s/view/photos/{earlier}/large/"):
        answer = page.goto(f"{here}/{part}")
        assert answer is not None
        assert answer.status == 404, part
    assert barriers(page) == []
    page.goto(link["url"])
    page.click("#by-link button")
    page.locator("p a[href='/s/help/']").wait_for()  # spent: the page that says so
    assert barriers(page) == []
