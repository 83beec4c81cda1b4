"""From checks to growth readings: sittings joined, the person's own error learned, a fresh start after treatment."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from datetime import timedelta

from tracking.history import ObservationFacts
from triage.facts.record import RESTARTS, Record
from triage.growth import Reading, log_error, own_variance

ONE_SITTING = timedelta(hours=1)


def growth_readings(record: Record) -> list[Reading]:
    """One reading a sitting, oldest first. What was treated or removed is not compared with what came before."""
    measured = [one for one in _since_last_treatment(record) if one.length_mm]
    variances = _own_variances(measured)
    usual_mm = _usual_sizes(measured)
    readings: list[Reading] = []
    sitting: list[ObservationFacts] = []
    for one in measured:
        if sitting and (one.judged_at - sitting[0].judged_at > ONE_SITTING or one.method != sitting[0].method):
            readings.append(_reading(sitting, variances, usual_mm))
            sitting = []
        sitting.append(one)
    if sitting:
        readings.append(_reading(sitting, variances, usual_mm))
    return readings


def _since_last_treatment(record: Record) -> Iterable[ObservationFacts]:
    treated = [event.on for event in record.care if event.kind in RESTARTS]
    if not treated:
        return record.observations
    last = max(treated)
    return [one for one in record.observations if record.day_of(one.judged_at) >= last]


def _own_variances(measured: Sequence[ObservationFacts]) -> dict[str | None, float]:
    repeats: dict[str | None, list[tuple[float, ...]]] = {}
    for one in measured:
        if len(one.readings_mm) > 1:
            repeats.setdefault(one.method, []).append(one.readings_mm)
    return {method: own_variance(rows, method) for method, rows in repeats.items()}


def _usual_sizes(measured: Sequence[ObservationFacts]) -> dict[str | None, float]:
    """The median size by each method. What rounding does is judged there, so that a low reading is not worth less."""
    sizes: dict[str | None, list[float]] = {}
    for one in measured:
        if one.length_mm:
            sizes.setdefault(one.method, []).append(one.length_mm)
    return {method: statistics.median(values) for method, values in sizes.items()}


def _reading(
    sitting: Sequence[ObservationFacts], variances: dict[str | None, float], usual_mm: dict[str | None, float]
) -> Reading:
    """Several checks within the hour are repeats of one; the middle one's size stands for them."""
    first = sitting[0]
    if len(sitting) == 1 and first.length_mm:
        length, count = first.length_mm, len(first.readings_mm) or 1
    else:
        lengths = sorted(length for one in sitting for length in (one.readings_mm or (one.length_mm,)) if length)
        length, count = statistics.median(lengths), len(lengths)
    stated = [one.uncertainty_mm for one in sitting if one.uncertainty_mm]
    error = max(stated, default=0.0) / length  # two pictures may share the error of one plane: it does not average out
    if len(stated) < len(sitting):
        usual, own = usual_mm[first.method], variances.get(first.method)
        error = max(error, log_error(usual, first.method, readings=count, own_variance=own))
    return Reading(first.judged_at, length, first.method, error, str(first.id))
