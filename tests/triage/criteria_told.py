"""What the invented people of the criteria have in common: a case, and what is often logged together."""

from __future__ import annotations

from typing import Any, NamedTuple


class Case(NamedTuple):
    """One invented person: what decides, what is expected, and everything that was logged."""

    criterion: str
    level: str
    says: str
    told: dict[str, Any]  # Any: JSON


def case(criterion: str, level: str, says: str, *parts: dict[str, Any], **told: Any) -> Case:  # Any: JSON
    merged: dict[str, Any] = {}
    for part in (*parts, told):
        merged |= part
    return Case(criterion, level, says, merged)


# fmt: off
GLAND = {"kind": "gland", "cause": "none", "consistency": "soft", "mobility": "moves", "pain": 0, "trend": "same"}
COLD = GLAND | {"cause": "infection"}
CALM = {"kind": "under_skin", "cause": "none", "consistency": "soft", "mobility": "moves", "pain": 0, "trend": "same"}
BOIL = {"kind": "in_skin", "cause": "infection", "fever": False, "spreading_redness": False}
FALL = {"kind": "under_skin", "cause": "injury", "consistency": "soft", "mobility": "moves", "pain": 0}
BITE = {"kind": "in_skin", "cause": "insect_bite", "spreading_redness": False}
DIMPLE = {"kind": "in_skin", "pit": True, "pit_base_seen": True, "pit_mm": 4, "pit_above_anus_mm": 10,
          "since_birth": True, "hair_tuft": False, "skin_tag": False, "birthmark": False, "duplicated_cleft": False,
          "side": "midline"}

NERVES = ("saddle_numbness", "bladder_change", "bowel_change", "both_legs_affected", "sexual_sensation_change")
# fmt: on
