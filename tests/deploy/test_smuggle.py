"""Requests that two servers might understand in two ways: nothing is answered twice, and nothing slips through."""

import re
from collections.abc import Iterator

import pytest

from tests.deploy.nginx import NAME, Nginx
from tests.ports import free_port
from tests.server import PATIENCE, Server, eventually

CLOSE = b"Connection: close\r\n"  # so that what follows is nobody's second request
SLIPPED = b"key=slipped-through&symptoms=no_data&place=Jena"
LENGTH = str(len(SLIPPED)).encode()
HOST = b"Host: HOST\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
HIDDEN = b"POST /reports HTTP/1.1\r\n" + HOST + FORM + b"Content-Length: " + LENGTH + b"\r\n\r\n" + SLIPPED
CHUNKED = b"Transfer-Encoding: chunked\r\n"


def post(*headers: bytes, body: bytes, version: bytes = b"HTTP/1.1") -> bytes:
    """A form with odd headers, whose body may hold another one."""
    return b"POST /reports " + version + b"\r\n" + HOST + CLOSE + FORM + b"".join(headers) + b"\r\n" + body


def length(of: bytes | int) -> bytes:
    return b"Content-Length: %d\r\n" % (of if isinstance(of, int) else len(of))


CHUNK = b"3\r\na=b\r\n0\r\n\r\n"
ATTACKS = {
    "CL.TE": post(length(6), CHUNKED, body=b"0\r\n\r\n" + HIDDEN),
    "TE.CL": post(CHUNKED, length(4), body=b"%x\r\n" % len(HIDDEN) + HIDDEN + b"\r\n0\r\n\r\n"),
    "TE.TE": post(CHUNKED, b"Transfer-Encoding: cow\r\n", body=b"0\r\n\r\n" + HIDDEN),
    "TE twice": post(CHUNKED, CHUNKED, length(4), body=CHUNK + HIDDEN),
    "TE with x": post(b"Transfer-Encoding: xchunked\r\n", length(3), body=b"a=b" + HIDDEN),
    "TE, space before the colon": post(b"Transfer-Encoding : chunked\r\n", length(3), body=b"a=b"),
    "TE, tab": post(b"Transfer-Encoding:\tchunked\r\n", length(3), body=CHUNK),
    "TE, vertical tab": post(b"Transfer-Encoding: \x0bchunked\r\n", length(3), body=b"a=b" + HIDDEN),
    "TE in a list": post(b"Transfer-Encoding: identity, chunked\r\n", body=CHUNK + HIDDEN),
    "TE folded": post(b"Transfer-Encoding:\r\n chunked\r\n", length(3), body=b"a=b" + HIDDEN),
    "TE behind a bare line feed": post(b"X: x\nTransfer-Encoding: chunked\r\n", length(3), body=CHUNK + HIDDEN),
    "TE behind a bare return": post(b"X: x\rTransfer-Encoding: chunked\r\n", length(3), body=b"a=b"),
    "TE with HTTP/1.0": post(CHUNKED, body=CHUNK + HIDDEN, version=b"HTTP/1.0"),
    "CL twice": post(length(3), length(3 + len(HIDDEN)), body=b"a=b" + HIDDEN),
    "CL twice the same": post(length(3), length(3), body=b"a=b" + HIDDEN),
    "CL in a list": post(b"Content-Length: 3, 3\r\n", body=b"a=b" + HIDDEN),
    "CL with a plus": post(b"Content-Length: +3\r\n", body=b"a=b" + HIDDEN),
    "CL below nothing": post(b"Content-Length: -1\r\n", body=HIDDEN),
    "CL without end": post(b"Content-Length: 99999999999999999999999\r\n", body=HIDDEN),
    "CL with an underscore": post(b"Content_Length: 0\r\n", length(3), body=b"a=b"),
    "CL folded": post(b"Content-Length:\r\n 3\r\n", body=b"a=b" + HIDDEN),
    "chunk extension": post(CHUNKED, body=b"3;x=y\r\na=b\r\n0;z\r\n\r\n"),
    "chunk extension with a line feed": post(CHUNKED, body=b"3;\n3\r\na=b\r\n0\r\n\r\n" + HIDDEN),
    "chunk without end": post(CHUNKED, body=b"fffffffffffffffff\r\na=b\r\n0\r\n\r\n" + HIDDEN),
    "chunk as 0x3": post(CHUNKED, body=b"0x3\r\na=b\r\n0\r\n\r\n" + HIDDEN),
    "chunk below nothing": post(CHUNKED, body=b"-1\r\na=b\r\n0\r\n\r\n" + HIDDEN),
    "chunk too short": post(CHUNKED, body=b"1\r\na=b\r\n0\r\n\r\n" + HIDDEN),
    "trailer": post(CHUNKED, body=b"3\r\na=b\r\n0\r\nContent-Length: 9\r\n\r\n"),
    "only line feeds": post(length(3), body=b"a=b").replace(b"\r\n", b"\n"),
    "reading with a body": b"GET / HTTP/1.1\r\n" + HOST + CLOSE + length(HIDDEN) + b"\r\n" + HIDDEN,
    "reading with chunks": b"GET / HTTP/1.1\r\n"
    + HOST
    + CLOSE
    + CHUNKED
    + b"\r\n%x\r\n" % len(HIDDEN)
    + HIDDEN
    + b"\r\n0\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\n" + HOST + CLOSE + b"Host: evil.example\r\n\r\n",
    "whole address": b"GET http://evil.example/ HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "HTTP/1.0": b"GET / HTTP/1.0\r\n" + HOST + CLOSE + b"\r\n",
    "HTTP/0.9": b"GET /\r\n",
    "HTTP/3.0": b"GET / HTTP/3.0\r\n" + HOST + CLOSE + b"\r\n",
    "a line feed in the path": b"GET /\nX: y HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n",
    "spaces before a header": b"GET / HTTP/1.1\r\n X: y\r\n" + HOST + CLOSE + b"\r\n",
    "upgrade": b"GET / HTTP/1.1\r\n"
    + HOST
    + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
    "expect": post(b"Expect: 100-continue\r\n", length(3), body=b"a=b"),
}
STATUS = re.compile(rb"^HTTP/1\.1 (\d{3}) ", re.M)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Nginx, Server]]:
    """The site behind nginx, both as they ship."""
    folder, port = tmp_path_factory.mktemp("smuggle"), free_port()
    own = {"EINZELFALL_BASE_URL": f"https://{NAME}:{port}", "EINZELFALL_TRUSTED_PROXIES": "1"}
    server = Server(folder / "site", EINZELFALL_WORKERS="1", **own)
    with server, Nginx(folder / "nginx", [f"127.0.0.1:{server.port}"], ports=(free_port(), port)) as nginx:
        eventually(nginx.is_listening, "nginx listens")
        yield nginx, server


