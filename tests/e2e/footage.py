"""What a camera sees, drawn to scale: skin with a lump of known size and the printed sheet beside it.

Flat and seen from straight above, so that every place in the picture is known. How well measuring stands tilt, light
and lenses is judged elsewhere (benchmarks/camera); here somebody only has to find what is there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

SHEET = Path(__file__).parents[2] / "frontend/src/domain/camera/sheet.ts"
PX_PER_MM = 8
WIDTH, HEIGHT = 1280, 960
SKIN, LUMP, PAPER, INK = (205, 160, 135), (170, 105, 90), (250, 250, 248), (15, 15, 18)
FINE = 2  # drawn larger and made small, so that edges are soft as a lens makes them


@dataclass(frozen=True, slots=True)
class Scene:
    """Places in pixels of the picture, sizes in millimetres."""

    lump: tuple[int, int] = (430, 420)
    length_mm: float = 20
    width_mm: float = 14
    sheet: tuple[int, int] = (900, 560)
    has_sheet: bool = True

    def ends(self) -> list[tuple[float, float]]:
        """Both ends of the length, then both of the width."""
        (x, y), half, across = self.lump, self.length_mm * PX_PER_MM / 2, self.width_mm * PX_PER_MM / 2
        return [(x - half, y), (x + half, y), (x, y - across), (x, y + across)]


def picture(scene: Scene) -> Image.Image:
    image = Image.effect_noise((WIDTH // 2, HEIGHT // 2), 18).resize((WIDTH * FINE, HEIGHT * FINE))
    skin = Image.new("RGB", image.size, SKIN)
    skin = Image.blend(skin, Image.merge("RGB", (image,) * 3), 0.12)
    brush = ImageDraw.Draw(skin)
    (x, y), across = scene.lump, (scene.length_mm, scene.width_mm)
    reach = [size * PX_PER_MM * FINE / 2 for size in across]
    brush.ellipse((x * FINE - reach[0], y * FINE - reach[1], x * FINE + reach[0], y * FINE + reach[1]), fill=LUMP)
    for spot in ((250, 200), (700, 180), (330, 700), (620, 760)):  # what makes one piece of skin known again
        brush.ellipse((spot[0] * FINE - 12, spot[1] * FINE - 12, spot[0] * FINE + 12, spot[1] * FINE + 12), fill=INK)
    if scene.has_sheet:
        draw_sheet(brush, scene.sheet)
    return skin.resize((WIDTH, HEIGHT), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(0.7))


def draw_sheet(brush: ImageDraw.ImageDraw, middle: tuple[int, int]) -> None:
    """The squares of the sheet as the app itself defines them."""
    source = SHEET.read_text(encoding="utf-8")
    words = [int(word, 16) for word in re.findall(r"0x[0-9a-f]{4}", source)]
    size, spacing, modules, margin = (
        float(re.search(rf"{name} = ([\d.]+)", source)[1])  # type: ignore[index]  # a sheet without it fails the test
        for name in ("SQUARE_MM", "SPACING_MM", "MODULES", "MARGIN_MM")
    )
    scale = PX_PER_MM * FINE

    def box(x: float, y: float, side: float, fill: tuple[int, int, int]) -> None:
        left, top = middle[0] * FINE + x * scale, middle[1] * FINE + y * scale
        brush.rectangle((left, top, left + side * scale - 1, top + side * scale - 1), fill=fill)

    whole = spacing + size + 2 * margin
    box(-whole / 2, -whole / 2, whole, PAPER)
    for word, (right, down) in zip(words, ((-1, -1), (1, -1), (1, 1), (-1, 1)), strict=True):
        x, y = right * spacing / 2 - size / 2, down * spacing / 2 - size / 2
        box(x, y, size, INK)
        module = size / modules
        for bit in range(16):
            if word >> (15 - bit) & 1:
                box(x + (bit % 4 + 1) * module, y + (bit // 4 + 1) * module, module, PAPER)


def jpeg(scene: Scene) -> bytes:
    out = BytesIO()
    picture(scene).save(out, "JPEG", quality=92)
    return out.getvalue()


def film(scene: Scene, path: Path) -> Path:
    """A film of one picture, which Chromium's make-believe camera shows for ever."""
    path.write_bytes(jpeg(scene) * 2)
    return path
