"""The camera measures on pictures whose truth is known. `python -m benchmarks.camera` does so with hundreds of them."""

from __future__ import annotations

import json
import math
import statistics
from pathlib import Path

import pytest

from benchmarks.camera import pairs
from benchmarks.camera.phone import NODE_MODULES, bundle
from benchmarks.camera.trial import Outcome, by_picture, by_touch
from tests.servers import without

PICTURES = range(7_000_000, 7_000_016)
WITHOUT = range(7_000_100, 7_000_104)
TOUCHED = range(7_000_200, 7_000_260)
PAIRED = range(7_000_300, 7_000_340)
MAGNIFIED = 3.0
MOST_MEDIAN_PERCENT = {"card": 5.0, "coin": 6.0}


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app's camera, built for Node."""
    if not NODE_MODULES.exists():
        without("the phone app's packages are not installed (run: make setup)")
    folder = tmp_path_factory.mktemp("camera")
    bundle(folder)
    return folder


def shares(outcomes: list[Outcome], key: str = "length_mm") -> list[float]:
    """The errors in per cent of the true length, smallest first."""
    return sorted(abs(one.error(key)) / one.scene.length_mm * 100 for one in outcomes if one.measured)


def seeds(outcomes: list[Outcome]) -> str:
    """To find a picture again."""
    return json.dumps([one.scene.seed for one in outcomes])


def test_the_marker_is_found_and_measures_in_tilted_shaded_and_creased_pictures(camera: Path) -> None:
    outcomes = list(by_picture("marker", PICTURES, camera, magnified=MAGNIFIED))
    missed = [one for one in outcomes if not one.told["found"]]
    assert len(missed) <= 1, seeds(missed)
    measured = [one for one in outcomes if one.measured]
    assert len(measured) >= 14
    assert statistics.median(shares(measured)) <= 3.0
    assert statistics.median(shares(measured, "exact_mm")) <= 0.5, "the geometry alone, without a finger's error"
    assert sum(one.held for one in measured) >= len(measured) - 2
    assert statistics.median(shares(measured, "plain_mm")) > statistics.median(shares(measured)), "tilt is put right"


@pytest.mark.parametrize("paper", ["decoy", "none"])
def test_no_marker_is_found_where_there_is_none(camera: Path, paper: str) -> None:
    outcomes = list(by_picture(paper, WITHOUT, camera, magnified=MAGNIFIED))
    false = [one for one in outcomes if one.told["found"]]
    assert len(outcomes) == len(WITHOUT)
    assert not false, seeds(false)


@pytest.mark.parametrize("reference", ["card", "coin", "ruler"])
def test_what_is_marked_by_touch_measures_as_well_as_it_says(camera: Path, reference: str) -> None:
    outcomes = by_touch(reference, TOUCHED, camera, magnified=MAGNIFIED)
    measured = [one for one in outcomes if one.measured]
    assert len(measured) >= 0.6 * len(outcomes)
    assert sum(one.held for one in measured) >= 0.85 * len(measured)
    if reference in MOST_MEDIAN_PERCENT:
        assert statistics.median(shares(measured)) <= MOST_MEDIAN_PERCENT[reference]


def within(outcomes: list[pairs.Outcome], *, whole: bool) -> float:
    """The share of pairs that are brought within two hundredths of the frame."""
    return statistics.mean(one.miss(whole=whole) <= pairs.MOST_MISS for one in outcomes)


@pytest.mark.parametrize("reference", ["card", "ruler"])
@pytest.mark.parametrize("is_round", [False, True])
def test_two_pictures_of_one_scene_meet_within_two_hundredths_by_their_marks(
    camera: Path, reference: str, *, is_round: bool
) -> None:
    straight, tilted = (
        [one for one in outcomes if one.laid and one.pair.is_round == is_round]
        for outcomes in (
            pairs.trial(reference, PAIRED, camera, tilt=math.radians(tilt), turn=math.radians(40)) for tilt in (0, 10)
        )
    )
    assert min(len(straight), len(tilted)) >= 5
    assert within(straight, whole=True) >= 0.75
    assert within(straight, whole=False) >= 0.95
    assert within(tilted, whole=False) >= 0.85


def test_another_distance_is_told_and_the_same_one_is_not(camera: Path) -> None:
    outcomes = [one for one in pairs.trial("card", PAIRED, camera, tilt=0.1, turn=0.5) if one.laid]
    said = pairs.distance(outcomes)
    assert all(len(group) >= 5 for group in pairs.other_and_same(outcomes))
    assert said[f"told_at_{pairs.OTHER}_times_percent"] == 100.0
    assert said[f"told_within_{pairs.SAME}_times_percent"] == 0.0
