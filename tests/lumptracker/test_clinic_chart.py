"""The chart: sizes against time, without a style and without a script."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from lumptracker.clinic.chart import Dot, Drawing, Fit, Mark, draw_chart
from tests.lumptracker.test_clinic_page import AT


def dot(at: datetime, mm: float) -> Dot:
    return Dot(at, mm, mm - 2.0, mm + 2.0)


def drawing(*sizes: float, **more: object) -> Drawing:
    dots = [dot(AT - timedelta(days=7 * (len(sizes) - number)), mm) for number, mm in enumerate(sizes)]
    return Drawing(dots, AT, "A <chart>", **more)  # type: ignore[arg-type]  # fields of a drawing


def test_the_axis_begins_at_zero_and_reaches_above_the_longest_bar() -> None:
    numbers = [
        float(text) for text in re.findall(r'text-anchor="end" fill="#555">([\d.]+)<', draw_chart(drawing(12, 21)))
    ]
    assert numbers[0] == 0
    assert numbers[-1] >= 23


def test_a_bar_ends_where_the_interval_ends() -> None:
    svg = draw_chart(Drawing([Dot(AT, 20, 10, 40)], AT, "one"))
    (grid,) = re.findall(r'y="([\d.]+)" text-anchor="end" fill="#555">0<', svg)
    (x, high, low) = re.findall(r'class="bars" d="M([\d.]+) ([\d.]+)V([\d.]+)', svg)[0]
    (middle,) = re.findall(rf'class="dots" d="M{re.escape(x)} ([\d.]+)h', svg)
    floor = float(grid) - 4
    reach = [round(floor - float(y), 1) for y in (low, middle, high)]
    assert [round(one / reach[0], 2) for one in reach] == [1, 2, 4]


def test_the_chart_needs_no_style_and_no_script() -> None:
    marks = (Mark(AT - timedelta(days=3), "advice", "<b>"), Mark(AT - timedelta(days=2), "care", "Told"))
    svg = draw_chart(
        drawing(12, 21, marks=marks, photos=(AT - timedelta(days=7),), fit=Fit(AT - timedelta(days=14), 12, 21))
    )
    assert "style" not in svg
    assert "<b>" not in svg
    assert 'aria-label="A &lt;chart&gt;"' in svg


def test_one_measurement_is_a_chart_and_none_is_none() -> None:
    assert draw_chart(drawing(12)).count("h.01") == 1
    assert draw_chart(drawing()) == ""


def test_numbers_that_would_lie_on_each_other_are_left_out_and_the_last_stays() -> None:
    together = [dot(AT, 20), dot(AT + timedelta(minutes=5), 22), dot(AT + timedelta(minutes=9), 23)]
    named = re.findall(r'font-weight="600"[^>]*>([\d.]+)<', draw_chart(Drawing(together, AT, "one evening")))
    assert named == ["23"]


def test_everything_drawn_lies_within_the_picture() -> None:
    marks = [Mark(AT - timedelta(days=day), "advice", "Within a day") for day in range(0, 40, 2)]
    svg = draw_chart(drawing(*range(5, 45), marks=marks))
    xs = [float(x) for x in re.findall(r' (?:x|x1|x2|cx)="([-\d.]+)"', svg)]
    ys = [float(y) for y in re.findall(r' (?:y|y1|y2|cy)="([-\d.]+)"', svg)]
    places = re.findall(r"M([-\d.]+) ([-\d.]+)", svg)
    xs, ys = xs + [float(x) for x, _ in places], ys + [float(y) for _, y in places]
    assert 0 <= min(xs) <= max(xs) <= 720
    assert 0 <= min(ys) <= max(ys) <= 250


def flags(*marks: Mark) -> tuple[int, list[tuple[float, str, str]]]:
    """How many flags of advice there are, and each word beside one: where, on which side, what."""
    svg = draw_chart(drawing(12, 21, marks=marks))
    words = re.findall(r'<text x="([\d.]+)" y="12" text-anchor="(\w+)"[^>]*>([^<]+)<', svg)
    return svg.count("h10l-5 9z"), [(float(x), side, word) for x, side, word in words]


def test_advice_that_was_given_twice_at_once_stands_there_once() -> None:
    first = AT - timedelta(days=14)
    said = [Mark(first + timedelta(seconds=second), "advice", "This week") for second in (0, 2)]
    count, words = flags(*said, Mark(first + timedelta(seconds=3), "advice", "Routine"))
    assert count == 2
    assert [(side, word) for _, side, word in words] == [("start", "Routine")]
    assert flags(*said)[1] == [(51.0, "start", "This week")]


def test_a_word_that_the_edge_would_cut_is_left_out() -> None:
    first = AT - timedelta(days=14)
    _, words = flags(Mark(first, "advice", "Emergency"), Mark(first + timedelta(hours=1), "advice", "Routine"))
    assert [word for _, _, word in words] == ["Routine"]
    middle = first + timedelta(days=7)
    _, words = flags(Mark(middle, "advice", "Emergency"), Mark(middle + timedelta(hours=1), "advice", "Routine"))
    assert [(side, word) for _, side, word in words] == [("end", "Emergency"), ("start", "Routine")]


def test_the_day_of_the_last_measurement_is_named_under_the_axis() -> None:
    weekly = [dot(AT - timedelta(days=7 * back), 12.0) for back in (2, 1, 0)]
    days = re.findall(r'text-anchor="(middle|end)"[^>]*>(\d+ \w{3})<', draw_chart(Drawing(weekly, AT, "three weeks")))
    assert days[-1] == ("end", f"{AT.day} {AT:%b}")


def test_it_is_named_where_it_was_measured_earlier_in_the_day_than_the_first() -> None:
    start = AT.replace(hour=19) - timedelta(days=42)
    end = AT.replace(hour=4)
    dots = [*(dot(start + timedelta(days=7 * week), 12.0) for week in range(6)), dot(end, 14.0)]
    assert f">{AT.day} {AT:%b}<" in draw_chart(Drawing(dots, end, "six weeks"))
