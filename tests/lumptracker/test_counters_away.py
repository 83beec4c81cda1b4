"""While the counters that all processes share cannot be reached, nobody gets in uncounted."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from lumptracker.signup import new_invitation
from tests.people import PASSWORD, Somebody
from tests.people import ada as sign_up_ada
from tests.servers import free_port
from tracking.models import Access, User

pytestmark = pytest.mark.django_db
LOGIN, SIGN_UP = "/_allauth/app/v1/auth/login", "/_allauth/app/v1/auth/signup"


@pytest.fixture(name="ada")
def _ada() -> Somebody:
    return sign_up_ada()


@pytest.fixture(name="code")
def _code(ada: Somebody) -> str:
    """Of a link without a passcode: its code alone would open it."""
    wish = {"lumps": [str(ada.put_lump())], "passcode": None}
    return str(ada.put(f"share-links/{uuid4()}/", wish)["code"])


@pytest.fixture
def _away(code: str, settings: Settings) -> None:
    """Nothing listens there: what a Redis that has died looks like."""
    location = f"redis://127.0.0.1:{free_port()}/0"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": location}}
    settings.RATE_LIMITS_ON = True


def asks(path: str, body: object) -> int:
    visitor = Somebody()
    visitor.client.raise_request_exception = False
    answer = visitor.ask("POST", path, body)
    assert "session_token" not in answer.content.decode()
    return answer.status_code


@pytest.mark.usefixtures("_away")
def test_nobody_signs_in_with_the_right_password_either(ada: Somebody) -> None:
    assert asks(LOGIN, {"email": ada.email, "password": PASSWORD}) >= 500


@pytest.mark.usefixtures("_away")
def test_nobody_signs_up(settings: Settings) -> None:
    for signup in ("open", "invite"):
        settings.SIGNUP = signup
        wish = {"email": "cal@example.org", "password": PASSWORD, "invitation": new_invitation("cal@example.org")}
        assert asks(SIGN_UP, wish) >= 500
    assert User.objects.count() == 1


@pytest.mark.usefixtures("_away")
def test_no_spoken_code_opens_a_link(code: str) -> None:
    visitor = Somebody().client
    visitor.raise_request_exception = False
    answer = visitor.post("/s/open/", {"code": code}, headers={"Origin": "http://testserver"})
    assert (answer.status_code >= 500, bool(visitor.cookies)) == (True, False)
    assert not Access.objects.exists()


def test_the_same_doors_open_while_they_are_there(ada: Somebody, code: str) -> None:
    assert asks_well(ada)
    answer = Somebody().client.post("/s/open/", {"code": code}, headers={"Origin": "http://testserver"})
    assert answer.status_code == 303
    assert Access.objects.count() == 1


def asks_well(ada: Somebody) -> bool:
    answer = Somebody().ask("POST", LOGIN, {"email": ada.email, "password": PASSWORD})
    return "session_token" in json.loads(answer.content)["meta"]
