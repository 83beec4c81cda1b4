"""An assessment: what the judgement of one lump says, as values, as JSON and as JSON text."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from triage.facts import Part
from triage.growth import Growth
from triage.rulebook import Level, Rule, source_json

encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class Finding(NamedTuple):
    """A rule that fired, in the words of the person's region."""

    rule: Rule
    message: str
    because: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A rule that may or may not hold, and what would answer it; `text` says so as JSON."""

    rule: str
    missing: tuple[str, ...]
    text: str


@lru_cache(maxsize=65_536)
def unknown_of(rule: str, missing: tuple[str, ...]) -> Unknown:
    """One object for the same unknown: histories judged one after another have the same few hundred."""
    return Unknown(rule, missing, encode({"rule": rule, "missing": list(missing)}))


@dataclass(frozen=True, slots=True)
class Assessment:
    """The contract's assessment. Days are the person's calendar days, `reassess_at` an exact instant."""

    lump: str
    at: datetime
    level: Level
    findings: tuple[Finding, ...]
    unknown: tuple[Unknown, ...]
    growth: Growth
    growth_since: date | None
    confirm_by: date | None
    days_since_noticed: int | None
    next_check_on: date | None
    reassess_at: datetime | None
    rulebook: str

    def to_text(self) -> str:
        """`to_json` as text on one line. What rules alone decide is written once and kept, as it is most of it; the
        rest are numbers, days and names of our own, which need no escaping."""
        findings = ",".join([_finding_text(one) for one in self.findings])
        unknown = ",".join([one.text for one in self.unknown])
        growth = _growth_text(self.growth, since=self.growth_since, confirm_by=self.confirm_by)
        return (
            f'{{"lump":"{self.lump}","at":"{instant_text(self.at)}","level":"{self.level}",'
            f'"findings":[{findings}],"unknown":[{unknown}],"growth":{growth},'
            f'"days_since_noticed":{_number_text(self.days_since_noticed)},'
            f'"next_check_on":{_day_text(self.next_check_on)},'
            f'"reassess_at":{_quoted(instant_text(self.reassess_at) if self.reassess_at else None)},'
            f'"rulebook":"{self.rulebook}"}}'
        )

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """Exactly the shape of the contract, section 4."""
        return {
            "lump": self.lump,
            "at": instant_text(self.at),
            "level": self.level,
            "findings": [_finding_json(finding) for finding in self.findings],
            "unknown": [{"rule": one.rule, "missing": list(one.missing)} for one in self.unknown],
            "growth": _growth_json(self.growth, since=self.growth_since, confirm_by=self.confirm_by),
            "days_since_noticed": self.days_since_noticed,
            "next_check_on": self.next_check_on.isoformat() if self.next_check_on else None,
            "reassess_at": instant_text(self.reassess_at) if self.reassess_at else None,
            "rulebook": self.rulebook,
        }


def instant_text(instant: datetime) -> str:
    """UTC, with a Z."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _finding_json(finding: Finding) -> dict[str, Any]:  # Any: JSON
    rule = finding.rule
    return {
        "rule": rule.id,
        "version": rule.version,
        "level": rule.level,
        "title": rule.title,
        "message": finding.message,
        "because": _because_json(finding),
        "sources": [source_json(source) for source in rule.sources],
    }


def _because_json(finding: Finding) -> list[dict[str, Any]]:  # Any: JSON
    return [
        {"fact": part.fact, "value": _value_json(part.value), "observations": list(part.observations)}
        for part in finding.because
    ]


def _finding_text(finding: Finding) -> str:
    before, after = _around_because(finding.rule, finding.message)
    return f"{before}{encode(_because_json(finding))}{after}"


@lru_cache(maxsize=4096)
def _around_because(rule: Rule, message: str) -> tuple[str, str]:
    """A finding's text up to its reasons and from there on."""
    before, _, after = encode(_finding_json(Finding(rule, message, ()))).rpartition('"because":[]')
    return f'{before}"because":', after


def _value_json(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _growth_json(growth: Growth, *, since: date | None, confirm_by: date | None) -> dict[str, Any]:  # Any: JSON
    doubling = growth.doubling_days
    return {
        "state": growth.state,
        "probability_growing": _rounded(growth.probability_growing, 4),
        "change_mm": _rounded(growth.change_mm, 1),
        "change_percent": _rounded(growth.change_percent, 1),
        "doubling_days": {
            "estimate": _rounded(doubling.estimate, 1),
            "low": _rounded(doubling.low, 1),
            "high": _rounded(doubling.high, 1),
        }
        if doubling
        else None,
        "since": since.isoformat() if since else None,
        "confirm_by": confirm_by.isoformat() if confirm_by else None,
        "measurements": growth.measurements,
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, digits)


def _growth_text(growth: Growth, *, since: date | None, confirm_by: date | None) -> str:
    """`_growth_json` as text."""
    doubling, told = growth.doubling_days, "null"
    if doubling:
        low, high = _number_text(_rounded(doubling.low, 1)), _number_text(_rounded(doubling.high, 1))
        told = f'{{"estimate":{_number_text(_rounded(doubling.estimate, 1))},"low":{low},"high":{high}}}'
    return (
        f'{{"state":"{growth.state}",'
        f'"probability_growing":{_number_text(_rounded(growth.probability_growing, 4))},'
        f'"change_mm":{_number_text(_rounded(growth.change_mm, 1))},'
        f'"change_percent":{_number_text(_rounded(growth.change_percent, 1))},'
        f'"doubling_days":{told},"since":{_day_text(since)},"confirm_by":{_day_text(confirm_by)},'
        f'"measurements":{growth.measurements}}}'
    )


def _number_text(value: float | None) -> str:
    return "null" if value is None else repr(value)


def _day_text(day: date | None) -> str:
    return _quoted(day.isoformat() if day else None)


def _quoted(text: str | None) -> str:
    return "null" if text is None else f'"{text}"'
