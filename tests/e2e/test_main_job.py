"""The whole job on real input: logged on a phone, noticed by a worker, told by mail and push, read by a clinician.

Nothing inside the product is replaced; only the browser's `pushManager.subscribe`, which needs a vendor's server.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests import pictures
from tests.e2e.browser import desk, phone, playwright
from tests.e2e.phone import Phone, until
from tests.e2e.product import Product
from tests.sinks import MailSink, PushService
from tests.test_wording import HEALTH_WORDS

pytestmark = [pytest.mark.e2e]

EMAIL, PASSWORD = "ada@example.org", "four quiet lamps at noon"
SIZES_MM = [12, 13, 15, 16, 18, 19, 21]  # one a week: 12 → 21 mm in six weeks


@pytest.fixture
def photos(tmp_path: Path) -> tuple[Path, Path]:
    """A JPEG and a HEIC as phones make them: turned, and full of places, makers and comments."""
    jpeg, heic = tmp_path / "IMG_0001.jpg", tmp_path / "IMG_0002.heic"
    jpeg.write_bytes(pictures.with_canaries("JPEG"))
    heic.write_bytes(pictures.with_canaries("HEIF"))
    return jpeg, heic


def test_a_growing_lump_is_logged_noticed_told_and_read(
    standing: Product, mail: MailSink, vendor: PushService, photos: tuple[Path, Path], tmp_path: Path
) -> None:
    with playwright() as started:
        ada = Phone.opened(phone(started, tmp_path / "phone"), standing.url, vendor)
        ada.sign_up(EMAIL, PASSWORD)
        ada.confirm_address(mail)
        log_six_weeks(ada, photos)
        ada.everything_sent()
        standing.kill_worker()  # it comes back by itself, and nothing that was logged is lost
        assert_told_by_mail(mail)
        assert_told_by_push(ada, vendor)
        assert_advice_shows(ada)
        assert_reader_sees_it_until_revoked(started, ada)
        assert_pictures_are_clean(ada)
    assert_told_once(standing)


def log_six_weeks(ada: Phone, photos: tuple[Path, Path]) -> None:
    jpeg, heic = photos
    today = timezone.now().date()
    first = today - timedelta(weeks=6)
    ada.add_lump(place="Lower back", side="Left", noticed=first - timedelta(weeks=1), size_mm=SIZES_MM[-1])
    ada.turn_on_notifications()
    ada.go("Lumps")
    ada.page.get_by_role("link", name=re.compile("Lower back")).first.click()
    for week, size in enumerate(SIZES_MM):
        picture = {0: jpeg, 6: heic}.get(week)
        ada.log_check(
            day=first + timedelta(weeks=week), size_mm=size, photo=picture, trend="Bigger" if week == 6 else ""
        )


def assert_told_by_mail(mail: MailSink) -> None:
    told = until(lambda: [message for message in mail.mails if "code" not in (message["Subject"] or "").lower()])[0]
    assert told["To"] == EMAIL
    assert told.is_multipart()
    assert told["Message-ID"]
    assert not HEALTH_WORDS.search(f"{told['Subject']} {told['From']}")
    for kind in ("plain", "html"):
        part = told.get_body((kind,))
        assert part is not None
        assert not HEALTH_WORDS.search(re.sub(r"<[^>]+>|https?://\S+", " ", part.get_content()))


def assert_told_by_push(ada: Phone, vendor: PushService) -> None:
    delivery = until(lambda: vendor.deliveries)[-1]
    assert delivery["bytes"] <= 200
    shown = ada.show_push(delivery["payload"])
    assert [note["title"] for note in shown] == [delivery["payload"]["notification"]["title"]]
    assert not HEALTH_WORDS.search(f"{shown[0]['title']} {shown[0]['body']}")


def assert_advice_shows(ada: Phone) -> None:
    """Growth and persistence were both found, and the app says why and from where."""
    ada.page.reload()
    ada.go("Lumps")
    ada.page.get_by_role("link", name=re.compile("Lower back")).first.click()
    expect(ada.page.get_by_text("This week").first).to_be_visible()
    body = ada.page.locator("main")
    expect(body).to_contain_text(re.compile("bigger|grow", re.IGNORECASE))
    expect(body).to_contain_text(re.compile("weeks", re.IGNORECASE))


def assert_reader_sees_it_until_revoked(started: Playwright, ada: Phone) -> None:
    address, passcode = ada.share_link()
    bea = desk(started)
    page = bea.new_page()
    open_link(page, address, passcode)
    assert_page_tells_the_history(page)
    parts = parts_of(page)
    assert all(bea.request.get(part).status == 200 for part in parts)
    ada.press("Revoke")
    expect(ada.page.get_by_text("Revoked").first).to_be_visible()
    assert_all_answer_the_same_404(bea, parts)


def open_link(page: Page, address: str, passcode: str) -> None:
    page.goto(address)
    page.get_by_label("Passcode").first.fill(passcode)
    page.get_by_role("button").first.click()
    expect(page).to_have_url(re.compile("/s/view/"))


def assert_page_tells_the_history(page: Page) -> None:
    text = page.locator("body").inner_text()
    assert re.search(r"left lower back|lower back, left", text, re.IGNORECASE), text
    assert "7 weeks" in text
    assert re.search(r"12\D+21 mm", text), text
    assert re.search(r"grow", text, re.IGNORECASE)
    assert re.search(r"this week", text, re.IGNORECASE)
    assert EMAIL not in page.content()


def parts_of(page: Page) -> list[str]:
    """The page, its pictures, and the history in its other forms."""
    base = page.url.split("?")[0]
    sources = page.locator("img").evaluate_all("all => all.map(one => one.src)")
    pictures_of_it = [source for source in sources if "/photos/" in source]
    assert len(pictures_of_it) == 2
    return [base, *pictures_of_it, f"{base}bundle.json", f"{base}record.txt"]


def assert_all_answer_the_same_404(bea: BrowserContext, parts: list[str]) -> None:
    answers = [bea.request.get(part) for part in parts]
    assert [answer.status for answer in answers] == [404] * len(parts)
    assert len({answer.body() for answer in answers}) == 1


def assert_pictures_are_clean(ada: Phone) -> None:
    """No byte of the planted places, makers and comments is served, and the turned picture stands upright."""
    ids = ada.page.evaluate(
        "async () => (await (await fetch('/api/v1/photos/')).json()).results.map(photo => photo.id)"
    )
    assert len(ids) == 2
    for photo in ids:
        for size in ("large", "thumb"):
            data = ada.context.request.get(f"{ada.url}/api/v1/photos/{photo}/{size}/").body()
            assert data.startswith(b"\xff\xd8")
            assert pictures.CANARY not in data
            assert b"Exif" not in data


def assert_told_once(product: Product) -> None:
    """However often the worker died: one intent for each recipient, episode, channel and step."""
    counts = product.manage("shell", "-v", "0", "-c", COUNT_INTENTS)
    intents, distinct, episodes = (int(number) for number in counts.split())
    assert intents == distinct > 0
    assert episodes >= 1


COUNT_INTENTS = """
from triage.models import Episode, Notification
keys = list(Notification.objects.values_list("user", "person", "episode", "channel", "step"))
print(len(keys), len(set(keys)), Episode.objects.count())
"""
