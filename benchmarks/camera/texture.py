"""What lies before the camera: skin, the printed marker, and things that are no marker but look a little like one."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from scipy import ndimage  # type: ignore[import-untyped]  # scipy brings no types

from benchmarks.camera.lens import Array, Single

# As in frontend/src/domain/camera/sheet.ts
SQUARE_MM, SPACING_MM, PIECE_MM = 15.0, 25.0, 50.0
WORDS = (0x3F01, 0x4F1E, 0xEC8B, 0x56AD)
PLACES = ((-1, -1), (1, -1), (1, 1), (-1, 1))
PER_MM = 24  # pixels of the drawn sheet
SIDE = 1024  # of the skin that is tiled
INK, PAPER = 0.06, 0.86


@cache
def clouds(number: int, smallest: float, octaves: int) -> Single:
    """Noise without seams, mean 0 and spread 1: several sizes of blotches laid over each other."""
    chance = np.random.default_rng(number)
    total = np.zeros((SIDE, SIDE), dtype=np.float32)
    for octave in range(octaves):
        sigma = smallest * 2.2**octave
        grain = chance.standard_normal((SIDE, SIDE), dtype=np.float32)
        total += ndimage.gaussian_filter(grain, sigma, mode="wrap") * sigma * (1.3**octave)
    return np.asarray((total - total.mean()) / total.std())


def skin(chance: np.random.Generator) -> Single:
    """Albedo over 128 mm at 8 pixels a millimetre, to be tiled: blotches, fine lines, pores, moles, hairs."""
    lines = np.abs(clouds(int(chance.integers(0, 4)), 2.0, 2))
    grooves = 0.05 * np.exp(-((lines / 0.12) ** 2))
    map_: Single = np.asarray(0.05 * clouds(int(chance.integers(4, 8)), 6.0, 4) - grooves, dtype=np.float32)
    down, right = np.ogrid[0:SIDE, 0:SIDE]
    for _ in range(int(chance.integers(0, 8))):
        y, x, size = chance.uniform(0, SIDE), chance.uniform(0, SIDE), chance.uniform(3, 16)
        map_ -= chance.uniform(0.2, 0.6) * np.exp(-(((down - y) / size) ** 4)) * np.exp(-(((right - x) / size) ** 4))
    for _ in range(int(chance.choice([0, 0, 10, 60]))):
        _hair(map_, chance)
    tone = chance.choice([0.62, 0.5, 0.38, 0.25, 0.13])
    return np.asarray(np.clip(tone * (1 + map_), 0.02, 0.95), dtype=np.float32)


def _hair(map_: Single, chance: np.random.Generator) -> None:
    y, x, heading = chance.uniform(0, SIDE), chance.uniform(0, SIDE), chance.uniform(0, 2 * math.pi)
    for _ in range(int(chance.uniform(40, 200))):
        heading += chance.normal(0, 0.04)
        y, x = (y + math.sin(heading)) % SIDE, (x + math.cos(heading)) % SIDE
        map_[int(y), int(x)] = -0.6
        map_[int(y), (int(x) + 1) % SIDE] = -0.5


def marker(ink_spread_mm: float, words: tuple[int, ...] = WORDS) -> Array:
    """The printed piece, drawn at PER_MM; `ink_spread_mm` is how far black has grown on each side."""
    side = round(PIECE_MM * PER_MM)
    sheet = np.full((side, side), PAPER)
    module = SQUARE_MM / 6
    for word, (right, down) in zip(words, PLACES, strict=True):
        corner = np.array([right, down]) * SPACING_MM / 2 - SQUARE_MM / 2 + PIECE_MM / 2
        for row in range(6):
            for column in range(6):
                inner = 1 <= row <= 4 and 1 <= column <= 4
                white = inner and word >> (15 - 4 * (row - 1) - (column - 1)) & 1
                if not white:
                    begin = corner + np.array([column, row]) * module
                    low = np.round((begin - ink_spread_mm) * PER_MM).astype(int)
                    high = np.round((begin + module + ink_spread_mm) * PER_MM)
                    sheet[low[1] : int(high[1]), low[0] : int(high[0])] = INK
    return sheet


def decoy(chance: np.random.Generator) -> Array:
    """A piece of paper of the marker's size with something else on it."""
    kind = int(chance.integers(0, 6))
    side = round(PIECE_MM * PER_MM)
    down, right = np.mgrid[0:side, 0:side] / PER_MM
    if kind == 0:  # a chess board
        dark = ((down // 6.25).astype(int) + (right // 6.25).astype(int)) % 2 == 0
        return np.where(dark, INK, PAPER)
    if kind == 1:  # small squares as on the sheet, with other words in them
        strange = tuple(int(word) for word in chance.integers(0, 65536, 4))
        return marker(0.0, strange)
    if kind == 2:  # the marker in a mirror, its squares out of order
        return marker(0.0, tuple(WORDS[index] for index in (2, 3, 0, 1)))[:, ::-1]
    if kind == 3:  # modules as of a code for shop tills
        modules = chance.integers(0, 2, (29, 29))
        return np.where(np.kron(modules, np.ones((side // 29 + 1,) * 2))[:side, :side] > 0, INK, PAPER)
    if kind == 4:  # dark windows
        dark = (np.abs(down % 12.5 - 6.25) < 4) & (np.abs(right % 12.5 - 6.25) < 4)
        return np.where(dark, INK, PAPER)
    rows = chance.uniform(0, 1, (round(PIECE_MM / 1.5), side)) > 0.45  # lines of print
    written = np.kron(
        ndimage.uniform_filter1d(rows.astype(float), 20, axis=1) > 0.55, np.ones((round(1.5 * PER_MM), 1))
    )
    dark = (written[:side, :side] > 0) & (down[: len(written)] % 3 < 1.5)
    return np.where(dark, INK, PAPER)
