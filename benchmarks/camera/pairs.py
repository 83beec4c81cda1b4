"""`python -m benchmarks.camera.pairs --seed 3 --count 150`: two photos of one scene, laid over each other by marks.

The phone is moved, turned by up to `--turn` degrees, held nearer or farther for the second one, and tilted anew in both
by up to `--tilt`. Fingers set the marks in each. One JSON object a line: how far places of the skin miss each other, in
hundredths of the frame's shorter side, round the lump and in all that both show; and how often a distance is spoken of.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.camera.lens import Array, Lens, turned
from benchmarks.camera.phone import bundle, laid
from benchmarks.camera.render import photograph
from benchmarks.camera.scene import Scene, drawn, outline
from benchmarks.camera.touches import Row, row_of

SEEDS_APART = 100_000
MOST_MISS = 0.02  # of the frame
ROUND = 1.15  # as in frontend/src/parts/compare/align.ts
AROUND_MM = 10.0  # beyond the lump: what is looked at when two are compared
GRID_MM = range(-180, 181, 15)
MOST_SCALE = 1.8  # times nearer or farther
OTHER, SAME = 1.5, 1.2  # so many times nearer or farther must be told, and must not
AT_ONCE = 20  # pairs of pictures on the disk


@dataclass(frozen=True)
class Pair:
    """One scene seen twice; `scale` is how many times larger it is the second time."""

    before: Scene
    after: Scene
    turn: float
    scale: float

    @property
    def is_round(self) -> bool:
        """Too round for its longest way to say anything."""
        return self.before.length_mm < ROUND * self.before.across_mm

    def places(self) -> list[Array]:
        """Places of the skin, (n, 4) pixels before and after: round the lump, and in all that both show."""
        middle = np.array(self.before.lump)
        ways = np.linspace(0, 2 * math.pi, 8, endpoint=False)
        ring = np.column_stack([np.cos(ways), np.sin(ways)]) * (self.before.length_mm / 2 + AROUND_MM)
        grid = np.array([(x, y) for x in GRID_MM for y in GRID_MM], dtype=float)
        return [self._seen(middle + ring), self._seen(middle + grid)]

    def _seen(self, points: Array) -> Array:
        both = [scene.lens.project(points) for scene in (self.before, self.after)]
        inside = np.logical_and.reduce([_inside(seen, self.before.lens) for seen in both])
        return np.column_stack(both)[inside]


def _inside(seen: Array, lens: Lens) -> Array:
    return np.asarray((seen > 0).all(axis=1) & (seen < np.array([lens.width, lens.height])).all(axis=1))


def twice(seed: int, reference: str, *, tilt: float, turn: float) -> Pair:
    """A scene and the same one again: turned by up to `turn`, tilted in both by up to `tilt`; radians."""
    draw = random.Random(f"pair {reference} {seed}")
    first = drawn(seed, reference, magnified=3.0)
    while True:
        by, scale = draw.uniform(-turn, turn), math.exp(draw.uniform(-1, 1) * math.log(MOST_SCALE))
        depth = draw.uniform(0.9, 1.6) * float(first.lens.place[2])
        before = _held(first, draw, tilt=tilt, turn=0.0, depth=depth)
        after = _held(first, draw, tilt=tilt, turn=by, depth=depth / scale)
        if _shows(before) and _shows(after):
            return Pair(before, after, by, scale)


def _held(scene: Scene, draw: random.Random, *, tilt: float, turn: float, depth: float) -> Scene:
    rotation = turned(draw.uniform(0, tilt), draw.uniform(0, 2 * math.pi), turn + _turn_of(scene.lens.rotation))
    middle = np.append(np.array(scene.lump) * draw.uniform(0.3, 0.8), 0.0)
    shift = np.array([draw.uniform(-0.1, 0.1), draw.uniform(-0.1, 0.1), 1.0]) * depth
    place = shift - rotation @ middle
    return replace(scene, lens=replace(scene.lens, rotation=rotation, place=place))


def _turn_of(rotation: Array) -> float:
    return math.atan2(rotation[1, 0], rotation[0, 0])


def _shows(scene: Scene) -> bool:
    needed = np.concatenate([outline(scene.reference), scene.ends(scene.length_mm, scene.heading)])
    seen = scene.lens.project(needed)
    return bool((seen > 8).all() and (seen < np.array([scene.lens.width, scene.lens.height]) - 8).all())


def _rows(pair: Pair, folder: Path) -> Iterator[Row]:
    """Both pictures as they are marked; each by fingers of its own."""
    for name, scene in (("before", pair.before), ("after", pair.after)):
        own = replace(scene, seed=2 * scene.seed + (name == "after"))
        file = folder / f"{own.seed}.grey"
        if scene.reference == "marker":
            file.write_bytes(photograph(own, paper="marker").tobytes())
        yield row_of(own, file=str(file) if scene.reference == "marker" else None)


@dataclass(frozen=True)
class Outcome:
    """One pair and what the app made of it."""

    pair: Pair
    told: Row
    around: int  # how many of the misses are round the lump

    @property
    def laid(self) -> bool:
        """Whether both were measured."""
        return self.told["misses"] is not None

    def miss(self, *, whole: bool) -> float:
        """The worst, as a share of the frame's shorter side."""
        lens = self.pair.after.lens
        misses = self.told["misses"] if whole else self.told["misses"][: self.around]
        return float(max(misses)) / min(lens.width, lens.height)


