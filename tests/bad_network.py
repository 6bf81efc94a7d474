"""A network between a browser and a site that loses things on request.

`with BadNetwork(site.port) as network:` the site is then at `network.url`. What goes wrong, goes wrong for forms only.
"""

import threading
from contextlib import suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal, Self

Fault = Literal["none", "lose answer", "hang"]
LONGEST = 60.0  # seconds after which a hanging request ends by itself
OF_ONE_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})


class BadNetwork:
    """A proxy that hands everything on, until it is told otherwise."""

    def __init__(self, port: int) -> None:
        self.fault: Fault = "none"
        self.posts = 0
        self.canned: tuple[int, dict[str, str], bytes] | None = None
        """What is answered in the site's place: status, headers, body."""
        self.closing = threading.Event()
        self.site = port
        handler = type("Handler", (_Handler,), {"network": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://localhost:{self._server.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    network: BadNetwork
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._hand_on(b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.network.posts += 1
        if self.network.fault == "hang":
            self.network.closing.wait(LONGEST)
            self.close_connection = True
        elif self.network.canned:
            self._say(*self.network.canned)
        else:
            self._hand_on(body)

    def _hand_on(self, body: bytes) -> None:
        site = HTTPConnection("127.0.0.1", self.network.site, timeout=LONGEST)
        site.request(self.command, self.path, body or None, dict(self.headers.items()))
        answer = site.getresponse()
        said = answer.read()
        site.close()
        if self.command == "POST" and self.network.fault == "lose answer":
            self.close_connection = True  # stored; nobody hears of it
            return
        self._say(answer.status, {n: v for n, v in answer.getheaders() if n.lower() not in OF_ONE_HOP}, said)

    def _say(self, status: int, headers: dict[str, str], body: bytes) -> None:
        with suppress(ConnectionError):  # the browser has closed the page
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: tests read `posts`."""
