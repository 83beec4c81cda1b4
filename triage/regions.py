"""What somebody is asked to do at each level, in the words of a region with the numbers to call there."""

from __future__ import annotations

from collections.abc import Mapping

DEFAULT_REGION = "international"
Words = Mapping[str, Mapping[str, str]]  # region → level (or name of a number) → words


def region_actions(words: Words, numbers: Words) -> dict[str, dict[str, str]]:
    """Region → level → what to do. A region without words or without a number of its own speaks as `international`."""
    plain = words[DEFAULT_REGION]
    found: dict[str, dict[str, str]] = {}
    for region in sorted({*words, *numbers}):
        known = numbers.get(region, {})
        filled = {
            "{emergency}": known.get("emergency", plain["emergency_number"]),
            "{advice}": known.get("advice", plain["advice_line"]),
        }
        rows = words.get(region, plain).items()
        found[region] = {name: _filled(text, filled) for name, text in rows if name not in _NUMBERS}
    return found


_NUMBERS = ("emergency_number", "advice_line")


def _filled(text: str, numbers: Mapping[str, str]) -> str:
    for mark, number in numbers.items():
        text = text.replace(mark, number)
    return text
