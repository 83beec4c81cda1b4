"""Twelve people with a lump each, as unlike each other as the page has to bear: the places, ages, paces and records."""

from __future__ import annotations

from dataclasses import dataclass

from lumptracker.demo.story import (
    BACK,
    FOREARM,
    LOWER_BACK,
    NECK,
    PERSON,
    SKIN,
    WEEKS,
    WELL,
    Care,
    Check,
    Fields,
    Story,
)


@dataclass(frozen=True, slots=True)
class Told:
    """A person, their lump, and the words that must stand in the first screen: site, how long, how fast, flag, done."""

    story: Story
    answers: tuple[str, str, str, str, str]
    person: Fields


def person(**fields: object) -> Fields:
    return {**PERSON, "background": {}, **fields}


def sized(days_ago: float, length_mm: float, **signs: object) -> Check:
    return Check(days_ago, (length_mm,), None, signs)


def lump(site: str, *, days: int, checks: tuple[Check, ...], care: tuple[Care, ...] = (), **fields: object) -> Story:
    certain = {"first_noticed_certainty": "about", **fields}
    return Story(fields={"site": site, **certain}, noticed_days_ago=days, checks=checks, care=care)


CHILD_NECK = lump(
    "neck",
    side="left",
    days=21,
    checks=(
        sized(20, 12, fever=True, pain=2, trend="unsure"),
        sized(6, 22, fever=True, trend="bigger", drooling=True, hard_to_swallow=True),
        sized(1, 26, fever=True, trend="bigger", hard_to_breathe=True),
    ),
)
BREAST = lump(
    "breast",
    side="right",
    days=30,
    checks=(
        Check(
            28,
            (11, 12, 12),
            9,
            {**SKIN, **WEEKS, "consistency": "hard", "mobility": "moves", "nipple_discharge": False},
        ),
        Check(3, (12, 12, 13), 9, {"nipple_change": True, "dimpled": True, "trend": "same", "consistency": "hard"}),
    ),
    care=(Care(20, "told"), Care(15, "booked"), Care(2, "seen", "Referred to the breast clinic.", review_in_days=14)),
)
HERNIA = lump(
    "groin",
    side="right",
    days=400,
    checks=(
        Check(300, (30,), None, {"pushes_back": True, "pain": 0}),
        Check(0.2, (45,), None, {"pushes_back": False, "pain": 8, "vomiting": True, "pain_severe_sudden": True}),
    ),
    background={"kind": "comes_and_goes"},
)
BITE = lump(
    "calf",
    side="left",
    days=4,
    checks=(
        Check(2, (15,), 12, {"red": True, "hot": True, "fever": False}),
        sized(1, 22, red=True, spreading_redness=True),
    ),
    first_noticed_certainty="exact",
    background={"cause": "insect_bite"},
)
MOLE = lump(
    "upper_back",
    side="midline",
    days=700,
    checks=tuple(
        Check(
            60.0 * (8 - number),
            (5 + number / 2,),
            4,
            {"irregular_colour": number > 4, "size_change": number > 5, "bleeding": number > 6},
        )
        for number in range(8)
    ),
    background={"kind": "in_skin"},
)
SCROTUM = lump("scrotum", side="left", days=10, checks=(Check(5, (8,), 6, {"consistency": "hard", "pain": 0}),))
NEVER_MEASURED = Story(
    fields={"site": "axilla", "side": "left"},
    noticed_days_ago=45,
    checks=(Check(2, (14,), None, {"trend": "unsure"}),),
)
GONE = lump(
    "thigh",
    side="right",
    days=60,
    checks=(
        Check(50, (20,), None, {**SKIN, "bruise_mm": 40.0}),
        Check(20, (9,), None, {"trend": "smaller"}),
        Check(2, (4,), None, {"trend": "smaller"}),
    ),
    care=(
        Care(40, "seen", "A bruise. It goes by itself.", review_in_days=30),
        Care(30, "imaging"),
        Care(29, "result", "Nothing else seen."),
    ),
    background={"cause": "injury"},
)
EVERYTHING_NO = lump(
    "chest",
    side="midline",
    days=25,
    checks=(
        Check(
            24,
            (10, 10, 10),
            8,
            {**WELL, **WEEKS, **SKIN, **BACK, "pain": 0, "consistency": "soft", "mobility": "moves", "trend": "same"},
        ),
        Check(1, (10, 10, 10), 8, {**WELL, **WEEKS, **SKIN, **BACK, "pain": 0, "trend": "same"}),
    ),
)

TWELVE: dict[str, Told] = {
    "growing back": Told(
        LOWER_BACK, ("Left lower back", "9 weeks", "volume doubling", "Pain at night", "Booked"), PERSON
    ),
    "old forearm": Told(FOREARM, ("Right forearm", "4 years", "No change", "none answered yes", "Seen by"), PERSON),
    "neck after a cold": Told(NECK, ("Right neck", "2 weeks", "No change", "none answered yes", "told nobody"), PERSON),
    "child's neck": Told(
        CHILD_NECK,
        ("Left neck", "3 weeks", "\\+14 mm", "Fever", "told nobody"),
        person(birth_date="2022-03"),
    ),
    "breast": Told(
        BREAST, ("Right breast", "4 weeks", "Too few|No change", "nipple", "Referred"), person(sex="female")
    ),
    "hernia": Told(
        HERNIA,
        ("Right groin", "13 months", "Bigger|No change", "Sudden", "told nobody"),
        person(birth_date="1948", sex="male"),
    ),
    "bite": Told(BITE, ("Left lower leg", "4 days", "Bigger|No change", "Colour spreading", "told nobody"), person()),
    "mole": Told(
        MOLE,
        ("Upper back, midline", "22 months|23 months", "Bigger|No change", "Bleeding", "told nobody"),
        person(background={"past_cancer": True, "weak_immunity": True}),
    ),
    "scrotum": Told(
        SCROTUM,
        ("Left testicle or scrotum", "10 days", "Too few", "none answered yes", "told nobody"),
        person(sex="male", birth_date="1999-05-05"),
    ),
    "one look": Told(
        NEVER_MEASURED,
        ("Left (armpit|axilla)", "6 weeks", "Too few", "none answered yes", "told nobody"),
        person(birth_date=None, sex=None, name=""),
    ),
    "going away": Told(GONE, ("Right thigh", "8 weeks", "smaller", "none answered yes", "bruise"), person(region="US")),
    "all answered no": Told(
        EVERYTHING_NO, ("Chest, midline", "3 weeks", "Too few|No change", "none answered yes", "told nobody"), person()
    ),
}
