"""The phone's judgement, built once for all tests that ask it."""

from __future__ import annotations

import pytest

from tests.phone.replay import NODE_MODULES, Phone
from tests.servers import without


@pytest.fixture(scope="session")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Phone:
    """The judgement as it is built for the phone, ready to be asked."""
    if not NODE_MODULES.exists():
        without("the phone app's packages are not installed (run: make setup)")
    return Phone.built(tmp_path_factory.mktemp("phone"))
