"""What must hold for every history: urgency, missing answers, clocks, and the exact moment of asking again.

Each is tried on some dozens of histories by every `make test` and on thousands by `make soak`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta, timezone
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.triage.any_history import ALARMS, Document, alarming_answer, answered_now, answers, asked, judge
from tracking import catalogue
from tracking.days import read_zone
from tracking.history import parse_history
from triage.contradiction import TAKEN_BACK_BY
from triage.engine import Assessment, Finding
from triage.facts import FACT_NAMES, Facts, all_hold, answer, any_holds, opposite
from triage.facts.record import SIGNS
from triage.judge import Judgement, in_band, verdicts
from triage.judge import judge as judgement
from triage.rulebook import RANK, load_rulebook
from triage.scene import sighting

Asked = tuple[Document, datetime]
REASSURED = sorted(name for name, field in SIGNS.items() if field.reassuring is not None)
SCOPES: tuple[tuple[str, catalogue.Scope], ...] = (("person", "person.background"), ("lump", "lump.background"))
BACKGROUND = [
    (part, name, field.reassuring)
    for part, scope in SCOPES
    for name, field in catalogue.FIELDS[scope].items()
    if field.reassuring is not None
]

TOLD_ONCE = [(part, name) for part, scope in SCOPES for name in catalogue.FIELDS[scope] if name != "cause_on"]
TOLD_ONCE += [("lump", name) for name in ("cause", "kind", "side")] * 6  # most rules rest on these
FOLLOWS = {"weight_loss_percent": "weight_loss", "temperature_c": "fever"}
EXPLAINED = {"growing-explained", "growing-explained-month", "growing-explained-month-child"}


def always(*strategies: st.SearchStrategy[Any], few: int = 40, many: int = 4000) -> Callable[..., Any]:  # Any: a test
    """The property as a test: quick in `make test`, thorough in `make soak`."""

    def made(holds: Callable[..., None]) -> Callable[[int], None]:
        @pytest.mark.parametrize("examples", [few, pytest.param(many, marks=pytest.mark.soak)])
        def test(examples: int) -> None:
            limits = settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
            limits(given(*strategies)(holds))()

        test.__name__, test.__doc__ = holds.__name__, holds.__doc__
        return test

    return made


def said(one: Assessment) -> tuple[object, ...]:
    return one.level, [finding.rule.id for finding in one.findings], one.unknown


def worked_out(one: Judgement) -> tuple[object, ...]:
    return sorted((rule.id, str(answer)) for rule, answer in one.decided), [planned.rule.id for planned in one.asleep]


def without(made: Document, part: str, name: str) -> Document:
    """The same with one background answer left out."""
    left = {key: value for key, value in made[part]["background"].items() if key != name}
    return made | {part: made[part] | {"background": left}}


def with_background(made: Document, part: str, name: str, value: object) -> Document:
    return made | {part: made[part] | {"background": made[part]["background"] | {name: value}}}


def judged_at(check: Document) -> datetime:
    times = [datetime.fromisoformat(check[key]) for key in ("observed_at", "received_at") if check.get(key)]
    return min(times).astimezone(UTC)


def only_past(made: Document, at: datetime) -> Document:
    """The same without what lies ahead: then nothing but time can change the answer."""
    day = (at - timedelta(days=1)).date().isoformat()
    return made | {
        "observations": [one for one in made["observations"] if judged_at(one) <= at],
        "care": [one for one in made["care"] if one["on"] <= day],
        "lump": made["lump"] | {"closed_on": None},
    }


@always(asked(), few=150)
def test_what_is_kept_of_others_like_it_changes_nothing(case: Asked) -> None:
    """The first of its kind is worked out whole, the third by the scene that was made at the second."""
    made, at = case
    facts = Facts(parse_history(made, at=at, for_judging=True), at)
    sighting.cache_clear()
    whole, _, kept = (worked_out(judgement(load_rulebook(), facts)) for _ in range(3))
    assert kept == whole


@always(asked(), st.sampled_from(sorted(ALARMS)))
def test_one_more_alarming_answer_never_lowers_the_level(case: Asked, name: str) -> None:
    made, at = case
    answer = alarming_answer(name)
    if ALARMS[name].alarming_from is not None:  # fewer than before is no alarm, though still too many
        answer = max([answer, *(one["signs"][name] for one in made["observations"] if name in one["signs"])])
    before = judge(answered_now(made, at), at)
    after = judge(answered_now(made, at, **{name: answer}), at)
    assert RANK[after.level] <= RANK[before.level], (said(before), said(after))


@always(asked(), st.sampled_from(REASSURED))
def test_a_reassuring_answer_never_raises_it(case: Asked, name: str) -> None:
    """A missing answer is therefore never read as a better one than the best."""
    made, at = case
    before = judge(answered_now(made, at), at)
    after = judge(answered_now(made, at, **{name: SIGNS[name].reassuring}), at)
    assert RANK[after.level] >= RANK[before.level], (said(before), said(after))


@always(asked(), st.sampled_from(BACKGROUND))
def test_a_reassuring_background_never_raises_it_and_its_opposite_never_lowers_it(
    case: Asked, field: tuple[str, str, bool]
) -> None:
    (made, at), (part, name, reassuring) = case, field
    blank = without(made, part, name)
    before = RANK[judge(blank, at).level]
    assert RANK[judge(with_background(blank, part, name, reassuring), at).level] >= before
    assert RANK[judge(with_background(blank, part, name, not reassuring), at).level] <= before


@always(asked(), st.sampled_from(sorted(SIGNS)), st.data())
def test_a_missing_answer_never_reads_as_no(case: Asked, name: str, data: st.DataObject) -> None:
    """What is quiet while a question is open stays quiet whatever the answer. Care may rest advice, so without it."""
    made, at = case
    checks = [
        one | {"signs": {sign: value for sign, value in one["signs"].items() if sign != name}}
        for one in made["observations"]
    ]
    blank = made | {"observations": checks, "care": [], "lump": made["lump"] | {"closed_on": None}}
    asked_first = FOLLOWS.get(name)
    assume(not any(one["signs"].get(asked_first) is False for one in checks))  # a no has answered how much
    told = judge(answered_now(blank, at, **{name: data.draw(answers(SIGNS[name]))}), at)
    open_ = judge(answered_now(blank, at), at)
    assume(name != "trend" or open_.growth.state == "too_few")  # sizes have answered whether it grows
    not_quiet = {one.rule.id for one in open_.findings} | {one.rule for one in open_.unknown}
    assert {one.rule.id for one in told.findings} <= not_quiet


@always(asked(), st.sampled_from(TOLD_ONCE), st.booleans(), few=150)
def test_a_missing_background_never_reads_as_no(case: Asked, field: tuple[str, str], unsure: bool) -> None:
    """What fires by a cause, a kind, a side or anything else told once is not quiet while that is blank or unsure."""
    made, at = case
    part, name = field
    made = made | {"care": [], "lump": made["lump"] | {"closed_on": None}}
    if name == "side":
        blank = made | {"lump": made["lump"] | {"side": None}}
    elif unsure and name in ("cause", "kind"):
        blank = with_background(made, part, name, "unsure")
    else:
        blank = without(made, part, name)
    open_ = judge(blank, at)
    not_quiet = {one.rule.id for one in open_.findings} | {one.rule for one in open_.unknown}
    silenced = {one.rule.id for one in judge(made, at).findings} - not_quiet
    if name == "cause" and silenced & EXPLAINED:  # without a known cause the stricter of the two rules fires
        assert "growing-adult" in not_quiet or "growing-child" in not_quiet
        silenced -= EXPLAINED
    assert not silenced, (field, silenced)


@always(asked(), st.randoms(use_true_random=False), st.integers(-23, 23))
def test_neither_order_nor_offset_matters(case: Asked, chance: Random, half_hours: int) -> None:
    made, at = case
    zone = timezone(timedelta(minutes=30 * half_hours))
    moved = [
        one | {key: datetime.fromisoformat(one[key]).astimezone(zone).isoformat() for key in one if key.endswith("_at")}
        for one in made["observations"]
    ]
    care = list(made["care"])
    chance.shuffle(moved)
    chance.shuffle(care)
    first = judge(made, at).to_json()
    assert judge(made | {"observations": moved, "care": care}, at.astimezone(zone)).to_json() == first


@always(asked())
def test_a_clock_two_days_ahead_hides_nothing(case: Asked) -> None:
    made, at = case
    plain = [{key: value for key, value in one.items() if key != "received_at"} for one in made["observations"]]
    ahead = [
        one
        | {
            "observed_at": (datetime.fromisoformat(one["observed_at"]) + timedelta(days=2)).isoformat(),
            "received_at": one["observed_at"],
        }
        for one in plain
    ]
    there = judge(made | {"observations": plain}, at).to_json()
    assert judge(made | {"observations": ahead}, at).to_json() == there


def moments(made: Document, at: datetime) -> list[datetime]:
    """When something could change: the next midnights where the person lives, every answer's span, every arrival."""
    zone = read_zone(made["person"]["time_zone"])
    today = at.astimezone(zone).date()
    found = [datetime.combine(today + timedelta(days=days), time(), tzinfo=zone) for days in range(1, 100)]
    for one in made["observations"]:
        found.append(judged_at(one))
        spans = {SIGNS[name].span_hours or 0 for name in one["signs"]}
        found += [judged_at(one) + timedelta(hours=hours) for hours in spans]
    return sorted(moment.astimezone(UTC) for moment in found)


