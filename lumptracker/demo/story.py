"""What Ada logged: three lumps told as data, each moment so many days before now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lumptracker.demo.pictures import Scene

Fields = Mapping[str, object]

# What "None of these" writes on the screens of a first check: asked, and answered no.
WELL = dict.fromkeys(
    (
        "fever",
        "chills",
        "vomiting",
        "dizzy",
        "breathless",
        "chest_pain",
        "confusion",
        "collapse",
        "bleeding_wont_stop",
        "non_fading_rash",
        "mottled_skin",
        "fast_breathing",
        "hard_to_breathe",
    ),
    False,
)
BACK = dict.fromkeys(
    ("saddle_numbness", "bladder_change", "bowel_change", "both_legs_affected", "numb_or_weak_beyond"), False
)
SKIN = dict.fromkeys(
    (
        "red",
        "hot",
        "spreading_redness",
        "ulcer",
        "bleeding",
        "pus",
        "dimpled",
        "purple_or_black",
        "blistered",
        "bruised",
        "colour_change",
        "clear_leak",
    ),
    False,
)
WEEKS = dict.fromkeys(("night_sweats", "weight_loss", "itch", "fatigue", "bone_pain"), False)


@dataclass(frozen=True, slots=True)
class Check:
    """One sitting: days ago, readings of the longest diameter, what was answered, and a picture where one was taken."""

    days_ago: float
    readings_mm: tuple[float, ...]
    width_mm: float | None
    signs: Fields
    note: str = ""
    scene: Scene | None = None


@dataclass(frozen=True, slots=True)
class Care:
    """A step of care: days ago, and for a review how many days ahead."""

    days_ago: int
    kind: str
    outcome: str | None = None
    review_in_days: int | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """One lump. `noticed_days_ago` is what Ada remembers."""

    fields: Fields
    noticed_days_ago: int
    checks: tuple[Check, ...]
    care: tuple[Care, ...] = field(default=())


PERSON: Fields = {
    "name": "Ada",
    "colour": "teal",
    "birth_date": "1971-04",
    "sex": "female",
    "region": "GB",
    "time_zone": "Europe/London",
    "background": {
        "anticoagulant": True,
        "bleeding_disorder": False,
        "weak_immunity": False,
        "transplant": False,
        "diabetes": False,
        "past_cancer": False,
    },
}

LOWER_BACK = Story(
    fields={
        "label": "By the waistband",
        "site": "lower_back",
        "side": "left",
        "pin": {"view": "back", "x": 0.42, "y": 0.46},
        "first_noticed_certainty": "about",
        "background": {"cause": "none", "kind": "under_skin", "since_birth": False, "removed_here_before": False},
    },
    noticed_days_ago=63,
    checks=(
        Check(
            42,
            (12, 12, 13),
            10,
            {
                **WELL,
                **BACK,
                **SKIN,
                **WEEKS,
                "consistency": "rubbery",
                "mobility": "moves",
                "pain": 0,
                "trend": "unsure",
                "back_pain": False,
            },
            "Found it in the shower some weeks ago.",
            Scene(12, 10, light=0.2),
        ),
        Check(35, (13, 13, 13), 11, {"pain": 0, "trend": "same"}),
        Check(28, (14, 15, 14), 12, {"pain": 1, "trend": "same", "fever": False}, scene=Scene(14, 12, light=-0.3)),
        Check(21, (15, 16, 16), 13, {"pain": 1, "trend": "bigger"}),
        Check(
            14,
            (17, 17, 18),
            14,
            {**SKIN, "pain": 2, "trend": "bigger", "consistency": "firm"},
            "Belt rubs on it.",
            Scene(17, 14, light=0.4, flush=0.18, turn=8),
        ),
        Check(7, (19, 19, 18), 16, {"pain": 2, "trend": "bigger", "fever": False, "weight_loss": False}),
        Check(
            0.1,
            (21, 21, 22),
            17,
            {
                **BACK,
                **WEEKS,
                "pain": 3,
                "trend": "bigger",
                "consistency": "firm",
                "mobility": "fixed",
                "pain_at_night": True,
                "fever": False,
            },
            "Woke me twice this week.",
            Scene(21, 17, light=0, flush=0.2, turn=-6),
        ),
    ),
    care=(Care(6, "told"), Care(4, "booked")),
)

FOREARM = Story(
    fields={
        "label": "Old soft one",
        "site": "forearm",
        "side": "right",
        "pin": {"view": "front", "x": 0.24, "y": 0.44},
        "first_noticed_certainty": "about",
        "background": {"cause": "none", "kind": "under_skin"},
    },
    noticed_days_ago=1500,
    checks=(
        Check(
            190,
            (18, 18, 17),
            15,
            {**SKIN, "consistency": "soft", "mobility": "moves", "pain": 0, "trend": "same"},
            scene=Scene(18, 15, light=0.1, flush=0.02),
        ),
        Check(128, (17, 18, 18), 15, {"pain": 0, "trend": "same"}),
        Check(65, (18, 19, 18), 15, {"pain": 0, "trend": "same"}, scene=Scene(18, 15, light=-0.2, flush=0.02)),
        Check(9, (18, 18, 18), 15, {"consistency": "soft", "mobility": "moves", "pain": 0, "trend": "same"}),
    ),
    care=(Care(180, "seen", "Soft and moves freely. Come back if it grows or hurts.", review_in_days=400),),
)

NECK = Story(
    fields={
        "label": "After the cold",
        "site": "neck",
        "side": "right",
        "pin": {"view": "front", "x": 0.54, "y": 0.16},
        "first_noticed_certainty": "exact",
        "background": {"cause": "infection", "kind": "gland"},
    },
    noticed_days_ago=16,
    checks=(
        Check(
            15,
            (15, 15, 16),
            None,
            {
                **WELL,
                **WEEKS,
                "consistency": "rubbery",
                "mobility": "moves",
                "pain": 3,
                "hard_to_swallow": False,
                "drooling": False,
                "noisy_breathing": False,
            },
        ),
        Check(8, (12, 12, 11), None, {"pain": 1, "trend": "smaller", "fever": False}),
        Check(2, (9, 9, 9), None, {"pain": 0, "trend": "smaller", "fever": False}),
    ),
)

STORIES = (LOWER_BACK, FOREARM, NECK)
