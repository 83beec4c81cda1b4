"""A mail scanner or a link preview fetches every link of every mail, with and without somebody's session."""

from __future__ import annotations

import email
import email.policy
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.people import Somebody, nobody
from tests.triage.rows import a_lump, an_intent
from tracking.models import User
from triage.deliver import deliver_due
from triage.models import Notification

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def test_whoever_fetches_all_that_our_mails_name_changes_nothing(
    owner: Somebody, intent: Notification, mail_folder: Path, settings: Settings
) -> None:
    user = User.objects.get(pk=owner.user.pk)
    an_intent(user, a_lump(user), kind="check_due", level="watch", due_at=timezone.now())
    assert deliver_due(at=timezone.now(), seconds=5) == {"written": 1}
    links = {link for path in mail_folder.glob("*.eml") for link in links_in(path)}
    ours = sorted(link.removeprefix(settings.PUBLIC_URL) for link in links if link.startswith(settings.PUBLIC_URL))
    assert [urlsplit(link).path.rpartition("/stop/")[0] for link in ours] == ["", "", "/api/v1/notifications"]
    before = everything()
    for link in ours:
        for method in ("GET", "HEAD"):
            for whoever in (nobody(), owner):
                answer = whoever.ask(method, link.partition("#")[0])
                assert answer.status_code < 500
    assert everything() == before
    assert nobody().ask("POST", ours[-1], {}).status_code == 200
    assert everything() != before, "a POST to the last of them does change something"


def links_in(path: Path) -> set[str]:
    """All addresses in its headers and in each of its forms."""
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    texts = [str(part.get_content()) for part in mail.walk() if not part.is_multipart()]
    return set(re.findall(r"https?://[^\s\"'<>]+", "\n".join([*map(str, mail.values()), *texts])))


def everything() -> dict[str, list[object]]:
    """Each row of the record, the judgement and the accounts."""
    models = [*apps.get_app_config("tracking").get_models(), *apps.get_app_config("triage").get_models()]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}
