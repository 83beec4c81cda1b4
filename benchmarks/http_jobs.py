"""What the processes of `benchmarks.http` do: `prepare COUNT` fills a database and answers in JSON, `web` serves it."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

CHECKS = 100  # a page of them
NEWEST = datetime(2026, 11, 20, 12, tzinfo=UTC)
SIGNS = {"pain": 2, "fever": False, "chills": False, "trend": "same", "consistency": "soft", "mobility": "moves"}


def check(lump: str, number: int) -> dict[str, Any]:  # Any: JSON
    """One check as the phone sends it: a size, six answers, and with every tenth a note."""
    moment = NEWEST - timedelta(hours=12 * number)
    said = {"note": "Looked at it again."} if number % 10 == 0 else {}
    size = round(12 + number % 40 / 10, 1)
    return {
        "lump": lump,
        "observed_at": moment.isoformat(),
        "length_mm": size,
        "method": "ruler",
        "signs": SIGNS,
        **said,
    }


def prepare(count: str) -> None:
    """A database with some accounts, each with a lump of a page's length and one to log to; a session for each."""
    from django.core.management import call_command  # noqa: PLC0415  settings come first
    from django.test.utils import setup_test_environment  # noqa: PLC0415  as above

    from tests.people import sign_up  # noqa: PLC0415  as above

    setup_test_environment()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    accounts = []
    for number in range(int(count)):
        somebody = sign_up("ada@example.org".replace("@", f"+{number}@"))
        person = somebody.put_person()
        long, short = (str(somebody.put_lump(person)) for _ in range(2))
        for start in range(0, CHECKS, 50):
            sent = [_operation(check(long, number)) for number in range(start, start + 50)]
            told = somebody.post("sync/", {"cursor": None, "operations": sent})
            if any(result["status"] != "applied" for result in told["results"]):
                raise RuntimeError(f"not stored: {told['results']}")
        if len(somebody.get(f"observations/?lump={long}&page_size={CHECKS}")["results"]) != CHECKS:
            raise RuntimeError("a page has another number of checks")
        accounts.append({"session": somebody.token, "long": long, "short": short})
    print(json.dumps(accounts))


def _operation(fields: dict[str, Any]) -> dict[str, Any]:  # Any: JSON
    return {"op_id": str(uuid4()), "type": "observation", "id": str(uuid4()), "base_rev": 0, "fields": fields}


def web() -> None:
    """The web server exactly as `serve` starts it."""
    from lumptracker.embedded import web_options  # noqa: PLC0415  settings come first

    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *web_options(), "lumptracker.wsgi:application"])  # noqa: S606  ours


if __name__ == "__main__":
    import django

    django.setup()
    globals()[sys.argv[1]](*sys.argv[2:])
