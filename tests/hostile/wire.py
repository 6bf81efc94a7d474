"""Bytes on a socket, as no well-mannered client would send them, and what comes back."""

import socket
from contextlib import suppress
from http.client import HTTPException, HTTPResponse
from io import BufferedReader
from typing import Self

from tests.hostile.target import Answer
from tests.server import PATIENCE

CRLF = b"\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded"


def head(line: str | bytes, *headers: str | bytes, host: str | bytes | None = "localhost") -> bytes:
    """A request's head; text is Latin-1, so that any byte can be said."""
    lines = [line, *([b"Host: " + _raw(host)] if host is not None else []), *headers]
    return CRLF.join(map(_raw, lines)) + CRLF * 2


def form(body: bytes, *headers: str, path: str = "/reports") -> bytes:
    """A form as it is sent, with a body of any kind."""
    return head(f"POST {path} HTTP/1.1", f"Content-Length: {len(body)}", *headers) + body


def chunk(body: bytes) -> bytes:
    return f"{len(body):x}".encode() + CRLF + body + CRLF


class Line:
    """A connection on which answers are heard in order, whatever came with one of them."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._stream = _Stream(socket.SocketIO(self._socket, "rb"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.raw.close()
        self._socket.close()

    def say(self, *parts: bytes) -> None:
        with suppress(ConnectionError):  # it has said no before it had all
            for part in parts:
                self._socket.sendall(part)

    def hear(self) -> Answer | None:
        """The next answer; None where the server hangs up without a word."""
        response = HTTPResponse(self._stream)  # type: ignore[arg-type]  # of a socket it wants the file alone
        try:
            response.begin()
            return Answer.read(response)
        except (ConnectionError, HTTPException):
            return None


class _Stream(BufferedReader):
    def makefile(self, _mode: str) -> Self:
        return self

    def close(self) -> None:
        """An answer that is read to its end closes what it was read from; the next one may be in it."""


def exchange(port: int, *parts: bytes) -> Answer | None:
    """The answer to these bytes."""
    with Line(port) as line:
        line.say(*parts)
        return line.hear()


def _raw(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")
