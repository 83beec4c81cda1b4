"""What would end a piece of advice, and what has: answers against it, entries mended since. Plain values, no tables.

A finding is told with the facts it rested on (`because`). Of these, answers can be answered again:

* each *alarming* answer it rested on must be answered again and not alarm; where none alarms (a lump that feels firm),
  each of the others must be answered otherwise. "Unsure", silence and an answer that is too old are no such answers;
* what was never an answer (a size, a number of days, a place) no answer ends; nor does any answer end growth that the
  sizes showed. Care and closing do: see `closing`;
* an entry that was mended or deleted, so that what the finding rested on is not in the record any more, ends it where
  its rule is quiet by now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from tracking.history import History
from triage.facts import FACT_NAMES, Facts, Record
from triage.facts.fact import Value
from triage.facts.record import SIGNS, UNSURE

# A later "no" to the second takes back what the first said: see the facts of fever, weight and sores.
TAKEN_BACK_BY = {"temperature_c": "fever", "weight_loss_percent": "weight_loss", "ulcer_days": "ulcer"}


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as it was last told: the assessment's JSON, when it was judged, and the person's counter then."""

    finding: Mapping[str, Any]  # Any: the contract's finding as JSON
    at: datetime
    history_rev: int

    @property
    def rests_on_growth(self) -> bool:
        """Did sizes show growth?"""
        return any(part["fact"].startswith("growth.") for part in self.finding["because"])


def answers_that_end(told: Told) -> dict[str, Value]:
    """The signs that must be answered otherwise, each with what was said; empty where no answer ends it."""
    if told.rests_on_growth:
        return {}
    said = dict(_signs(told))
    alarming = {name: value for name, value in said.items() if SIGNS[name].is_alarming(value)}
    return alarming or said


def open_answers(said: Mapping[str, Value], record: Record) -> list[str]:
    """Those of them that nobody has answered against so far, in the catalogue's order."""
    return [name for name in SIGNS if name in said and not _is_answered_against(name, said[name], record)]


def is_too_old(name: str, record: Record) -> bool:
    """Is the last answer an alarming one that does not count any more?"""
    last = record.answers.get(name)
    return last is not None and SIGNS[name].is_alarming(last.value) and record.sign(name).value is None


def is_mended(told: Told, history: History) -> bool:
    """Does the record, as it is now, say something else about what was known when it was told?

    Only what had arrived by then is looked at: one more reading mends nothing, however it is dated.
    """
    arrived = [one for one in history.observations if one.received_at is None or one.received_at <= told.at]
    facts = Facts(replace(history, observations=tuple(arrived)), told.at)
    known = [part for part in told.finding["because"] if part["fact"] in FACT_NAMES]
    return any(_as_json(facts[part["fact"]].value) != part["value"] for part in known)


def _signs(told: Told) -> Iterator[tuple[str, Value]]:
    for part in told.finding["because"]:
        scope, _, name = part["fact"].partition(".")
        if scope == "sign" and name in SIGNS:
            yield name, part["value"]


def _is_answered_against(name: str, said: Value, record: Record) -> bool:
    other = record.answers.get(TAKEN_BACK_BY.get(name, ""))
    last = record.answers.get(name)
    if last is None:
        return True  # taken back: nobody says so any more
    if other and other.value is False and other.observation.judged_at > last.observation.judged_at:
        return True
    return last.value not in (UNSURE, said) and not SIGNS[name].is_alarming(last.value)


def _as_json(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
