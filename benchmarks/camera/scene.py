"""A lump beside a reference, and a camera held over them: what a seed draws, and what is true of it."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import numpy as np

from benchmarks.camera.lens import Array, Lens, turned

LONG, SHORT = 1600, 1200  # a little less than the app keeps (2048)
STAGE = (358, 439)  # screen pixels: the most a picture gets on a phone of 390 x 844 while points are set (Stage.svelte)
FINGER_PX = 2.0  # on the screen, one standard deviation each way
MOST_TILT = {"marker": 35.0, "card": 35.0, "coin": 35.0, "ruler": 20.0}  # a ruler cannot tell: the app asks for no tilt
REACH = {"marker": 25.0, "card": 43.0, "coin": 12.0, "ruler": 30.0}  # millimetres from its middle


@dataclass(frozen=True)
class Scene:
    """Lengths in millimetres in the plane, whose origin is the middle of the reference."""

    seed: int
    reference: str
    lens: Lens
    lump: tuple[float, float]  # its middle
    length_mm: float
    across_mm: float
    heading: float  # of the length
    tilt: float  # radians
    touch_px: float  # how far a finger strays in the picture, one standard deviation each way

    def ends(self, length_mm: float, heading: float) -> Array:
        """Both ends of a diameter, in the plane."""
        half = np.array([math.cos(heading), math.sin(heading)]) * length_mm / 2
        return np.array([self.lump - half, self.lump + half])

    def diameters(self) -> tuple[Array, Array]:
        """Length and width where they truly are in the picture."""
        across = self.ends(self.across_mm, self.heading + math.pi / 2)
        return self.lens.project(self.ends(self.length_mm, self.heading)), self.lens.project(across)


def drawn(seed: int, reference: str, *, magnified: float) -> Scene:
    """A scene; `magnified` is how much larger than fitted to the app's stage the picture is shown to the finger."""
    draw = random.Random(f"camera {reference} {seed}")
    while True:
        scene = _tried(draw, seed, reference, magnified)
        needed = np.concatenate([outline(reference), scene.ends(scene.length_mm, scene.heading)])
        seen = scene.lens.project(needed)
        if (seen > 8).all() and (seen < np.array([scene.lens.width, scene.lens.height]) - 8).all():
            return scene


def outline(reference: str) -> Array:
    """What of a reference has to be in the picture."""
    width, height = {"card": (85.6, 53.98), "marker": (44.0, 44.0)}.get(reference, (2 * REACH[reference],) * 2)
    return np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (width / 2, height / 2)


def _tried(draw: random.Random, seed: int, reference: str, magnified: float) -> Scene:
    length = math.exp(draw.uniform(math.log(6), math.log(60)))
    across = length * draw.uniform(0.5, 1.0)
    away = REACH[reference] + length / 2 + draw.uniform(4, 20)
    side = draw.uniform(0, 2 * math.pi)
    towards = np.array([math.cos(side), math.sin(side)])
    tilt = math.radians(draw.uniform(0, MOST_TILT[reference]))
    middle = towards * (away + length / 2 - REACH[reference]) / 2
    lens = _held(draw, middle, radius=(away + length / 2 + REACH[reference]) / 2, tilt=tilt)
    touch = FINGER_PX * max(lens.width / STAGE[0], lens.height / STAGE[1]) / magnified
    lump = (float(away * towards[0]), float(away * towards[1]))
    return Scene(seed, reference, lens, lump, length, across, draw.uniform(0, math.pi), tilt, touch)


def _held(draw: random.Random, middle: Array, *, radius: float, tilt: float) -> Lens:
    """A phone held so that lump and reference are in the picture, as near as it can see sharply or farther."""
    width, height = draw.choice([(SHORT, LONG), (SHORT, LONG), (LONG, SHORT)])
    focal = LONG * draw.choice([draw.uniform(0.68, 0.82), draw.uniform(0.62, 1.1)])
    centre = (width / 2 + draw.gauss(0, 0.008) * LONG, height / 2 + draw.gauss(0, 0.008) * LONG)
    bend = (max(-0.05, min(0.05, draw.gauss(0, 0.02))), draw.gauss(0, 0.005))
    rotation = turned(tilt, draw.uniform(0, 2 * math.pi), draw.uniform(0, 2 * math.pi))
    nearest = max(120.0, radius * (1.1 + 0.3 * math.sin(tilt)) * focal / (SHORT / 2))
    depth = max(nearest, min(400.0, nearest * draw.uniform(1.0, 1.8)))
    looked = np.append(middle * draw.uniform(0.7, 1.3), 0.0)
    return Lens(width, height, focal, centre, bend, rotation, np.array([0, 0, depth]) - rotation @ looked)
