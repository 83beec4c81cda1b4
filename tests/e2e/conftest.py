"""The product and the browser that walk-throughs share, and what the product may stand on instead of its defaults."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.e2e.browser import playwright
from tests.e2e.product import Product, running_product
from tests.servers import Missing, postgres, redis, without
from tests.sinks import MailSink, PushService, mail_sink, push_service

GROUNDS = ("embedded", "servers")


def ground_settings(ground: str, stack: ExitStack) -> dict[str, str]:
    """The settings that choose the database and the broker; servers live until the stack closes."""
    if ground == "embedded":
        return {}
    try:
        return {"DATABASE_URL": stack.enter_context(postgres()), "CELERY_BROKER_URL": stack.enter_context(redis())}
    except Missing as missing:
        without(missing)


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[MailSink]:
    with mail_sink(tmp_path / "mail.jsonl") as sink:
        yield sink


@pytest.fixture
def vendor(tmp_path: Path) -> Iterator[PushService]:
    """Stands where a browser vendor's push service would; it decrypts what it gets with the browser's keys."""
    with push_service(tmp_path / "push.jsonl") as service:
        yield service


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One installation for all walks of a file. Each makes accounts of its own, more than the door would let in."""
    with running_product(tmp_path_factory.mktemp("home") / "data", settings={"RATE_LIMITS": "off"}) as running:
        yield running


@pytest.fixture(scope="module")
def account(product: Product) -> dict[str, str]:
    """The example account of that installation: weeks of sizes, photos, advice and care."""
    made: dict[str, str] = json.loads(product.manage("demo").splitlines()[-1])
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Playwright]:
    """Started once for all walks of a file, which open phones of their own in it."""
    with playwright() as started:
        yield started


@pytest.fixture(params=GROUNDS)
def standing(request: pytest.FixtureRequest, tmp_path: Path, mail: MailSink, vendor: PushService) -> Iterator[Product]:
    """The product on each ground, from nothing: the embedded default, or PostgreSQL and Redis."""
    with ExitStack() as stack:
        settings = ground_settings(request.param, stack)
        settings |= {"EMAIL_URL": mail.url, "PUSH_HOSTS": vendor.origin}
        yield stack.enter_context(running_product(tmp_path / "data", settings=settings))
