"""A server that speaks Akismet's protocol, and misbehaves on request.

For tests: `with AkismetServer() as akismet: akismet.says("spam")`. By hand, beside a running site:
`python -m tests.akismet_server --port 8050 --mode spam`, with AKISMET_URL set to http://127.0.0.1:8050.
"""

import argparse
import json
import socket
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from tests.odd_server import OddServer

THANKS = "Thanks for making the web a better place."
KEY = "4kismet5ecret"  # the key that tests use, in no way a real one
NONE: Mapping[str, str] = {}
LONGEST = 60.0  # seconds after which a hanging answer ends by itself


@dataclass(frozen=True)
class Request:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    fields: dict[str, list[str]]

    @property
    def deed(self) -> str:
        """ "comment-check", "submit-ham" and so on."""
        return self.path.rsplit("/", 1)[-1]

    def __getitem__(self, field: str) -> str:
        """The only value of a field."""
        (value,) = self.fields[field]
        return value

    def __contains__(self, field: object) -> bool:
        return field in self.fields


class AkismetServer(OddServer):
    """Answers as `says` was told last; what was asked is in `requests`."""

    def __init__(self, mode: str = "ham", port: int = 0) -> None:
        self.requests: list[Request] = []
        super().__init__(mode, port)

    @property
    def modes(self) -> Collection[str]:
        return MODES

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def listen(self, address: tuple[str, int]) -> ThreadingHTTPServer:
        return _Server(address, self)

    def mode_for(self, _request: Request) -> str:
        """How this request is answered: as was told last, whatever it says."""
        return self.mode

    def asked(self, deed: str) -> list[Request]:
        """The requests for one deed, as "comment-check"."""
        return [request for request in self.requests if request.deed == deed]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], akismet: AkismetServer) -> None:
        super().__init__(address, _Handler)
        self.akismet = akismet

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what half of the modes are for."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        length, akismet = int(self.headers.get("Content-Length", 0)), self.server.akismet
        body = self.rfile.read(length)
        self.close_connection = True
        if len(body) < length:
            return  # who asked has fallen in the middle of the question
        fields = parse_qs(body.decode(), keep_blank_values=True)
        request = Request(self.path, dict(self.headers), fields)
        akismet.requests.append(request)
        with suppress(ConnectionError):
            MODES[akismet.mode_for(request)](self, request.deed)

    def do_GET(self) -> None:
        """How much of the plan is used, in JSON."""
        akismet = self.server.akismet
        path, _, query = self.path.partition("?")
        request = Request(path, dict(self.headers), parse_qs(query))
        akismet.requests.append(request)
        self.close_connection = True
        mode = akismet.mode_for(request)
        with suppress(ConnectionError):
            if mode in USAGE:
                self.answer(json.dumps(USAGE[mode]))
            else:
                MODES[mode](self, request.deed)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
        """Quiet: tests read what the site logs."""

    def answer(self, body: str, status: int = 200, headers: Mapping[str, str] = NONE) -> None:
        raw = body.encode("latin-1")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(f"X-akismet-{name}", value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def drip(self, raw: bytes) -> None:
        """A byte every 250 ms, so that no time-out per read is ever reached."""
        for byte in raw:
            self.wfile.write(bytes([byte]))
            if self.server.akismet.closing.wait(0.25):
                return


USAGE = {  # as Akismet has it: numbers in texts, and "none" where a plan has no limit
    "ham": {"limit": 350000, "usage": 7463, "percentage": "2.13", "throttled": False},
    "alert": {"limit": 350000, "usage": 350001, "percentage": "100.00", "throttled": True},
    "discard": {"limit": "none", "usage": 12, "percentage": "0.00", "throttled": False},
}
Mode = Callable[[_Handler, str], None]


def _by_the_book(check: str, told: Mapping[str, str] = NONE) -> Mode:
    """Valid keys, thanks for feedback, and `check` for every comment."""

    def answer(handler: _Handler, deed: str) -> None:
        if deed == "comment-check":
            handler.answer(check, headers=told)
        else:
            handler.answer("valid" if deed == "verify-key" else THANKS)

    return answer


def _always(body: str, status: int = 200, told: Mapping[str, str] = NONE) -> Mode:
    return lambda handler, _deed: handler.answer(body, status, told)


def _redirect(handler: _Handler, deed: str) -> None:
    handler.send_response(302)
    handler.send_header("Location", f"/2.0/{deed}")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def _hang(handler: _Handler, _deed: str) -> None:
    handler.server.akismet.closing.wait(LONGEST)


def _late(handler: _Handler, _deed: str) -> None:
    handler.server.akismet.closing.wait(10)
    handler.answer("false")


def _drip(handler: _Handler, _deed: str) -> None:
    handler.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfalse")


def _drip_body(handler: _Handler, _deed: str) -> None:
    """A chunk whose long extension means nothing: the body would be a "false" to believe."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    handler.drip(b"5;" + b"x" * 20 + b"\r\nfalse\r\n0\r\n\r\n")


def _flood(handler: _Handler, _deed: str) -> None:
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.akismet.closing.is_set():
        handler.wfile.write(b"false" * 2000)


def _cut(handler: _Handler, _deed: str) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "5")
    handler.end_headers()
    handler.wfile.write(b"fals")


def _echo(handler: _Handler, deed: str) -> None:
    """An indiscreet service that says the key back wherever it can."""
    key = handler.server.akismet.requests[-1].fields.get("api_key", [KEY])[0]
    told = dict.fromkeys(("alert-code", "alert-msg", "error", "debug-help"), f"key {key}")
    handler.answer(f"no such key {key}", headers=told)


MODES: dict[str, Mode] = {
    "ham": _by_the_book("false"),
    "spam": _by_the_book("true"),
    "discard": _by_the_book("true", {"pro-tip": "discard"}),
    "recheck": _by_the_book("false", {"recheck-after": "900"}),
    "alert": _by_the_book("false", {"alert-code": "10003", "alert-msg": "Over the limit"}),
    "error": _by_the_book("false", {"error": "10011"}),
    "invalid": _always("invalid", told={"debug-help": "We don't know this key"}),
    "500": _always("false", 500),
    "202": _always("false", 202),
    "redirect": _redirect,
    "garbage": _always("\x00\xff<html>ham? \xfe"),
    "empty": _always(""),
    "space": _always("false\n"),
    "capital": _always("False"),
    "echo": _echo,
    "hang": _hang,
    "late": _late,
    "drip": _drip,
    "drip-body": _drip_body,
    "flood": _flood,
    "cut": _cut,
}


def closed_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(port: int, mode: str) -> Iterator[Request]:
    """Serve until interrupted; yields what was asked."""
    with AkismetServer(mode, port) as akismet:
        shown = 0
        while True:
            time.sleep(0.2)
            yield from akismet.requests[shown:]
            shown = len(akismet.requests)


def main() -> None:
    parser = argparse.ArgumentParser(description="An Akismet of your own, for trying things out.")
    parser.add_argument("--port", type=int, default=8050)
    parser.add_argument("--mode", default="ham", choices=[*MODES, "dead"])
    options = parser.parse_args()
    print(f"Akismet says {options.mode} at http://127.0.0.1:{options.port}", flush=True)
    with suppress(KeyboardInterrupt):
        for request in serve(options.port, options.mode):
            print(request.deed, request.fields, flush=True)


if __name__ == "__main__":
    main()
