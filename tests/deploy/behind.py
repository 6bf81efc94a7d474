"""A host behind the proxy that writes down what reaches it, and answers as a test says."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self

PUBLIC = {"Cache-Control": "public, max-age=1", "ETag": '"one"', "Vary": "Accept-Encoding"}
PRIVATE = {"Cache-Control": "no-store"}


class Arrived(NamedTuple):
    """One request as it reached the host."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class _Server(ThreadingHTTPServer):
    daemon_threads, request_queue_size = True, 256


class Host:
    """Answers every request with its number, under headers that can be changed."""

    def __init__(self) -> None:
        self.arrived: list[Arrived] = []
        self.headers: dict[str, str] = dict(PUBLIC)
        self.status = 200
        self.before: Callable[[Arrived], bool] = lambda _request: True
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.port = self._server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.die()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def die(self) -> None:
        """Nobody listens any more; connections that are open are not used again."""
        self.before = lambda _request: False
        self._server.shutdown()
        self._server.server_close()


def _handler(host: Host) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = Arrived(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            if not host.before(request):
                self.close_connection = True
                return
            host.arrived.append(request)
            said = f"answer {len(host.arrived)}".encode()
            self.send_response(host.status)
            for name, value in {**host.headers, "Content-Length": str(len(said))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(said)

        do_GET = do_HEAD = do_POST = do_PUT = handle_any  # noqa: N815 -- named by the library

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler
