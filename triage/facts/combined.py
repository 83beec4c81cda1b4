"""Named facts that are plain combinations: any of these, all of these."""

from __future__ import annotations

from collections.abc import Mapping

from triage.facts.fact import Answer, Fact, Part, Value, crisp, unknown

# Named facts that are plain combinations: any of these, all of these.
ANY_OF: Mapping[str, tuple[tuple[str, str, Value], ...]] = {
    "cauda_equina_sign": (
        ("sign.saddle_numbness", "is", True),
        ("sign.bladder_change", "is", True),
        ("sign.bowel_change", "is", True),
        ("sign.both_legs_affected", "is", True),
        ("sign.sexual_sensation_change", "is", True),
    ),
    "pain.severe": (("sign.pain", ">=", 7), ("sign.pain_severe_sudden", "is", True)),
    "pain.more_than_mild": (("sign.pain", ">=", 4), ("sign.pain_severe_sudden", "is", True)),
    "skin.red_or_hot": (("sign.red", "is", True), ("sign.hot", "is", True)),
    "skin.infected": (
        ("sign.pus", "is", True),
        ("skin.infection_redness", "is", True),
        ("sign.spreading_redness", "is", True),
        ("lump.infection_in_skin", "is", True),
        ("skin.red_or_hot_with_fever", "is", True),
        ("skin.red_or_hot_after_infection", "is", True),
    ),
    "lump.boil_or_infected": (("skin.infected", "is", True), ("lump.infected_not_gland", "is", True)),
    "infection.bad": (("skin.infected", "is", True), ("fever", "is", True), ("pain.severe", "is", True)),
    "teeth_or_jaw": (("sign.toothache", "is", True), ("sign.jaw_wont_open", "is", True)),
    "lump.infected": (("skin.infected", "is", True), ("lump.cause", "is", "infection")),
    "head_knock": (("sign.head_injury", "is", True), ("lump.new_injury", "is", True)),
    "lump.two_weeks_or_uncertain": (("lump.days", ">=", 14), ("lump.duration_uncertain", "is", True)),
    "lump.new_or_growing": (("lump.days", "<", 366), ("lump.growing", "is", True)),
    "immunity.weak": (
        ("person.weak_immunity", "is", True),
        ("person.transplant", "is", True),
        ("person.diabetes", "is", True),
    ),
    "bleeding_risk": (("person.anticoagulant", "is", True), ("person.bleeding_disorder", "is", True)),
    "weight_loss.any": (("sign.weight_loss", "is", True), ("weight_loss.matters", "is", True)),
    "systemic_symptom": (
        ("fever", "is", True),
        ("sign.night_sweats", "is", True),
        ("weight_loss.any", "is", True),
        ("sign.itch", "is", True),
        ("sign.breathless", "is", True),
    ),
    "limb_or_blood_loss_sign": (
        ("pain.severe", "is", True),
        ("sign.numb_or_weak_beyond", "is", True),
        ("sign.limb_cold", "is", True),
        ("sign.dizzy", "is", True),
        ("sign.collapse", "is", True),
    ),
    "reaction_sign": (
        ("sign.breathless", "is", True),
        ("sign.hard_to_breathe", "is", True),
        ("sign.dizzy", "is", True),
        ("sign.collapse", "is", True),
        ("sign.vomiting", "is", True),
    ),
    "skin.sore": (
        ("sign.ulcer", "is", True),
        ("sign.bleeding", "is", True),
        ("sign.oozing", "is", True),
        ("sign.inflammation", "is", True),
        ("sign.sensation_change", "is", True),
    ),
}


ALL_OF: Mapping[str, tuple[tuple[str, str, Value], ...]] = {
    "skin.red_and_hot": (("sign.red", "is", True), ("sign.hot", "is", True)),
    "skin.red_or_hot_with_fever": (("skin.red_or_hot", "is", True), ("fever", "is", True)),
    "skin.red_or_hot_after_infection": (("lump.infected_not_gland", "is", True), ("skin.red_or_hot", "is", True)),
    "face_swelling_reaction": (("sign.face_or_mouth_swelling", "is", True), ("reaction_sign", "is", True)),
    "fever_and_vomiting": (("fever", "is", True), ("sign.vomiting", "is", True)),
    "toothache_and_fever": (("sign.toothache", "is", True), ("fever", "is", True)),
}


def as_fact(name: str, held: Answer) -> Fact:
    """An answer as a fact: its parts stay the plain ones, so that a person is told the sign and not our name for it."""
    if held.truth is None:
        return unknown(*held.missing) if held.until is None else Fact(None, missing=held.missing, until=held.until)
    if not held.truth and held.until is None:
        return crisp(name, False)
    return Fact(held.truth, held.parts if held.truth else (Part(name, False),), until=held.until)
