"""Made-up requests for the doors without an OpenAPI document, and the visitors who send them."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import StringIO
from urllib.parse import quote_from_bytes, urlencode
from uuid import uuid4

import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.test.client import encode_multipart
from django.urls import get_resolver
from django.utils import timezone
from hypothesis import strategies as st

from tests.doors import a_world, helper_of, holder_of, routes
from tests.lumptracker.readers import PASSCODE, share
from tests.lumptracker.signing_in import sent, with_totp
from tests.people import PASSWORD, Somebody, nobody, sign_up
from tracking.models import HelperLink, ShareLink
from tracking.share_secrets import new_code, new_token

MARK = "cnrymark"  # in every text that is made up, to be looked for in the logs
ABOUT = "aboutwhat"  # in its place stands what is there, or what never was
HERS = (b"Secret Name", b"Secret label")  # of `tests.doors`
STARTS = ("_allauth/", "s/", "^s/", "shl/")
BY_ADDRESS = tuple(
    f"/_allauth/{client}/v1/{door}"
    for client in ("app", "browser")
    for door in ("auth/login", "auth/code/request", "auth/password/request", "auth/password/reset", "account/email")
)  # not signing up: who does is let in at once, so that there it cannot be hidden (lumptracker/signup.py)
BY_SECRET = ("/s/open/", "/s/help/open/", f"/shl/{ABOUT}/", f"/shl/{ABOUT}/file/{ABOUT}/", f"/s/contact/{ABOUT}/")
METHODS = ("GET", "POST", "POST", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "x-made-up")
FIELDS = (
    "email", "password", "code", "key", "credential", "name", "current_password", "new_password", "authenticators",
    "sessions", "id", "phone", "invitation", "recipient", "passcode", "embeddedLengthMax", "passwordless",
    "session_token", "primary", "token", "lump", "seen_on", "plan", "review_on", "answer", "image", "lang",
)  # fmt: skip
HEADERS = (
    "Origin", "Referer", "Sec-Fetch-Site", "Accept-Language", "Accept", "Host", "User-Agent", "Range", "Authorization",
    "X-Session-Token", "X-CSRFToken", "X-Email-Verification-Key", "X-Password-Reset-Key", "X-Forwarded-For",
    "X-Forwarded-Host", "X-HTTP-Method-Override", "If-Modified-Since", "If-None-Match", "Content-Encoding",
)  # fmt: skip
COOKIES = ("session", "device", "shared", "helping", "csrftoken", "messages", "made-up")
NASTY = (
    f"{MARK}\0\0\0\0", f"\ud800{MARK}", MARK * 3000, f"' OR 1=1 -- {MARK}", f"../../{MARK}", f"<script>{MARK}",
    f"%s%n{{{{7*7}}}}{MARK}", f"{MARK}\r\nX-A: b", f"\u202e{MARK}", f"{MARK}@example.org", f"{MARK}\0@example.org",
    f"{MARK}\udfff@example.org", f"{MARK}@" + "é" * 300, f"{MARK}@[::1]", "9" * 5000, "", " ", "null", "0001-01-01",
)  # fmt: skip
HEADER_NASTY = (
    f"http://[{MARK}", "http://[", "null", f"https://{MARK}.example.org", "same-origin", "cross-site", f"//{MARK}",
    f"bytes=0-{MARK}", f"{MARK};q=1e999", "es;q=nan, *;q=-1", f"{MARK}" * 200, "\xff\xfe" + MARK, "gzip", "[::1]:99999",
)  # fmt: skip
COOKIE_NASTY = (f'"{MARK}' + r'\000\000\000\000"', MARK, f'"{MARK}', f"{MARK}:a:b", "\xff" * 40, "a.b:c:d", "=;=")
RAW = (
    b"[" * 5000, b'{"email":' * 5000, b"\xff\xfe\x00", b'"' + MARK.encode(), b'"\\ud800"', b"NaN", b"1" * 6000,
    b"[]", b"null", b"true", b"{}", b"", b"\0", b'{"email": "a", "email": {"a": []}}',
    b"a=%00&token=%ff%fe&&;=&" + b"a=1&" * 1200, b"--x--", b"\xef\xbb\xbf{}",
    b"--x\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n" + MARK.encode(),
)  # fmt: skip
TYPES = (
    "application/json", "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
    "multipart/form-data", "application/x-www-form-urlencoded; charset=utf-7", "application/json; charset=made-up",
    f"text/{MARK}", "", ";;", "multipart/form-data; boundary=" + "x" * 300, "multipart/form-data; boundary=\xe9",
)  # fmt: skip


@dataclass(frozen=True)
class Knock:
    """One request, and who sends it."""

    who: str
    method: str
    address: str
    query: str
    body: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[tuple[str, str], ...]
    brings_csrf: bool

    def about(self, what: str) -> Knock:
        """The same with this in the place of ABOUT."""
        body = self.body.replace(ABOUT.encode(), what.encode())
        return replace(self, address=self.address.replace(ABOUT, what), body=body)


class Elsewhere:
    """Ada's world, and each visitor as far inside as they get."""

    def __init__(self) -> None:
        world = a_world()
        lump, photo = world.ids["lump"], world.ids["photo"]
        self.email = world.ada.email
        link, ended = share(world.ada, lump, write_back=True), share(world.ada, lump)
        late = holder_of(ended)
        ShareLink.objects.filter(pk=ended.id).update(expires_at=timezone.now())
        helper_id = uuid4()
        helper = world.ada.put(f"helper-links/{helper_id}/", {"lump": str(lump)})
        HelperLink.objects.filter(pk=helper_id).update(expires_at=timezone.now())
        self.visitors = {
            "anonymous": nobody(), "owner": world.ada, "stranger": world.cal, "holder": holder_of(link),
            "helper": helper_of(world.ada, lump, photo), "late": late, "half": _half_signed_in(),
            "asked": self._asked(),
        }  # fmt: skip
        self.insiders = {"owner", "holder"}
        self.known = (
            self.email, world.cal.email, PASSWORD, link.token, link.code, PASSCODE, str(lump), str(photo),
            str(world.ids["person"]), "totp", "recovery_codes", "000000", "agree", "2026-11-20",
        )  # fmt: skip
        secrets = ((ended.token, new_token()), (ended.code, new_code()))
        helped = ((helper["url"].partition("#")[2], new_token()), (helper["code"], new_code()))
        self.ended = (*secrets, *helped)

    def _asked(self) -> Somebody:
        """Somebody who asked for a new password of Ada's."""
        somebody = nobody()
        somebody.token = sent("auth/password/request", {"email": self.email}, somebody)[1]["meta"]["session_token"]
        return somebody

    def send(self, knock: Knock) -> HttpResponse:
        """The answer; what it did is undone, and nothing of it stays in the visitor's browser."""
        visitor = self.visitors[knock.who]
        own = [(name, morsel.value) for name, morsel in visitor.client.cookies.items()]
        headers = {"X-Session-Token": visitor.token} if visitor.token and "/browser/" not in knock.address else {}
        if knock.brings_csrf:
            own.append(("csrftoken", "c" * 32))
            headers["X-CSRFToken"] = "c" * 32
        headers |= {
            "Cookie": "; ".join(f"{name}={value}" for name, value in (*own, *knock.cookies)),
            **dict(knock.headers),
        }
        with transaction.atomic():
            answer = nobody().client.generic(
                knock.method, knock.address + knock.query, knock.body, knock.content_type, headers=headers
            )
            transaction.set_rollback(True)
        return answer  # type: ignore[return-value]  # the stubs' own response type

    def told_of_ada(self, knock: Knock, answer: HttpResponse) -> bool:
        """Whether an answer says something of hers to who has no part in it, and had not said it."""
        if knock.who in self.insiders:
            return False
        said = self.email.encode() in knock.body
        return any(secret in answer.content for secret in (*HERS, *(() if said else (self.email.encode(),))))


