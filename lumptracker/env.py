"""Reads the environment once, proves it, and keeps the secrets that the installation makes for itself.

Every setting of docs/hosting.md comes through here; each secret also as `NAME_FILE`. A wrong value raises
`WrongSetting`, whose one line names the setting and the mend; `settings.py` ends the start with it.
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import environ
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from lumptracker.brokers import Broker, broker_at

LEAST_SECRET = 32  # characters
BROKER_KINDS = ("filesystem", "memory", "redis", "rediss", "valkey", "valkeys", "sentinel")
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
VENDOR_PUSH_HOSTS = (  # the four push services; patterns as in docs/hosting.md
    "fcm.googleapis.com",
    "*.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)


SQLITE_OPTIONS = {  # WAL and IMMEDIATE let writers queue instead of fail, FULL makes "saved" mean saved
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,  # seconds
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;PRAGMA secure_delete=ON;"
        "PRAGMA journal_size_limit=27103364;PRAGMA mmap_size=134217728;PRAGMA cache_size=-8000;"
    ),
}


class WrongSetting(SystemExit):
    """Ends the start. Its text is one line: the setting, what is wrong with it, the mend."""

    def __init__(self, name: str, problem: str, mend: str) -> None:
        super().__init__(f"{name}: {problem}. {mend}.")
        self.name = name


@dataclass(frozen=True)
class Origin:
    """Where people reach the product, taken apart."""

    url: str
    host: str
    is_https: bool
    is_local: bool  # a loopback address: nobody else can reach it


class Environment:
    """The process environment, read by name."""

    def __init__(self, values: Mapping[str, str], *, base: Path) -> None:
        self._values = values
        self.base = base
        self.data = Path(self.text("LUMPTRACKER_DATA", str(base / "data"))).expanduser().resolve()

    def text(self, name: str, default: str = "") -> str:
        """`name`, or the content of the file that `name_FILE` points to. An empty value counts as not set."""
        path = self._values.get(f"{name}_FILE", "")
        if path:
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise WrongSetting(
                    f"{name}_FILE", f"cannot be read ({error.strerror})", "Point it at a readable file"
                ) from error
        return self._values.get(name, "").strip() or default

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = self.text(name, default).lower()
        if value not in choices:
            raise WrongSetting(name, f"{value!r} is not known", f"Use one of: {', '.join(choices)}")
        return value

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        value = self.text(name, str(default))
        if not value.isdigit() or not low <= int(value) <= high:
            raise WrongSetting(
                name, f"{value!r} is not a whole number from {low} to {high}", f"Set it, for example, to {default}"
            )
        return int(value)

    def origin(self, name: str, default: str) -> Origin:
        """An origin without path: https://lump.example.org or http://127.0.0.1:8000."""
        value = self.text(name, default).rstrip("/")
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or parts.username:
            raise WrongSetting(name, f"{value!r} is not an origin", "Write it like https://tracker.example.org")
        return Origin(value, parts.hostname, parts.scheme == "https", is_loopback(parts.hostname))

    def database(self, default: str) -> dict[str, Any]:  # Any: Django's own shape of DATABASES
        url = self.text("DATABASE_URL", default)
        if urlsplit(url).scheme not in ("sqlite", "postgres", "postgresql"):
            raise WrongSetting(
                "DATABASE_URL", "is neither SQLite nor PostgreSQL", "Write postgres://USER:PASSWORD@HOST/NAME"
            )
        try:
            return dict(environ.Env.db_url_config(url))
        except Exception as error:  # the library names no error class of its own
            raise WrongSetting("DATABASE_URL", "cannot be read", "Write postgres://USER:PASSWORD@HOST/NAME") from error

    def broker(self, default: str) -> Broker:
        url, mend = self.text("CELERY_BROKER_URL", default), "Write redis://HOST:6379/0, or leave it out"
        if url.partition("://")[0] not in BROKER_KINDS:
            raise WrongSetting("CELERY_BROKER_URL", "is of a kind that is not known", mend)
        try:
            return broker_at(url)
        except ValueError as error:
            mend = "Write sentinel://HOST:26379,HOST:26379/0?master=NAME"
            raise WrongSetting("CELERY_BROKER_URL", str(error), mend) from error

    def email(self) -> dict[str, Any]:  # Any: values of several types, as the library returns them
        url = self.text("EMAIL_URL")
        if not url:
            return {}
        if urlsplit(url).scheme.startswith("anymail+"):
            return mail_provider(url)
        if urlsplit(url).scheme not in ("smtp", "smtps", "smtp+tls", "smtp+ssl") or not urlsplit(url).hostname:
            raise WrongSetting("EMAIL_URL", "is not an SMTP address", "Write smtp+tls://USER:PASSWORD@HOST:587")
        return dict(environ.Env.email_url_config(url.replace("smtps:", "smtp+ssl:", 1)))

    def hosts(self, name: str, default: tuple[str, ...], *, public: Origin) -> list[str]:
        """Host patterns that may be called for strangers; a whole origin is trusted exactly as written."""
        hosts = [host.strip() for host in self.text(name).split(",") if host.strip()]
        for host in hosts:
            if "://" in host and not urlsplit(host).hostname:
                raise WrongSetting(name, f"{host!r} names no host", "Name hosts, such as push.example.org")
            if "://" in host and not public.is_local:
                raise WrongSetting(
                    name, f"{host!r} is an origin, for tests only", "Name hosts, such as push.example.org"
                )
        return hosts or list(default)

    def networks(self, name: str) -> list[IPv4Network | IPv6Network]:
        """Addresses or networks, separated by commas."""
        entries = [entry.strip() for entry in self.text(name).split(",") if entry.strip()]
        found = []
        for entry in entries:
            try:
                found.append(ip_network(entry, strict=False))
            except ValueError as error:
                raise WrongSetting(
                    name, f"{entry!r} is not an address", "Write it like 10.0.0.2 or 10.0.0.0/24"
                ) from error
        return found

    def contact(self, name: str, *, public: Origin) -> str:
        """Whom a push service may write to (RFC 8292 `sub`). Apple answers 403 to an address that reaches nobody."""
        value = self.text(name, public.url if public.is_https else "mailto:nobody@example.org")
        host = value.rpartition("@")[2] if value.startswith("mailto:") else urlsplit(value).hostname or ""
        if (
            not value.startswith(("mailto:", "https://"))
            or "." not in host
            or host.endswith((".invalid", ".local", ".test"))
        ):
            raise WrongSetting(
                name, f"{value!r} is refused by push services", "Write mailto:YOU@YOUR.DOMAIN or an https address"
            )
        return value

    def address(self, name: str) -> str:
        """An address that we call, without the slash at its end; empty where there is none."""
        value = self.text(name).rstrip("/")
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise WrongSetting(name, "is not an address", "Write it like https://hc.example.org/ping/UUID")
        return value

    def token(self, name: str) -> str:
        """A secret that somebody else brings; empty where there is none."""
        value = self.text(name)
        if value and len(value) < LEAST_SECRET:
            raise WrongSetting(name, "is too short to be a secret", f"Use {LEAST_SECRET} random characters or more")
        return value

    def secret(self, name: str, make: Callable[[], str]) -> str:
        """A secret from the environment, else from the data folder, else made now and kept there for good."""
        given = self.text(name)
        if given and len(given) < LEAST_SECRET:
            raise WrongSetting(name, "is too short to be a secret", f"Use {LEAST_SECRET} random characters or more")
        if given:
            return given
        path = self.data / "secrets" / name.lower()
        if not path.exists():
            write_once(path, make())
        return path.read_text(encoding="utf-8").strip()

    def bucket(self, name: str) -> dict[str, Any]:  # Any: values of several types
        """`s3://KEY:SECRET@host/bucket?region=&endpoint=` as django-storages wants it; empty for a folder."""
        url = self.text(name)
        if "://" not in url:
            return {}
        parts, mend = urlsplit(url), "Write s3://KEY:SECRET@s3.example.org/BUCKET, or the path of a folder"
        asked, bucket = dict(parse_qsl(parts.query)), parts.path.strip("/")
        if parts.scheme != "s3" or not parts.hostname or not bucket or "/" in bucket:
            raise WrongSetting(name, "is neither a folder nor a bucket", mend)
        if not parts.username or not parts.password:
            raise WrongSetting(name, "names no key and secret for the bucket", mend)
        if set(asked) - {"region", "endpoint"}:
            raise WrongSetting(name, "asks for something else than region and endpoint", mend)
        where = parts.hostname if parts.port is None else f"{parts.hostname}:{parts.port}"
        return {
            "access_key": unquote(parts.username),
            "secret_key": unquote(parts.password),
            "bucket_name": bucket,
            "endpoint_url": asked.get("endpoint") or f"https://{where}",
            "region_name": asked.get("region") or "us-east-1",
        }

    def data_keys(self) -> tuple[str, ...]:
        """DATA_KEY, then the keys of `DATA_KEY_ALSO`, which only open. Read anew at each call."""
        also = self.text("DATA_KEY_ALSO") or self._kept("data_key_also")
        keys = [self.secret("DATA_KEY", new_secret), *(key.strip() for key in also.split(",") if key.strip())]
        if any(len(key) < LEAST_SECRET for key in keys):
            raise WrongSetting("DATA_KEY_ALSO", "holds what is too short to be a key", "Separate whole keys by commas")
        return tuple(dict.fromkeys(keys))

    def _kept(self, name: str) -> str:
        try:
            return (self.data / "secrets" / name).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""


