"""Asking somebody else's server, named by somebody else: public addresses only, no redirects, little, and not for long.

A name is resolved once. Every address it has must be public, and what is connected to is one of those addresses, while
certificate and `Host` stay the name's: a name that changes its mind in between leads nowhere else.
"""

import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver
import httpcore

from app.kit.public_addresses import is_public

SECONDS = 5.0  # for all of it, from the first question to the last byte
MOST = 64 * 1024  # bytes of an answer
# what surely exists, in two hands each: where neither is found from here, it is us who see nothing
KNOWN_PAGES = ("www.iana.org", "www.wikipedia.org")
KNOWN_TEXTS = ("_dmarc.google.com", "_dmarc.yahoo.com")  # below a label that begins with a line, as ours does
DMARC = "v=DMARC1"  # how such a text begins (RFC 7489)
AGENT = "Einzelfall (proof of an organisation)"
Resolver = Callable[[str, str, float], list[str]]
"""All records of a name of a type (A, AAAA, TXT), within so many seconds; raises `Missing` or `Unreachable`."""


class Fault(StrEnum):
    """Why there is no answer."""

    NO_NAME = "no-name"  # the name does not exist, or has no record of the kind
    PRIVATE = "private"  # the name leads to an address that is not public
    REDIRECT = "redirect"
    STATUS = "status"
    NO_TEXT = "no-text"
    TOO_MUCH = "too-much"
    CERTIFICATE = "certificate"
    SLOW = "slow"
    AWAY = "away"  # no connection, or one that broke
    NO_DNS = "no-dns"  # nobody who resolves names can be reached
    OTHER_WORDS = "other-words"  # for who looks for some: other ones are there


ANSWERS = frozenset({Fault.REDIRECT, Fault.STATUS, Fault.NO_TEXT, Fault.TOO_MUCH, Fault.OTHER_WORDS})


class Unanswered(Exception):
    """There is no answer that could be read."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        self.fault, self.detail = fault, detail[:200]
        super().__init__(f"{fault}: {detail}" if detail else str(fault))

    @property
    def is_their_own(self) -> bool:
        """Whether only whoever was asked can have said so: no network of ours, no resolver."""
        return self.fault in ANSWERS


class Missing(Unanswered):
    """Whoever was asked has answered: it is not there, or not so."""


class Unreachable(Unanswered):
    """Nobody has answered; whether the fault is here, there or between cannot be known."""


def resolved(name: str, kind: str, seconds: float) -> list[str]:
    """The records, by the machine's own resolver."""
    try:
        resolver = dns.resolver.get_default_resolver()
    except dns.exception.DNSException as error:  # a machine that knows of none
        raise Unreachable(Fault.NO_DNS, name) from error
    return ask_dns(resolver, name, kind, seconds)


def ask_dns(resolver: dns.resolver.Resolver, name: str, kind: str, seconds: float) -> list[str]:
    """The records of a name, texts joined from their parts."""
    try:
        found = resolver.resolve(name, kind, lifetime=max(seconds, 0.01), search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.exception.SyntaxError, dns.name.LabelTooLong) as error:
        raise Missing(Fault.NO_NAME, name) from error
    except dns.exception.DNSException as error:
        raise Unreachable(Fault.NO_DNS, name) from error
    return [_plain(one) for one in found]


def _plain(record: Any) -> str:  # Any: dnspython's records have no common type for their contents
    if record.rdtype == dns.rdatatype.TXT:
        return b"".join(record.strings).decode("utf-8", "replace")
    return str(record.address)