@always(asked(), st.data(), few=80)
def test_nothing_changes_before_the_moment_of_asking_again(case: Asked, data: st.DataObject) -> None:
    made, at = case
    first = judge(made, at)
    end = first.reassess_at or at + timedelta(days=1200)
    assert end > at
    just_before = end - timedelta(microseconds=1)
    ahead = [moment for moment in moments(made, at) if at < moment < end] or [just_before]
    picked = [data.draw(st.sampled_from(ahead)), data.draw(st.sampled_from(ahead)), ahead[-1], just_before]
    for moment in picked:
        assert said(judge(made, moment)) == said(first), (moment, end)


def alarms_of(finding: Finding) -> set[str]:
    names = {part.fact.removeprefix("sign."): part.value for part in finding.because}
    return {name for name, value in names.items() if name in ALARMS and SIGNS[name].is_alarming(value)}


@always(asked(), st.integers(1, 24 * 90), st.booleans())
def test_time_alone_never_silences_an_alarm(case: Asked, hours: int, is_exact: bool) -> None:
    """Advice that rests on one still stands later or is asked for again, or what it rests on is a reason elsewhere."""
    made, at = only_past(*case), case[1]
    first = judge(made, at)
    later = first.reassess_at if is_exact and first.reassess_at else at + timedelta(hours=hours)
    second = judge(made, later)
    reasons = {part.fact.removeprefix("sign.") for one in second.findings for part in one.because}
    heard = reasons | {name for one in second.unknown for name in one.missing}
    still = {finding.rule.id for finding in second.findings} | {one.rule for one in second.unknown}
    for name in {name for one in first.findings if one.rule.id not in still for name in alarms_of(one)}:
        assert name in heard or TAKEN_BACK_BY.get(name) in heard, (name, later, said(second))


