"""A site that shows a ledger over real HTTP, as well or as badly as a test wants."""

import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Self
from urllib.parse import parse_qs, urlsplit

from tests.ledger.written import SIGNER, Written, export

RECEIPT = "7KQM-2XWV-9P4D-HT3R-6ZBN-8SGA"
LONG = 20.0  # seconds that a slow site takes
Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """Answers from `pages` (path to body) and `entries`; what stands in `odd` answers in its own way."""

    def __init__(self, ledger: Written, size: int | None = None) -> None:
        self.lines = list(ledger.lines)
        self.pages = {
            "/ledger/checkpoint": ledger.checkpoint(size).encode(),
            "/ledger/key": SIGNER.vkey.encode() + b"\n",
            "/counter.json": json.dumps({"count": ledger.counters[-1], "as_of": "2011-11-24T09:00:00Z"}).encode(),
            f"/reports/{RECEIPT}/export.json": json.dumps(export()).encode(),
        }
        self.odd: dict[str, Answer] = {}
        self.asked: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                try:
                    site.odd.get(urlsplit(self.path).path, site.answer)(self)
                except OSError:  # the reader went away
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        address = urlsplit(request.path)
        body = self.pages.get(address.path)
        if address.path == "/ledger/entries":
            asked = parse_qs(address.query)
            body = b"".join(self.lines[int(asked["from"][0]) : int(asked["to"][0])])
        send(request, 404 if body is None else 200, body or b"")


def send(request: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    request.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


def drip_body(request: BaseHTTPRequestHandler) -> None:
    """A byte now and then: each read is quick, the whole never ends."""
    request.send_response(200)
    request.end_headers()
    _drip(request)


def drip_headers(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
    _drip(request)


def say_nothing(request: BaseHTTPRequestHandler) -> None:
    time.sleep(LONG)


def send_less_than_announced(request: BaseHTTPRequestHandler) -> None:
    send(request, 200, b"einzelfall", **{"Content-Length": "5000"})


def send_without_end(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b"0" * 65_536)


def send_broken_chunks(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf")


def speak_another_language(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"SSH-2.0-OpenSSH\r\n\0\xff\r\n\r\n")


def hang_up(request: BaseHTTPRequestHandler) -> None:
    pass


def fail(request: BaseHTTPRequestHandler) -> None:
    send(request, 503)


def redirect_to(place: str) -> Answer:
    return lambda request: send(request, 302, Location=place)


def _drip(request: BaseHTTPRequestHandler) -> None:
    for _ in range(int(LONG / 0.05)):
        request.wfile.write(b"0")
        time.sleep(0.05)
