"""One question over HTTP: at the address, within the time and up to the size that we allow.

The `akismet` package knows one address, counts its time-out per read and drops the headers of the answer.
It takes an `httpx.Client`, though, and that takes a transport; everything here goes in by that door.
"""

import contextlib
import ipaddress
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlencode

import httpx

LONGEST_ANSWER = 4096  # bytes; the true ones have at most 50


class Refused(httpx.TransportError):
    """The answer is not one that could be believed: another status than 200, or too much of it."""


class Exchange(httpx.BaseTransport):
    """Carries one request to `base` instead of where the package wants it, with `extra` form fields added."""

    def __init__(self, base: httpx.URL, extra: Mapping[str, str | Sequence[str]], seconds: float) -> None:
        self.headers = httpx.Headers()
        """The `X-akismet-…` headers of the answer."""
        self._base = base
        self._extra = urlencode(extra, doseq=True).encode()
        self._ends_at = time.monotonic() + seconds
        self._is_over = threading.Event()
        self._stream: Any = None  # Any: httpcore names no public type for it

    def hang_up(self) -> None:
        """End the exchange from another thread; a read that is going on returns at once."""
        self._is_over.set()
        if self._stream is not None:
            with contextlib.suppress(OSError):
                self._stream.get_extra_info("socket").shutdown(2)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with httpx.HTTPTransport(verify=_tls()) as wire:
            answer = wire.handle_request(self._addressed(request))
            self.headers = _akismet_headers(answer.headers)
            if answer.status_code != 200:
                raise Refused(f"status {answer.status_code}")
            return httpx.Response(200, headers=self.headers, content=self._read(answer))

    def _addressed(self, request: httpx.Request) -> httpx.Request:
        base = self._base
        url = request.url.copy_with(
            scheme=base.scheme, host=base.host, port=base.port, path=base.path.rstrip("/") + request.url.path
        )
        names = ("User-Agent", "Content-Type", "Accept-Encoding")
        kept = {name: request.headers[name] for name in names if name in request.headers}
        body = b"&".join(filter(None, (request.read(), self._extra)))
        extensions = {**request.extensions, "trace": self._notice}
        return httpx.Request(request.method, url, headers=kept, content=body, extensions=extensions)

    def _notice(self, event: str, info: dict[str, Any]) -> None:  # Any: what httpcore tells of its steps
        """Remember the connection, which is what `hang_up` cuts."""
        if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            self._stream = info["return_value"]
        self._watch_time()

    def _read(self, answer: httpx.Response) -> bytes:
        body = b""
        for chunk in answer.iter_raw():
            self._watch_time()
            body += chunk
            if len(body) > LONGEST_ANSWER:
                raise Refused("a longer answer than any")
        return body

    def _watch_time(self) -> None:
        if self._is_over.is_set() or time.monotonic() > self._ends_at:
            raise httpx.ReadTimeout("over")


def trusted_base(url: str) -> httpx.URL:
    """The address of the service; ValueError unless it is https, or http to this machine itself."""
    base = httpx.URL(url)
    if base.host and (base.scheme == "https" or (base.scheme == "http" and _is_loopback(base.host))):
        return base
    raise ValueError("https is expected; http only to a service on this machine, as http://127.0.0.1:8080")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _akismet_headers(headers: httpx.Headers) -> httpx.Headers:
    return httpx.Headers([(name, value) for name, value in headers.items() if name.startswith("x-akismet-")])


@cache
def _tls() -> ssl.SSLContext:
    """Read from disk once and not before a question is asked."""
    return httpx.create_ssl_context()
