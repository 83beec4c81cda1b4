"""Where the product stands on: the embedded default, or PostgreSQL and Redis. Both start from nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.product import Product, running_product
from tests.servers import Missing, postgres, redis
from tests.sinks import MailSink, PushService, mail_sink, push_service

GROUNDS = ("embedded", "servers")


def ground_settings(ground: str, stack: ExitStack) -> dict[str, str]:
    """The settings that choose the database and the broker; servers live until the stack closes."""
    if ground == "embedded":
        return {}
    try:
        return {"DATABASE_URL": stack.enter_context(postgres()), "CELERY_BROKER_URL": stack.enter_context(redis())}
    except Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[MailSink]:
    with mail_sink(tmp_path / "mail.jsonl") as sink:
        yield sink


@pytest.fixture
def vendor(tmp_path: Path) -> Iterator[PushService]:
    """Stands where a browser vendor's push service would; it decrypts what it gets with the browser's keys."""
    with push_service(tmp_path / "push.jsonl") as service:
        yield service


@pytest.fixture(params=GROUNDS)
def product(request: pytest.FixtureRequest, tmp_path: Path, mail: MailSink, vendor: PushService) -> Iterator[Product]:
    with ExitStack() as stack:
        settings = ground_settings(request.param, stack)
        settings |= {"EMAIL_URL": mail.url, "PUSH_HOSTS": vendor.origin}
        yield stack.enter_context(running_product(tmp_path / "data", settings=settings))