@dataclass(frozen=True)
class Outside:
    """How the outside is reached. What the site uses is the default; tests have a network of their own."""

    resolver: Resolver = resolved
    rule: Callable[[str], bool] = is_public
    trust: ssl.SSLContext | None = None  # default: whom the machine trusts
    port: int = 443
    seconds: float = SECONDS

    def texts(self, name: str) -> list[str]:
        """The TXT records of a name."""
        return self.resolver(name, "TXT", self.seconds)

    def finds_texts(self) -> bool:
        """Whether TXT records that surely exist are found from here."""
        return any(map(self._finds_text, KNOWN_TEXTS))

    def _finds_text(self, name: str) -> bool:
        try:
            return any(text.startswith(DMARC) for text in self.texts(name))
        except Unanswered:
            return False

    def reaches_pages(self) -> bool:
        """Whether a server that surely exists is reached from here by HTTPS, as itself, whatever it answers."""
        return any(map(self._reaches, KNOWN_PAGES))

    def _reaches(self, host: str) -> bool:
        try:
            self.read(host, "/")
        except Unanswered as fault:
            return fault.is_their_own
        return True

    def read(self, host: str, path: str) -> str:
        """The text at an address of a host, by HTTPS."""
        deadline = time.monotonic() + self.seconds
        backend = _Checked(self.resolver, self.rule, deadline)
        trust = self.trust or ssl.create_default_context()
        try:
            with httpcore.ConnectionPool(ssl_context=trust, network_backend=backend, retries=0) as pool:
                return self._read(pool, host, path, deadline)
        except httpcore.TimeoutException as error:
            raise Unreachable(Fault.SLOW, host) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            if isinstance(error.__cause__ or error, ssl.SSLCertVerificationError) or "CERTIFICATE" in str(error):
                raise Unreachable(Fault.CERTIFICATE, host) from error
            raise Unreachable(Fault.AWAY, host) from error

    def _read(self, pool: httpcore.ConnectionPool, host: str, path: str, deadline: float) -> str:
        url = httpcore.URL(scheme="https", host=host, port=None if self.port == 443 else self.port, target=path)
        headers = [("Host", host), ("User-Agent", AGENT), ("Accept", "text/plain"), ("Accept-Encoding", "identity")]
        left = deadline - time.monotonic()
        patience = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), left)}
        with pool.stream("GET", url, headers=headers, extensions=patience) as answer:
            _check(answer)
            return _text(answer.iter_stream(), deadline)


def _check(answer: httpcore.Response) -> None:
    """Nothing but text, from just there."""
    if 300 <= answer.status < 400:
        raise Missing(Fault.REDIRECT)  # whereto is theirs to write, and nobody's to read
    if answer.status >= 500 or answer.status == 429:
        raise Unreachable(Fault.STATUS, str(answer.status))
    if answer.status != 200:
        raise Missing(Fault.STATUS, str(answer.status))
    headers = {name.lower(): value for name, value in answer.headers}
    if not headers.get(b"content-type", b"").lower().startswith(b"text/"):
        raise Missing(Fault.NO_TEXT, headers.get(b"content-type", b"").decode("latin-1"))
    if headers.get(b"content-length", b"0").isdigit() and int(headers.get(b"content-length", b"0")) > MOST:
        raise Missing(Fault.TOO_MUCH)


def _text(parts: Iterable[bytes], deadline: float) -> str:
    read = b""
    for part in parts:
        read += part
        if len(read) > MOST:
            raise Missing(Fault.TOO_MUCH)
        if time.monotonic() > deadline:
            raise Unreachable(Fault.SLOW)
    return read.decode("utf-8", "replace").removeprefix("\ufeff")


class _Checked(httpcore.NetworkBackend):
    """Connects to addresses that were checked, and waits until the deadline for all of it together."""

    def __init__(self, resolver: Resolver, rule: Callable[[str], bool], deadline: float) -> None:
        self._resolver, self._rule, self._deadline = resolver, rule, deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 -- theirs; ours is the deadline
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,  # Any: as httpcore takes them
    ) -> httpcore.NetworkStream:
        fault: Exception | None = None
        for address in self._addresses(host):
            try:
                stream = self._inner.connect_tcp(address, port, self._left(), local_address, socket_options)
                return _Timed(stream, self._left)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                fault = error
        raise Unreachable(Fault.AWAY, host) from fault

    def _addresses(self, host: str) -> Sequence[str]:
        found: list[str] = []
        for kind in ("A", "AAAA"):
            try:
                found += self._resolver(host, kind, self._left())
            except Missing:
                continue
        if not found:
            raise Missing(Fault.NO_NAME, host)
        if not all(map(self._rule, found)):
            raise Missing(Fault.PRIVATE, host)
        return found

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise Unreachable(Fault.SLOW)
        return left


class _Timed(httpcore.NetworkStream):
    """A connection on which nothing waits longer than what is left of the whole."""

    def __init__(self, inner: httpcore.NetworkStream, left: Callable[[], float]) -> None:
        self._inner, self._left = inner, left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 -- theirs
        return self._inner.read(max_bytes, self._left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 -- theirs
        self._inner.write(buffer, self._left())

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 -- theirs
    ) -> httpcore.NetworkStream:
        return _Timed(self._inner.start_tls(ssl_context, server_hostname, self._left()), self._left)

    def get_extra_info(self, info: str) -> Any:  # Any: httpcore's own type
        return self._inner.get_extra_info(info)

    def close(self) -> None:
        self._inner.close()
