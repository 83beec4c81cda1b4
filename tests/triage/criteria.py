"""Invented people, one a line, for each criterion of the clinical evidence: at its number, one below, one above.

Written from sections 1.1 to 1.8 and the contract's section 3, not from the rules: what a careful reader would expect.
Each case: the criterion that decides, the level expected, what decides in words, and all that was logged. `age`: "45y"
is some way past that birthday, "=25y" on it, "<25y" the day before it; `days` since the lump was noticed, `ago` since
the check, `before` earlier checks, `size` in mm by ruler.
"""

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

EMERGENCY_AND_SAME_DAY = [
    *[case("E01", "emergency", f"{one}, lump on the lower back", site="lower_back", **{one: True}) for one in NERVES],
    *[case("E01", "emergency", f"back pain and {one}, lump on the thigh", CALM, site="thigh", back_pain=True,
         **{one: True}) for one in NERVES],
    case("E01", "emergency", "a child counts too", site="lower_back", age="8y", bladder_change=True),
    case("E02", "emergency", "said 20 days ago, not asked since", site="lower_back", days=30, ago=20,
         bladder_change=True),
    case("E02", "same_day", "one leg only, no back pain", CALM, site="lower_back", numb_or_weak_beyond=True,
         back_pain=False),
    case("E03", "emergency", "lump on the back after a serious accident", site="flank", cause="serious_accident"),
    case("E03", "emergency", "back pain after a serious accident", site="thigh", cause="serious_accident",
         back_pain=True),
    case("E03", "emergency", "back lump and chest pain", site="upper_back", chest_pain=True),
    case("E03", "emergency", "back pain and chest pain", site="forearm", back_pain=True, chest_pain=True),
    *[case("E04", "emergency", f"infected, {one}", BOIL, site="thigh", **{one: True})
         for one in ("confusion", "mottled_skin", "non_fading_rash", "breathless", "fast_breathing")],
    case("E04", "emergency", "infected under the skin, breathless", kind="under_skin", cause="infection",
         breathless=True),
    *[case("E05", "emergency", f"child, {one}", age="6y", **{one: True}) for one in ("hard_to_wake", "fit")],
    *[case("E05", "same_day", f"under five, boil, {one}", BOIL, age="<5y", site="thigh", size=10, **{one: True})
         for one in ("not_feeding", "vomiting", "no_wet_nappy_12h")],
    case("E05", "watch", "five today, boil, not feeding", BOIL, age="=5y", site="thigh", size=10, not_feeding=True),
    case("E06", "emergency", "a day under three months, 38.0", age="<3m", temperature_c=38.0),
    case("E06", "watch", "a day under three months, 37.9", age="<3m", temperature_c=37.9),
    case("E06", "routine", "three months today, 38.0", site="chest", age="=3m", temperature_c=38.0),
    case("E06", "emergency", "felt today, the cool reading is of last week", age="<3m", fever=True, before=[(2,
         {"temperature_c": 36.8})]),
    case("E07", "emergency", "spreading, 38.0 and sick", site="calf", spreading_redness=True, temperature_c=38.0,
         vomiting=True),
    case("E07", "same_day", "spreading, 37.9 and sick", site="calf", spreading_redness=True, temperature_c=37.9,
         vomiting=True),
    *[case("E07", "emergency", f"spreading and {one}", site="calf", spreading_redness=True, **{one: True})
         for one in ("confusion", "fast_breathing", "dizzy")],
    case("E07", "emergency", "purple skin and a fever", site="calf", purple_or_black=True, fever=True),
    case("E07", "emergency", "blisters, pain of 9", site="calf", blistered=True, pain=9),
    case("E07", "watch", "a purple bruise after a fall", FALL, site="thigh", purple_or_black=True, pain=3),
    *[case("E08", "emergency", one, GLAND, site="neck", **{one: True})
         for one in ("hard_to_breathe", "noisy_breathing", "drooling")],
    case("E08", "same_day", "hard to swallow", COLD, site="neck", hard_to_swallow=True),
    case("E09", "emergency", "cannot be pushed back", site="groin", kind="comes_and_goes", pushes_back=False),
    case("E09", "emergency", "firm", site="groin", kind="comes_and_goes", consistency="firm"),
    case("E09", "emergency", "sore", site="abdomen", kind="comes_and_goes", pain=4),
    case("E09", "emergency", "pushed back last month, sore now", site="groin", kind="comes_and_goes", pain=5,
         before=[(30, {"pushes_back": True})]),
    case("E09", "emergency", "sore, and pushed back today", site="groin", kind="comes_and_goes", pain=5,
         pushes_back=True),
    case("E09", "emergency", "no stool or wind", site="groin", kind="comes_and_goes", no_stool_or_wind=True, pain=0),
    case("E09", "emergency", "down in the scrotum, vomiting", site="scrotum", kind="comes_and_goes", vomiting=True),
    case("E09", "emergency", "flank, cannot be pushed back", site="flank", kind="comes_and_goes", pushes_back=False),
    case("E10", "emergency", "sudden pain in a boy", site="scrotum", age="13y", sex="male", pain_severe_sudden=True),
    case("E10", "same_day", "severe, not sudden", site="scrotum", pain=8, pain_severe_sudden=False),
    case("E11", "emergency", "scalp lump after a blow", FALL, site="scalp", anticoagulant=True),
    case("E11", "watch", "no blood thinner", FALL, site="scalp", anticoagulant=False, bleeding_disorder=False, days=1),
    case("E11", "emergency", "head injury, the lump is on the arm", CALM, site="forearm", anticoagulant=True,
         head_injury=True),
    case("E12", "emergency", "will not stop bleeding", CALM, site="calf", anticoagulant=True, bleeding_wont_stop=True),
    *[case("E13", "emergency", f"swelling by the hour, {one}", FALL, site="calf", swelling_fast=True, **{one: value})
         for one, value in (("pain", 7), ("numb_or_weak_beyond", True), ("limb_cold", True), ("dizzy", True),
         ("collapse", True))],
    case("E13", "same_day", "swelling by the hour, pain of 6", FALL, site="calf", swelling_fast=True, pain=6),
    *[case("E14", "emergency", f"after a sting, {one}", BITE, site="hand", cause="sting", **{one: True})
         for one in ("hard_to_breathe", "breathless", "face_or_mouth_swelling", "wheeze", "dizzy")],
    case("E14", "emergency", "stung on the lip, wheezing, no cause given", site="lip", wheeze=True),
    *[case("E15", "emergency", f"pulses and {one}", site=site, pulsates=True, **{one: True})
         for site, one in (("abdomen", "pain_severe_sudden"), ("groin", "collapse"), ("knee", "limb_cold"))],
    case("E15", "same_day", "pulses, nothing else", CALM, site="knee", pulsates=True),
    case("E16", "emergency", "pin-prick spots, a day under 25", CALM, age="<25y", pin_prick_spots=True),
    case("E16", "same_day", "pin-prick spots at 25", CALM, age="=25y", pin_prick_spots=True),
    *[case("E17", "emergency", f"one leg swollen, {one}", CALM, site="calf", one_leg_swollen=True, **{one: True})
         for one in ("breathless", "chest_pain")],
    case("E17", "same_day", "one leg swollen", CALM, site="calf", one_leg_swollen=True, hot=True),
    *[case("E18", "emergency", one, site="eyelid", **{one: True})
         for one in ("eye_bulging", "eye_movement_pain", "vision_change")],
    case("E19", "emergency", "a bruise at five months", age="5m", site="thigh", cause="none", bruised=True),
    case("E19", "emergency", "a bruise at eleven months, not crawling", age="11m", not_yet_crawling=True, bruised=True),
    case("E19", "emergency", "only its width was given", age="5m", site="thigh", cause="none", bruise_mm=12),
    case("E19", "watch", "a bruise at eleven months, crawling", age="11m", not_yet_crawling=False, bruised=True,
         size=9),
    case("D01", "same_day", "back pain, a lump on the back", CALM, site="upper_back", back_pain=True),
    *[case("D01", "same_day", f"back pain and {one}", CALM, site="thigh", back_pain=True, **{one: True})
         for one in ("back_shape_changed", "fever", "weight_loss", "pain_at_night")],
    case("D01", "watch", "the lump is elsewhere, back pain alone", CALM, site="thigh", back_pain=True, size=12),
    case("D01", "routine", "the lump's own pain is not back pain", CALM, site="lower_back", side="left", pain=5,
         back_pain=False),
    *[case("D02", "same_day", f"natal cleft, {one}", site="natal_cleft", **{one: value})
         for one, value in (("pain", 4), ("bleeding", True), ("pus", True))],
    case("D02", "watch", "natal cleft, none of it", CALM, site="natal_cleft", size=10, bleeding=False, pus=False),
    *[case("D03", "same_day", f"a boil on the {one}", BOIL, site=one, size=8, red=True)
         for one in ("face", "lip", "jaw")],
    case("D03", "same_day", "a boil over the spine", BOIL, site="lower_back", side="midline", size=8),
    case("D03", "watch", "a boil beside the spine", BOIL, site="lower_back", side="left", size=8, red=True),
    case("D03", "same_day", "a boil, 38.0", BOIL | {"fever": True}, site="thigh", size=8, temperature_c=38.0),
    case("D03", "watch", "a boil, 37.9", BOIL, site="thigh", size=8, temperature_c=37.9),
    case("D03", "same_day", "30 mm", BOIL, site="thigh", size=30),
    case("D03", "watch", "29 mm", BOIL, site="thigh", size=29, consistency="firm"),
    case("D03", "same_day", "soft and spongy at 22 mm", BOIL, site="thigh", size=22, consistency="fluid"),
    *[case("D03", "same_day", f"a boil and {one}", BOIL, site="thigh", size=8, **{one: True})
         for one in ("weak_immunity", "diabetes", "transplant")],
    case("D03", "watch", "a boil on day 13", BOIL, site="thigh", size=8, days=13, red=True),
    case("D03", "routine", "a boil on day 14", BOIL, site="thigh", size=8, days=14, red=True),
    case("D04", "same_day", "red and hot at three", CALM, age="3y", site="calf", red=True, hot=True),
    case("D04", "same_day", "red and hot at 66", CALM, age="66y", site="calf", red=True, hot=True),
    case("D04", "routine", "red and hot at 45", CALM, site="calf", red=True, hot=True),
    case("D04", "same_day", "an eyelid red and hot", site="eyelid", red=True, hot=True),
    case("D05", "same_day", "redness that spreads", CALM, site="calf", spreading_redness=True),
    case("D06", "same_day", "three months today, 39.0", age="=3m", temperature_c=39.0),
    case("D06", "same_day", "a day under six months, 39.0", age="<6m", temperature_c=39.0),
    case("D06", "routine", "six months today, 39.0", site="chest", age="=6m", temperature_c=39.0),
    case("D06", "same_day", "under or over three months, 39.0", age="2026-03", temperature_c=39.0),
    case("D07", "same_day", "a day under five, knee and fever", age="<5y", site="knee", temperature_c=38.0),
    case("D07", "routine", "five today, knee and fever", age="=5y", site="knee", size=10, temperature_c=38.0),
    case("D08", "same_day", "a bruise of 51 mm", FALL, site="thigh", anticoagulant=True, bruise_mm=51),
    case("D08", "watch", "a bruise of 50 mm", FALL, site="thigh", anticoagulant=True, bruise_mm=50, size=20),
    case("D08", "same_day", "the bruised lump is 56 mm", FALL, site="thigh", anticoagulant=True, bruised=True, size=56),
    case("D09", "same_day", "a breast with pus", site="breast", sex="female", pus=True),
    case("D03", "same_day", "an infection under the skin, 38.0", kind="under_skin", cause="infection",
         temperature_c=38.0),
    case("R02", "routine", "a gland after a cold, 38.0", COLD, site="neck", age="38y", size=9, temperature_c=38.0),
    case("D09", "same_day", "an inflamed breast lump full of fluid", FALL | {"consistency": "fluid"}, site="breast",
         breast_inflamed=True),
    case("D09", "this_week", "red again after antibiotics, at 26", site="breast", age="26y", red=True,
         antibiotics_not_working=True),
    case("D10", "same_day", "breastfeeding, inflamed, fever", site="breast", age="29y", breastfeeding=True,
         breast_inflamed=True, fever=True),
    case("D11", "same_day", "sore by the back passage", site="anus", pain=6),
    case("D12", "same_day", "toothache and fever", site="jaw", cause="infection", toothache=True, fever=True),
    case("D12", "same_day", "the mouth will not open", site="jaw", cause="infection", jaw_wont_open=True),
    case("D12", "emergency", "... and hard to swallow", site="jaw", cause="infection", jaw_wont_open=True,
         hard_to_swallow=True),
    *[case("D13", "same_day", f"baby, {one}", site="lower_back", side="midline", age="4m", **{one: True})
         for one in ("clear_leak", "numb_or_weak_beyond")],
    case("D13", "same_day", "the crease is the midline, side left blank", site="natal_cleft", age="4m",
         clear_leak=True),
    case("D14", "same_day", "day 30 after an operation, pus", site="thigh", cause="surgery", days=30, pus=True),
    case("D14", "routine", "day 31 after an operation, pus", site="thigh", cause="surgery", days=31, pus=True),
]

