"""What is hidden in a picture is gone from its pixels, and the live camera waits as long as it was told to."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageChops, ImageColor, ImageStat
from playwright.sync_api import FilePayload, Playwright, expect

from tests.e2e.camera import camera_phone, choose_file, kept, open_camera, save_check, use_photo, with_lump
from tests.e2e.footage import HEIGHT, WIDTH, Scene, picture
from tests.e2e.phone import Phone
from tests.e2e.product import Product

pytestmark = [pytest.mark.e2e]

SCENE = Scene(has_sheet=False)
SPOT = (620, 760)  # a dark one on the skin, left of the middle
EDGE = 30


def around(image: Image.Image, place: tuple[int, int]) -> Image.Image:
    return image.crop((place[0] - EDGE, place[1] - EDGE, place[0] + EDGE, place[1] + EDGE))


def stored(phone: Phone) -> Image.Image:
    """The picture as the server keeps it."""
    [photo] = kept(phone, "photos")
    answer = phone.context.request.get(f"{phone.url}/api/v1/photos/{photo['id']}/large/")
    image = Image.open(BytesIO(answer.body())).convert("RGB")
    return image.resize((WIDTH, HEIGHT))


def test_what_lies_in_a_blurred_box_cannot_be_seen_in_what_is_kept(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with camera_phone(browser, tmp_path / "blur", product.url, shows=None) as phone:
        page = phone.page
        open_camera(phone, with_lump(phone, "blur"))
        choose_file(phone, SCENE)
        phone.press("Crop or blur")
        phone.choose("Blur box")
        page.get_by_text("Set the box with sliders").click()
        for edge, percent in (("Left edge", 40), ("Right edge", 60), ("Top edge", 70), ("Bottom edge", 90)):
            page.get_by_label(edge).fill(str(percent))
        phone.press("Blur the box")
        phone.press("Keep it like this")
        expect(page.get_by_role("button", name="Measure on it")).to_be_enabled()  # the plane is still the same
        use_photo(phone)
        save_check(phone)
        phone.everything_sent()
        was, now = picture(SCENE), stored(phone)
        assert darkest(around(was, SPOT)) < 60
        assert darkest(around(now, SPOT)) > 100
        apart = ImageStat.Stat(ImageChops.difference(around(was, SCENE.lump), around(now, SCENE.lump)).convert("L"))
        assert apart.mean[0] < 6  # the lump itself is as it was


# How each way of holding a camera writes an upright picture down; 1 is as it is.
TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
ORIENTATION = 0x0112
QUARTERS = ["red", "lime", "blue", "white"]
SEEN = """async () => {
  const image = document.querySelector('img[alt="The photo you took"]');
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const at = (x, y) => {
    const [r, g, b] = context.getImageData(canvas.width * x, canvas.height * y, 1, 1).data;
    return [r, g, b].map(each => (each > 128 ? 1 : 0)).join('');
  };
  const names = {100: 'red', '010': 'lime', '001': 'blue', 111: 'white'};
  const colours = [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)].map(each => names[each]);
  return [canvas.width, canvas.height, ...colours];
}"""


def held(orientation: int) -> bytes:
    """Four quarters in a picture 320 wide and 240 high, as a camera held like that stores it."""
    upright = Image.new("RGB", (2, 2))
    for place, colour in enumerate(QUARTERS):
        upright.putpixel((place % 2, place // 2), ImageColor.getrgb(colour))
    upright = upright.resize((320, 240), Image.Resampling.NEAREST)
    stored = upright.transpose(TURNED[orientation]) if orientation in TURNED else upright
    exif, out = Image.Exif(), BytesIO()
    exif[ORIENTATION] = orientation
    stored.save(out, "JPEG", quality=95, exif=exif)
    return out.getvalue()


def test_a_photo_stands_upright_however_the_phone_was_held(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with camera_phone(browser, tmp_path / "held", product.url, shows=None) as phone:
        page = phone.page
        open_camera(phone, with_lump(phone, "held"))
        for orientation in range(1, 9):
            file: FilePayload = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": held(orientation)}
            page.get_by_label("Choose a photo").set_input_files(files=[file])
            expect(page.get_by_role("heading", name="Your photo", level=1)).to_be_visible()
            assert page.evaluate(SEEN) == [320, 240, *QUARTERS], orientation
            phone.press("Take again")


def darkest(image: Image.Image) -> float:
    return min(lowest for lowest, _ in ImageStat.Stat(image.convert("L")).extrema)


def test_the_camera_waits_counts_can_be_stopped_and_then_takes_the_photo(
    product: Product, browser: Playwright, tmp_path: Path
) -> None:
    with camera_phone(browser, tmp_path / "timer", product.url, shows=SCENE, bypass_csp=True) as phone:
        page = phone.page
        open_camera(phone, with_lump(phone, "timer"))
        shutter = page.get_by_role("button", name=re.compile("Take photo|Stop counting"))
        expect(shutter).to_be_enabled()
        page.get_by_text("Timer, voice and lamp").click()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        phone.choose("10 seconds")
        shutter.click()
        expect(shutter).to_have_text("Stop counting")
        shutter.click()
        expect(shutter).to_have_text("Take photo")
        phone.choose("3 seconds")
        shutter.click()
        expect(page.get_by_role("heading", name="Your photo", level=1)).to_be_visible()