@pytest.mark.parametrize("name", ATTACKS)
def test_nothing_is_answered_twice_and_nothing_slips_through(site: tuple[Nginx, Server], name: str) -> None:
    nginx, server = site
    back = nginx.raw(ATTACKS[name].replace(b"HOST", f"{NAME}:{nginx.https}".encode()))
    statuses = [int(status) for status in STATUS.findall(back) if status != b"100"]
    print(name, statuses)
    assert len(statuses) <= 1
    # 505 says of a version that nginx does not speak it, before it knows a path: that is the standard's word for it
    assert all(status < 500 or (name, status) == ("HTTP/3.0", 505) for status in statuses)
    assert server.rows("SELECT count(*) FROM report") == [(0,)]
    again = nginx.ask("/?lang=en")
    assert (again.status, again.headers["Cache-Control"]) == (200, "public, max-age=1")
    assert again.body.count(b"</html>") == 1


def test_what_would_have_slipped_through_is_stored_when_it_is_sent_openly(site: tuple[Nginx, Server]) -> None:
    nginx, server = site
    openly = HIDDEN.replace(FORM, CLOSE + FORM).replace(b"HOST", f"{NAME}:{nginx.https}".encode())
    assert b" 303 " in nginx.raw(openly, PATIENCE)
    assert server.rows("SELECT count(*) FROM report") == [(1,)]
