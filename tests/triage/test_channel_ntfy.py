"""The third channel: one file, one line in the registry, and this. Against a server that takes what ntfy takes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from tests.people import ada
from tests.test_wording import HEALTH_WORDS
from tests.triage.rows import NOON, a_lump, an_account, an_intent, state_of
from triage.channels import CHANNELS, Message
from triage.channels.endpoints import EndpointRefused
from triage.channels.ntfy import accept_topic, send_ntfy
from triage.deliver import deliver_due
from triage.models import GivenAddress

pytestmark = pytest.mark.any_database("how a message is handed over")

TOPIC = "a-topic-that-is-long-enough"


@dataclass
class Server:
    origin: str
    taken: list[dict[str, Any]] = field(default_factory=list)  # Any: JSON
    status: int = 200


@pytest.fixture(name="server")
def _server(settings: Settings) -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            server.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(server.status)
            self.send_header("Location", "http://169.254.169.254/")
            self.send_header("Retry-After", "120")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Silent."""

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = Server(f"http://127.0.0.1:{web.server_port}")
    threading.Thread(target=lambda: web.serve_forever(poll_interval=0.02), daemon=True).start()
    settings.NTFY_HOSTS = [server.origin]
    yield server
    web.shutdown()
    web.server_close()


def test_a_message_is_published_without_a_word_about_health(server: Server) -> None:
    message = a_message()
    assert send_ntfy(message, accept_topic(f"{server.origin}/{TOPIC}")).state == "sent"
    (row,) = server.taken
    assert (row["topic"], row["title"], row["priority"]) == (TOPIC, "Please open this today", 4)
    assert row["click"] == "https://tracker.example.org/#/open"
    assert HEALTH_WORDS.findall(json.dumps(row)) == []


def test_a_repeat_takes_the_place_of_the_first_on_the_screen(server: Server) -> None:
    message = a_message()
    for sent in (message, message, a_message()):
        send_ntfy(sent, accept_topic(f"{server.origin}/{TOPIC}"))
    first, second, other = [row["sequence_id"] for row in server.taken]
    assert first == second != other


@pytest.mark.parametrize(
    ("status", "state"),
    [(200, "sent"), (400, "refused"), (403, "broken"), (404, "gone"), (302, "gone"), (429, "later"), (502, "later")],
)
def test_each_answer_is_understood_and_no_redirect_followed(server: Server, status: int, state: str) -> None:
    server.status = status
    outcome = send_ntfy(a_message(), accept_topic(f"{server.origin}/{TOPIC}"))
    wait = timedelta(seconds=120) if state == "later" else None
    assert (outcome.state, outcome.retry_after) == (state, wait)
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example/" + TOPIC, "http://ntfy.sh/" + TOPIC, "https://ntfy.sh:8080/" + TOPIC, "https://ntfy.sh/short",
        "https://ntfy.sh/", "https://ntfy.sh/a/" + TOPIC, "https://ntfy.sh@evil.example/" + TOPIC,
        f"https://ntfy.sh/{TOPIC}?auth=x", "https://127.0.0.1/" + TOPIC, TOPIC, "", "https://ntfy.sh/../" + TOPIC,
    ],
)  # fmt: skip
def test_only_a_long_topic_on_a_listed_server_is_taken(settings: Settings, text: str) -> None:
    settings.NTFY_HOSTS = ["ntfy.sh"]
    assert accept_topic(f"https://ntfy.sh/{TOPIC}") == {"server": "https://ntfy.sh/", "topic": TOPIC}
    with pytest.raises(EndpointRefused):
        accept_topic(text)


def test_every_channel_of_the_registry_is_called_alike() -> None:
    assert list(CHANNELS) == ["push", "email", "ntfy"]
    assert all(callable(channel) for channel in CHANNELS.values())


@pytest.mark.django_db
def test_somebody_names_a_topic_and_is_told_there(server: Server) -> None:
    person = ada()
    answer = person.ask("PUT", "channels/ntfy/", {"address": f"{server.origin}/{TOPIC}"})
    assert (answer.status_code, json.loads(answer.content)["state"]) == (201, "active")
    assert person.get("channels/")["offered"] == ["ntfy"]
    intent = an_intent(person.user, a_lump(person.user), channel="ntfy")
    deliver_due(at=NOON, seconds=5)
    assert state_of(intent.pk) == "sent"
    assert [row["topic"] for row in server.taken] == [TOPIC]
    assert person.ask("DELETE", "channels/ntfy/").status_code == 204
    assert person.get("channels/")["addresses"] == []


@pytest.mark.django_db
def test_a_topic_that_is_not_allowed_is_answered_in_words(server: Server) -> None:
    answer = ada().ask("PUT", "channels/ntfy/", {"address": "https://evil.example/" + TOPIC})
    assert answer.status_code == 400
    assert list(json.loads(answer.content)["fields"]) == ["address"]


@pytest.mark.django_db
def test_what_the_hoster_does_not_offer_is_not_there(settings: Settings) -> None:
    settings.NTFY_HOSTS = []
    person = ada()
    assert person.ask("PUT", "channels/ntfy/", {"address": f"https://ntfy.sh/{TOPIC}"}).status_code == 404
    assert person.get("channels/")["offered"] == []


@pytest.mark.django_db
def test_a_topic_that_belongs_to_somebody_else_is_not_tried_again(server: Server) -> None:
    user = an_account()
    server.status = 403
    address = dict(accept_topic(f"{server.origin}/{TOPIC}"))
    GivenAddress.objects.create(user=user, channel="ntfy", text="x", address=address, created_at=NOON)
    an_intent(user, a_lump(user), channel="ntfy")
    deliver_due(at=NOON, seconds=5)
    assert GivenAddress.objects.get().state == "broken"


def a_message() -> Message:
    return Message(uuid4(), "today", "en", "Tracker", "https://tracker.example.org")