def trial(reference: str, seeds: Sequence[int], folder: Path, *, tilt: float, turn: float) -> list[Outcome]:
    """Each scene twice, marked, and laid over itself."""
    outcomes: list[Outcome] = []
    for start in range(0, len(seeds), AT_ONCE):
        pairs = [twice(seed, reference, tilt=tilt, turn=turn) for seed in seeds[start : start + AT_ONCE]]
        places = [pair.places() for pair in pairs]
        rows = [
            dict(zip(("before", "after"), _rows(pair, folder), strict=True)) | {"places": np.concatenate(of).tolist()}
            for pair, of in zip(pairs, places, strict=True)
        ]
        told = laid(rows, folder)
        outcomes += [Outcome(pair, one, len(of[0])) for pair, one, of in zip(pairs, told, places, strict=True)]
        for file in folder.glob("*.grey"):
            file.unlink()
    return outcomes


def _misses(outcomes: Sequence[Outcome], *, whole: bool) -> dict[str, float]:
    misses = sorted(one.miss(whole=whole) for one in outcomes)
    if not misses:
        return {}
    return {
        "within_2_percent": round(100 * sum(miss <= MOST_MISS for miss in misses) / len(misses), 1),
        "median": round(100 * statistics.median(misses), 2),
        "p95": round(100 * misses[min(len(misses) - 1, int(0.95 * len(misses)))], 2),
    }


def other_and_same(outcomes: Sequence[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
    """Those clearly from another distance, and those from much the same."""
    away = [(abs(math.log(one.pair.scale)), one) for one in outcomes]
    return (
        [one for by, one in away if by >= math.log(OTHER)],
        [one for by, one in away if by <= math.log(SAME)],
    )


def distance(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """How often "farther" or "nearer" is said where the distance is another one, and where it is much the same."""

    def share(group: Sequence[Outcome], *, right: bool) -> float | None:
        said = [
            one.told["distance"] is not None
            and (not right or (one.told["distance"] == "nearer") == (one.pair.scale > 1))
            for one in group
        ]
        return round(100 * sum(said) / len(said), 1) if said else None

    far, same = other_and_same(outcomes)
    return {
        f"told_at_{OTHER}_times_percent": share(far, right=True),
        f"told_within_{SAME}_times_percent": share(same, right=False),
        "pairs": [len(far), len(same)],
    }


def summary(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Everything that is printed about one reference."""
    both = [one for one in outcomes if one.laid]
    groups = {
        "long": [one for one in both if not one.pair.is_round],
        "round": [one for one in both if one.pair.is_round],
    }
    return {
        "pairs": len(outcomes),
        "not_measured": len(outcomes) - len(both),
        **{
            name: {
                "pairs": len(group),
                "round_the_lump": _misses(group, whole=False),
                "whole_frame": _misses(group, whole=True),
            }
            for name, group in groups.items()
        },
        "distance": distance(both),
    }


def main() -> None:
    """Every reference in this order."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--tilt", type=float, default=5.0)
    parser.add_argument("--turn", type=float, default=40.0)
    parser.add_argument("--only", choices=["marker", "card", "coin", "ruler"], action="append")
    asked = parser.parse_args()
    seeds = [asked.seed * SEEDS_APART + number for number in range(asked.count)]
    with tempfile.TemporaryDirectory(prefix="tracker-pairs-") as name:
        folder = Path(name)
        bundle(folder)
        for reference in asked.only or ["marker", "card", "coin", "ruler"]:
            outcomes = trial(reference, seeds, folder, tilt=math.radians(asked.tilt), turn=math.radians(asked.turn))
            row = {"reference": reference, "tilt": asked.tilt, "turn": asked.turn, **summary(outcomes)}
            print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
