"""A mail server of our own: it takes letters in, or refuses them, or is as odd as a mail server can be."""

import socketserver
from collections.abc import Callable, Collection
from contextlib import suppress

from tests.odd_server import OddServer

LONGEST = 90.0  # seconds after which it lets go of whoever it keeps waiting
PAUSE = 0.25  # seconds between two bytes that drip


class MailServer(OddServer):
    """Behaves as `says` was told last."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []  # that it has taken in
        super().__init__("well")

    @property
    def modes(self) -> Collection[str]:
        return MODES

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def listen(self, address: tuple[str, int]) -> socketserver.TCPServer:
        return _Server(address, self)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], owner: MailServer) -> None:
        super().__init__(address, _Conversation)
        self.owner = owner

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what half of the modes are for."""


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        with suppress(ConnectionError):
            MODES[self.server.owner.mode](self)

    def converse(self, *, recipient: str = "250 ok", data: str = "250 ok", bye: str = "221 bye") -> None:
        """By the book, save for what it is told to answer; with no `bye` it says none."""
        self.say("220 ready")
        while line := self.rfile.readline():
            verb = line.split(b":")[0].split()[0].upper() if line.strip() else b""
            if verb == b"DATA":
                self.say("354 go on")
                text = self._text()
                if data.startswith("250"):
                    self.server.owner.letters.append(text)
                self.say(data)
            elif verb == b"QUIT":
                self.say(bye) if bye else self.hang()
                return
            else:
                self.say(recipient if verb == b"RCPT" else "250 ok")

    def hang(self) -> None:
        self.server.owner.closing.wait(LONGEST)

    def drip(self) -> None:
        """A greeting without end, byte by byte: no single wait is ever long."""
        self.wfile.write(b"220 ")
        while not self.server.owner.closing.wait(PAUSE):
            self.wfile.write(b"x")

    def say(self, words: str) -> None:
        self.wfile.write(words.encode("latin-1") + b"\r\n")

    def _text(self) -> bytes:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        return b"".join(lines)


MODES: dict[str, Callable[[_Conversation], None]] = {
    "well": _Conversation.converse,
    "refuse": lambda one: one.converse(recipient="550 no"),
    "later": lambda one: one.converse(data="451 later"),
    "mute": lambda one: one.converse(bye=""),
    "hang": _Conversation.hang,
    "drip": _Conversation.drip,
    "garbage": lambda one: one.say("\x00\xff<html>250 ok"),
    "close": lambda _: None,
}
