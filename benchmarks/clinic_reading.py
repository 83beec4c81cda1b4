"""Five years and 400 observations with six photos, read through the views as a holder of the link reads them."""

from __future__ import annotations

import json
import math
import resource
import statistics
from datetime import datetime, timedelta
from uuid import uuid4

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tests.pictures import jpeg
from tracking.models import User
from tracking.record import put_row
from tracking.record_kinds import LUMP, OBSERVATION, PERSON
from tracking.record_photos import SentPhoto, store_photo
from tracking.sharing import ShareWish, create_share_link
from triage.sweep import assess_due

OBSERVATIONS, PHOTOS, YEARS = 400, 6, 5
LIMITS_MS = {"": 150, "report.pdf": 2000}
NAMES = {"": "clinic page, 400 observations", "report.pdf": "clinic report, 400 observations"}
REPEATS = {"": 15, "report.pdf": 5}


def measure() -> None:
    """One row a part: the median of what the server takes, pictures and children included."""
    call_command("migrate", verbosity=0)
    client = _holder(at=timezone.now())
    for path, limit in LIMITS_MS.items():
        taken = statistics.median(_milliseconds(client, path) for _ in range(REPEATS[path]))
        row = {
            "bench": NAMES[path],
            "value": round(taken, 1),
            "unit": "ms of processor time",
            "vs": {f"{limit} ms": round(taken / limit, 2)},
        }
        print(json.dumps(row), flush=True)


def _milliseconds(client: Client, path: str) -> float:
    began = _processor_seconds()
    answer = client.get(f"/s/view/{path}")
    taken = (_processor_seconds() - began) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{path or 'page'} answered {answer.status_code}")
    return taken


def _processor_seconds() -> float:
    """Of this process and its children, so that other work on the machine does not count."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _holder(*, at: datetime) -> Client:
    """Somebody who has opened the link."""
    user = User.objects.create_user("ada@example.org", time_zone="Europe/London")
    person, lump = uuid4(), uuid4()
    put_row(user, PERSON, person, {"name": "Ada", "birth_date": "1971-04", "time_zone": "Europe/London"}, at=at)
    put_row(user, LUMP, lump, {"person": str(person), "site": "lower_back", "side": "left"}, at=at)
    for number in range(OBSERVATIONS):
        moment = at - timedelta(days=YEARS * 365 * (1 - number / OBSERVATIONS))
        size = 12 + 3 * math.sin(number / 9) + number / 80
        signs = {"pain": number % 4, "fever": number % 50 == 0, "trend": "same"}
        check = {"lump": str(lump), "observed_at": moment.isoformat(), "length_mm": round(size, 1), "method": "ruler"}
        observation = uuid4()
        put_row(user, OBSERVATION, observation, {**check, "signs": signs, "note": "Looked at it again."}, at=moment)
        if number % (OBSERVATIONS // PHOTOS) == 0:
            store_photo(user, uuid4(), SentPhoto(observation, jpeg(1536, 2048), taken_at=moment), at=moment)
    assess_due(at=at)
    made = create_share_link(user, uuid4(), ShareWish(lumps=(lump,), passcode=""), at=at)
    client = Client(headers={"host": "127.0.0.1"})
    client.post("/s/open/", {"code": made.code})
    return client
