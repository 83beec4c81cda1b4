"""What was answered about a lump, sorted for a reader: yes, no, and not asked, which is never shown as no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter

from lumptracker.clinic.words import mm_text
from tracking import catalogue
from tracking.catalogue import Answer, Condition, Field
from tracking.history import Answers, History
from tracking.texts import say

# Shown beside the size in the facts, not among the flags; "worried" is the person's, not a sign.
_FACTS = frozenset({"trend", "consistency", "mobility", "pain", "worried", "bruise_mm"})


@dataclass(frozen=True, slots=True)
class Standing:
    """The latest answer to one question. `is_old`: it alarmed, and its span has passed without it being asked again."""

    field: Field
    answer: Answer
    at: datetime
    is_old: bool

    @property
    def is_alarming(self) -> bool:
        return self.field.is_alarming(self.answer)


@dataclass(frozen=True, slots=True)
class Flags:
    """Red flags in three states, each in the catalogue's order."""

    yes: tuple[Standing, ...]
    no: tuple[Standing, ...]
    not_asked: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Background:
    """What matters about the person and the place: said yes, said no, told in other words, not asked (labels)."""

    yes: tuple[str, ...]
    no: tuple[str, ...]
    told: tuple[str, ...]
    not_asked: tuple[str, ...]


def standing_answers(history: History, *, at: datetime) -> dict[str, Standing]:
    """Sign → its latest answer up to `at`."""
    moments = ((one.judged_at, one.signs) for one in history.observations)
    latest: dict[str, tuple[Answer, datetime]] = {}
    for moment, signs in sorted(moments, key=itemgetter(0)):
        if moment <= at:
            latest |= {name: (answer, moment) for name, answer in signs.items()}
    return {name: _standing(name, answer, moment, at=at) for name, (answer, moment) in latest.items()}


def _standing(name: str, answer: Answer, moment: datetime, *, at: datetime) -> Standing:
    field = catalogue.FIELDS["observation.signs"][name]
    is_over = field.span_hours is not None and at - moment > timedelta(hours=field.span_hours)
    return Standing(field, answer, moment, is_over and field.is_alarming(answer))


def red_flags(history: History, standing: Mapping[str, Standing], *, at: datetime) -> Flags:
    """Every alarming sign that is asked of this lump, and any other that was answered with an alarm."""
    yes, no, not_asked = [], [], []
    for field in catalogue.FIELDS["observation.signs"].values():
        if not field.has_alarm or field.name in _FACTS:
            continue
        answer = standing.get(field.name)
        if answer is not None and answer.is_alarming:
            yes.append(answer)
        elif answer is not None:
            no.append(answer)
        elif field.kind == "flag" and is_asked(field, history, at=at):
            not_asked.append(field)
    return Flags(tuple(yes), tuple(no), tuple(not_asked))


def is_asked(field: Field, history: History, *, at: datetime) -> bool:
    """Whether the app asks this of this lump: every condition of the field and its group holds or is not known."""
    group = catalogue.GROUPS.get(field.group)
    conditions = [field.asked, *([group.asked] if group else [])]
    return all(_holds(condition, history, on=at.date()) for condition in conditions)


def _holds(condition: Condition, history: History, *, on: date) -> bool:
    lump, person = history.lump, history.person
    pairs = (
        (condition.sites, lump.site),
        (condition.causes, lump.background.get("cause")),
        (condition.kinds, lump.background.get("kind")),
        (condition.sexes, person.sex),
    )
    if any(allowed is not None and value is not None and value not in allowed for allowed, value in pairs):
        return False
    if condition.under_age_years is None or person.birth_date is None:
        # An unknown age would list a baby's questions under most adults: an age is asked for at the start.
        return condition.under_age_years is None
    latest = person.birth_date.latest
    return (on.year - condition.under_age_years, on.month, on.day) < (latest.year, latest.month, latest.day)


def answer_text(field: Field, answer: Answer) -> str:
    """What stands for an answer in a list: its label, with the value where it is more than yes."""
    if isinstance(answer, bool):
        return field.label if answer else say("clinic.negated", label=field.label)
    if isinstance(answer, int | float):
        unit = {None: "", "%": " %"}.get(field.unit, f" {field.unit}")
        top = f"/{mm_text(field.max)}" if field.kind == "scale" and field.max is not None else ""
        return f"{field.label} {mm_text(answer)}{top}{unit}"
    if isinstance(answer, date):
        return f"{field.label} {answer.isoformat()}"
    return f"{field.label}: {field.choices.get(answer, answer)}"


def background_of(history: History, *, at: datetime) -> Background:
    """Person's and lump's background, in the catalogue's order."""
    yes: list[str] = []
    no: list[str] = []
    told: list[str] = []
    not_asked: list[str] = []
    given: tuple[tuple[catalogue.Scope, Answers], ...] = (
        ("person.background", history.person.background),
        ("lump.background", history.lump.background),
    )
    for scope, answers in given:
        for field in catalogue.FIELDS[scope].values():
            answer = answers.get(field.name)
            if answer is None:
                if field.kind == "flag" and is_asked(field, history, at=at):
                    not_asked.append(field.label)
            elif answer is False:
                no.append(field.label)
            elif answer is True:
                yes.append(field.label)
            elif field.name != "kind":  # stands with the place
                told.append(answer_text(field, answer))
    return Background(tuple(yes), tuple(no), tuple(told), tuple(not_asked))