def _half_signed_in() -> Somebody:
    """Somebody after the password and before the second step."""
    somebody, now = sign_up("cal+half@example.org"), time.time()
    with time_machine.travel(now, tick=False):
        with_totp(somebody, seconds=now)
    device = Somebody(email=somebody.email)
    body = {"email": somebody.email, "password": PASSWORD}
    device.token = sent("auth/login", body, device)[1]["meta"]["session_token"]
    return device


# What is made up


def any_knock(doors: Elsewhere, *, at: Sequence[str] = (), who: Sequence[str] = ()) -> st.SearchStrategy[Knock]:
    """At any of these addresses by any of these visitors; at any door by anybody where none is named."""
    subject = st.just(ABOUT) if at else st.sampled_from(doors.known)
    return st.builds(
        Knock,
        who=st.sampled_from(tuple(who) or tuple(doors.visitors)),
        method=st.sampled_from(METHODS),
        address=st.sampled_from(at) if at else _address(subject),
        query=st.just("") | st.dictionaries(st.sampled_from(FIELDS) | _text(), _text(), max_size=2).map(_query),
        body=_json(subject) | _form(subject) | st.sampled_from(RAW),
        content_type=st.sampled_from(TYPES),
        headers=st.dictionaries(st.sampled_from(HEADERS), _header(), max_size=2).map(lambda told: tuple(told.items())),
        cookies=st.just(()) | st.tuples(st.tuples(st.sampled_from(COOKIES), st.sampled_from(COOKIE_NASTY))),
        brings_csrf=st.booleans(),
    )


