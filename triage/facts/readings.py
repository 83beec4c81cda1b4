"""From checks to growth readings: sittings joined, the person's own error learned, a fresh start after treatment."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from tracking.history import ObservationFacts
from triage.facts.record import RESTARTS, Record
from triage.growth import Reading, log_error, own_variance

ONE_SITTING = timedelta(hours=1)
LEAST_ERROR = 1e-4  # log scale: nobody measures finer, and the square of a stated 1e-300 mm is nought


def growth_readings(record: Record) -> list[Reading]:
    """One reading a sitting, oldest first. What was treated or removed is not compared with what came before."""
    measured = [one for one in _since_last_treatment(record) if one.length_mm]
    errors = _Errors(_own_variances(measured), _usual_sizes(measured))
    return [_reading(at, sitting, errors) for at, sitting in _sittings(measured)]


def _sittings(measured: Sequence[ObservationFacts]) -> list[tuple[datetime, list[ObservationFacts]]]:
    """What was measured in the same way within an hour, and when that began."""
    found: list[tuple[datetime, list[ObservationFacts]]] = []
    ends: datetime | None = None
    method: str | None = None
    for one in measured:
        at = one.judged_at
        if ends is not None and at <= ends and one.method == method:
            found[-1][1].append(one)
        else:
            found.append((at, [one]))
            ends, method = at + ONE_SITTING, one.method
    return found


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


class _Errors(dict[tuple[str | None, int], float]):
    """The usual error of a method by so many repeats, worked out when first asked for."""

    def __init__(self, variances: dict[str | None, float], usual_mm: dict[str | None, float]) -> None:
        self.variances, self.usual_mm = variances, usual_mm

    def __missing__(self, key: tuple[str | None, int]) -> float:
        method, count = key
        own = self.variances.get(method)
        found = self[key] = log_error(self.usual_mm[method], method, readings=count, own_variance=own)
        return found


def _reading(at: datetime, sitting: Sequence[ObservationFacts], errors: _Errors) -> Reading:
    """Several checks within the hour are repeats of one; the middle one's size stands for them."""
    first = sitting[0]
    if len(sitting) == 1 and first.length_mm and not first.uncertainty_mm:  # nearly all
        return Reading(at, first.length_mm, first.method, errors[first.method, len(first.readings_mm) or 1], first.id)
    if len(sitting) == 1 and first.length_mm:
        length, count = first.length_mm, len(first.readings_mm) or 1
    else:
        lengths = sorted(length for one in sitting for length in (one.readings_mm or (one.length_mm,)) if length)
        length, count = statistics.median(lengths), len(lengths)
    stated = [one.uncertainty_mm for one in sitting if one.uncertainty_mm]
    # two pictures may share the error of one plane: it does not average out
    error = max(LEAST_ERROR, max(stated, default=0.0) / length)
    if len(stated) < len(sitting):
        error = max(error, errors[first.method, count])
    return Reading(at, length, first.method, error, first.id)
