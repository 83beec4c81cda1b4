"""A suspicion of growth: a second reading within the week, except where waiting is wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.triage.histories import AT, check, history
from triage.facts import Facts

HURRIES = (
    "fever", "spreading_redness", "numb_or_weak_beyond", "saddle_numbness", "bladder_change", "bowel_change",
    "both_legs_affected", "sexual_sensation_change",
)  # fmt: skip
NOES: dict[str, Any] = dict.fromkeys(HURRIES, False)  # Any: JSON


def jumped(scale: float = 1.0, born: str | None = "1976-01-01", **signs: Any) -> Facts:  # Any: JSON
    """Six level readings and one that jumps as a slip would, said to be the same size."""
    level = [check(7 * weeks, length_mm=18 * scale, method="ruler") for weeks in range(6, 0, -1)]
    last = check(0, length_mm=30 * scale, method="ruler", trend="same", **signs)
    return Facts(history(*level, last, noticed=60, born=born), AT)


def test_a_jump_is_asked_about_within_two_to_seven_days_and_not_called() -> None:
    facts = jumped(**NOES)
    assert facts["lump.growing"].value is False
    assert facts.growth.confirm_at is not None
    assert timedelta(days=2) <= facts.growth.confirm_at - AT <= timedelta(days=7)


@pytest.mark.parametrize(
    "known",
    [
        {"born": "2016-01-01"},
        {"scale": 1.5},
        {"fever": True},
        {"spreading_redness": True},
        {"numb_or_weak_beyond": True},
    ],
)
def test_where_waiting_is_wrong_the_suspicion_is_enough(known: dict[str, Any]) -> None:  # Any: JSON
    assert jumped(**known)["lump.growing"].value is True


@pytest.mark.parametrize("name", sorted(NOES))
def test_a_suspicion_is_open_while_nobody_asked_whether_waiting_is_wrong(name: str) -> None:
    growing = jumped(**{one: no for one, no in NOES.items() if one != name})["lump.growing"]
    assert (growing.value, growing.missing) == (None, (name,))


def test_the_second_reading_that_shows_the_old_size_ends_the_suspicion() -> None:
    level = [check(3 + 7 * weeks, length_mm=18, method="ruler") for weeks in range(6, 0, -1)]
    jump, again = check(3, length_mm=30, method="ruler"), check(0, length_mm=18, method="ruler")
    assert Facts(history(*level, jump, noticed=60), AT).growth.confirm_at is not None
    assert Facts(history(*level, jump, again, noticed=60), AT).growth.confirm_at is None
