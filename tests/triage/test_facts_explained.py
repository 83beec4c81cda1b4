"""What would explain a lump, and for how long: an injury, a cold, a bite, a boil, a wound."""

from __future__ import annotations

from typing import Any

import pytest

from tests.triage.histories import care, check, day
from tests.triage.test_facts import facts, value


def test_a_blank_an_unsure_and_a_none_are_no_explanation() -> None:
    assert [value("lump.unexplained", background=told) for told in ({}, {"cause": "unsure"}, {"cause": "none"})] == [
        True
    ] * 3
    assert value("lump.unexplained", background={"cause": "injury"}) is False


def test_a_known_injury_heals_only_while_it_is_known_to_shrink() -> None:
    injury = {"cause": "injury"}
    assert value("lump.healing_injury", check(trend="smaller"), background=injury) is True
    assert value("lump.healing_injury", check(), background=injury) is False
    assert value("lump.healing_injury", check(trend="smaller")) is False


def test_a_known_injury_is_given_two_weeks_and_four_while_it_shrinks() -> None:
    def settles(days_ago: int, trend: str | None) -> object:
        signs: dict[str, Any] = {} if trend is None else {"trend": trend}  # Any: JSON
        told = {"cause": "injury", "cause_on": day(days_ago)}
        return value("lump.settling_injury", check(**signs), background=told, noticed=days_ago)

    assert [settles(13, None), settles(14, None), settles(27, "smaller"), settles(28, "smaller")] == [True, False] * 2
    assert settles(5, "bigger") is False


def test_a_child_s_gland_after_a_cold_may_be_sore_while_it_is_known_not_to_grow() -> None:
    def sore(**signs: Any) -> object:  # Any: JSON
        told = {"kind": "gland", "cause": "infection"}
        return value("lump.sore_child_gland", check(**signs), site="neck", born="2018", background=told)

    assert sore(length_mm=19, method="ruler", trend="same") is True
    assert sore(length_mm=20, method="ruler", trend="same") is False
    assert sore(length_mm=19, method="ruler") is False


def test_a_bite_may_be_red_and_hot_for_a_week() -> None:
    red = check(red=True, hot=True)
    assert value("skin.infection_redness", red, background={"cause": "insect_bite"}, noticed=6) is False
    assert value("skin.infection_redness", red, background={"cause": "insect_bite"}, noticed=7) is True
    assert value("skin.infection_redness", red) is True


def test_a_bruise_is_as_wide_as_told_or_as_the_bruised_lump() -> None:
    assert value("bruise.mm", check(bruise_mm=20, bruised=True, length_mm=60, method="ruler")) == 20
    assert value("bruise.mm", check(bruised=True, length_mm=60, method="ruler")) == 60
    assert value("bruise.mm", check(length_mm=60, method="ruler")) is None
    assert value("bruise.mm", check(bruised=False)) == 0


def test_only_a_bulge_that_comes_and_goes_is_asked_whether_it_goes_back() -> None:
    name = "lump.comes_and_goes"
    assert value(name, check(), site="groin", background={"kind": "comes_and_goes"}) is True
    assert value(name, check(pushes_back=False), site="groin") is True
    assert value(name, check(pushes_back=False), site="groin", background={"kind": "under_skin"}) is False
    assert value(name, check(pushes_back=False), site="thigh") is None
    assert value(name, check(pushes_back=False), site="groin", background={"kind": "in_skin"}) is False
    assert value(name, check(), site="groin", background={"kind": "under_skin"}) is False


@pytest.mark.parametrize("told", [{}, {"kind": "unsure"}])
def test_an_open_kind_may_come_and_go_but_grants_no_exception(told: dict[str, Any]) -> None:
    assert facts(check(pushes_back=True), site="groin", background=told)["lump.comes_and_goes"].missing == ("kind",)
    assert value("lump.known_bulge", check(), site="groin", background=told) is False


@pytest.mark.parametrize("told", [{}, {"cause": "unsure"}])
@pytest.mark.parametrize("name", ["lump.after_serious_accident", "lump.new_injury", "lump.fresh_wound"])
def test_an_open_cause_is_not_known_for_as_long_as_the_days_allow_it(name: str, told: dict[str, Any]) -> None:
    assert facts(noticed=5, background=told)[name].missing == ("cause",)
    assert value(name, noticed=50, background=told) is False
    assert value(name, noticed=5, background={"cause": "none"}) is False
    assert value("lump.injured", noticed=5, background=told) is False


def test_red_or_hot_with_a_fever_is_an_infection() -> None:
    assert value("skin.infected", check(red=True, fever=True)) is True
    assert value("skin.infected", check(red=True, hot=False, pus=False, spreading_redness=False)) is None
    calm: dict[str, Any] = {"red": True, "hot": False, "pus": False, "spreading_redness": False, "fever": False}
    assert value("skin.infected", check(**calm)) is None
    assert value("skin.infected", check(**calm), background={"cause": "none"}) is False
    assert value("skin.infected", check(**calm), background={"cause": "infection"}) is True


def test_a_bruise_after_the_injury_is_as_wide_as_the_lump_while_nobody_was_asked_again() -> None:
    told: dict[str, Any] = {"background": {"cause": "injury", "bruise_after_injury": True}}
    assert value("bruise.mm", check(length_mm=60, method="ruler"), **told) == 60
    assert value("bruise.mm", check(length_mm=60, method="ruler", bruised=False), **told) == 0
    assert value("bruise.mm", check(length_mm=60, method="ruler")) is None


def test_a_sample_leaves_a_wound() -> None:
    assert value("lump.fresh_wound", check(), care=(care(30, "biopsy"),)) is True
    assert value("lump.fresh_wound", check(), care=(care(31, "biopsy"),), background={"cause": "none"}) is False


def test_a_gland_that_swells_with_a_cold_is_not_an_infected_lump() -> None:
    assert value("lump.infected_not_gland", background={"cause": "infection", "kind": "under_skin"}) is True
    assert value("lump.infected_not_gland", background={"cause": "infection", "kind": "gland"}) is False
    assert value("lump.infected_not_gland", site="axilla", background={"cause": "infection"}) is True
    assert value("lump.infected_not_gland", background={"kind": "under_skin"}) is None


def test_a_boil_is_not_known_while_its_cause_or_kind_is_open() -> None:
    name = "lump.infection_in_skin"
    assert facts(background={"cause": "infection"})[name].missing == ("kind",)
    assert facts(background={"kind": "in_skin", "cause": "unsure"})[name].missing == ("cause",)
    assert value(name, background={"kind": "deep"}) is False
    assert value(name, background={"kind": "in_skin", "cause": "infection"}) is True


def test_a_gland_is_said_or_where_glands_are() -> None:
    assert value("lump.gland", site="neck") is True
    assert value("lump.gland", site="neck", background={"kind": "in_skin"}) is False
    assert value("lump.gland", site="forearm") is None
    assert value("lump.gland", site="forearm", background={"kind": "deep"}) is False
    assert value("glands.regions", check(other_gland_regions=1), site="forearm") is None
    assert value("glands.regions", check(other_gland_regions=0), site="forearm") == 0
    assert value("glands.regions", check(other_gland_regions=2), site="forearm") == 2


def test_a_wound_is_fresh_for_thirty_days() -> None:
    assert value("lump.fresh_wound", background={"cause": "surgery", "cause_on": day(30)}, noticed=30) is True
    assert value("lump.fresh_wound", background={"cause": "surgery", "cause_on": day(31)}, noticed=31) is False
    assert value("lump.fresh_wound", care=(care(5, "treated"),)) is True
