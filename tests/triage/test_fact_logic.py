"""Yes, no and not known: how answers combine, and until when time leaves them alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations, product

import pytest

from tests.triage.histories import AT, check, history
from tracking import catalogue
from triage.facts import FACT_AGES, FACT_NAMES, Facts, months_later
from triage.facts.fact import (
    NO,
    YES,
    Answer,
    Condition,
    Fact,
    Part,
    Truth,
    all_hold,
    answer,
    any_holds,
    crisp,
    first_instant,
    opposite,
    same,
    unknown,
)

FLAGS = {f"sign.{name}" for name, field in catalogue.FIELDS["observation.signs"].items() if field.kind == "flag"}
JUMP = (12, 12, 12, 12, 17)  # the last one is suspicious, and a second reading is asked for
SOON, LATER = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC)
UNKNOWN = Answer(None, (), ("fever",))
TRUTHS: tuple[Truth, ...] = (True, False, None)


@pytest.mark.parametrize(("left", "right"), list(product(TRUTHS, TRUTHS)))
def test_and_and_or_are_kleene_s(left: Truth, right: Truth) -> None:
    both = [Answer(left), Answer(right)]
    least = False if False in (left, right) else None if None in (left, right) else True
    most = True if True in (left, right) else None if None in (left, right) else False
    assert all_hold(both).truth is least
    assert any_holds(both).truth is most


@pytest.mark.parametrize(("truth", "turned"), [(True, False), (False, True), (None, None)])
def test_not_is_kleene_s(truth: Truth, turned: Truth) -> None:
    assert opposite(Answer(truth)).truth is turned
    assert opposite(Answer(truth, until=SOON)) == Answer(turned, (), (), SOON)


@pytest.mark.parametrize("untils", list(permutations([SOON, LATER])))
def test_a_no_stands_until_the_last_of_its_noes_ends(untils: tuple[datetime, datetime]) -> None:
    noes = [Answer(False, until=until) for until in untils]
    assert all_hold([*noes, UNKNOWN, YES]) == Answer(False, (), (), LATER)
    assert all_hold([*noes, NO]) is NO
    assert all_hold([NO, *noes]) is NO


@pytest.mark.parametrize("untils", list(permutations([SOON, LATER])))
def test_a_yes_to_any_stands_until_the_last_of_its_yeses_ends(untils: tuple[datetime, datetime]) -> None:
    yeses = [Answer(True, until=until) for until in untils]
    assert any_holds([*yeses, UNKNOWN]) == Answer(True, (), (), LATER)
    assert any_holds([*yeses, YES]).until is None
    assert any_holds([YES, *yeses]).until is None


@pytest.mark.parametrize("untils", list(permutations([SOON, LATER])))
def test_everything_else_stands_until_the_first_of_them_ends(untils: tuple[datetime, datetime]) -> None:
    first, second = untils
    assert all_hold([Answer(True, until=first), Answer(True, until=second)]).until == SOON
    assert all_hold([Answer(True, until=first), Answer(None, (), ("pain",), second)]).until == SOON
    assert any_holds([Answer(False, until=first), Answer(False, until=second)]) == Answer(False, (), (), SOON)
    assert any_holds([Answer(False, until=first), Answer(None, (), ("pain",), second)]).until == SOON


def test_all_reasons_are_kept_in_order_and_all_that_is_missing_once_by_name() -> None:
    red, hot = Part("sign.red", True, ("a",)), Part("sign.hot", True, ("b",))
    yeses = [Answer(True, (red,)), Answer(True, (hot,))]
    assert all_hold(yeses) == any_holds([*yeses, NO]) == Answer(True, (red, hot))
    open_ = [Answer(None, (), ("pain", "fever")), UNKNOWN, Answer(True, (red,))]
    assert all_hold(open_) == Answer(None, (), ("fever", "pain"))
    assert any_holds(open_[:2]) == Answer(None, (), ("fever", "pain"))
    assert all_hold([*open_, Answer(True, until=SOON)]) == Answer(None, (), ("fever", "pain"), SOON)
    assert any_holds([*open_[:2], Answer(False, until=SOON)]) == Answer(None, (), ("fever", "pain"), SOON)


def test_nothing_to_ask_of_holds_and_none_of_nothing_does() -> None:
    assert all_hold([]) == YES
    assert any_holds([]) is NO


@pytest.mark.parametrize(
    ("op", "value", "holds"),
    [
        ("is", 7, (False, True, False)),
        (">=", 7, (False, True, True)),
        (">", 7, (False, False, True)),
        ("<", 7, (True, False, False)),
        ("<=", 7, (True, True, False)),
        ("in", (6, 8), (True, False, True)),
    ],
)
def test_comparisons(op: str, value: object, holds: tuple[bool, ...]) -> None:
    condition = Condition("x", op, value)  # type: ignore[arg-type]  # as it comes from a file
    assert tuple(answer(condition, Fact(number)).truth for number in (6, 7, 8)) == holds


def test_a_comparison_keeps_the_reasons_of_a_yes_only_and_the_time_of_both() -> None:
    pain = Part("sign.pain", 7)
    known, open_ = Fact(7, (pain,), until=SOON), Fact(None, missing=("pain",), until=SOON)
    assert answer(same("sign.pain", ">=", 7), known) == Answer(True, (pain,), (), SOON)
    assert answer(same("sign.pain", ">=", 8), known) == Answer(False, (), (), SOON)
    assert answer(same("sign.pain", ">=", 8), Fact(7, (pain,))) is NO
    assert answer(same("sign.pain", ">=", 8), open_) == Answer(None, (), ("pain",), SOON)
    assert answer(same("sign.pain", ">=", 8), unknown("pain")) == Answer(None, (), ("pain",))


@pytest.mark.parametrize(
    ("op", "number", "crossed_on"),
    [(">=", 10, 10), ("<", 10, 10), (">", 10, 11), ("<=", 10, 11), (">=", 3, None), ("<=", 2, None)],
)
def test_a_count_of_days_says_when_it_crosses_a_number(op: str, number: int, crossed_on: int | None) -> None:
    days = Facts(history(check(1), noticed=3), AT)["lump.days"]
    midnight = datetime(2026, 6, 12, tzinfo=UTC)
    assert days.value == 3
    expected = None if crossed_on is None else midnight + timedelta(days=crossed_on)
    assert answer(same("lump.days", op, number), days).until == expected


def test_equal_conditions_are_one_object_and_a_yes_is_no_one() -> None:
    assert same("sign.pain", ">=", 1) is same("sign.pain", ">=", 1)
    assert same("sign.pain", "is", 1) is not same("sign.pain", "is", True)


def test_never_is_later_than_any_instant() -> None:
    assert first_instant(None, None) is None
    assert first_instant(SOON, None) == first_instant(None, SOON) == first_instant(SOON, LATER) == SOON
    assert first_instant(LATER, SOON) == SOON


def test_a_crisp_fact_says_its_own_name_unless_it_has_reasons() -> None:
    assert crisp("lump.gland", False) == Fact(False, (Part("lump.gland", False),))
    assert crisp("lump.gland", True, (Part("lump.kind", "gland"),)).parts == (Part("lump.kind", "gland"),)


def test_every_fact_has_an_answer_for_somebody_of_whom_nothing_is_known() -> None:
    facts = Facts(history(noticed=None, born=None), AT)
    told = {name: facts[name] for name in FACT_NAMES}
    assert all(fact.value is not None or fact.missing for fact in told.values())
    assert told["sign.fever"] == unknown("fever")
    assert told["lump.cause"] == unknown("cause")
    assert told["person.diabetes"] == unknown("diabetes")
    assert told["lump.side"] == unknown("side")


@pytest.mark.parametrize(
    ("born", "months", "told"),
    [
        ("2026-05-15", 1, True),
        ("2026-05-16", 1, False),
        ("2026-05", 1, None),
        ("2026-05", 0, True),
        ("2026-05", 2, False),
        ("2024-02-29", 24, True),
        ("2025", 12, None),
        ("2025", 5, True),
        (None, 0, None),
    ],
)
def test_an_age_is_a_range(born: str | None, months: int, told: bool | None) -> None:
    assert Facts(history(born=born), AT).age_at_least_months(months) is told


@pytest.mark.parametrize(
    ("born", "turns"),
    [
        ("2026-05-16", "2026-06-16"),  # a month
        ("2026-05-15", "2026-07-15"),  # was a month today; two months next
        ("2026-05", "2026-07-01"),  # may be a month old since 1 June; is one, or may be two, from 1 July
        ("2024-02-29", "2031-01-29"),
        ("1950", None),
        (None, None),
    ],
)
def test_the_next_birthday_that_matters(born: str | None, turns: str | None) -> None:
    ages = (1, 2, 83)
    expected = None if turns is None else datetime.fromisoformat(f"{turns}T00:00:00+00:00")
    assert Facts(history(born=born), AT).next_birthday(ages) == expected


def test_ages_at_which_a_fact_changes_its_mind_are_known_to_the_clock() -> None:
    """Whoever asks for an age in a named fact must put it into FACT_AGES: else `reassess_at` misses the birthday."""
    asked: set[int] = set()

    class Listening(Facts):
        def age_at_least_months(self, months: int) -> bool | None:
            asked.add(months)
            return super().age_at_least_months(months)

    for born in (None, "2026-04-01", "2020", "1980", "1940"):
        told = check(weight_loss=True, weight_loss_percent=3, trend="smaller", length_mm=10, method="ruler")
        child = history(told, born=born, site="neck", background={"kind": "gland", "cause": "infection"})
        sizes = [check(28 - 7 * week, length_mm=mm, method="ruler", number=week) for week, mm in enumerate(JUMP)]
        for made in (child, history(*sizes, born=born, noticed=40)):
            for name in FACT_NAMES:
                Listening(made, AT)[name]
    assert asked <= set(FACT_AGES)
    assert asked


def test_a_birthday_on_a_day_the_month_lacks_is_the_next_month_s_first() -> None:
    day = datetime(2026, 1, 31, tzinfo=UTC).date()
    assert months_later(day, 1).isoformat() == "2026-03-01"
    assert months_later(day, 2).isoformat() == "2026-03-31"
    assert months_later(day, 11).isoformat() == "2026-12-31"
    assert months_later(day, 12).isoformat() == "2027-01-31"
    assert months_later(datetime(2026, 12, 31, tzinfo=UTC).date(), 2).isoformat() == "2027-03-01"
