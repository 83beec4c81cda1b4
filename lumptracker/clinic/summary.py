"""One lump for a reader with thirty seconds: headline, facts, flags, what was said and what was done.

Plain values in (history, assessment, advice given), plain values out; the page, the text for the record and the FHIR
bundle are drawn from them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any  # Any: the assessment is JSON whose shape is the contract's section 4

from lumptracker.clinic.answers import (
    Background,
    Flags,
    Standing,
    answer_text,
    background_of,
    red_flags,
    standing_answers,
)
from lumptracker.clinic.sentences import Advice, Fact, Told, care_text, facts, headline
from lumptracker.clinic.sizes import Measurement, measurements
from lumptracker.clinic.words import age_text, initials, instant_text, near_day_text, zone_of
from tracking.history import CareFacts, History
from tracking.texts import say
from triage.rulebook import RANK


@dataclass(frozen=True, slots=True)
class Flag:
    """A red flag that was answered with an alarm, and when."""

    text: str
    when: str
    is_old: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that holds now: what it says, how urgent, on whose word."""

    title: str
    level: str
    since: str
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of care or a piece of advice, on its day."""

    when: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything the page says about one lump, as text."""

    who: str
    as_of: str
    headline: str
    facts: tuple[Fact, ...]
    yes: tuple[Flag, ...]
    no: tuple[str, ...]
    not_asked: tuple[str, ...]
    background: Background
    findings: tuple[Finding, ...]
    undecided: int
    advised: tuple[Step, ...]
    done: tuple[Step, ...]
    measurements: tuple[Measurement, ...]


def summarise(
    history: History,
    assessment: Mapping[str, Any] | None,
    advised: Sequence[Advice],
    *,
    at: datetime,
    names: bool = False,
) -> Summary:
    """The record as it stood at `at`. `advised` oldest first; `names` instead of initials where the owner says so.

    What lies ahead is left out as a slip, but for an appointment: it is written down under the day that it is for.
    """
    local = at.astimezone(zone_of(history.person.time_zone))
    signs = standing_answers(history, at=at)
    flags = red_flags(history, signs, at=at)
    care = tuple(step for step in history.care if step.on <= local.date() or step.kind == "booked")
    sizes = measurements(history, at=at)
    told = Told(history, assessment or {}, tuple(advised), care, sizes, signs, local)
    return Summary(
        who=_who(history, local.date(), names=names),
        as_of=instant_text(local),
        headline=headline(told),
        facts=facts(told),
        yes=tuple(_flag(one, local) for one in flags.yes),
        no=_no(flags),
        not_asked=tuple(field.label for field in flags.not_asked),
        background=background_of(history, at=at),
        findings=_findings(told),
        undecided=len(told.assessment.get("unknown", ())),
        advised=tuple(_advice_step(one, local) for one in advised),
        done=tuple(_care_step(one, local.date()) for one in care),
        measurements=sizes,
    )


def _who(history: History, today: date, *, names: bool) -> str:
    person = history.person
    sex = say(f"clinic.sex_{person.sex}") if person.sex else say("clinic.sex_unknown")
    name = (person.name if names else initials(person.name)) or say("clinic.no_name")
    return ", ".join((name, sex, age_text(person.birth_date, on=today)))


def _flag(standing: Standing, local: datetime) -> Flag:
    when = near_day_text(standing.at.astimezone(local.tzinfo).date(), today=local.date())
    return Flag(answer_text(standing.field, standing.answer), when, standing.is_old)


def _no(flags: Flags) -> tuple[str, ...]:
    return tuple(one.field.label if one.answer is False else answer_text(one.field, one.answer) for one in flags.no)


def _findings(told: Told) -> tuple[Finding, ...]:
    """What holds now and what was told earlier and still stands, the most urgent first."""
    rows = [(finding, say(f"clinic.level_{finding['level']}")) for finding in told.assessment.get("findings", ())]
    for advice in told.assessment.get("standing", ()):
        if advice["why"] != "holds":
            rows.append((advice, say("clinic.still_stands", level=say(f"clinic.level_{advice['level']}"))))
    return tuple(_finding(row, level, told) for row, level in sorted(rows, key=lambda one: RANK[one[0]["level"]]))


def _finding(row: Mapping[str, Any], level: str, told: Told) -> Finding:  # Any: as above
    source: Mapping[str, str] = next(iter(row.get("sources", ())), {})
    first = next((one for one in told.advised if row["title"] in one.titles), None)
    return Finding(
        row["title"],
        level,
        near_day_text(told.day(first.at), today=told.today) if first else "",
        ", ".join(part for part in (source.get("title", ""), source.get("section", "")) if part),
        source.get("url", ""),
    )


def _advice_step(advice: Advice, local: datetime) -> Step:
    when = near_day_text(advice.at.astimezone(local.tzinfo).date(), today=local.date())
    return Step(when, say(f"clinic.level_{advice.level}"), "; ".join(advice.titles))


def _care_step(care: CareFacts, today: date) -> Step:
    text = care_text(care)
    if care.review_on is not None:
        text = say("clinic.with_review", text=text, when=near_day_text(care.review_on, today=today))
    if not care.confirmed:
        text = say("clinic.unconfirmed", text=text)
    said = (say("clinic.outcome", words=care.outcome) if care.outcome else "", care.note)
    return Step(near_day_text(care.on, today=today), text, " ".join(part for part in said if part))
