"""Nine more people with a lump each. With Ada's three: twelve histories as unlike as the clinician's page has to bear.

The places, ages, paces and records differ; nothing here is anybody's.
"""

from __future__ import annotations

from lumptracker.demo.story import BACK, PERSON, SKIN, WEEKS, WELL, Care, Check, Fields, Story


def _person(**fields: object) -> Fields:
    return {**PERSON, "background": {}, **fields}


def _sized(days_ago: float, length_mm: float, **signs: object) -> Check:
    return Check(days_ago, (length_mm,), None, signs)


def _lump(site: str, *, days: int, checks: tuple[Check, ...], care: tuple[Care, ...] = (), **fields: object) -> Story:
    certain = {"first_noticed_certainty": "about", **fields}
    return Story(fields={"site": site, **certain}, noticed_days_ago=days, checks=checks, care=care)


CHILD_NECK = _lump(
    "neck",
    side="left",
    days=21,
    checks=(
        _sized(20, 12, fever=True, pain=2, trend="unsure"),
        _sized(6, 22, fever=True, trend="bigger", drooling=True, hard_to_swallow=True),
        _sized(1, 26, fever=True, trend="bigger", hard_to_breathe=True),
    ),
)
BREAST = _lump(
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
HERNIA = _lump(
    "groin",
    side="right",
    days=400,
    checks=(
        Check(300, (30,), None, {"pushes_back": True, "pain": 0}),
        Check(0.2, (45,), None, {"pushes_back": False, "pain": 8, "vomiting": True, "pain_severe_sudden": True}),
    ),
    background={"kind": "comes_and_goes"},
)
BITE = _lump(
    "calf",
    side="left",
    days=4,
    checks=(
        Check(2, (15,), 12, {"red": True, "hot": True, "fever": False}),
        _sized(1, 22, red=True, spreading_redness=True),
    ),
    first_noticed_certainty="exact",
    background={"cause": "insect_bite"},
)
MOLE = _lump(
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
SCROTUM = _lump("scrotum", side="left", days=10, checks=(Check(5, (8,), 6, {"consistency": "hard", "pain": 0}),))
ONE_LOOK = Story(
    fields={"site": "axilla", "side": "left"},
    noticed_days_ago=45,
    checks=(Check(2, (14,), None, {"trend": "unsure"}),),
)
GONE = _lump(
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
EVERYTHING_NO = _lump(
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

# What Ada's own three are called among the twelve.
OF_ADA = ("growing back", "old forearm", "neck after a cold")

# Name → whose it is, and what was logged.
NINE: dict[str, tuple[Fields, Story]] = {
    "child's neck": (_person(birth_date="2022-03"), CHILD_NECK),
    "breast": (_person(sex="female"), BREAST),
    "hernia": (_person(birth_date="1948", sex="male"), HERNIA),
    "bite": (_person(), BITE),
    "mole": (_person(background={"past_cancer": True, "weak_immunity": True}), MOLE),
    "scrotum": (_person(sex="male", birth_date="1999-05-05"), SCROTUM),
    "one look": (_person(birth_date=None, sex=None, name=""), ONE_LOOK),
    "going away": (_person(region="US"), GONE),
    "all answered no": (_person(), EVERYTHING_NO),
}
