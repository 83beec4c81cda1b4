"""The list of what is kept as a person reads it, made from `retention.toml` and the tables that there really are."""

from __future__ import annotations

from typing import Any  # Any: JSON values of several types

from tracking import retention
from tracking.texts import say

NOBODYS = "nobody"  # tables in which nothing is about anybody


def told_retention() -> list[dict[str, Any]]:
    """Row by row, in the language in force."""
    return [
        {
            "name": row.name,
            "what": say(f"retention.{row.name}.what"),
            "why": say(f"retention.{row.name}.why"),
            "until": row.until,
            "days": row.days,
            "stored": {table.name: list(table.personal) for table in row.tables},
        }
        for row in retention.kept().values()
        if row.name != NOBODYS
    ]
