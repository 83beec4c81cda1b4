"""The strip of pictures on the clinician's page: each says when it was taken, so that no two years read as one."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tests.lumptracker.readers import PASSCODE, Reader, share
from tests.people import Somebody, ada
from tests.pictures import jpeg
from tests.uploads import send
from tracking.models import Photo


@pytest.fixture(name="ada")
def _ada() -> Somebody:
    return ada()


@pytest.mark.django_db
def test_a_picture_of_an_earlier_year_says_which(ada: Somebody) -> None:
    lump = ada.put_lump()
    for taken in (datetime(2022, 10, 14, 12, tzinfo=UTC), timezone.now() - timedelta(days=3)):
        check = ada.put_observation(lump, length_mm=18, observed_at=taken.isoformat())
        assert send(ada, check, jpeg()).status_code == 201
        Photo.objects.filter(observation=check).update(taken_at=taken)
    bea = Reader()
    bea.open(token=share(ada, lump).token, passcode=PASSCODE)
    days = re.findall(r"<span>(\d+ \w+(?: \d+)?) · <b>18 mm</b>", bea.get().content.decode())
    assert days[0] == "14 Oct 2022"
    assert re.fullmatch(r"\d+ [A-Z][a-z]+", days[1])
