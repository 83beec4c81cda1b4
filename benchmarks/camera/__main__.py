"""`python -m benchmarks.camera --seed 1 --count 300`: one JSON object a line. The same seed makes the same pictures.

`count` photographs with the marker, a third as many with a decoy in its place or with nothing but skin, and `count`
scenes each with a bank card, a coin and a ruler marked by a finger. `--magnified` is how much larger than fitted to the
app's stage the picture is shown where a finger sets a point, as the magnifier shows it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from pathlib import Path

from benchmarks.camera.phone import bundle
from benchmarks.camera.trial import by_picture, by_touch, summary

SEEDS_APART = 100_000


def show(row: dict[str, object]) -> None:
    """One line."""
    print(json.dumps(row), flush=True)


def marker(seeds: list[int], folder: Path, *, magnified: float) -> None:
    """The printed sheet, found by itself; then pictures that have none."""
    outcomes = list(by_picture("marker", seeds, folder, magnified=magnified))
    found = [one for one in outcomes if one.told["found"]]
    squares = [one.told["squares"] for one in found]
    show(
        {
            "reference": "marker",
            "found_percent": round(100 * len(found) / len(outcomes), 1),
            "missed_seeds": [one.scene.seed for one in outcomes if not one.told["found"]][:20],
            "all_four_squares_percent": round(100 * squares.count(4) / len(outcomes), 1),
            "milliseconds": round(statistics.median(one.told["milliseconds"] for one in outcomes), 1),
            **summary(outcomes),
        }
    )
    for paper in ("decoy", "none"):
        without = list(by_picture(paper, seeds[: max(1, len(seeds) // 6)], folder, magnified=magnified))
        false = [one.scene.seed for one in without if one.told["found"]]
        show({"pictures_without_marker": paper, "scenes": len(without), "false_finds": len(false), "seeds": false})


def main() -> None:
    """Everything, in this order."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--magnified", type=float, default=3.0)
    parser.add_argument("--only", choices=["marker", "card", "coin", "ruler"], action="append")
    asked = parser.parse_args()
    seeds = [asked.seed * SEEDS_APART + number for number in range(asked.count)]
    with tempfile.TemporaryDirectory(prefix="tracker-camera-") as name:
        folder = Path(name)
        bundle(folder)
        for reference in asked.only or ["marker", "card", "coin", "ruler"]:
            if reference == "marker":
                marker(seeds, folder, magnified=asked.magnified)
            else:
                outcomes = by_touch(reference, seeds, folder, magnified=asked.magnified)
                show({"reference": reference, **summary(outcomes)})


if __name__ == "__main__":
    main()
