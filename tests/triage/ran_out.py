"""Histories in which less is known than the last answers say: nobody was asked how long, or a number has run out.

Each is judged some days later with nothing new logged. The server's tests say what a rule answers; the phone's compare.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from tests.triage.histories import check

NO_MOLE = dict.fromkeys(("irregular_shape", "irregular_colour", "inflammation", "oozing", "sensation_change"), False)


class Case(NamedTuple):
    """`expect`: "fires", "quiet", or what is missing while the rule is unknown."""

    says: str
    rule: str
    checks: tuple[dict[str, Any], ...]  # Any: JSON
    days_later: float
    expect: str | tuple[str, ...]
    fields: Mapping[str, Any]  # Any: as above

    @property
    def later(self) -> timedelta:
        return timedelta(days=self.days_later)


def _over_time(
    rule: str,
    says: str,
    checks: tuple[dict[str, Any], ...],  # Any: JSON
    *expected: tuple[float, str | tuple[str, ...]],
    **fields: Any,  # Any: as above
) -> list[Case]:
    return [Case(f"{says}, {later:g} days later", rule, checks, later, one, fields) for later, one in expected]


SORE = [
    *_over_time("skin-sore", "nobody asked how long",
        (check(3, bleeding=True),),
        (0, ("ulcer_days",)), (24.9, ("ulcer_days",)), (25, ("bleeding", "ulcer", "ulcer_days"))),
    *_over_time("skin-sore", "nobody asked how long, and it goes on",
        (check(20, ulcer=True), check(0, ulcer=True)),
        (8.4, ("ulcer_days",)), (8.5, "fires"), (27, "fires")),
    *_over_time("mouth-sore", "nobody asked how long in the mouth",
        (check(20, ulcer=True), check(0, ulcer=True)),
        (1.4, ("ulcer_days",)), (1.5, "fires"), site="mouth"),
    *_over_time("skin-sore", "asked at the check that said so",
        (check(3, ulcer=True, ulcer_days=20),),
        (0, "quiet"), (5.4, "quiet"), (5.5, "fires")),
    *_over_time("skin-sore", "asked later, and the record knows better",
        (check(20, ulcer=True), check(0, ulcer=True, ulcer_days=3)),
        (0, "quiet"), (8.4, "quiet"), (8.5, "fires")),
    *_over_time("skin-sore", "asked before it was sore",
        (check(20, ulcer=False, bleeding=False, ulcer_days=0), check(1, ulcer=True)),
        (0, ("ulcer_days",))),
    *_over_time("skin-sore", "what was told runs out, and it goes on",
        (check(20, ulcer=True, ulcer_days=10), check(1, ulcer=True)),
        (0, "fires"), (7.9, "fires"), (8, ("ulcer_days",)), (8.4, ("ulcer_days",)), (8.5, "fires")),
    *_over_time("skin-sore", "another sign runs out",
        (check(6, clear_leak=True), check(0, ulcer=True, ulcer_days=5)),
        (0, "quiet"), (0.9, "quiet"), (1, ("clear_leak",))),
    *_over_time("skin-sore", "all that was sore runs out",
        (check(40, oozing=True), check(20, oozing=True, ulcer=False)),
        (0, "fires"), (7.9, "fires"), (8, ("oozing",))),
    *_over_time("skin-sore", "closed, and nobody asked whether it bleeds",
        (check(9, ulcer=True, ulcer_days=25), check(1, ulcer=False)),
        (0, ("bleeding",)), (60, ("bleeding",))),
    *_over_time("skin-sore", "closed and dry",
        (check(9, ulcer=True, ulcer_days=25), check(1, ulcer=False, bleeding=False)),
        (0, "quiet"), (60, "quiet")),
]  # fmt: skip
NOES = [
    *_over_time("fever-with-lump", "a no and then a high reading",
        (check(2, fever=False), check(1, temperature_c=39)),
        (0, "fires"), (1.9, "fires"), (2, ("fever",)), (400, ("fever",))),
    *_over_time("fever-with-lump", "a no beside a high reading",
        (check(1, fever=False, temperature_c=38),),
        (0, "fires"), (2, ("fever",))),
    *_over_time("fever-with-lump", "a high reading and then a no",
        (check(2, temperature_c=39), check(1, fever=False)),
        (0, "quiet"), (2, "quiet")),
    *_over_time("fever-with-lump", "a no, a high reading that ran out, and a no",
        (check(9, fever=False), check(8, temperature_c=39), check(0, fever=False)),
        (0, "quiet"), (2, "quiet")),
    *_over_time("fever-with-lump", "a no, a high reading and a cool one",
        (check(9, fever=False), check(8, temperature_c=39), check(1, temperature_c=36.8)),
        (0, "quiet"), (9, "quiet")),
    *_over_time("baby-fever", "a no and then a high reading",
        (check(2, fever=False), check(1, temperature_c=38.1)),
        (0, "fires"), (2, ("temperature_c",)), born="2026-05-01"),
    *_over_time("baby-fever", "a high reading and then a no",
        (check(2, temperature_c=38.1), check(1, fever=False)),
        (0, "quiet"), (2, "quiet"), born="2026-05-01"),
    *_over_time("baby-fever", "a cool reading and then a fever felt",
        (check(2, temperature_c=36.8), check(1, fever=True)),
        (0, "fires"), (2, ("temperature_c",)), born="2026-05-01"),
    *_over_time("weight-loss", "a no and then a number",
        (check(40, weight_loss=False), check(20, weight_loss_percent=6)),
        (0, "fires"), (7.9, "fires"), (8, ("weight_loss",))),
    *_over_time("weight-loss", "a number and then a no",
        (check(21, weight_loss_percent=6), check(20, weight_loss=False)),
        (0, "quiet"), (8, "quiet")),
    *_over_time("weight-loss", "a number of what was meant",
        (check(20, weight_loss_percent=6, weight_loss=False),),
        (0, "quiet"), (8, "quiet")),
    *_over_time("weight-loss", "a no, a number that ran out, and a no",
        (check(90, weight_loss=False), check(60, weight_loss_percent=6), check(1, weight_loss=False)),
        (0, "quiet")),
    *_over_time("large-bruise-bleeding-risk", "no bruise, and then a wide one",
        (check(3, bruised=False), check(1, bruise_mm=60)),
        (0, "fires"), (30, ("bruise_mm",)), person={"anticoagulant": True}),
    *_over_time("large-bruise-bleeding-risk", "a wide bruise over a small lump",
        (check(6, bruise_mm=60), check(0, bruised=True, length_mm=20, method="ruler")),
        (0, "fires"), (0.9, "fires"), (1, ("bruise_mm",)), (7, ("bruise_mm",)), person={"anticoagulant": True}),
    *_over_time("large-bruise-bleeding-risk", "a wide bruise over a large lump",
        (check(6, bruise_mm=60), check(0, bruised=True, length_mm=51, method="ruler")),
        (0, "fires"), (6.9, "fires"), (7, ("bruise_mm",)), person={"anticoagulant": True}),
    *_over_time("mole-score", "the one point beside the size",
        (check(0, size_change=True, length_mm=7, method="ruler", **NO_MOLE),),
        (0, "fires"), (27.9, "fires"), (28, ("size_change",))),
]  # fmt: skip
ACCIDENT: Mapping[str, Any] = {"noticed": 20, "background": {"cause": "serious_accident"}}
HURT = [
    *_over_time("accident-back-pain", "the back hurt within the six weeks",
        (check(1, back_pain=True),),
        (0, "fires"), (21, "fires"), (22, ("back_pain",)), (400, ("back_pain",)), site="thigh", **ACCIDENT),
    *_over_time("accident-back-pain", "the back has been asked about since",
        (check(1, back_pain=True), check(-40, back_pain=True)),
        (39, ("back_pain",)), (40, "quiet"), (400, "quiet"), site="thigh", **ACCIDENT),
    *_over_time("accident-back-pain", "the back did not hurt",
        (check(1, back_pain=False),),
        (0, "quiet"), (22, "quiet"), site="thigh", **ACCIDENT),
    *_over_time("accident-back", "a lump on the back that hurt within the six weeks",
        (check(1, back_pain=True),),
        (21, "fires"), (22, ("back_pain",)), site="upper_back", **ACCIDENT),
    *_over_time("accident-back", "a lump on the back, nobody asked about pain",
        (check(1),),
        (21, "fires"), (22, "quiet"), site="upper_back", **ACCIDENT),
]  # fmt: skip
EVERY = SORE + NOES + HURT
