"""Flask's answer before it is sent: whose it is, and whether it can be kept."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from werkzeug.datastructures import Headers as Found
from werkzeug.http import parse_cache_control_header

from app.cache.entry import Entry
from app.cache.made import Made
from app.cache.negotiation import matches
from app.cache.store import LARGEST
from app.cache.versions import State

Environ = dict[str, Any]  # as PEP 3333 has it
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]

TOLD_AGAIN = frozenset({"cache-control", "etag", "vary", "set-cookie", "x-request-id"})  # with a 304
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_RANGE", "HTTP_RANGE")
NEVER_ENDS = float("inf")


def of(app: WsgiApp, environ: Environ) -> "Answer":
    """What the app says to a GET without conditions, and nothing of it sent yet."""
    told: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
        told[:] = [status, headers]

    asked = {name: value for name, value in environ.items() if name not in CONDITIONS}
    body = app(asked | {"REQUEST_METHOD": "GET"}, start_response)
    return Answer(told[0], told[1], body)


def refuse_coding(start_response: StartResponse) -> Iterable[bytes]:
    told = [("Content-Type", "text/plain"), ("X-Content-Type-Options", "nosniff"), ("Vary", "Accept-Encoding")]
    start_response("406 Not Acceptable", [*told, ("Cache-Control", "no-store")])
    return [b"There is br, gzip and identity.\n"]


@dataclass
class Answer:
    """Status, headers and body."""

    status: str
    headers: list[tuple[str, str]]
    body: Iterable[bytes]

    @cached_property
    def _found(self) -> Found:
        return Found(self.headers)

    @cached_property
    def _control(self) -> Any:  # Any: werkzeug's CacheControl
        return parse_cache_control_header(self._found.get("Cache-Control"))

    @property
    def is_failure(self) -> bool:
        return self.status >= "500"

    @property
    def is_private(self) -> bool:
        """Whether it is a page that nobody may keep."""
        return self.status.startswith("200") and "no-store" in self._control

    @property
    def is_public(self) -> bool:
        """Whether it is whole, the same for everyone, and small enough."""
        found = self._found
        return (
            self.status.startswith("200")
            and "public" in self._control
            and "Set-Cookie" not in found
            and "ETag" in found
            and found.get("Vary", "Accept-Encoding").strip().lower() == "accept-encoding"
            and "Content-Encoding" not in found
            and found.get("Content-Length", LARGEST + 1, type=int) <= LARGEST
        )

    @property
    def max_age(self) -> int:
        return int(self._control.max_age or 0)

    def entry(self, state: State, names: Iterable[str], made_at: float, ends_at: float) -> Entry:
        """What is kept of it, stamped with the versions that were known before it was made."""
        names = list(names)
        is_for_good = "immutable" in self._control and not names  # what follows from rows goes with them
        body = b"".join(self.body)
        self.close()
        return Entry(
            body=body,
            headers=self.headers,
            made=Made.of(names, state),
            generation=state.generation,
            made_at=0.0 if is_for_good else made_at,
            ends_at=NEVER_ENDS if is_for_good else ends_at,
            is_for_good=is_for_good,
        )

    def send(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """As it is; to who has it, that it has not changed."""
        condition, etag = environ.get("HTTP_IF_NONE_MATCH"), self._found.get("ETag")
        is_had = bool(condition and etag and self.status.startswith("200") and matches(condition, etag))
        if is_had:
            start_response("304 Not Modified", [pair for pair in self.headers if pair[0].lower() in TOLD_AGAIN])
        else:
            start_response(self.status, self.headers)
        if environ["REQUEST_METHOD"] == "GET" and not is_had:
            return self.body
        self.close()
        return ()

    def close(self) -> None:
        close = getattr(self.body, "close", None)
        if close is not None:
            close()
