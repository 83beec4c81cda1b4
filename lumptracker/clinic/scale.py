"""Pictures at one scale: how large each is shown, so that a millimetre is as long on all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracking.history import PhotoFacts

LEAST_MM, MOST_MM = 5, 600  # what one picture can show; a scale that says more or less was a slip
LARGEST = 3.0  # times life size: beyond it a picture shows its grain


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture in the units of its box. `is_scaled`: its own scale is known."""

    photo: PhotoFacts
    width: float
    height: float
    is_scaled: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """`per_mm`: how long a millimetre of the body is on all scaled pictures; None where no scale is known."""

    per_mm: float | None
    shown: tuple[Shown, ...]


def at_one_scale(photos: Sequence[PhotoFacts], *, width: float, height: float, most_per_mm: float = LARGEST) -> Scale:
    """All of them in boxes of at most `width` by `height`, none cut: the picture of the widest view sets the scale."""
    sizes = {photo.id: size for photo in photos if (size := _size_mm(photo)) is not None}
    per_mm = min((most_per_mm, *(min(width / wide, height / tall) for wide, tall in sizes.values())))
    shown = []
    for photo in photos:
        if photo.id in sizes:
            wide, tall = sizes[photo.id]
            shown.append(Shown(photo, round(wide * per_mm, 2), round(tall * per_mm, 2), is_scaled=True))
        else:
            shown.append(_fitted(photo, width, height))
    return Scale(per_mm if sizes else None, tuple(shown))


def _size_mm(photo: PhotoFacts) -> tuple[float, float] | None:
    """What the picture shows, in millimetres; None where nobody said, or a slip said it."""
    if not (photo.mm_per_px and photo.width and photo.height):
        return None
    wide, tall = photo.width * photo.mm_per_px, photo.height * photo.mm_per_px
    return (wide, tall) if min(wide, tall) >= LEAST_MM and max(wide, tall) <= MOST_MM else None


def _fitted(photo: PhotoFacts, width: float, height: float) -> Shown:
    wide, tall = photo.width or 3, photo.height or 4
    factor = min(width / wide, height / tall)
    return Shown(photo, round(wide * factor, 2), round(tall * factor, 2), is_scaled=False)