@always(asked())
def test_what_is_known_beforehand_is_what_is_found_when_asked(case: Asked) -> None:
    made, at = case
    history = parse_history(made, at=at, for_judging=True)
    kept, anew = Facts(history, at), Facts(history, at, known={})
    for name in FACT_NAMES:
        # but for the crossing, which is a function
        assert kept[name]._replace(crossing=None) == anew[name]._replace(crossing=None), name


@always(asked())
def test_the_arranged_rules_say_what_each_says_by_itself(case: Asked) -> None:
    """The plan, the blanks made beforehand and the shared answers are a matter of speed alone."""
    made, at = case
    history = parse_history(made, at=at, for_judging=True)
    told = {one.rule.id: one.answer for one in verdicts(load_rulebook(), Facts(history, at))}
    facts = Facts(history, at, known={})
    for rule in load_rulebook().rules:
        band = in_band(rule.band, facts.months_old, history.person.sex)
        if not rule.is_about(made["lump"]["site"]) or (rule.family and band.truth is None):
            continue
        told_by = {one: answer(one, facts[one.fact]) for one in rule.conditions}  # asked anew, not what is kept
        held = [*(told_by[one] for one in rule.all), *(opposite(told_by[one]) for one in rule.unless)]
        held += [any_holds([told_by[one] for one in rule.any])] if rule.any else []
        plain = all_hold([band, *held])
        got = told.get(rule.id)
        assert (plain.truth, plain.until) == ((got.truth, got.until) if got else (False, None)), rule.id
        assert got is None or got.truth is not None or set(got.missing) == set(plain.missing), rule.id


@always(asked())
def test_a_birth_date_left_blank_never_reads_as_a_child_or_a_grown_up_alone(case: Asked) -> None:
    """Knowing nothing of the age fires no rule that some age would not fire. Care may rest one age's advice."""
    made, at = case[0] | {"care": []}, case[1]
    blank = judge(made | {"person": made["person"] | {"birth_date": None}}, at)
    ages = [
        judge(made | {"person": made["person"] | {"birth_date": born}}, at)
        for born in ("2026-02-01", "2022", "2018", "2009-03", "2005", "1999", "1985", "1975", "1940")
    ]
    assert {one.rule.id for one in blank.findings} <= {one.rule.id for age in ages for one in age.findings}
