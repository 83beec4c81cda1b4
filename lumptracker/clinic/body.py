"""The body drawing with the place on it: the app's own drawing, so that both readers see the same figure."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path
from typing import Any  # Any: the drawing is JSON

from tracking.history import Pin

INK, SOFT, ACCENT = "#555", "#bbb", "#a11d2b"


@cache
def _drawing() -> dict[str, Any]:  # Any: as above
    """A copy of the app's `parts/body/drawing.json`; a test holds the two together."""
    drawing: dict[str, Any] = json.loads((Path(__file__).parent / "body.json").read_text(encoding="utf-8"))
    return drawing


def draw_body(pin: Pin | None, *, label: str) -> str:
    """The figure as SVG, seen from the side where the pin is; empty text where no place was marked."""
    if pin is None:
        return ""
    drawing = _drawing()
    x, y = round(pin.x * drawing["width"], 1), round(pin.y * drawing["height"], 1)
    lines = "".join(
        f'<path d="{line}" fill="none" stroke="{SOFT}" stroke-width="2"/>' for line in drawing["lines"][pin.view]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="16 2 168 436" role="img" aria-label="{escape(label)}">'
        f'<path d="{drawing["outline"]}" fill="#fff" stroke="{INK}" stroke-width="4" stroke-linejoin="round"/>{lines}'
        f'<circle cx="{x}" cy="{y}" r="26" fill="none" stroke="{ACCENT}" stroke-width="5"/>'
        f'<circle cx="{x}" cy="{y}" r="9" fill="{ACCENT}"/></svg>'
    )
