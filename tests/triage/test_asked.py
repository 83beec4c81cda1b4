"""What an emergency or same-day rule reads, the app asks: wherever the rule looks, or with a reason why not."""

from __future__ import annotations

from collections.abc import Iterator

from tracking import catalogue
from triage.facts.combined import ALL_OF, ANY_OF
from triage.facts.derived import DERIVED
from triage.rulebook import Rule, load_rulebook
from triage.rules_page import not_asked

SIGNS = catalogue.FIELDS["observation.signs"]
BEHIND = {  # signs behind the named facts that are worked out
    "fever": ("fever", "temperature_c"),
    "fever.measured_38": ("fever", "temperature_c"),
    "skin.infection_redness": ("red", "hot"),
    "weight_loss.matters": ("weight_loss", "weight_loss_percent"),
    "bruise.mm": ("bruise_mm", "bruised"),
    "lump.comes_and_goes": ("pushes_back",),
    "lump.known_bulge": ("pushes_back",),
    "lump.after_serious_accident": ("back_pain",),
    "lump.growing": ("trend",),
    "lump.shrinking": ("trend",),
}
BACKGROUND_ONLY = {  # worked out from the lump, the person and the calendar
    "infant.not_mobile",
    "lump.bitten",
    "lump.fresh_bite",
    "lump.fresh_puncture",
    "lump.fresh_wound",
    "lump.hernia_possible",
    "lump.infected_not_gland",
    "lump.infection_in_skin",
    "lump.injured",
    "lump.midline_spine",
    "lump.new_injury",
    "lump.on_spine_or_face",
    "lump.size_mm",
}
URGENT = [rule for rule in load_rulebook().rules if rule.level in ("emergency", "same_day")]


def signs_behind(fact: str) -> set[str]:
    if fact.startswith("sign."):
        return {fact.removeprefix("sign.")}
    rows = ANY_OF.get(fact) or ALL_OF.get(fact) or ()
    return set(BEHIND.get(fact, ())) | {sign for name, _, _ in rows for sign in signs_behind(name)}


def facts_behind(fact: str) -> set[str]:
    rows = ANY_OF.get(fact) or ALL_OF.get(fact) or ()
    return {fact} | {inner for name, _, _ in rows for inner in facts_behind(name)}


def unasked(rule: Rule) -> Iterator[tuple[str, str]]:
    """Each sign the rule reads and each of its places where nobody of its ages is asked it."""
    signs = {sign for one in rule.conditions for sign in signs_behind(one.fact)}
    for site in (site for site in catalogue.SITES if rule.is_about(site)):
        for sign in signs:
            for asked in (SIGNS[sign].asked, catalogue.GROUPS[SIGNS[sign].group].asked):
                elsewhere = asked.sites is not None and site not in asked.sites
                under = asked.under_age_years
                ends = rule.band.under_months
                if elsewhere or (under is not None and (ends is None or ends > 12 * under)):
                    yield sign, site


def test_every_urgent_sign_is_asked_where_it_matters_or_has_a_reason_why_not() -> None:
    gaps = {sign for rule in URGENT for sign, _ in unasked(rule)}
    assert gaps == set(not_asked())


def test_the_signs_of_the_back_are_asked_at_every_place_of_the_back() -> None:
    about = [rule for rule in URGENT if rule.sites is not None and "lower_back" in rule.sites]
    assert about
    assert [gap for rule in about for gap in unasked(rule)] == []


def test_rules_for_certain_places_only_ask_all_they_read_there() -> None:
    spared = {
        "dental-spreading",
        "hernia-blocked",
        "hernia-possible-blocked",
        "thigh-bulge-stuck",
    }  # the eye at lip and neck, the bowel at vulva and thigh: see the reasons
    found = {rule.id for rule in URGENT if rule.sites is not None and list(unasked(rule))}
    assert found == spared


def test_every_fact_behind_an_urgent_rule_is_known_to_this_test() -> None:
    derived = {fact for rule in URGENT for one in rule.conditions for fact in facts_behind(one.fact) if fact in DERIVED}
    assert derived - set(BEHIND) - BACKGROUND_ONLY == set()
