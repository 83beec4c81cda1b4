"""One history in, one assessment out: plain, deterministic, and exact about when time alone may change it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from operator import attrgetter

from tracking.history import History
from triage.assessment import Assessment, Finding, Unknown, instant_text, unknown_of
from triage.facts import Facts
from triage.facts.fact import first_instant
from triage.facts.record import SIGNS, UNSURE
from triage.judge import Judgement, judge, verdicts
from triage.plan import Planned, Verdict
from triage.rulebook import RANK, Level, Rulebook, load_rulebook

__all__ = ["Assessment", "Finding", "Unknown", "assess", "instant_text"]

# Days from the last check to the next one asked for. Reference: clinical evidence 1.7 (weekly while new, three-monthly
# once over a year old) and 3.3; the middle steps are a choice.
NEXT_CHECK_DAYS: dict[Level, int] = {"emergency": 2, "same_day": 2, "next_day": 7, "this_week": 7, "routine": 14}
WATCH_STEPS = ((28, 7), (365, 28))  # (noticed fewer days ago than this, days to the next check)
WATCH_LONGEST = 91
GONE_LOOK_DAYS = 28


def assess(history: History, at: datetime, *, rulebook: Rulebook | None = None) -> Assessment:
    """Judge one lump as of `at` (aware). Nothing is remembered between calls."""
    book = rulebook or load_rulebook()
    facts = Facts(history, at)
    record = facts.record
    closed = record.closed
    judgement = judge(book, facts, only_urgent=closed)
    fired = [one for one in judgement.decided if one.answer.truth]
    reassess_at = first_instant(record.next_arrival, record.closes_at)
    reassess_at = first_instant(reassess_at, facts.next_birthday(book.ages))
    for one in judgement.decided:
        if one.answer.until is not None:
            reassess_at = first_instant(reassess_at, one.answer.until)
    if any(one.rule.level == "routine" for one in fired):
        muted, unmuted_at = _routine_is_muted(book, facts, fired)
        reassess_at = first_instant(reassess_at, unmuted_at)
        if muted:
            fired = [one for one in fired if one.rule.level != "routine"]
    fired.sort(key=lambda one: (RANK[one.rule.level], one.rule.id))
    level: Level = fired[0].rule.level if fired else "watch"
    region = history.person.region
    noticed_on = record.noticed_on
    growth = facts.growth
    confirm_by = record.day_of(growth.confirm_at) if growth.confirm_at else None
    return Assessment(
        lump=str(history.lump.id),
        at=at,
        level=level,
        findings=tuple(
            Finding(one.rule, book.message(one.rule, region), tuple(dict.fromkeys(one.answer.parts))) for one in fired
        ),
        unknown=_unknown_in(judgement),
        growth=growth,
        growth_since=record.day_of(growth.since) if growth.since else None,
        confirm_by=confirm_by,
        days_since_noticed=(record.today - noticed_on).days if noticed_on else None,
        next_check_on=_next_check_on(facts, level, closed=closed, confirm_by=confirm_by),
        reassess_at=reassess_at,
        rulebook=book.digest,
    )


def _unknown_in(judgement: Judgement) -> tuple[Unknown, ...]:
    """By name, of which every rule has its own."""
    rows = list(map(_SILENCES.__getitem__, judgement.asleep))
    rows += [unknown_of(rule.id, held.missing) for rule, held in judgement.decided if held.truth is None]
    rows.sort(key=attrgetter("rule"))
    return tuple(rows)


class _Silences(dict[Planned, Unknown]):
    """What each rule of a plan says that nobody has answered. Kept, because every history has a hundred of them."""

    def __missing__(self, planned: Planned) -> Unknown:
        rule, held = planned.unanswered
        found = self[planned] = unknown_of(rule.id, held.missing)
        return found


_SILENCES = _Silences()


def _routine_is_muted(book: Rulebook, facts: Facts, fired: list[Verdict]) -> tuple[bool, datetime | None]:
    """Whether a clinician's look rests the routine advice, and when time alone ends that."""
    record = facts.record
    visit = record.last_visit
    if visit is None:
        return False, None
    if visit.review_on is not None and visit.review_on > visit.on:
        ends = record.start_of(visit.review_on)
        return (True, ends) if record.at < ends else (False, None)
    changed, until = _changed_since(book, facts, fired, visit_on=visit.on)
    return not changed, until


def _changed_since(
    book: Rulebook, facts: Facts, fired: list[Verdict], *, visit_on: date
) -> tuple[bool, datetime | None]:
    """Whether something about the lump has changed since the visit, by more than the passing of time; and until when.

    What a later check has brought today, time alone might have brought by tomorrow: then it is a change no longer.
    """
    record, history = facts.record, facts.record.history
    visit_ends = record.start_of(visit_on + timedelta(days=1))
    if visit_ends > record.at:
        return False, None
    then = Facts(history, visit_ends - timedelta(microseconds=1))
    if facts.growth.state == "growing" and then.growth.state != "growing":
        return True, None
    for one in record.observations:
        if one.judged_at < visit_ends:
            continue
        if one.signs.get("trend") == "bigger":
            return True, None
        for name, value in one.signs.items():
            if value == UNSURE or not SIGNS[name].is_alarming(value):
                continue
            before = then.record.answers.get(name)
            if before is None or before.value == UNSURE or not SIGNS[name].is_alarming(before.value):
                return True, None
    not_quiet_then = {one.rule.id for one in verdicts(book, then) if one.answer.truth is not False}
    new = {one.rule.id for one in fired if one.rule.level == "routine"} - not_quiet_then
    if not new:
        return False, None
    seen_then = tuple(one for one in history.observations if one.judged_at < visit_ends)
    by_time = Facts(replace(history, observations=seen_then), record.at)
    still_new = set(new)
    until: datetime | None = None
    for told in verdicts(book, by_time):
        if told.rule.id in new:
            until = first_instant(until, told.answer.until)
            if told.answer.truth:
                still_new.discard(told.rule.id)
    return bool(still_new), until


def _next_check_on(facts: Facts, level: Level, *, closed: bool, confirm_by: date | None) -> date | None:
    """The day the next look is due, counted from the last check: it does not move while nothing is logged."""
    record = facts.record
    last = record.observations[-1] if record.observations else None
    noticed_on = record.noticed_on
    base = record.day_of(last.judged_at) if last else noticed_on
    if base is None:
        return None
    if closed:
        return _look_after_gone(facts)
    days = NEXT_CHECK_DAYS.get(level)
    if days is None:
        known_for = (base - noticed_on).days if noticed_on else 0
        days = next((step for under, step in WATCH_STEPS if known_for < under), WATCH_LONGEST)
    due = base + timedelta(days=days)
    return min(due, confirm_by) if confirm_by else due


def _look_after_gone(facts: Facts) -> date | None:
    """One look four weeks after it was first found gone; none after that look or where it was closed otherwise."""
    record = facts.record
    gone_on = record.history.lump.closed_on if record.history.lump.closed_reason == "gone" else None
    last_on = gone_on
    for one in reversed(record.observations):
        if one.signs.get("trend") != "gone":
            break
        gone_on = record.day_of(one.judged_at)
        last_on = max(last_on or gone_on, gone_on)
    if gone_on is None or last_on is None:
        return None
    look_on = gone_on + timedelta(days=GONE_LOOK_DAYS)
    return look_on if last_on < look_on else None
