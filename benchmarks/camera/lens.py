"""A camera before a plane, as a phone's: pinhole, radial distortion, a middle that is not quite the middle.

Written apart from the app's own camera, with one term of distortion more than that one knows, so that the two cannot
agree by sharing a mistake.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Single = NDArray[np.float32]
UNDO_STEPS = 8
STRIDE = 8  # a thousandth of a millimetre is lost by what is straight in between


@dataclass(frozen=True)
class Lens:
    """Plane to picture: a point X is at rotation·X + place before the camera. In millimetres, and pixels."""

    width: int
    height: int
    focal: float
    centre: tuple[float, float]
    bend: tuple[float, float]  # of the square and the fourth power of the distance, 1 being the picture's corner
    rotation: Array
    place: Array

    def project(self, points: Array) -> Array:
        """Millimetres in the plane, (n, 2) or (n, 3), to pixels (n, 2)."""
        flat = points if points.shape[1] == 3 else np.column_stack([points, np.zeros(len(points))])
        space = flat @ self.rotation.T + self.place
        ideal = space[:, :2] / space[:, 2:] * self.focal
        return np.asarray(self.centre) + ideal * self._moved(ideal)

    def rays(self) -> Array:
        """The direction of every STRIDE-th pixel's corner, and past the last one: (rows, columns, 3)."""
        down, right = np.mgrid[0 : self.height + STRIDE : STRIDE, 0 : self.width + STRIDE : STRIDE].astype(float)
        seen = np.stack([right - self.centre[0], down - self.centre[1]], axis=-1)
        ideal = seen
        for _ in range(UNDO_STEPS):
            ideal = seen / self._moved(ideal)
        return np.concatenate([ideal / self.focal, np.ones((*ideal.shape[:2], 1))], axis=-1)

    def filled(self, coarse: Array) -> Single:
        """Values at the corners that `rays` has, as values in every pixel: all between is nearly straight."""
        rows, columns = _between(self.height, len(coarse)), _between(self.width, coarse.shape[1])
        return np.asarray(
            np.stack([rows @ layer.astype(np.float32) @ columns.T for layer in np.moveaxis(coarse, -1, 0)])
        )

    def _moved(self, ideal: Array) -> Array:
        corner2 = (self.width**2 + self.height**2) / 4
        share2 = (ideal**2).sum(axis=-1, keepdims=True) / corner2
        return np.asarray(1 + self.bend[0] * share2 + self.bend[1] * share2**2)


def _between(pixels: int, corners: int) -> Single:
    """The shares of the two nearest corners in each pixel, as a matrix."""
    place = (np.arange(pixels) + 0.5) / STRIDE
    low = place.astype(int)
    shares = np.zeros((pixels, corners), dtype=np.float32)
    shares[np.arange(pixels), low] = 1 - (place - low)
    shares[np.arange(pixels), low + 1] = place - low
    return shares


def on_plane(rays: Array, axes: Array, origin: Array) -> tuple[Array, Array]:
    """Where rays meet the plane through `origin` along two axes (3, 2): its two coordinates, and the depth."""
    normal = np.cross(axes[:, 0], axes[:, 1])
    depth = (origin @ normal) / (rays @ normal)
    offset = rays * depth[..., None] - origin
    return offset @ axes, depth


def turned(tilt: float, towards: float, turn: float) -> Array:
    """A rotation: `turn` within the plane, then `tilt` about the axis of the picture's plane at the angle `towards`."""
    axis = np.array([math.cos(towards), math.sin(towards), 0.0])
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    tilted = np.eye(3) + math.sin(tilt) * cross + (1 - math.cos(tilt)) * cross @ cross
    spin = np.array([[math.cos(turn), -math.sin(turn), 0], [math.sin(turn), math.cos(turn), 0], [0, 0, 1]])
    return np.asarray(tilted @ spin)
