"""The readings as a record of log sizes, and the ways to tell it: which readings are slips, when a change began.

Mathematics and calibration: docs/growth.md. Plain Python, no clock; the phone must come to the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import NamedTuple
from uuid import UUID

METHOD_BIAS = 0.08  # two methods disagree steadily by about this much (log scale); no published figure, an assumption
USUAL_MM, SIZE_SPREAD = 25.0, 0.45  # what lumps measure before the first reading: a weak expectation, log scale
SLIP_SHARE = 0.02
SLIP_SHIFTS = (math.log(1.6), math.log(0.6), math.log(10.0), -math.log(10.0), math.log(2.54), -math.log(2.54))
SLIP_SHIFT_SHARES = (0.45, 0.45, 0.03, 0.03, 0.02, 0.02)
MOST_SLIPS, MOST_SLIPS_IN_LONG_RECORDS = 4, 3
SLIP_SUSPECT, SLIP_LEAST = 2.8, 0.2  # errors, and log size, away from its neighbours: then it may be a slip
NEIGHBOURS = 3  # on each side
PAIR_DAYS = 21  # of two readings alone one may be a slip if they are no further apart; nothing grows by half that fast
MOST_CHANGE_POINTS = 60
SECONDS_A_DAY = 86400.0


class Reading(NamedTuple):
    """One sitting: the longest diameter in mm, its standard error on the log scale, when and from which observation.

    A named tuple because every judgement makes one of every check, and a frozen class takes four times as long to make.
    """

    at: datetime
    length_mm: float
    method: str | None
    log_error: float
    observation: UUID | str


@dataclass(frozen=True, slots=True)
class Series:
    """Readings as columns: days since the first, log size over the usual one, precision, index of the method."""

    days: tuple[float, ...]
    sizes: tuple[float, ...]
    weights: tuple[float, ...]
    methods: tuple[int, ...]
    bias: float  # variance of each method's steady bias; 0 when one method was used throughout
    error: float  # the usual standard error of a reading


class Ramp(NamedTuple):
    """A size that is level until `day` and then changes steadily; the level (and the methods' biases) projected out.

    `along` is its weighted product with the sizes, `spread` with itself, `trend` with a steady change from the first
    believed reading on (which is the first ramp).
    """

    day: float
    along: float
    spread: float
    trend: float


@dataclass(frozen=True, slots=True)
class Account:
    """One way to tell the record: which readings are believed, and a ramp from each of them but the last."""

    keep: tuple[int, ...]
    level_log: float  # log likelihood of a level size and of the slips left out; 0 where it is the only account
    ramps: tuple[Ramp, ...]


class _Group(NamedTuple):
    """The readings of one method: their sum of weights, mean size, mean day, and the weight of that mean."""

    total: float
    size: float
    day: float
    between: float


def series_of(readings: Sequence[Reading]) -> Series:
    instants, lengths, used, errors, _ = zip(*readings, strict=True)
    names = {name: place for place, name in enumerate(sorted({method or "" for method in used}))}
    weights = tuple([1 / (error * error) for error in errors])
    start = instants[0]
    return Series(
        days=tuple([(instant - start).total_seconds() / SECONDS_A_DAY for instant in instants]),
        sizes=tuple([math.log(length / USUAL_MM) for length in lengths]),
        weights=weights,
        methods=tuple([names[method or ""] for method in used]),
        bias=METHOD_BIAS**2 if len(names) > 1 else 0.0,
        error=math.sqrt(len(readings) / sum(weights)),
    )


def suspected_slips(series: Series) -> list[tuple[int, float]]:
    """Readings that may be slips: (index, log of how likely such a slip is). Judged against the neighbours' median."""
    found: list[tuple[float, int, float]] = []
    sizes, weights, count = series.sizes, series.weights, len(series.sizes)
    if count == 2 and series.days[1] > PAIR_DAYS:
        return []
    widest = max(sizes) - min(sizes)  # nothing is further than this from its neighbours
    if widest <= SLIP_LEAST or widest * widest * max(weights) <= SLIP_SUSPECT**2:
        return []
    for index, size in enumerate(sizes):
        around = sorted(sizes[max(0, index - NEIGHBOURS) : index] + sizes[index + 1 : index + 1 + NEIGHBOURS])
        middle = len(around) // 2
        away = size - (around[middle] if len(around) % 2 else (around[middle - 1] + around[middle]) / 2)
        if abs(away) > SLIP_LEAST and away * away * weights[index] > SLIP_SUSPECT**2:
            error = 1 / math.sqrt(weights[index])
            found.append((-abs(away) / error, index, _log_slip_density(away, error * 1.3)))
    found.sort()
    most = MOST_SLIPS if count <= MOST_CHANGE_POINTS else MOST_SLIPS_IN_LONG_RECORDS
    return [(index, log_density) for _, index, log_density in found[:most]]


def _log_slip_density(away: float, error: float) -> float:
    """Log of share times density of a reading that far off being a slip."""
    total = 1e-6
    for shift, share in zip(SLIP_SHIFTS, SLIP_SHIFT_SHARES, strict=True):
        z = (away - shift) / error
        total += share * math.exp(-0.5 * z * z)
    return math.log(SLIP_SHARE * total / (error * math.sqrt(2 * math.pi)))


def accounts_of(series: Series, suspects: list[tuple[int, float]]) -> list[Account]:
    """The record with every combination of suspected slips believed or left out."""
    everything = tuple(range(len(series.days)))
    if not suspects:
        return [_account(series, everything, None)]
    accounts: list[Account] = []
    for size in range(len(suspects) + 1):
        for dropped in combinations(suspects, size):
            gone = {index for index, _ in dropped}
            keep = tuple([index for index in everything if index not in gone]) if gone else everything
            if keep:
                accounts.append(_account(series, keep, sum([log_density for _, log_density in dropped])))
    return accounts


def _account(series: Series, keep: tuple[int, ...], slips_log: float | None) -> Account:
    if series.bias == 0:  # one method throughout
        group = _group(series, keep, series.days[keep[0]])
        told = 0.0 if slips_log is None else slips_log + _log_level(series, keep, [keep], [group])
        return Account(keep, told, _ramps_of_one(series, keep, group))
    methods = [series.methods[index] for index in keep]
    place_of = {method: place for place, method in enumerate(sorted(set(methods)))}
    members: list[list[int]] = [[] for _ in place_of]
    group_of = [place_of[method] for method in methods]
    for index, place in zip(keep, group_of, strict=True):
        members[place].append(index)
    groups = [_group(series, indices, series.days[keep[0]]) for indices in members]
    level_log = 0.0 if slips_log is None else slips_log + _log_level(series, keep, members, groups)
    return Account(keep, level_log, _ramps(series, keep, group_of, groups))


def _group(series: Series, indices: Sequence[int], first_day: float) -> _Group:
    weights, sizes, days = series.weights, series.sizes, series.days
    total = sum([weights[index] for index in indices])
    return _Group(
        total=total,
        size=sum([weights[index] * sizes[index] for index in indices]) / total,
        day=sum([weights[index] * (days[index] - first_day) for index in indices]) / total,
        between=1 / (1 / total + series.bias),
    )


def _log_level(series: Series, keep: tuple[int, ...], members: Sequence[Sequence[int]], groups: list[_Group]) -> float:
    """Log likelihood of a level size, its height and the methods' biases integrated out."""
    weights, sizes = series.weights, series.sizes
    twice = sum([math.log(weights[index] / (2 * math.pi)) for index in keep])
    total, along = 1 / SIZE_SPREAD**2, 0.0
    for indices, group in zip(members, groups, strict=True):
        twice -= sum([weights[index] * (sizes[index] - group.size) ** 2 for index in indices])
        twice += math.log(group.between / group.total) - group.between * group.size * group.size
        total += group.between
        along += group.between * group.size
    return 0.5 * (twice + along * along / total - math.log(total))


def _change_points(count: int) -> list[int]:
    """Places after which a change may have begun: every reading but the last, thinned where there are very many."""
    points = list(range(count - 1))
    if count <= MOST_CHANGE_POINTS:
        return points
    recent = points[-MOST_CHANGE_POINTS // 2 :]
    older = points[: -MOST_CHANGE_POINTS // 2]
    return older[:: math.ceil(len(older) / (MOST_CHANGE_POINTS // 2))] + recent


def _ramps(series: Series, keep: tuple[int, ...], group_of: list[int], groups: list[_Group]) -> tuple[Ramp, ...]:
    """A ramp from every change point, by sums from the end: each costs a handful of operations."""
    if len(groups) == 1:
        return _ramps_of_one(series, keep, groups[0])
    days, sizes, weights = series.days, series.sizes, series.weights
    # of each group: weight, weight*day, weight*day^2, weight*(size-mean), weight*day*(size-mean), of later readings
    sums = [[0.0, 0.0, 0.0, 0.0, 0.0] for _ in groups]
    points = set(_change_points(len(keep)))
    total = sum([group.between for group in groups]) + 1 / SIZE_SPREAD**2
    size = sum([group.between * group.size for group in groups]) / total
    day = sum([group.between * group.day for group in groups]) / total
    first_day = days[keep[0]]
    ramps: list[Ramp] = []
    for place in range(len(keep) - 1, -1, -1):
        index = keep[place]
        own, weight, when = sums[group_of[place]], weights[index], days[index] - first_day
        if place in points:
            ramps.append(_ramp(days[index], when, sums, groups, (total, size, day)))
        residual = weight * (sizes[index] - groups[group_of[place]].size)
        own[0] += weight
        own[1] += weight * when
        own[2] += weight * when * when
        own[3] += residual
        own[4] += residual * when
    ramps.reverse()
    return tuple(ramps)


def _ramps_of_one(series: Series, keep: tuple[int, ...], group: _Group) -> tuple[Ramp, ...]:
    """The same where one method was used throughout, as nearly always: quicker, and alike to the last digit."""
    days, sizes, weights = series.days, series.sizes, series.weights
    all_weight, group_size, group_day, between = group
    total = between + 1 / SIZE_SPREAD**2
    size, day = between * group_size / total, between * group_day / total
    points = set(_change_points(len(keep)))
    first_day = days[keep[0]]
    w = wd = wdd = wy = wdy = 0.0
    ramps: list[Ramp] = []
    for place in range(len(keep) - 1, -1, -1):
        index = keep[place]
        at_day = days[index]
        when = at_day - first_day
        if place in points:
            rise = wd - when * w
            height = rise / all_weight
            weighted = between * height
            along = wdy - when * wy + weighted * group_size
            spread = wdd - when * (wd + rise) - rise * height + weighted * height
            trend = wdd - when * wd - rise * group_day + weighted * group_day
            along -= weighted * size
            ramps.append(_made_ramp((at_day, along, spread - weighted * weighted / total, trend - weighted * day)))
        weight = weights[index]
        residual = weight * (sizes[index] - group_size)
        daily = weight * when
        w += weight
        wd += daily
        wdd += daily * when
        wy += residual
        wdy += residual * when
    ramps.reverse()
    return tuple(ramps)


_made_ramp = Ramp._make


def _ramp(
    at_day: float, start: float, sums: list[list[float]], groups: list[_Group], middle: tuple[float, float, float]
) -> Ramp:
    """The ramp's products from the sums of what lies after `start`. `middle`: weight, mean size and mean day of all."""
    total, size, day = middle
    along = spread = trend = mean = 0.0
    for (w, wd, wdd, wy, wdy), group in zip(sums, groups, strict=True):
        rise = wd - start * w
        height = rise / group.total
        weighted = group.between * height
        along += wdy - start * wy + weighted * group.size
        spread += wdd - start * (wd + rise) - rise * height + weighted * height
        trend += wdd - start * wd - rise * group.day + weighted * group.day
        mean += weighted
    return Ramp(at_day, along - mean * size, spread - mean * mean / total, trend - mean * day)
