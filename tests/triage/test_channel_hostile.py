"""More than two hundred hostile push endpoints: not one connection is made, by any way into the product.

Nothing here stands in for the network but its two doors: the resolver answers what an attacker's name server would,
and whoever tries to connect a socket fails the test.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

from lumptracker.env import VENDOR_PUSH_HOSTS
from tests.people import ada
from tests.sinks import Browser, PushService
from triage.channels import Message
from triage.channels.push import send_push

LOOPBACK = (
    "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "127.127.127.127", "0.0.0.0", "0", "2130706433", "0x7f000001",  # noqa: S104  # asked for, not bound
    "0x7f.0.0.1", "0x7f.1", "017700000001", "0177.0.0.1", "0177.1", "127.0.0.1.", "localhost", "LOCALHOST",
    "localhost.", "localhost.localdomain", "①②⑦.⓪.⓪.①", "127。0。0。1", "127.0.0.1%00", "[::1]", "[::]",
    "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "[::1%25lo]", "[fe80::1%25eth0]",
)  # fmt: skip
PRIVATE = (
    "10.0.0.1", "10.255.255.254", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.1.254", "169.254.169.254",
    "169.254.170.2", "100.64.0.1", "100.100.100.200", "192.0.0.192", "198.18.0.1", "224.0.0.1", "239.255.255.250",
    "255.255.255.255", "240.0.0.1", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518", "167772161",
    "0xa000001", "012.0.0.1", "3232235521", "0xc0a80001", "[fc00::1]", "[fd00:ec2::254]", "[fe80::1]", "[fec0::1]",
    "[ff02::1]", "[::ffff:10.0.0.1]", "[::ffff:a00:1]", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]",
    "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::]", "[2001:0:7f00:1::]", "[2001:db8::1]", "[100::1]",
    "metadata.google.internal", "instance-data", "kubernetes.default.svc", "redis", "db", "host.docker.internal",
)  # fmt: skip
VENDORS = ("fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com", "wns2.notify.windows.com")
LOOKALIKES = (
    "https://{v}.evil.example/", "https://{v}@evil.example/", "https://{v}:443@evil.example/", "https://evil.example#{v}",
    "https://evil.example/{v}", "https://evil.example?{v}", "https://evil.example\\@{v}/", "https://{v}\\@evil.example/",
    "https://{v}evil.example/", "https://evil.example/https://{v}/", "https://{v}%2eevil.example/", "https://{v}%00.evil.example/",
    "https://{v}\t.evil.example/", "https://{v}\r\nHost: evil.example/", "https://{v} .evil.example/",
    "https://user@{v}/", "https://user:word@{v}/", "https://:@{v}/", "https://{v}:80/", "https://{v}:22/",
    "https://{v}:6379/", "https://{v}:0/", "https://{v}:65536/", "https://{v}:-1/", "https://{v}:４４３/",
    "http://{v}/", "ftp://{v}/", "file://{v}/etc/passwd", "gopher://{v}:70/_", "dict://{v}:11211/", "ws://{v}/",
    "javascript://{v}/%0aalert(1)", "//{v}/", "{v}", "https:{v}", "https:/{v}", "https:///{v}/", "https:// {v}/",
    "https://{v}/\u202e", "https://[{v}]/", "https://{v}/#fragment", "https://{v}..evil.example/",
)  # fmt: skip
LITERALS = [f"https://{host}/push/1" for host in (*LOOPBACK, *PRIVATE)]
DISGUISED = [form.format(v=vendor) for form, vendor in product(LOOKALIKES, VENDORS)]
ANSWERS: tuple[list[str], ...] = (  # what somebody else's name server may say of a host that is on the list
    ["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"], ["192.168.1.1"], ["0.0.0.0"], ["100.64.0.1"], ["::1"],  # noqa: S104  # as above
    ["fe80::1"], ["fec0::1"], ["::ffff:127.0.0.1"], ["::ffff:169.254.169.254"], ["64:ff9b::7f00:1"], ["2002:7f00:1::"],
    ["fc00::1"], ["224.0.0.1"], ["142.250.1.1", "127.0.0.1"], ["127.0.0.1", "142.250.1.1"],
    ["2a00:1450:4001::1", "::1"], [],
)  # fmt: skip


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[list[str]]:
    """The names that were resolved. Any attempt to connect fails the test at its end, whoever caught the exception."""
    settings.PUSH_HOSTS = list(VENDOR_PUSH_HOSTS)
    names: list[str] = []
    tried: list[object] = []

    def resolve(host: str, *_: object, **__: object) -> Any:  # Any: never returns
        names.append(host)
        raise socket.gaierror

    def connect(_: socket.socket, address: object) -> Any:  # Any: as above
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    for door in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, door, connect)
    yield names
    assert tried == []


def test_there_are_more_than_two_hundred_of_them() -> None:
    assert len({*LITERALS, *DISGUISED}) > 200


@pytest.mark.parametrize("endpoints", [LITERALS, DISGUISED], ids=["addresses", "lookalikes"])
def test_a_push_to_none_of_them_resolves_or_connects_to_anything(asked: list[str], endpoints: list[str]) -> None:
    keys = Browser("phone").subscription("https://x")["keys"]
    outcomes = {endpoint: send_push(a_message(), {"endpoint": endpoint, **keys}).state for endpoint in endpoints}
    assert {endpoint: state for endpoint, state in outcomes.items() if state != "gone"} == {}
    assert asked == []


@pytest.mark.django_db
def test_none_of_them_is_even_kept(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.PUSH_HOSTS = list(VENDOR_PUSH_HOSTS)
    owner = ada()
    keys = Browser("phone").subscription("https://x")["keys"]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("it was resolved"))
    answers = {}
    for endpoint in (*LITERALS, *DISGUISED):
        cache.clear()  # nobody is slowed down here
        answer = owner.ask("PUT", "push-subscriptions/", {"endpoint": endpoint, "keys": keys})
        answers[endpoint] = answer.status_code
    assert {endpoint: status for endpoint, status in answers.items() if status != 400} == {}
    assert owner.get("push-subscriptions/") == []


@pytest.mark.parametrize("addresses", ANSWERS, ids=lambda addresses: "+".join(addresses) or "nothing")
def test_a_listed_name_that_leads_inside_is_not_called(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    def resolve(host: str, *_: object, **__: object) -> list[Any]:  # Any: the library's tuples
        asked.append(host)
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, 443)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    keys = Browser("phone").subscription("https://x")["keys"]
    for vendor in VENDORS:
        outcome = send_push(a_message(), {"endpoint": f"https://{vendor}/1", **keys})
        assert (outcome.state, outcome.code) == ("gone", "endpoint_private")
    assert asked == list(VENDORS)


def test_no_redirect_leads_anywhere(service: PushService) -> None:
    phone = address_of(service)
    targets = ("http://169.254.169.254/latest/", "//[::1]/", "https://evil.example/1", "/push/x")
    for asked_before, (status, target) in enumerate(product((301, 302, 303, 307, 308), targets)):
        service.answers["phone"] = (status, {"Location": target})
        assert send_push(a_message(), phone).state in ("gone", "refused")
        assert service.seen == asked_before + 1


def address_of(service: PushService) -> dict[str, str]:
    subscription = service.subscribe()
    return {"endpoint": subscription["endpoint"], **subscription["keys"]}


def a_message() -> Message:
    return Message(uuid4(), "check", "en", "Tracker", "https://tracker.example.org")
