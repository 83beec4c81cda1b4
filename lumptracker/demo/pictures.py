"""Drawn stand-ins for photos: skin, a raised spot of a stated size, and a ruler beside it. Nobody was photographed."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 1200, 1600
PX_PER_MM = 18
_TONES = {"light": (226, 184, 160), "middle": (198, 149, 118), "dark": (122, 82, 60)}


@dataclass(frozen=True, slots=True)
class Scene:
    """What one picture shows. `light` shifts the lamp, so that no two look copied; `flush` 0 to 1 reddens the spot."""

    length_mm: float
    width_mm: float
    tone: str = "light"
    light: float = 0.0
    flush: float = 0.12
    turn: float = 0.0  # degrees


def draw_photo(scene: Scene) -> bytes:
    """The scene as JPEG bytes, upright, 18 pixels to the millimetre."""
    skin = _skin(scene)
    skin = _raise_spot(skin, scene)
    skin = _lay_ruler(skin, scene)
    out = io.BytesIO()
    skin.save(out, "JPEG", quality=88)
    return out.getvalue()


def _skin(scene: Scene) -> Image.Image:
    """A body's curve: brightest along a soft vertical band, darker to the sides, with pores."""
    base = Image.new("RGB", (WIDTH, HEIGHT), _TONES[scene.tone])
    band = Image.new("L", (64, 1))
    for x in range(64):
        away = (x / 63 - 0.42 - scene.light * 0.1) * 2.2
        band.putpixel((x, 0), round(255 * math.exp(-away * away)))
    lit = band.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    dark = Image.new("RGB", (WIDTH, HEIGHT), tuple(round(part * 0.66) for part in _TONES[scene.tone]))
    shaded = Image.composite(base, dark, lit)
    fine = Image.effect_noise((WIDTH // 2, HEIGHT // 2), 22).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    broad = Image.effect_noise((WIDTH // 40, HEIGHT // 40), 30).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    for noise, strength in ((fine, 0.16), (broad, 0.1)):
        shaded = Image.blend(shaded, ImageChops.overlay(shaded, Image.merge("RGB", (noise,) * 3)), strength)
    return shaded


def _raise_spot(skin: Image.Image, scene: Scene) -> Image.Image:
    """Light from the upper left: a highlight there, a shadow on the other side, a little colour over all of it."""
    half_x, half_y = scene.length_mm * PX_PER_MM / 2, scene.width_mm * PX_PER_MM / 2
    size = max(half_x, half_y)
    whole = _spot(half_x, half_y, 0, 0, blur=size * 0.22, scene=scene)
    bright = _spot(half_x * 0.55, half_y * 0.5, -half_x * 0.28, -half_y * 0.34, blur=size * 0.3, scene=scene)
    shade = _spot(half_x * 1.02, half_y * 1.0, half_x * 0.22, half_y * 0.3, blur=size * 0.2, scene=scene)
    rim = ImageChops.subtract(shade, _spot(half_x, half_y, -half_x * 0.1, -half_y * 0.14, blur=size * 0.2, scene=scene))
    flushed = ImageChops.multiply(skin, Image.new("RGB", skin.size, (255, 205, 200)))
    skin = Image.composite(flushed, skin, whole.point(lambda level: round(level * scene.flush * 2.4) if level else 0))
    darker = ImageChops.multiply(skin, Image.new("RGB", skin.size, (120, 92, 84)))
    skin = Image.composite(darker, skin, rim.point(lambda level: round(level * 0.8)))
    lighter = ImageChops.screen(skin, Image.new("RGB", skin.size, (92, 80, 74)))
    return Image.composite(lighter, skin, bright.point(lambda level: round(level * 0.85)))


def _spot(half_x: float, half_y: float, dx: float, dy: float, *, blur: float, scene: Scene) -> Image.Image:
    mask = Image.new("L", (WIDTH, HEIGHT), 0)
    x, y = WIDTH * 0.5 + dx, HEIGHT * 0.42 + dy
    ImageDraw.Draw(mask).ellipse((x - half_x, y - half_y, x + half_x, y + half_y), fill=255)
    if scene.turn:
        mask = mask.rotate(scene.turn, Image.Resampling.BICUBIC, center=(WIDTH * 0.5, HEIGHT * 0.42))
    return mask.filter(ImageFilter.GaussianBlur(blur))


def _lay_ruler(skin: Image.Image, scene: Scene) -> Image.Image:
    """A clear plastic ruler under the spot, a little askew, numbered in centimetres."""
    long, tall, margin = 54 * PX_PER_MM, 9 * PX_PER_MM, 2 * PX_PER_MM
    ruler = Image.new("RGBA", (long, tall), (246, 244, 236, 236))
    draw = ImageDraw.Draw(ruler)
    font = ImageFont.load_default(size=40)
    for mm in range(51):
        x = margin + mm * PX_PER_MM
        reach = 74 if mm % 10 == 0 else 54 if mm % 5 == 0 else 34
        draw.line((x, 0, x, reach), fill=(30, 30, 34, 255), width=3)
        if mm % 10 == 0:
            draw.text((x, 104), str(mm // 10), fill=(30, 30, 34, 255), font=font, anchor="mm")
    draw.rectangle((0, 0, long - 1, tall - 1), outline=(150, 148, 140, 255), width=2)
    askew = ruler.rotate(-1.5 + 3 * scene.light, Image.Resampling.BICUBIC, expand=True)
    x = round(WIDTH * 0.5 - askew.width / 2)
    y = round(HEIGHT * 0.42 + max(scene.length_mm, scene.width_mm) * PX_PER_MM / 2 + 80)
    under = askew.getchannel("A").filter(ImageFilter.GaussianBlur(12)).point(lambda level: round(level * 0.35))
    skin.paste((60, 44, 36), (x + 8, y + 12), under)
    skin.paste(askew, (x, y), askew)
    return skin
