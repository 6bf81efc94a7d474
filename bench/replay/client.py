"""A small HTTP/1.1 client for load: kept connections, raw bytes, no cookie."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

PATIENCE = 30.0  # seconds until an answer counts as failed


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; the head as it was sent, its names in lower case."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """The value of a header, or nothing."""
        _, found, rest = self.head.partition(b"\r\n" + name.lower().encode() + b":")
        return rest.partition(b"\r\n")[0].strip().decode("latin-1") if found else ""


class Connection:
    """One connection, one request at a time; made anew when it has broken."""

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> None:
        self._host, self._port, self._tls = host, port, tls
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, raw: bytes) -> Answer:
        """Send a request and read its answer; OSError or TimeoutError when there is none."""
        try:
            return await asyncio.wait_for(self._ask(raw), PATIENCE)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
            self._streams = None

    async def _ask(self, raw: bytes) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port, ssl=self._tls)
        reader, writer = self._streams
        writer.write(raw)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as error:
            raise ConnectionError("the connection was closed before an answer") from error
        answer = Answer(int(head[9:12]), b"\r\n" + _lowered(head), b"")
        body = await _body(reader, answer) if answer.status not in {204, 304} else b""
        if answer.header("connection").lower() == "close":
            self.close()
        return Answer(answer.status, answer.head, body)


def get(host: str, path: str, **headers: str) -> bytes:
    """A reader's request as bytes."""
    return _request("GET", host, path, {"Accept-Encoding": "br, gzip", **_dashed(headers)}, b"")


def post(host: str, path: str, fields: Mapping[str, str | list[str]], **headers: str) -> bytes:
    """A form's request as bytes."""
    body = urlencode(fields, doseq=True).encode()
    sent = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body)), **_dashed(headers)}
    return _request("POST", host, path, sent, body)


def _request(method: str, host: str, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _dashed(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _lowered(head: bytes) -> bytes:
    """The header lines with their names in lower case."""
    lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return b"\r\n".join(name.lower() + colon + value for name, colon, value in lines)


async def _body(reader: asyncio.StreamReader, answer: Answer) -> bytes:
    if length := answer.header("content-length"):
        return await reader.readexactly(int(length))
    if answer.header("transfer-encoding") != "chunked":
        return b""
    parts = []
    while size := int(await reader.readuntil(b"\r\n"), 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return b"".join(parts)
