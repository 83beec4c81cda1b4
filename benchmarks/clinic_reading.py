"""Five years and 400 observations with six photos, read through the views as a holder of the link reads them."""

from __future__ import annotations

import json
import math
import resource
import statistics
from datetime import datetime, timedelta
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from benchmarks.driver import ask, first_byte_ms, request_bytes
from tests.pictures import jpeg
from tracking.models import User
from tracking.record import put_row
from tracking.record_kinds import LUMP, OBSERVATION, PERSON
from tracking.record_photos import SentPhoto, store_photo
from tracking.sharing import ShareWish, create_share_link
from triage.sweep import assess_due

OBSERVATIONS, PHOTOS, YEARS = 400, 6, 5
ORDINARY = 12
FIRST_BYTE_MS = 100
LIMITS_MS = {"": 150, "report.pdf": 2000}
NAMES = {"": "clinic page, 400 observations", "report.pdf": "clinic report, 400 observations"}
REPEATS = {"": 15, "report.pdf": 5}


def measure(*, port: int) -> None:
    """One row a part: the median of what the server takes, pictures and children included, and its first byte."""
    at = timezone.now()
    user = User.objects.create_user("ada@example.org", time_zone="Europe/London")
    client = _holder(user, observations=OBSERVATIONS, at=at)
    kilobytes = len(client.get("/s/view/").content) / 1000
    size = {"bench": "clinic page, 400 observations, without its photos", "value": round(kilobytes, 1), "unit": "kB"}
    print(json.dumps({**size, "vs": {"100 kB": round(kilobytes / 100, 2)}}), flush=True)
    _first_byte(client, OBSERVATIONS, port=port)
    _first_byte(_holder(user, observations=ORDINARY, at=at), ORDINARY, port=port)
    for path, limit in LIMITS_MS.items():
        taken = statistics.median(_milliseconds(client, path) for _ in range(REPEATS[path]))
        row = {
            "bench": NAMES[path],
            "value": round(taken, 1),
            "unit": "ms of processor time",
            "vs": {f"{limit} ms": round(taken / limit, 2)},
        }
        print(json.dumps(row), flush=True)


def _first_byte(client: Client, observations: int, *, port: int) -> None:
    """From the request to the first byte of the answer, by the clock, over HTTP: other work on the machine counts."""
    cookie = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
    request = request_bytes("GET", "/s/view/", {"Cookie": cookie})
    if b"<article" not in ask(port, request):
        raise RuntimeError("the web server showed no page")
    taken = statistics.median(first_byte_ms(port, request) for _ in range(REPEATS[""]))
    row = {"bench": f"clinic page, {observations} observations, first byte", "value": round(taken, 1), "unit": "ms"}
    print(json.dumps({**row, "vs": {f"{FIRST_BYTE_MS} ms": round(taken / FIRST_BYTE_MS, 2)}}), flush=True)


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


def _holder(user: User, *, observations: int, at: datetime) -> Client:
    """Somebody who has opened the link to a new lump of hers."""
    person, lump = uuid4(), uuid4()
    put_row(user, PERSON, person, {"name": "Ada", "birth_date": "1971-04", "time_zone": "Europe/London"}, at=at)
    put_row(user, LUMP, lump, {"person": str(person), "site": "lower_back", "side": "left"}, at=at)
    for number in range(observations):
        moment = at - timedelta(days=YEARS * 365 * (1 - number / observations))
        size = 12 + 3 * math.sin(number / 9) + number / 80
        signs = {"pain": number % 4, "fever": number % 50 == 0, "trend": "same"}
        check = {"lump": str(lump), "observed_at": moment.isoformat(), "length_mm": round(size, 1), "method": "ruler"}
        observation = uuid4()
        put_row(user, OBSERVATION, observation, {**check, "signs": signs, "note": "Looked at it again."}, at=moment)
        if number % (observations // PHOTOS) == 0:
            store_photo(user, uuid4(), SentPhoto(observation, jpeg(1536, 2048), taken_at=moment), at=moment)
    assess_due(at=at)
    made = create_share_link(user, uuid4(), ShareWish(lumps=(lump,), passcode=""), at=at)
    client = Client(headers={"host": "127.0.0.1"})
    client.post("/s/open/", {"code": made.code})
    return client
