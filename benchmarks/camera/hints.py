"""`python -m benchmarks.camera.hints --seed 3 --count 40`: how often each hint is given where it should be.

Each rendered photograph is judged as it is, and again with one fault put into it. One JSON object a line.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage  # type: ignore[import-untyped]  # scipy brings no types

from benchmarks.camera.phone import bundle, hinted
from benchmarks.camera.render import Picture, photograph
from benchmarks.camera.scene import drawn
from benchmarks.camera.touches import Row

SEEDS_APART = 100_000
LOOKED_AT = 512  # pixels on the longer side, as in the app
BLUR_PX = 8.0  # of 1600
DIM = 0.05  # of the light
GLARE_SHARE = 0.12  # of the picture
GAMMA = 2.2
BURNS = 1.6  # so much more light burns paper out


def blurred(picture: Picture) -> Picture:
    return np.asarray(ndimage.gaussian_filter(picture, BLUR_PX))


def lit(picture: Picture, times: float) -> Picture:
    """With more or less light on it."""
    return np.clip(255 * ((picture / 255.0) ** GAMMA * times) ** (1 / GAMMA), 0, 255).astype(np.uint8)


def glaring(picture: Picture) -> Picture:
    """A round spot in one corner is burnt out."""
    height, width = picture.shape
    radius = np.sqrt(4 * GLARE_SHARE * height * width / np.pi)  # a quarter of it is seen
    rows, columns = np.ogrid[:height, :width]
    return np.where(np.hypot(rows, columns) < radius, 255, picture).astype(np.uint8)


FAULTS: dict[str, Callable[[Picture], Picture]] = {
    "as it is": lambda picture: picture,
    "blurred": blurred,
    "dark": lambda picture: lit(picture, DIM),
    "glare": glaring,
    "much light": lambda picture: lit(picture, BURNS),
}


def judged(pictures: Sequence[Picture], folder: Path) -> list[Row]:
    """What the app says to each."""
    rows: list[Row] = []
    for number, picture in enumerate(pictures):
        image = Image.fromarray(picture)
        image.thumbnail((LOOKED_AT, LOOKED_AT), Image.Resampling.BOX)
        file = folder / f"{number}.grey"
        file.write_bytes(np.asarray(image).tobytes())
        rows.append({"file": str(file), "width": image.width, "height": image.height})
    return hinted(rows, folder)


def main() -> None:
    """Every fault, with the sheet in the picture; then pictures without it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--count", type=int, default=40)
    asked = parser.parse_args()
    scenes = [drawn(asked.seed * SEEDS_APART + number, "marker", magnified=3.0) for number in range(asked.count)]
    with tempfile.TemporaryDirectory(prefix="tracker-hints-") as name:
        folder = Path(name)
        bundle(folder)
        for paper in ("marker", "none"):
            pictures = [photograph(scene, paper=paper) for scene in scenes]
            for fault, put in FAULTS.items():
                print(json.dumps(summary(paper, fault, judged([put(one) for one in pictures], folder))), flush=True)


def summary(paper: str, fault: str, told: Sequence[Row]) -> dict[str, object]:
    """How many of a hundred pictures get which hint."""

    def share(hit: Callable[[Row], bool]) -> float:
        return round(100 * sum(map(hit, told)) / len(told), 1)

    def given(hint: str) -> float:
        return share(lambda one: hint in one["faults"])

    return {
        "paper": paper,
        "fault": fault,
        "pictures": len(told),
        "hints_percent": {hint: given(hint) for hint in ("blurred", "dark", "glare")},
        "glare_if_paper_counted_percent": share(lambda one: "glare" in one["without_paper"]),
        "sheet_seen_percent": share(lambda one: bool(one["sheet"])),
        "milliseconds": round(statistics.median(one["milliseconds"] for one in told), 1),
        "with_sheet_milliseconds": round(statistics.median(one["with_sheet_milliseconds"] for one in told), 1),
    }


if __name__ == "__main__":
    main()
