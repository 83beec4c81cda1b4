"""What is wrong with an installation, and how to mend it. `look` asks every check; none of them changes anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from lumptracker.doctor import inside, outside
from lumptracker.doctor.findings import Finding, bad

CHECKS: dict[str, Callable[[datetime], list[Finding]]] = {
    "data folder": inside.data_folder,
    "disk": inside.disk,
    "database": inside.database,
    "tables": inside.tables,
    "keys": inside.keys,
    "photos": inside.photos,
    "app": inside.app,
    "broker": outside.broker,
    "sweep": outside.last_sweep,
    "set aside": outside.set_aside,
    "mail": outside.mail,
    "push": outside.push,
    "clock": outside.clock,
    "address": outside.address,
}


def look(at: datetime) -> list[Finding]:
    """Every finding, in the order in which one would mend them. A check that fails itself is a finding too."""
    found = []
    for name, check in CHECKS.items():
        try:
            found += [finding.about(name) for finding in check(at)]
        except Exception as error:  # the doctor must get to the end, whatever is broken
            found.append(
                bad(f"cannot be looked at ({type(error).__name__})", "Mend what stands above first").about(name)
            )
    return found
