"""A service that asks to be left alone is left alone, whoever a message is for and whichever worker has it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from pytest_django.fixtures import Settings

from tests.sinks import PushService, push_service
from tests.triage.rows import NOON, a_browser, a_lump, an_account, an_intent, state_of
from tracking.models import User
from triage.addresses import keep_address
from triage.deliver import deliver_due
from triage.holds import Held, service_of
from triage.models import Notification, ServiceHold
from triage.rehearsal import try_reminders

pytestmark = pytest.mark.django_db

TEN_MINUTES = {"Retry-After": "600"}


@pytest.fixture(autouse=True)
def _no_time_passes_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wait counts from the answer, and a busy machine takes its time."""
    monkeypatch.setattr("triage.holds.time", SimpleNamespace(monotonic=lambda: 0.0))


def test_what_others_are_to_be_told_by_the_same_service_waits_as_well(service: PushService) -> None:
    early = to_push(service, "phone")
    service.answers["phone"] = (429, TEN_MINUTES)
    assert deliver_due(at=NOON, seconds=5) == {"waiting": 1}
    service.answers.clear()
    late = to_push(service, "another", level="same_day")
    assert deliver_due(at=NOON + timedelta(seconds=599), seconds=5) == {"waiting": 1}
    assert service.seen == 1, "it asked to be left alone"
    assert Notification.objects.get(pk=late.pk).last_error == "service_held"
    assert deliver_due(at=NOON + timedelta(seconds=600), seconds=5) == {"sent": 1}
    deliver_due(at=NOON + timedelta(seconds=700), seconds=5)
    assert (state_of(early.pk), state_of(late.pk)) == ("sent", "sent")


def test_what_has_just_been_asked_is_known_to_the_very_next_message(service: PushService) -> None:
    ada = an_account()
    for name in ("phone", "tablet"):
        a_browser(ada, service, name)
        service.answers[name] = (503, TEN_MINUTES)
    intent = an_intent(ada, a_lump(ada), channel="push")
    assert deliver_due(at=NOON, seconds=5) == {"waiting": 1}
    assert service.seen == 1
    row = Notification.objects.get(pk=intent.pk)
    assert (row.last_error, row.leased_until) == ("push_503", NOON + timedelta(seconds=600))


def test_news_does_not_take_it_along_before_its_time(service: PushService) -> None:
    ada = an_account()
    a_browser(ada, service)
    service.answers["phone"] = (429, TEN_MINUTES)
    early = an_intent(ada, a_lump(ada), channel="push")
    assert deliver_due(at=NOON, seconds=5) == {"waiting": 1}
    service.answers.clear()
    ServiceHold.objects.all().delete()  # somebody else was asked, say, and this is another service's browser
    assert deliver_due(at=NOON + timedelta(seconds=599), seconds=5) == {}
    news = an_intent(ada, a_lump(ada), channel="push", due_at=NOON + timedelta(seconds=599))
    assert deliver_due(at=NOON + timedelta(seconds=599), seconds=5) == {"sent": 1}
    assert (state_of(news.pk), state_of(early.pk)) == ("sent", "waiting")
    assert deliver_due(at=NOON + timedelta(seconds=600), seconds=5) == {"sent": 1}


@pytest.mark.usefixtures("mail_folder")
def test_another_service_and_a_mail_go_on_meanwhile(service: PushService, tmp_path: Path, settings: Settings) -> None:
    with push_service(tmp_path / "other.jsonl") as other:
        settings.PUSH_HOSTS = [service.origin, other.origin]
        held, free = to_push(service, "phone"), to_push(other, "tablet")
        service.answers["phone"] = (429, TEN_MINUTES)
        mail = an_intent(held.user, a_lump(held.user), channel="email")
        deliver_due(at=NOON, seconds=5)
    assert [state_of(row.pk) for row in (held, free, mail)] == ["waiting", "sent", "written"]


def test_a_shorter_wait_does_not_end_a_longer_one() -> None:
    phone, tablet = ({"endpoint": f"https://push.example.org/{name}"} for name in ("phone", "tablet"))
    ours, anothers = Held(at=NOON), Held(at=NOON)
    assert ours.ask(phone, timedelta(seconds=600)) == timedelta(seconds=600)
    assert ours.ask(tablet, timedelta(seconds=60)) == timedelta(seconds=600), "both were called at the same moment"
    anothers.ask(tablet, timedelta(seconds=60))
    ours.keep()
    anothers.keep()
    assert ServiceHold.objects.get().until == NOON + timedelta(seconds=600)


def test_a_test_of_ones_own_leaves_the_service_alone_as_well(service: PushService) -> None:
    held = to_push(service, "phone").user
    service.answers["phone"] = (429, TEN_MINUTES)
    deliver_due(at=NOON, seconds=5)
    tried = try_reminders(held, at=NOON + timedelta(seconds=599))
    assert [(one["outcome"], one["code"]) for one in tried.outcomes] == [("later", "service_held")]
    assert service.seen == 1, "it asked to be left alone"
    service.answers.clear()
    assert [one["outcome"] for one in try_reminders(held, at=NOON + timedelta(seconds=600)).outcomes] == ["sent"]


def test_what_a_service_asks_of_a_test_holds_for_everything(service: PushService) -> None:
    for name in ("phone", "tablet"):
        late = to_push(service, name)
        service.answers[name] = (429, TEN_MINUTES)
    a_browser(late.user, service, "another")
    tried = try_reminders(late.user, at=NOON)
    assert [one["code"] for one in tried.outcomes] == ["push_429", "service_held"]
    assert deliver_due(at=NOON, seconds=5) == {"waiting": 2}
    assert service.seen == 1


def test_an_ntfy_server_that_asked_to_wait_is_not_tested_either(settings: Settings) -> None:
    settings.NTFY_HOSTS = ["ntfy.example.org"]
    ada = an_account()
    keep_address(ada, "ntfy", "https://ntfy.example.org/a-long-topic-of-ada", at=NOON)
    ServiceHold.objects.create(service="ntfy.example.org", until=NOON + timedelta(minutes=1))
    assert [(one["channel"], one["code"]) for one in try_reminders(ada, at=NOON).outcomes] == [("ntfy", "service_held")]


def test_a_service_is_a_host_and_a_mailbox_is_none() -> None:
    assert service_of({"id": "1", "endpoint": "https://Push.Example.org/a?b"}) == "push.example.org"
    assert service_of({"server": "https://ntfy.sh/", "topic": "t"}) == "ntfy.sh"
    assert service_of({"to": "ada@example.org", "account": "1"}) == ""


def to_push(service: PushService, browser: str, level: str = "this_week") -> Notification:
    """Somebody who is to be told by this browser."""
    user: User = an_account(f"ada+{browser}@example.org")
    a_browser(user, service, browser)
    return an_intent(user, a_lump(user), channel="push", level=level)
