"""A scene as the phone's picture of it: perspective, light, shadow, blur, noise, the phone's own tone curve, JPEG."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage  # type: ignore[import-untyped]  # scipy brings no types

from benchmarks.camera import texture
from benchmarks.camera.lens import Array, Single, on_plane
from benchmarks.camera.scene import Scene

Picture = NDArray[np.uint8]
HALF = texture.PIECE_MM / 2


@dataclass(frozen=True)
class Fold:
    """Where the paper is bent: a line `distance` from its middle at right angles to `heading`, by `angle` radians."""

    heading: float
    distance: float
    angle: float


def photograph(scene: Scene, *, paper: str) -> Picture:
    """The grey picture; `paper` is marker, decoy or none."""
    chance = np.random.default_rng([scene.seed, {"marker": 1, "decoy": 2, "none": 3}[paper]])
    lens = scene.lens
    rays = lens.rays()
    coarse, depth = on_plane(rays, lens.rotation[:, :2], lens.place)
    ground = lens.filled(coarse)
    seen = _skin_and_lump(scene, ground, chance)
    if paper != "none":
        sheet = texture.marker(chance.uniform(-0.02, 0.1)) if paper == "marker" else texture.decoy(chance)
        fold = Fold(chance.uniform(0, 2 * math.pi), chance.uniform(0, 20), 0.0)
        if chance.uniform() < 0.25:
            fold = Fold(fold.heading, fold.distance, math.radians(chance.uniform(3, 20)))
        footprint = float(depth.mean()) / lens.focal * texture.PER_MM / 2
        _lay(seen, ground, rays, scene, ndimage.gaussian_filter(sheet.astype(np.float32), 0.45 * footprint), fold)
        if chance.uniform() < 0.12:
            _cover(seen, ground, chance)
    return _developed(seen * _light(scene, ground, chance), chance)


def _skin_and_lump(scene: Scene, ground: Single, chance: np.random.Generator) -> Single:
    shift = chance.uniform(0, texture.SIDE, 2)
    columns, rows = ((ground[axis] * 8 + shift[axis]).astype(int) % texture.SIDE for axis in (0, 1))
    seen = texture.skin(chance)[rows, columns]
    x, y = ground[0] - scene.lump[0], ground[1] - scene.lump[1]
    cosine, sine = math.cos(scene.heading), math.sin(scene.heading)
    along = (x * cosine + y * sine) / (scene.length_mm / 2)
    across = (y * cosine - x * sine) / (scene.across_mm / 2)
    distance = np.hypot(along, across)
    near = distance < 2.5
    red = chance.uniform(0.02, 0.3) / (1 + np.exp((distance[near] - 1) * 25))
    shade = chance.uniform(0.0, 0.25) * np.exp(-(((distance[near] - 0.8) / 0.35) ** 2))
    seen[near] *= 1 - red - shade * (along[near] * 0.8 + across[near] * 0.3)
    return np.asarray(seen)


def _lay(seen: Single, ground: Single, rays: Array, scene: Scene, sheet: Single, fold: Fold) -> None:
    """The paper over the skin, and what of it stands up beyond its fold."""
    rotation, place = scene.lens.rotation, scene.lens.place
    heading = np.array([math.cos(fold.heading), math.sin(fold.heading)])
    flat = ground[0] * np.float32(heading[0]) + ground[1] * np.float32(heading[1]) <= fold.distance
    if not fold.angle:
        _put(seen, sheet, ground, np.ones_like(flat))
        return
    _put(seen, sheet, ground, flat)
    edge = np.append(heading * fold.distance, 0.0)
    up = np.array([*(heading * math.cos(fold.angle)), -math.sin(fold.angle)])
    beside = np.array([-heading[1], heading[0], 0.0])
    coarse, _ = on_plane(rays, rotation @ np.column_stack([up, beside]), place + rotation @ edge)
    paper = coarse[..., :1] * heading + coarse[..., 1:] * beside[:2] + heading * fold.distance
    bent = scene.lens.filled(np.concatenate([paper, coarse[..., :1]], axis=-1))
    _put(seen, sheet, bent[:2], bent[2] > 0)


def _put(seen: Single, sheet: Single, paper: Single, where: NDArray[np.bool_]) -> None:
    inside = where & (np.abs(paper[0]) < HALF) & (np.abs(paper[1]) < HALF)
    x, y = ((paper[axis][inside] + HALF) * texture.PER_MM - 0.5 for axis in (0, 1))
    seen[inside] = ndimage.map_coordinates(sheet, [y, x], order=1, mode="nearest")


def _cover(seen: Single, ground: Single, chance: np.random.Generator) -> None:
    """A finger over one corner of the paper."""
    corner = np.array(texture.PLACES[int(chance.integers(0, 4))]) * chance.uniform(16, 24)
    x, y = ground[0] - corner[0], ground[1] - corner[1]
    angle = math.atan2(corner[1], corner[0]) + chance.normal(0, 0.3)
    along = x * math.cos(angle) + y * math.sin(angle)
    off = y * math.cos(angle) - x * math.sin(angle)
    seen[np.hypot(np.minimum(along, 0), off) < chance.uniform(5, 8)] = chance.uniform(0.15, 0.6)


def _light(scene: Scene, ground: Single, chance: np.random.Generator) -> Single:
    """Brighter at one side, darker in the corners, and now and then a shadow that lies partly over the paper."""
    down, right = np.ogrid[-1 : 1 : scene.lens.height * 1j, -1 : 1 : scene.lens.width * 1j]
    heading = chance.uniform(0, 2 * math.pi)
    slope = chance.uniform(0, 0.45) / 1.4
    corners = chance.uniform(0, 0.25) / 2
    light = (1 + slope * (right * math.cos(heading) + down * math.sin(heading))) * (1 - corners * (right**2 + down**2))
    if chance.uniform() < 0.35:
        turn = chance.uniform(0, 2 * math.pi)
        across = ground[0] * math.cos(turn) + ground[1] * math.sin(turn) - chance.uniform(-18, 18)
        soft = chance.uniform(0.4, 6)
        light = light * (1 - chance.uniform(0.25, 0.7) / (1 + np.exp(np.clip(-across / soft, -30, 30))))
    return np.asarray(light, dtype=np.float32)


def _developed(lit: Single, chance: np.random.Generator) -> Picture:
    """What lens, sensor and phone make of the light."""
    blurred = ndimage.gaussian_filter(lit, chance.choice([0.6, 0.9, 1.3, 1.9]), truncate=3)
    if chance.uniform() < 0.3:
        blurred = _shaken(blurred, chance)
    exposed = np.clip(blurred * np.float32(chance.choice([0.35, 0.7, 1.0, 1.15])), 0, None)
    grain = chance.standard_normal(exposed.shape, dtype=np.float32) * np.float32(chance.choice([0.004, 0.012, 0.03]))
    toned = np.clip(exposed + grain * np.sqrt(exposed), 0, 1) ** np.float32(1 / 2.2)
    if chance.uniform() < 0.5:  # phones sharpen
        toned = toned + np.float32(chance.uniform(0.2, 0.7)) * (toned - ndimage.gaussian_filter(toned, 1.2, truncate=3))
    grey = np.clip(toned * 255 + 0.5, 0, 255).astype(np.uint8)
    packed = io.BytesIO()
    Image.fromarray(grey).save(packed, "JPEG", quality=int(chance.integers(70, 93)))
    return np.asarray(Image.open(packed))


def _shaken(picture: Single, chance: np.random.Generator) -> Single:
    """Moved by whole pixels, five times along a line, which is what a trembling hand does to the sum of light."""
    length, heading = chance.uniform(2, 5), chance.uniform(0, math.pi)
    steps = np.linspace(-length / 2, length / 2, 5)
    moves = [(round(step * math.sin(heading)), round(step * math.cos(heading))) for step in steps]
    return np.asarray(sum(np.roll(picture, move, axis=(0, 1)) for move in moves) / np.float32(len(moves)))