def _text() -> st.SearchStrategy[str]:
    """Any characters at all, halves of pairs too; or what has broken others."""
    return st.sampled_from(NASTY) | st.text(st.characters(), max_size=12).map(lambda text: MARK + text)


def _header() -> st.SearchStrategy[str]:
    """What a server hands on: latin-1 without control characters."""
    printable = st.characters(min_codepoint=32, max_codepoint=255, exclude_categories=["Cc"])
    return st.sampled_from(HEADER_NASTY) | st.text(printable, max_size=12).map(lambda text: MARK + text)


def _address(subject: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A route with its holes filled, or one with something more at its end."""
    paths = sorted(path.lstrip("^") for path, _ in routes(get_resolver()) if path.startswith(STARTS))
    filled = st.tuples(st.sampled_from(paths), subject | _text(), subject | _text()).map(_filled)
    return filled | st.tuples(filled, _text()).map(lambda parts: f"{parts[0]}{_quoted(parts[1])}")


def _filled(parts: tuple[str, str, str]) -> str:
    path, *values = parts
    address = "/" + path.replace(".+", "<str:any>")
    for value in values:
        start, hole, rest = address.partition("<")
        address = start + _quoted(value) + rest.partition(">")[2] if hole else address
    return address


def _quoted(text: str) -> str:
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")


def _query(named: dict[str, str]) -> str:
    return "?" + "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in named.items())


def _json(subject: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    plain = subject | _text() | st.none() | st.booleans() | st.integers() | st.floats()
    value = subject | plain | st.lists(plain, max_size=3) | st.dictionaries(_text(), plain, max_size=2)
    return st.dictionaries(st.sampled_from(FIELDS), value, max_size=6).map(lambda body: json.dumps(body).encode())


def _form(subject: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    fields = st.dictionaries(st.sampled_from(FIELDS), subject | _text(), max_size=5)
    return fields.map(lambda form: urlencode(form, errors="surrogatepass").encode()) | fields.map(_multipart)


def _multipart(form: dict[str, str]) -> bytes:
    readable = {name: value.encode("utf-8", "replace").decode() for name, value in form.items()}
    return encode_multipart("x", readable)


# What is looked at


def told_by(answer: HttpResponse) -> tuple[int, str, tuple[str, ...], tuple[str, ...]]:
    """All that an answer tells, but for what is new in each: the token of a new session, a challenge."""
    text = answer.content.decode("utf-8", "replace")
    if answer.headers.get("Content-Type", "").startswith("application/json") and text:
        body = json.loads(text)
        if isinstance(body, dict):
            body.get("meta", {}).pop("session_token", None)
        text = json.dumps(body, sort_keys=True)
    return answer.status_code, text, tuple(sorted(answer.headers)), tuple(sorted(answer.cookies))


@contextmanager
def what_is_logged() -> Iterator[StringIO]:
    """Every line that the product's own handler writes, as it writes it."""
    lines, console = StringIO(), logging.getLogger("django").handlers[0]
    assert isinstance(console, logging.StreamHandler)
    before = console.setStream(lines)
    try:
        yield lines
    finally:
        console.setStream(before or console.stream)
