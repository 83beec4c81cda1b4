"""Measured sizes and how sure each is: the error that the statistic reckons with, the interval that is shown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from tracking.history import History, ObservationFacts
from triage.growth import log_error

NINETEEN_OF_TWENTY = 1.96  # standard errors: the 95 % interval, as the phone app draws it


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measured longest diameter with its standard error, and the 95 % interval that people are shown."""

    at: datetime
    length_mm: float
    error_mm: float
    method: str | None
    width_mm: float | None = None

    @property
    def low_mm(self) -> float:
        return self.length_mm / self._reach

    @property
    def high_mm(self) -> float:
        return self.length_mm * self._reach

    @property
    def margin_mm(self) -> float:
        """Half of the interval, for a plus or minus."""
        return (self.high_mm - self.low_mm) / 2

    @property
    def _reach(self) -> float:
        """The factor either way: a hand's error is a share of what it measures."""
        return math.exp(NINETEEN_OF_TWENTY * self.error_mm / self.length_mm)


def measurements(history: History, *, at: datetime) -> tuple[Measurement, ...]:
    """Every measured size up to `at`, oldest first, with its standard error in mm."""
    taken = sorted((one for one in history.observations if one.judged_at <= at), key=lambda one: one.judged_at)
    return tuple(_measurement(one, one.length_mm) for one in taken if one.length_mm)


def _measurement(observation: ObservationFacts, length_mm: float) -> Measurement:
    readings = max(1, len(observation.readings_mm))
    error_mm = observation.uncertainty_mm
    if error_mm is None:
        error_mm = length_mm * log_error(length_mm, observation.method, readings=readings)
    return Measurement(observation.judged_at, length_mm, error_mm, observation.method, observation.width_mm)