SOON = [
    case("V01", "next_day", "bigger, a day under 25", CALM | {"trend": "bigger"}, age="<25y"),
    case("U01", "this_week", "bigger at 25", CALM | {"trend": "bigger"}, age="=25y"),
    case("V01", "this_week", "bigger, age not known", CALM | {"trend": "bigger"}, age=None),
    case("V01", "this_week", "bigger, 24 or 25", CALM | {"trend": "bigger"}, age="2001"),
    case("V01", "next_day", "bigger, 23 or 24", CALM | {"trend": "bigger"}, age="2002"),
    case("V02", "next_day", "bone pain, a day under 25", CALM, age="<25y", bone_pain=True),
    case("V03", "next_day", "an unexplained gland, a day under 25", GLAND, site="groin", age="<25y", size=8),
    case("R02", "routine", "an unexplained gland at 25", GLAND, site="groin", age="=25y", size=8),
    case("V03", "next_day", "a neck lump, nothing said of it", site="neck", age="10y"),
    case("V04", "next_day", "glands in two regions after a cold", COLD, site="neck", age="10y", size=8,
         other_gland_regions=1),
    case("V05", "next_day", "an arm lump, glands in two regions", CALM, size=8, other_gland_regions=2),
    case("R02", "routine", "an arm lump, glands in one region", CALM, size=8, other_gland_regions=1),
    case("V06", "next_day", "a deep belly lump, a day under 16", site="abdomen", age="<16y", kind="deep", size=15),
    case("V07", "next_day", "20 mm, a day under 25", CALM, age="<25y", size=20),
    case("V07", "watch", "19 mm, a day under 25", CALM, age="<25y", size=19),
    case("V07", "next_day", "deep at 9 mm", CALM | {"kind": "deep"}, age="12y", size=9),
    case("V07", "next_day", "fixed at 9 mm", CALM | {"mobility": "fixed"}, age="12y", size=9),
    case("V07", "next_day", "with a swollen gland elsewhere", CALM, age="12y", size=9, other_gland_regions=1),
    case("V07", "next_day", "back where a cancer was removed", CALM, age="12y", size=9, removed_here_before=True,
         past_cancer=True),
    case("V07", "this_week", "back where a lump was removed", CALM, age="12y", size=9, removed_here_before=True),
    case("V07", "next_day", "after a fall, bigger on day 28", FALL, age="12y", size=12, days=28, trend="bigger"),
    case("V08", "next_day", "collar bone at 24", COLD, site="supraclavicular", age="<25y"),
    case("U24", "this_week", "collar bone at 25", COLD, site="supraclavicular", age="=25y"),
    case("V08", "next_day", "armpit gland after a cold", COLD, site="axilla", age="8y", size=7),
    case("V08", "next_day", "neck gland of 20 mm after a cold", COLD, site="neck", age="8y", size=20),
    *[case("V08", "next_day", f"neck gland after a cold, {one}", COLD, site="neck", age="8y", size=9, **{one: True})
         for one in ("night_sweats", "weight_loss", "bone_pain", "limp")],
    case("V09", "next_day", "hard neck gland after a cold", COLD | {"consistency": "hard"}, site="neck", age="8y",
         size=9),
    case("V09", "next_day", "neck gland after a cold, bigger", COLD | {"trend": "bigger"}, site="neck", age="8y",
         size=9),
    case("U02", "this_week", "50 mm", CALM, size=50),
    case("U02", "routine", "49 mm", CALM, size=49),
    case("U02", "this_week", "43 mm and bigger", CALM | {"trend": "bigger"}, size=43),
    case("U02", "this_week", "60 mm, 20 days after a fall, no smaller", FALL, size=60, days=20, trend="same"),
    case("U02", "watch", "60 mm, 20 days after a fall, smaller", FALL, size=60, days=20, trend="smaller"),
    case("U03", "this_week", "deep, 10 mm", CALM | {"kind": "deep"}, size=10),
    case("U03", "this_week", "fixed, 10 mm", CALM | {"mobility": "fixed"}, size=10),
    case("U03", "this_week", "deep after a fall, still there on day 43", FALL | {"kind": "deep"}, days=43,
         trend="smaller", size=20),
    case("U04", "this_week", "hard", CALM | {"consistency": "hard"}, size=8),
    case("U05", "this_week", "in an old radiotherapy field", CALM, size=8, radiotherapy_here=True),
    case("U10", "this_week", "breast at 30", CALM, site="breast", age="=30y"),
    case("R03", "routine", "breast a day under 30", CALM, site="breast", age="<30y"),
    case("R03", "routine", "breast, 29 or 30", CALM, site="breast", age="1996"),
    case("R01", "routine", "breast at 45 after a knock", FALL, site="breast"),
    case("U11", "this_week", "nipple change at 50, lump explained", FALL, site="breast", age="=50y",
         nipple_change=True),
    case("U11", "routine", "nipple change a day under 50, lump explained", FALL, site="breast", age="<50y",
         nipple_change=True),
    case("U12", "this_week", "dimpled breast skin at 20", CALM, site="breast", age="20y", dimpled=True),
    case("U13", "this_week", "armpit at 30", CALM, site="axilla", age="=30y", size=9),
    case("U13", "watch", "armpit a day under 30, not a gland", CALM, site="axilla", age="<30y", size=9),
    case("U14", "this_week", "where a cyst was drained", CALM, site="breast", age="27y", drained_cyst_here=True),
    case("U15", "this_week", "firm neck gland on day 14", GLAND | {"consistency": "firm"}, site="neck", age="38y",
         size=9, days=14),
    case("U15", "routine", "firm neck gland on day 13", GLAND | {"consistency": "firm"}, site="neck", age="38y", size=9,
         days=13),
    case("U15", "this_week", "16 mm on day 14", GLAND, site="neck", age="38y", size=16, days=14),
    case("U15", "routine", "15 mm on day 14", GLAND, site="neck", age="38y", size=15, days=14),
    case("U15", "routine", "16 mm on day 14 after a cold", COLD, site="neck", age="38y", size=16, days=14),
    case("U15", "this_week", "firm, nobody knows since when", site="neck", age="38y", days=None, consistency="firm"),
    case("U15", "this_week", "firm on day 14, age not known", GLAND | {"consistency": "firm"}, site="neck", age=None,
         size=9, days=14),
    case("U16", "this_week", "parotid on day 21", CALM, site="jaw", age="38y", size=9, days=21),
    case("U16", "routine", "parotid on day 20", CALM, site="jaw", age="38y", size=9, days=20),
    case("U17", "this_week", "neck at 45", CALM, site="neck", age="=45y", size=9),
    case("U17", "watch", "neck a day under 45", CALM, site="neck", age="<45y", size=9),
    case("U18", "this_week", "mouth sore of 22 days, bitten", site="mouth", cause="injury", days=3, ulcer=True,
         ulcer_days=22),
    case("U18", "routine", "mouth sore of 21 days, bitten", site="mouth", cause="injury", days=3, ulcer=True,
         ulcer_days=21),
    case("U19", "this_week", "a lump on the lip", CALM, site="lip", size=4),
    case("U19", "this_week", "a patch in the mouth", site="mouth", cause="injury", mouth_patch=True),
    case("U20", "this_week", "thyroid", CALM, site="thyroid", age="14y", size=9),
    case("U21", "this_week", "testicle", CALM, site="scrotum", age="17y", size=9),
    *[case("U22", "this_week", one, CALM, site=one, size=6) for one in ("penis", "vulva", "anus")],
    *[case("U23", "this_week", f"gland and {one}", GLAND, site="groin", size=9, **{one: True})
         for one in ("fever", "night_sweats", "weight_loss", "itch", "breathless")],
    case("U23", "this_week", "gland and night sweats, age not known", GLAND, site="groin", age=None, size=9,
         night_sweats=True),
    case("U24", "this_week", "elbow gland of 6 mm", GLAND, site="elbow", size=6),
    case("U24", "routine", "elbow gland of 5 mm", GLAND, site="elbow", size=5),
    case("U24", "this_week", "gland behind the knee", GLAND, site="knee", size=4),
    case("U25", "this_week", "groin gland of 21 mm after a cold", COLD, site="groin", size=21),
    case("U25", "watch", "groin gland of 20 mm after a cold", COLD, site="groin", size=20),
    case("U26", "this_week", "shape 2, oozing 1", kind="in_skin", cause="none", size=6, irregular_shape=True,
         oozing=True),
    case("U26", "routine", "shape 2, 6 mm", kind="in_skin", cause="none", size=6, irregular_shape=True),
    case("U26", "this_week", "shape 2, 7 mm 1", kind="in_skin", cause="none", size=7, irregular_shape=True),
    case("U26", "routine", "oozing 1, inflamed 1", kind="in_skin", cause="none", size=6, oozing=True,
         inflammation=True),
    *[case("U29", level, f"bleeding at every check for {ago} days", CALM, size=6, days=ago, bleeding=True, before=[(ago,
         {"bleeding": True}), (14, {"bleeding": True})]) for ago, level in ((28, "routine"), (29, "this_week"))],
    case("U30", "this_week", "in the skin after a transplant", kind="in_skin", cause="none", size=4, transplant=True),
    case("U31", "this_week", "5 % lost", CALM, size=8, weight_loss=True, weight_loss_percent=5),
    case("U31", "routine", "4.9 % lost", CALM, size=8, weight_loss=True, weight_loss_percent=4.9),
    case("U31", "this_week", "4 % lost at 61", CALM, size=8, age="61y", weight_loss=True, weight_loss_percent=4),
    case("U31", "watch", "6 % lost, meant to", CALM, size=8, weight_loss=False, weight_loss_percent=6),
    *[case("U32", "this_week", f"eyelid, {one}", site="eyelid", **{one: True})
         for one in ("lash_loss", "ulcer", "removed_here_before")],
    case("U34", "this_week", "new, inherited risk", CALM, size=6, cancer_predisposition=True),
    case("U34", "this_week", "bigger in long-lasting swelling", CALM | {"cause": "injury", "trend": "bigger"}, size=6,
         lymphoedema=True),
    case("I01", "next_day", "6 mm pit", DIMPLE | {"pit_mm": 6}, site="natal_cleft", age="2m"),
    case("I01", "watch", "5 mm pit", DIMPLE | {"pit_mm": 5}, site="natal_cleft", age="2m"),
    case("I01", "next_day", "26 mm above", DIMPLE | {"pit_above_anus_mm": 26}, site="natal_cleft", age="2m"),
    case("I01", "watch", "25 mm above", DIMPLE | {"pit_above_anus_mm": 25}, site="natal_cleft", age="2m"),
    *[case("I01", "next_day", f"dimple with {one}", DIMPLE | {one: True}, site="natal_cleft", age="2m")
         for one in ("hair_tuft", "skin_tag", "birthmark", "duplicated_cleft")],
    case("I01", "next_day", "base not seen", DIMPLE | {"pit_base_seen": False}, site="natal_cleft", age="2m"),
    case("I02", "watch", "simple, since birth", DIMPLE, site="natal_cleft", age="2m", days=80),
    case("I02", "routine", "not asked about hair: not simple", DIMPLE | {"hair_tuft": None}, site="natal_cleft",
         age="2m", days=80),
    case("I01", "next_day", "midline lump, a day under one", site="lower_back", side="midline", age="<1y"),
    case("I03", "routine", "midline lump at one", site="lower_back", side="midline", age="=1y", size=8),
]

