"""The two ends of the line, real ones: an SMTP server that keeps what it gets, a push service with browsers' keys.

Both write each raw delivery to a file opened for appending, so they can also stand in a process of their own
(`python -m tests.sinks smtp PORT FILE`, `python -m tests.sinks push PORT FILE`) while senders are killed.
"""

from __future__ import annotations

import base64
import email
import email.policy
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import http_ece
import jwt
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.servers import free_port

logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every line of every conversation


def append(path: Path, record: dict[str, Any]) -> None:  # Any: JSON
    """One line, whole or not at all, also when several processes write."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as file:
        file.write(json.dumps(record).encode() + b"\n")


def records(path: Path) -> list[dict[str, Any]]:  # Any: JSON
    """Every delivery so far, oldest first."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


# Mail


@dataclass
class MailSink:
    """An SMTP server on a loopback port. `refuse` holds an SMTP reply to give instead of taking the next mails."""

    path: Path
    port: int = field(default_factory=free_port)
    refuse: str = ""
    refuse_mailbox: str = ""  # said to the recipient's name already

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def mails(self) -> list[EmailMessage]:
        """Every mail so far, as a mail program reads it."""
        parsed = (email.message_from_string(row["raw"], policy=email.policy.default) for row in records(self.path))
        return [mail for mail in parsed if isinstance(mail, EmailMessage)]


class Taker:
    """What aiosmtpd calls. Not the sink itself: it looks at each attribute of this at each connection, and one of the
    sink's reads every mail there is."""

    def __init__(self, sink: MailSink) -> None:
        self._sink = sink

    async def handle_RCPT(self, _s: SMTP, _session: Session, envelope: Envelope, to: str, _options: list[str]) -> str:  # noqa: N802  # as below
        if not self._sink.refuse_mailbox:
            envelope.rcpt_tos.append(to)
        return self._sink.refuse_mailbox or "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        if self._sink.refuse:
            return self._sink.refuse
        content = envelope.content or b""
        raw = content if isinstance(content, str) else content.decode("utf-8", "replace")
        row = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "raw": raw, "at": time.time()}
        append(self._sink.path, row)
        return "250 OK"


@contextmanager
def mail_sink(path: Path, host: str = "127.0.0.1") -> Iterator[MailSink]:
    """A mail sink in a thread of this process."""
    sink = MailSink(path)
    controller = Controller(Taker(sink), hostname=host, port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


# Push


@dataclass
class Browser:
    """What a browser keeps of a push subscription: its key pair and its secret."""

    name: str
    private_key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @classmethod
    def from_json(cls, document: dict[str, str]) -> Browser:
        number = int(document["private_key"], 16)
        return cls(document["name"], ec.derive_private_key(number, ec.SECP256R1()), bytes.fromhex(document["auth"]))

    def to_json(self) -> dict[str, str]:
        number = self.private_key.private_numbers().private_value
        return {"name": self.name, "private_key": f"{number:064x}", "auth": self.auth.hex()}

    def subscription(self, origin: str) -> dict[str, Any]:  # Any: JSON, as `PushSubscription.toJSON()` gives it
        """What the page sends to our server."""
        point = self.private_key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        keys = {"p256dh": _text(point), "auth": _text(self.auth)}
        return {"endpoint": f"{origin}/push/{self.name}", "expirationTime": None, "keys": keys}

    def read(self, body: bytes) -> dict[str, Any]:  # Any: JSON
        """Decrypt a push (RFC 8291). Raises what the library raises when it was not meant for us."""
        plain = http_ece.decrypt(body, private_key=self.private_key, auth_secret=self.auth, version="aes128gcm")
        return dict(json.loads(plain))


@dataclass
class PushService:
    """A push service on a loopback port. Checks the VAPID token, decrypts with the browser's keys, keeps everything.

    `answers` holds what to answer instead of 201: browser name → (status, headers). `seen` counts connections.
    """

    path: Path
    port: int = field(default_factory=free_port)
    browsers: dict[str, Browser] = field(default_factory=dict)
    answers: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    seen: int = 0

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def subscribe(self, name: str = "phone") -> dict[str, Any]:  # Any: JSON
        """A new browser of this service; returns its subscription."""
        self.browsers[name] = Browser(name)
        return self.browsers[name].subscription(self.origin)

    @property
    def deliveries(self) -> list[dict[str, Any]]:  # Any: JSON
        """Each push that was taken: `browser`, `ttl`, `urgency`, `topic`, `claims`, `payload`, `bytes`."""
        return records(self.path)

    def receive(self, name: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        self.seen += 1
        if name in self.answers:
            return self.answers[name]
        browser = self.browsers.get(name)
        if browser is None:
            return 410, {}
        try:
            claims = verify_vapid(headers["authorization"], audience=self.origin)
        except (KeyError, ValueError, jwt.InvalidTokenError) as error:
            return 403, {"X-Reason": type(error).__name__}
        if headers.get("content-encoding") != "aes128gcm" or not headers.get("ttl", "").isdigit():
            return 400, {}
        payload = browser.read(body)
        size = len(json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode())
        row = {
            "browser": name,
            "ttl": int(headers["ttl"]),
            "urgency": headers.get("urgency"),
            "topic": headers.get("topic"),
            "claims": claims,
            "payload": payload,
            "bytes": size,
            "at": time.time(),
        }
        append(self.path, row)
        return 201, {"Location": f"{self.origin}/message/{self.seen}"}


def verify_vapid(authorization: str, *, audience: str) -> dict[str, Any]:  # Any: JSON
    """The claims of `vapid t=…, k=…` (RFC 8292). Raises jwt.InvalidTokenError where signature or claims are wrong."""
    scheme, _, rest = authorization.partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    if scheme.lower() != "vapid":
        raise ValueError("not a vapid header")
    point = base64.urlsafe_b64decode(parts["k"] + "=" * (-len(parts["k"]) % 4))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    claims = dict(jwt.decode(parts["t"], key, algorithms=["ES256"], audience=audience, options={"require": ["exp"]}))
    if claims["exp"] > time.time() + 24 * 3600 or not str(claims.get("sub", "")).startswith(("mailto:", "https:")):
        raise ValueError("claims are wrong")
    return claims


@contextmanager
def push_service(path: Path) -> Iterator[PushService]:
    """A push service in a thread of this process."""
    service = PushService(path)
    server = _serve(service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()


def _serve(service: PushService) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, extra = service.receive(urlsplit(self.path).path.rpartition("/")[2], headers, body)
            self.send_response(status)
            for name, value in {**extra, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Silent: a test prints only what failed."""

    return ThreadingHTTPServer(("127.0.0.1", service.port), Handler)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def main(kind: str, port: str, path: str, *browsers: str) -> None:
    """Stand alone until killed. `browsers` are JSON documents of `Browser.to_json`."""
    if kind == "smtp":
        sink = MailSink(Path(path), int(port))
        Controller(Taker(sink), hostname="127.0.0.1", port=sink.port).start()
        threading.Event().wait()
    known = [Browser.from_json(json.loads(document)) for document in browsers]
    _serve(PushService(Path(path), int(port), {browser.name: browser for browser in known})).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
