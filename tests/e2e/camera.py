"""What a thumb does with the camera: take, measure, use, save. The camera shows a film made from a scene."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, Playwright, expect

from tests.e2e.browser import ARGUMENTS, PHONE, chromium
from tests.e2e.footage import WIDTH, Scene, film, jpeg
from tests.e2e.phone import Phone

MOST_MOVES = 40
CLOSE_PX = 0.4  # of the screen
PASSWORD = "four quiet lamps at noon"


@contextmanager
def camera_phone(
    started: Playwright,
    profile: Path,
    url: str,
    *,
    shows: Scene | None,
    script: str = "",
    **others: Any,  # Any: Playwright's options are of several types
) -> Iterator[Phone]:
    """A phone whose camera sees a scene; `None` is a phone without a camera."""
    arguments = [*ARGUMENTS]
    if shows:
        profile.mkdir(parents=True, exist_ok=True)
        seen = film(shows, profile / "film.mjpeg")
        arguments += ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={seen}"]
    options = {**PHONE, "device_scale_factor": 1, "permissions": ["notifications", "camera"], **others}
    context = started.chromium.launch_persistent_context(
        str(profile / "profile"), executable_path=chromium(), args=arguments, **options
    )
    if script:
        context.add_init_script(script)
    page = context.pages[0]
    page.goto(url)
    expect(page.get_by_role("heading", name="Lumps", exact=True)).to_be_visible()
    yield Phone(context, page, url)
    context.close()


def with_lump(phone: Phone, name: str) -> str:
    """A new account with one lump; its id."""
    phone.sign_up(f"{name}@example.org", PASSWORD)
    page = phone.page
    page.goto(f"{phone.url}/#/add")
    phone.choose("List")
    page.get_by_label("Search for a place").fill("Forearm")
    page.get_by_text("Forearm", exact=True).first.click()
    phone.choose("Left")
    phone.press("Next")
    phone.press("Next")
    phone.press("Save")
    expect(page.get_by_role("link", name="Log a check")).to_be_visible()
    return page.url.rpartition("/")[2]


def open_camera(phone: Phone, lump: str) -> None:
    phone.page.goto(f"{phone.url}/#/check/{lump}")
    phone.press("Guided camera", role="link")
    expect(phone.page.get_by_role("heading", name="Take a photo", level=1)).to_be_visible()


def shoot(phone: Phone) -> None:
    shutter = phone.page.get_by_role("button", name="Take photo", exact=True)
    expect(shutter).to_be_enabled()
    phone.page.wait_for_function("document.querySelector('video').videoWidth > 0")
    shutter.click()
    expect(phone.page.get_by_role("heading", name="Your photo", level=1)).to_be_visible()


def choose_file(phone: Phone, scene: Scene) -> None:
    file: FilePayload = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": jpeg(scene)}
    phone.page.get_by_label("Choose a photo").set_input_files(files=[file])


def frame_of(page: Page) -> Locator:
    return page.get_by_role("group", name="Photo with points to set")


def middle_of(shown: Locator) -> tuple[float, float]:
    box = shown.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag_to(page: Page, handle: str, target: tuple[float, float], held: Callable[[], None] | None = None) -> None:
    """Move a point to a place of the picture, as a finger led by an eye; `held` happens before it is let go."""
    point = page.get_by_role("button", name=handle)
    point.scroll_into_view_if_needed()
    frame = frame_of(page).bounding_box()
    assert frame is not None
    page.mouse.move(*middle_of(point))
    page.mouse.down()
    scale = frame["width"] / WIDTH
    goal = frame["x"] + target[0] * scale, frame["y"] + target[1] * scale
    finger = middle_of(point)
    for _ in range(MOST_MOVES):
        x, y = middle_of(point)
        away = goal[0] - x, goal[1] - y
        if math.hypot(*away) < CLOSE_PX:
            break
        finger = finger[0] + away[0], finger[1] + away[1]
        page.mouse.move(*finger)
    if held:
        held()
    page.mouse.up()


def measure_by_sheet(phone: Phone, scene: Scene) -> None:
    page = phone.page
    phone.press("Measure on it")
    phone.choose("Printed sheet")
    expect(page.get_by_text("Found the sheet.")).to_be_visible()
    phone.press("Next: the lump")
    names = ("Longest, one end", "Longest, other end", "Across, one end", "Across, other end")
    for name, target in zip(names, scene.ends(), strict=True):
        drag_to(page, name, target)
    expect(page.get_by_text("About")).to_be_visible()
    phone.press("Use this size")
    expect(page.get_by_role("heading", name="Your photo", level=1)).to_be_visible()


def use_photo(phone: Phone) -> None:
    phone.page.get_by_role("button", name="Use", exact=False).last.click()
    expect(phone.page.get_by_role("heading", name="How is it now?", level=1)).to_be_visible()


def save_check(phone: Phone) -> None:
    phone.press("Save")
    expect(phone.page.get_by_role("region", name="Photos")).to_be_visible()


def kept(phone: Phone, what: str) -> list[dict[str, Any]]:  # Any: JSON
    """What the server has, newest first."""
    answer = phone.context.request.get(f"{phone.url}/api/v1/{what}/")
    return list(answer.json()["results"])


Place = tuple[float, float]
BEFORE: tuple[Place, Place] = ((-40, 0), (40, 0))
AFTER: tuple[Place, Place] = ((-40, 20), (88, 60))
STEPS = 8
# Whether what lay under each finger (from the picture's middle) lies under it still, wherever it went.
FOLLOWED = """([before, after]) => {
  const lies = new DOMMatrix(getComputedStyle(document.querySelector('img.over')).transform);
  return before.every(([x, y], finger) => {
    const now = lies.transformPoint(new DOMPoint(x, y));
    return Math.hypot(now.x - after[finger][0], now.y - after[finger][1]) < 2;
  });
}"""


def pinch(context: BrowserContext, page: Page, frame: Locator) -> None:
    """Two fingers that come down, part, turn, move and go: from BEFORE to AFTER, seen from the middle of the frame."""
    box = frame.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session = context.new_cdp_session(page)

    def touch(kind: str, *points: Place) -> None:
        places = [{"x": x + px, "y": y + py, "id": index} for index, (px, py) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    def between(share: float) -> list[Place]:
        return [
            (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])) for a, b in zip(BEFORE, AFTER, strict=True)
        ]

    touch("touchStart", BEFORE[0])
    touch("touchStart", *BEFORE)
    for step in range(1, STEPS + 1):
        touch("touchMove", *between(step / STEPS))
    touch("touchEnd")
    page.wait_for_function(FOLLOWED, arg=[BEFORE, AFTER])