ROUTINE_AND_WATCH = [
    case("R01", "watch", "day 13", CALM, size=24, days=13),
    case("R01", "routine", "day 14", CALM, size=12, days=14),
    case("R01", "watch", "day 13 in London, 3 in the morning", days=None, ago=13.4, size=9, zone="Europe/London"),
    case("R01", "routine", "the same instant is the evening before in New York", days=None, ago=13.4, size=9,
         zone="America/New_York"),
    case("R01", "routine", "pain of 4", CALM | {"pain": 4}),
    case("R01", "watch", "pain of 3", CALM | {"pain": 3}),
    case("1.8", "same_day", "pain of 7", CALM | {"pain": 7}),
    case("1.8", "routine", "pain of 6", CALM | {"pain": 6}),
    case("U07", "routine", "pain at night alone", CALM, size=9, pain_at_night=True),
    case("R02", "watch", "gland after a cold, day 6", COLD, site="groin", size=9, days=6),
    case("R02", "routine", "gland after a cold, day 7", COLD, site="groin", size=9, days=7),
    case("R02", "routine", "gland after a cold that does not move", COLD | {"mobility": "fixed"}, site="neck",
         age="38y", size=9),
    case("R02", "this_week", "gland after a cold, day 21", COLD, site="groin", size=9, days=21),
    case("R04", "watch", "after a fall, smaller, day 27", FALL, days=27, trend="smaller", size=20),
    case("R04", "routine", "after a fall, smaller, day 28", FALL, days=28, trend="smaller", size=20),
    case("R04", "routine", "after a fall, no smaller, day 14", FALL, days=14, trend="same", size=20),
    case("R04", "watch", "after a fall, no smaller, day 13", FALL, days=13, trend="same", size=20),
    case("C03", "watch", "sore and smaller after a fall", FALL | {"pain": 5}, days=9, trend="smaller", size=30),
    case("R06", "routine", "25 mm, cause not known", CALM, size=25),
    case("R08", "watch", "a stye, day 5, red with a yellow head", BOIL, site="eyelid", size=5, days=5, red=True,
         pus=True),
    case("R08", "routine", "a stye, day 14", BOIL, site="eyelid", size=5, days=14, red=True),
    case("R09", "routine", "pushes back, no pain", site="groin", kind="comes_and_goes", pushes_back=True, pain=0,
         size=60),
    case("C04", "watch", "a bite, day 6, red, hot and 35 mm", BITE, days=6, red=True, hot=True, size=35),
    case("C04", "routine", "a bite, day 7", BITE, days=7, size=10),
    case("C04", "same_day", "a bite, the redness spreads", BITE | {"spreading_redness": True}, days=2),
    case("C04", "watch", "a bite on a child of three, red and hot", BITE, age="3y", days=2, red=True, hot=True,
         size=12),
    case("C06", "watch", "neck gland after a cold, sore, not smaller", COLD | {"pain": 5}, site="neck", age="6y",
         size=15, days=5),
    case("C06", "watch", "firm but smaller", COLD | {"consistency": "firm", "trend": "smaller"}, site="neck", age="6y",
         size=15, days=9),
    case("C06", "routine", "smaller, day 14", COLD | {"trend": "smaller"}, site="neck", age="6y", size=15, days=14),
    case("1.8", "watch", "everything blank", ago=0.02, size=9),
    case("1.8", "watch", "never measured, nothing said", site="thigh"),
]
# fmt: on

CASES = [*EMERGENCY_AND_SAME_DAY, *SOON, *ROUTINE_AND_WATCH]
