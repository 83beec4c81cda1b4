"""What a finger marks in a scene, with its error: rows for measure.mjs."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.camera.lens import Array
from benchmarks.camera.scene import Scene, outline

COIN_MM = 23.25
RULER_MM = 50.0
RIM_POINTS = 8

Row = dict[str, Any]  # Any: JSON


def row_of(scene: Scene, *, file: str | None = None) -> Row:
    """The reference as touched (a marker is found in the picture), then both diameters of the lump."""
    chance = np.random.default_rng([scene.seed, 7])

    def touched(points: Array) -> list[dict[str, float]]:
        stray = chance.normal(0, scene.touch_px, points.shape)
        return [{"x": float(x), "y": float(y)} for x, y in points + stray]

    length, across = scene.diameters()
    row: Row = {
        "reference": scene.reference,
        "width": scene.lens.width,
        "height": scene.lens.height,
        "touchSdPx": scene.touch_px,
        "length": touched(length),
        "across": touched(across),
        "true_length": [{"x": float(x), "y": float(y)} for x, y in length],
    }
    if scene.reference == "card":
        row["corners"] = touched(scene.lens.project(outline("card")))
    elif scene.reference == "coin":
        turn = np.linspace(0, 2 * np.pi, RIM_POINTS, endpoint=False) + chance.uniform(0, 1)
        rim = np.column_stack([np.cos(turn), np.sin(turn)]) * COIN_MM / 2
        row |= {"rim": touched(scene.lens.project(rim)), "diameter_mm": COIN_MM}
    elif scene.reference == "ruler":
        ends = np.array([[-RULER_MM / 2, 0], [RULER_MM / 2, 0]])
        row |= {"marks": touched(scene.lens.project(ends)), "mm": RULER_MM}
    if file is not None:
        row["file"] = file
    return row
