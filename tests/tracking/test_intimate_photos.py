"""Pictures of intimate places: an adult's are stored, a child's never."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests import pictures
from tests.people import ada
from tests.uploads import check_of, nothing_is_stored, send, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def storage(settings: Settings, tmp_path: Path) -> Path:
    settings.STORAGE_DIR = tmp_path / "storage"
    settings.DATA_DIR = tmp_path
    return tmp_path / "storage"


ADULT, CHILD = "1971-04-09", "2015-02-28"
EIGHTEEN_LATER_THAT_YEAR = "2008"  # the check is of September 2026


def test_no_childs_intimate_place_is_stored(storage: Path) -> None:
    somebody = ada()
    child = somebody.put_person(birth_date=CHILD)
    for site in ("breast", "groin", "buttock", "natal_cleft", "anus", "penis", "scrotum", "vulva"):
        answer = send(somebody, somebody.put_observation(somebody.put_lump(child, site=site)), pictures.jpeg())
        assert (answer.status_code, told(answer)["code"]) == (409, "intimate_child"), site
    assert nothing_is_stored(storage)


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ({"site": "groin", "birth_date": ADULT}, 201),
        ({"site": "groin"}, 201),  # nobody said: the app has asked
        ({"site": "groin", "birth_date": EIGHTEEN_LATER_THAT_YEAR}, 409),  # may be a child: the full date decides
        ({"site": "groin", "birth_date": "2008-09-21"}, 201),  # eighteen on the day of the check
        ({"site": "groin", "birth_date": "2008-09-22"}, 409),  # a day short on the day it shows
        ({"site": "chest", "birth_date": CHILD, "sex": "female"}, 409),
        ({"site": "chest", "birth_date": CHILD}, 409),
        ({"site": "chest", "birth_date": CHILD, "sex": "male"}, 201),
        ({"site": "knee", "birth_date": CHILD}, 201),
    ],
)
def test_age_sex_and_place_decide_together(person: dict[str, object], status: int) -> None:
    somebody = ada()
    assert send(somebody, check_of(somebody, **person), pictures.jpeg()).status_code == status


def test_a_camera_whose_clock_is_wrong_makes_nobody_a_child() -> None:
    somebody = ada()
    observation = check_of(somebody, site="groin", birth_date=ADULT)
    assert send(somebody, observation, pictures.jpeg(), taken_at="1970-01-01T00:00:00Z").status_code == 201
