"""The phone's judgement, built once for all tests that ask it."""

from __future__ import annotations

import pytest

from tests.phone.replay import NODE_MODULES, Phone


@pytest.fixture(scope="session")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Phone:
    """The judgement as it is built for the phone, ready to be asked."""
    if not NODE_MODULES.exists():
        pytest.skip("the phone app's packages are not installed")
    return Phone.built(tmp_path_factory.mktemp("phone"))