def mail_provider(url: str) -> dict[str, Any]:  # Any: values of several types
    """`anymail+postmark://?server_token=…`: a provider that django-anymail knows, with settings as it names them."""
    if find_spec("anymail") is None:
        raise WrongSetting("EMAIL_URL", "needs the package django-anymail", "Install it beside the app")
    parts = urlsplit(url)
    provider = parts.scheme.removeprefix("anymail+").replace("-", "_")
    if find_spec(f"anymail.backends.{provider}") is None:
        raise WrongSetting("EMAIL_URL", f"{provider!r} is no provider that django-anymail knows", "See its docs")
    values = {f"{provider}_{name}".upper(): value for name, value in parse_qsl(parts.query)}
    return {"EMAIL_BACKEND": f"anymail.backends.{provider}.EmailBackend", "ANYMAIL": values}


def is_loopback(host: str) -> bool:
    """Is this host name only reachable from the machine itself?"""
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def write_once(path: Path, value: str) -> None:
    """Keep a new secret so that only we can read it; if another process was faster, its value stands."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def new_secret() -> str:
    """384 random bits, as text."""
    return secrets.token_urlsafe(48)


def new_vapid_key() -> str:
    """A P-256 private key for web push (RFC 8292): the raw 32 bytes in base64url, as py-vapid reads them."""
    key = ec.generate_private_key(ec.SECP256R1())
    number = key.private_numbers().private_value
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()


def is_vapid_key(value: str) -> bool:
    """Does this read as a P-256 private key, raw or PEM?"""
    try:
        if "BEGIN" in value:
            return isinstance(serialization.load_pem_private_key(value.encode(), None), ec.EllipticCurvePrivateKey)
        return len(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))) == 32
    except ValueError:
        return False
