"""A push endpoint is an address that a stranger gives us to call. It may name a known push service and nothing else.

https on port 443 only, no credentials, a host on the hoster's list, every address of it public; resolved once, and that
very address is connected to, so that no second answer of a name server counts; no redirects, no proxies of ours.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
from requests.adapters import HTTPAdapter

LONGEST_ENDPOINT = 2000  # characters


class EndpointRefused(Exception):
    """This address is not called. `may_pass`: the name could not be resolved just now, which may be different later."""

    def __init__(self, code: str, *, may_pass: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.may_pass = may_pass


def check_endpoint(endpoint: str, *, hosts: Iterable[str]) -> SplitResult:
    """The endpoint taken apart, if its form and host are allowed. Connects to nothing and resolves nothing."""
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError as error:
        raise EndpointRefused("endpoint_form") from error
    if len(endpoint) > LONGEST_ENDPOINT or any(not 32 < ord(letter) < 127 for letter in endpoint) or "\\" in endpoint:
        raise EndpointRefused("endpoint_form")
    if parts.username is not None or parts.password is not None or not parts.hostname or parts.fragment:
        raise EndpointRefused("endpoint_form")
    if _is_trusted_origin(parts, hosts):
        return parts
    if parts.scheme != "https" or port not in (None, 443):
        raise EndpointRefused("endpoint_form")
    if not any(_matches(parts.hostname, pattern) for pattern in hosts if "://" not in pattern):
        raise EndpointRefused("endpoint_host")
    return parts


def session_for(endpoint: str, *, hosts: Iterable[str]) -> requests.Session:
    """A session that can reach this endpoint and follows it nowhere else."""
    hosts = list(hosts)
    parts = check_endpoint(endpoint, hosts=hosts)
    session = requests.Session()
    session.trust_env = False  # neither proxies nor .netrc from the environment
    session.max_redirects = 0
    if not _is_trusted_origin(parts, hosts):
        host = parts.hostname or ""
        session.mount("https://", PinnedAdapter(host=host, address=public_address(host)))
    return session


def public_address(host: str) -> str:
    """One resolution; refused if any answer is not a public address."""
    try:
        answers = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise EndpointRefused("endpoint_unresolved", may_pass=True) from error
    addresses = [str(answer[4][0]) for answer in answers]
    if not addresses or not all(is_public(address) for address in addresses):
        raise EndpointRefused("endpoint_private")
    return addresses[0]


def is_public(address: str) -> bool:
    """Can only the open internet be meant? An IPv4 address wrapped into IPv6 is judged as what it wraps."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if wrapped is not None:
            return wrapped.is_global and not wrapped.is_multicast
        # Reserved are, among others, 64:ff9b::/32 (NAT64) and ::/96: they reach whatever IPv4 address they carry.
        if ip.is_reserved or ip.is_site_local:  # fec0::/10, given up by RFC 3879, is still somebody's inside
            return False
    return ip.is_global and not ip.is_multicast


class PinnedAdapter(HTTPAdapter):
    """Connects to one address, while TLS and the Host header speak of the name it was resolved from."""

    def __init__(self, *, host: str, address: str) -> None:
        self._host = host
        self._address = f"[{address}]" if ":" in address else address
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # Any: the signature of requests
        super().init_poolmanager(*args, server_hostname=self._host, assert_hostname=self._host, **kwargs)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:  # Any: as above
        parts = urlsplit(request.url or "")
        request.url = parts._replace(netloc=self._address).geturl()
        request.headers["Host"] = self._host
        return super().send(request, *args, **kwargs)


def _is_trusted_origin(parts: SplitResult, hosts: Iterable[str]) -> bool:
    """Did the hoster write down exactly this origin? Only possible while nobody else can reach the installation."""
    return f"{parts.scheme}://{parts.netloc}" in hosts


def _matches(host: str, pattern: str) -> bool:
    """`fcm.googleapis.com`, or `*.push.apple.com` for any name below it."""
    host = host.rstrip(".").lower()
    pattern = pattern.lower()
    if pattern.startswith("*."):
        return host.endswith(pattern[1:]) and len(host) > len(pattern) - 1
    return host == pattern
