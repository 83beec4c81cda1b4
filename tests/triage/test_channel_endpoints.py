"""Push endpoints are addresses that strangers give us: what is called, and what never is."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from lumptracker.env import VENDOR_PUSH_HOSTS
from triage.channels.endpoints import EndpointRefused, check_endpoint, is_public, public_address, session_for

HOSTILE = [
    "http://fcm.googleapis.com/fcm/send/1",
    "https://fcm.googleapis.com:8443/fcm/send/1",
    "https://fcm.googleapis.com:444/",
    "https://user@fcm.googleapis.com/",
    "https://user:word@fcm.googleapis.com/",
    "https://fcm.googleapis.com@127.0.0.1/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://localhost/",
    "https://fcm.googleapis.com.evil.example/",
    "https://evilfcm.googleapis.com/",
    "https://fcm.googleapis.com%2eevil.example/",
    "https://push.apple.com/",
    "https://.push.apple.com/",
    "https://fcm.googleapis.com\\@evil.example/",
    "https://fcm.googleapis.com\n.evil.example/",
    "https://evil.example/#fcm.googleapis.com",
    "https://fcm.googleapis.com/#x",
    "ftp://fcm.googleapis.com/",
    "file:///etc/passwd",
    "gopher://fcm.googleapis.com/",
    "//fcm.googleapis.com/",
    "",
    "https://",
    "https://fcm.googleapis.com:port/",
    "https://fcm.googleapis.com/" + "x" * 3000,
    "https://ｆcm.googleapis.com/",
    "http://127.0.0.1:9999/push/1",
]


@pytest.mark.parametrize("endpoint", HOSTILE)
def test_a_hostile_endpoint_is_refused_before_anything_is_resolved(
    endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("it was resolved"))
    with pytest.raises(EndpointRefused):
        session_for(endpoint, hosts=VENDOR_PUSH_HOSTS)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://wns2-par02p.notify.windows.com/w/?token=abc",
        "https://FCM.googleapis.com:443/x",
    ],
)
def test_the_endpoints_of_the_four_vendors_are_taken(endpoint: str) -> None:
    assert check_endpoint(endpoint, hosts=VENDOR_PUSH_HOSTS)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104  # compared, not bound
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "2002:7f00:0001::",
        "64:ff9b::7f00:1",
        "64:ff9b:1::7f00:1",
        "::7f00:1",  # IPv4-compatible, given up by RFC 4291
        "::10.0.0.1",
        "4000::1",  # nobody's so far
        "fe80::1%eth0",
        "nonsense",
    ],
)
def test_an_address_that_is_not_public_is_never_called(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


def test_one_private_answer_among_public_ones_refuses_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: _answers("142.250.1.1", "127.0.0.1"))
    with pytest.raises(EndpointRefused) as caught:
        public_address("fcm.googleapis.com")
    assert not caught.value.may_pass


def test_a_name_that_cannot_be_resolved_now_may_pass_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def unresolved(*_: object, **__: object) -> Any:  # Any: never returns
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unresolved)
    with pytest.raises(EndpointRefused) as caught:
        public_address("fcm.googleapis.com")
    assert caught.value.may_pass


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second answer of the name server (rebinding) is never asked for."""
    asked: list[str] = []
    called: list[tuple[str, int]] = []

    def resolve(host: str, *_: object, **__: object) -> list[Any]:  # Any: the library's tuples
        asked.append(host)
        return _answers("142.250.1.1") if host == "fcm.googleapis.com" else _answers(host)

    def connect(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    session = session_for("https://fcm.googleapis.com/fcm/send/1", hosts=VENDOR_PUSH_HOSTS)
    with pytest.raises(OSError):
        session.post("https://fcm.googleapis.com/fcm/send/1", timeout=1)
    assert asked.count("fcm.googleapis.com") == 1
    assert {address[0] for address in called} == {"142.250.1.1"}


def test_an_origin_written_down_by_the_hoster_is_trusted_exactly_as_written() -> None:
    hosts = ["http://127.0.0.1:9999"]
    assert check_endpoint("http://127.0.0.1:9999/push/1", hosts=hosts)
    for other in (
        "http://127.0.0.1:9998/",
        "https://127.0.0.1:9999/",
        "http://localhost:9999/",
        "http://x@127.0.0.1:9999/",
    ):
        with pytest.raises(EndpointRefused):
            check_endpoint(other, hosts=hosts)


def _answers(*addresses: str) -> list[Any]:  # Any: the library's tuples
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
