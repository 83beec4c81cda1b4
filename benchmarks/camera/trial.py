"""A number of scenes through the app, and how far its numbers are from the truth."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.camera.phone import answers
from benchmarks.camera.render import photograph
from benchmarks.camera.scene import Scene, drawn
from benchmarks.camera.touches import Row, row_of

AT_ONCE = 30  # pictures on the disk


@dataclass(frozen=True)
class Outcome:
    """One scene and what the app said to it."""

    scene: Scene
    told: Row

    @property
    def measured(self) -> bool:
        """Whether there is a number."""
        return "length_mm" in self.told

    def error(self, key: str = "length_mm") -> float:
        """Millimetres too long."""
        return float(self.told[key]) - self.scene.length_mm

    @property
    def held(self) -> bool:
        """Whether the stated interval holds the truth."""
        low, high = self.told["interval"]
        return bool(low <= self.scene.length_mm <= high)


def by_touch(reference: str, seeds: Iterable[int], folder: Path, *, magnified: float) -> list[Outcome]:
    """Card, coin or ruler: no picture is needed, only where a finger would point in it."""
    scenes = [drawn(seed, reference, magnified=magnified) for seed in seeds]
    told = answers([row_of(scene) for scene in scenes], folder)
    return [Outcome(scene, one) for scene, one in zip(scenes, told, strict=True)]


def by_picture(paper: str, seeds: Sequence[int], folder: Path, *, magnified: float) -> Iterator[Outcome]:
    """Photographs with the marker, with a decoy in its place or with nothing; they are gone again afterwards."""
    for some in _batches(seeds):
        scenes = [drawn(seed, "marker", magnified=magnified) for seed in some]
        files = [folder / f"{scene.seed}.grey" for scene in scenes]
        for scene, file in zip(scenes, files, strict=True):
            file.write_bytes(photograph(scene, paper=paper).tobytes())
        rows = [row_of(scene, file=str(file)) for scene, file in zip(scenes, files, strict=True)]
        for scene, told in zip(scenes, answers(rows, folder), strict=True):
            yield Outcome(scene, told)
        for file in files:
            file.unlink()


def _batches(seeds: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(seeds), AT_ONCE):
        yield seeds[start : start + AT_ONCE]


def accuracy(outcomes: Sequence[Outcome], key: str = "length_mm") -> dict[str, float]:
    """Median and 95th percentile of the error, in millimetres and in per cent of the length."""
    errors = sorted(abs(one.error(key)) for one in outcomes)
    shares = sorted(abs(one.error(key)) / one.scene.length_mm * 100 for one in outcomes)
    return {
        "median_mm": round(statistics.median(errors), 3),
        "median_percent": round(statistics.median(shares), 2),
        "p95_mm": round(_percentile(errors, 95), 3),
        "p95_percent": round(_percentile(shares, 95), 2),
    }


def _percentile(ordered: Sequence[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def summary(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Everything that is printed about one reference."""
    measured = [one for one in outcomes if one.measured]
    reasons: dict[str, int] = {}
    for one in outcomes:
        if not one.measured:
            reasons[one.told["refused"]] = reasons.get(one.told["refused"], 0) + 1
    if not measured:
        return {"scenes": len(outcomes), "refused": reasons}
    return {
        "scenes": len(outcomes),
        "refused": reasons,
        **accuracy(measured),
        "interval_holds_percent": round(100 * sum(one.held for one in measured) / len(measured), 1),
        "stated_uncertainty_mm": round(statistics.median(one.told["uncertainty_mm"] for one in measured), 3),
        "without_finger_error": accuracy(measured, "exact_mm"),
        "plain_scale": accuracy(measured, "plain_mm"),
    }
