"""The urgent questions that nobody has answered about a lump, for the app to ask. Plain values, no clock.

Exactly this, so that it can be done alike on the phone. In: the assessment (its `unknown`), the history it was made
from, the rule book, the catalogue of fields. Out: names of signs.

1. Of the rules in `unknown`, those whose level is emergency or same_day.
2. Of what is `missing` there, the names that are signs of a check and have an alarming answer (`alarming` or
   `alarming_from`). Birth date, sex, sizes and background are asked elsewhere.
3. Without the signs that any check so far (judged by `at`) has answered, in whatever way: "no" is never asked again
   here, "unsure" was an answer, and for an alarm that grew old `standing[].answers` asks.
4. Without the signs that make no sense for this person and place. A sign's group and the sign itself say of whom they
   are asked (`sites`, `causes`, `kinds`, `sexes`, `under_age_years`); each of these that is given must hold or not be
   known: the site is among the sites; cause and kind as recorded, where neither blank nor "unsure"; the sex, where
   known; the person is not surely of that age. That a rule finds its signs asked wherever it looks is tested elsewhere.
5. Each sign once, in the order of the most urgent rule that leaves it in; within one level in the catalogue's order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracking import catalogue
from tracking.catalogue import Answer, Condition
from triage.facts import Facts
from triage.facts.record import SIGNS, UNSURE
from triage.rulebook import RANK, Rulebook

URGENT = ("emergency", "same_day")
ORDER = {name: place for place, name in enumerate(SIGNS)}


def questions_to_ask(
    assessment: Mapping[str, Any],  # Any: the contract's assessment as JSON
    facts: Facts,
    book: Rulebook,
) -> list[str]:
    """Signs to ask next, most urgent first; see above."""
    rules = {rule.id: rule for rule in book.rules}
    ranks: dict[str, int] = {}
    for row in assessment["unknown"]:
        rule = rules.get(row["rule"])
        if rule is None or rule.level not in URGENT:
            continue
        for name in row["missing"]:
            if name in SIGNS and _is_open(name, facts):
                ranks[name] = min(RANK[rule.level], ranks.get(name, len(RANK)))
    return sorted(ranks, key=lambda name: (ranks[name], ORDER[name]))


def _is_open(name: str, facts: Facts) -> bool:
    field = SIGNS[name]
    if name in facts.record.answers or not field.has_alarm:
        return False
    conditions = (field.asked, catalogue.GROUPS[field.group].asked)
    return all(_may_concern(one, facts) for one in conditions)


def _may_concern(asked: Condition, facts: Facts) -> bool:
    """Is the person, as far as is known, one who is asked this, and the lump one about which it is asked?"""
    history = facts.record.history
    background = history.lump.background
    return (
        (asked.sites is None or history.lump.site in asked.sites)
        and _may_be(background.get("cause"), asked.causes)
        and _may_be(background.get("kind"), asked.kinds)
        and _may_be(history.person.sex, asked.sexes)
        and (asked.under_age_years is None or facts.age_at_least_months(12 * asked.under_age_years) is not True)
    )


def _may_be(known: Answer | None, among: frozenset[str] | None) -> bool:
    return among is None or known is None or known == UNSURE or known in among
