"""Small histories for the tests of the judgement: a lump, its checks, and the moment of asking."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tracking.history import History, parse_history
from triage.engine import Assessment, assess

AT = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)


def day(days_ago: float) -> str:
    """A calendar day before the moment of asking."""
    return (AT - timedelta(days=days_ago)).date().isoformat()


def check(days_ago: float = 0.0, *, number: int = 0, **fields: Any) -> dict[str, Any]:  # Any: JSON
    """A check so many days ago; signs by name, sizes by their field."""
    sizes: dict[str, Any] = {
        name: fields.pop(name)
        for name in ("length_mm", "width_mm", "readings_mm", "method", "received_at")
        if name in fields
    }
    at = AT - timedelta(days=days_ago)
    key = str(UUID(int=number + abs(round(days_ago * 1000)) + 1))
    return {"id": key, "observed_at": at.isoformat(), "signs": fields} | sizes


def care(days_ago: float, kind: str = "seen", **fields: Any) -> dict[str, Any]:  # Any: JSON
    return {"id": str(UUID(int=900_000 + round(days_ago))), "on": day(days_ago), "kind": kind, **fields}


def document(
    *checks: dict[str, Any],
    site: str = "forearm",
    noticed: float | None = 3,
    born: str | None = "1980-05-05",
    sex: str | None = None,
    care: tuple[dict[str, Any], ...] = (),
    person: dict[str, Any] | None = None,
    background: dict[str, Any] | None = None,
    zone: str = "UTC",
    region: str = "GB",
    **lump: Any,
) -> dict[str, Any]:  # Any: JSON
    """A history document: an adult with a new lump on the forearm unless said otherwise."""
    return {
        "format": "lumptracker.history/1",
        "person": {"birth_date": born, "sex": sex, "region": region, "time_zone": zone, "background": person or {}},
        "lump": {
            "site": site,
            "first_noticed_on": None if noticed is None else day(noticed),
            "first_noticed_certainty": "exact",
            "background": background or {},
            **lump,
        },
        "observations": list(checks),
        "care": list(care),
    }


def history(*checks: dict[str, Any], **fields: Any) -> History:  # Any: JSON
    return parse_history(document(*checks, **fields), at=AT, for_judging=True)


def judged(*checks: dict[str, Any], at: datetime = AT, **fields: Any) -> Assessment:  # Any: JSON
    return assess(parse_history(document(*checks, **fields), at=at, for_judging=True), at)


def fired(assessment: Assessment) -> set[str]:
    return {finding.rule.id for finding in assessment.findings}


def unknowns(assessment: Assessment) -> dict[str, tuple[str, ...]]:
    return {one.rule: one.missing for one in assessment.unknown}
