"""Requests that no browser sends, byte by byte: heads and bodies that are odd, torn, far too long or lie."""

import gzip
from itertools import repeat

import brotli
import pytest

from tests.hostile.harm import assert_harmless, words_of
from tests.hostile.target import Target
from tests.hostile.ways import Sent
from tests.hostile.wire import CRLF, FORM, Line, chunk, exchange, form, head

EVIL = "evil.example"
PARTS = "Content-Type: multipart/form-data; boundary=x"
GROWTH = 1.5  # times the memory before
MANY = 10_000
DEEP = 200_000
HUGE = 2**20  # bytes

TARGETS = (
    *(f"http://{EVIL}/posts/", f"http://{EVIL}/posts", "//" + EVIL, f"//{EVIL}/posts", f"///{EVIL}/%2e%2e"),
    *(f"/\\{EVIL}", "/static/../../etc/passwd", "/static/%2e%2e/%2e%2e/etc/passwd", "/static/..%2f..%2fetc%2fpasswd"),
    *("/./posts/../posts", "/static/..\\..\\etc", "/posts/a%00b", "/static/css/site.css%00.html", "/posts/%zz%f"),
    *("/posts/%ff%fe", "/posts/%ed%a0%80", "/posts%0d%0aSet-Cookie:a=b", "/posts?lang=en%0d%0aSet-Cookie:a=b"),
    *("/posts?lang=en%0aX:%20y", "/?lang=%ed%a0%80&page=%00", "/?" + "a&" * MANY, "/?" + "lang=de&" * (MANY // 2)),
    *("/?" + "%" * MANY, "/" + "a/" * MANY, "/" + "../" * MANY, "/posts/" + "%2e%2e%2f" * 5_000, "/?" + "a" * HUGE),
    *("*", "", "posts/", "/posts/#x", "/?[" + "[" * MANY, b"/posts/a\0b", b"/posts/\xff", b"/posts\x0b", b"/posts\t/x"),
    *("/posts/\xe4?q=\xff", f"/desk/sign-in?next=//{EVIL}", f"/desk/sign-in?next=/desk//{EVIL}"),
)
HOSTS = (
    *("", EVIL, f"localhost@{EVIL}", f"{EVIL}@localhost", "localhost:99999", "localhost:abc", f"localhost/{EVIL}"),
    *("[::1", f"localhost, {EVIL}", '"><script>alert(1)</script>', "localhost%0d%0aX: y", b"loc\xc3\xa4l\xff"),
    *("a" * 60_000, "localhost."),
)
HEADERS = (
    *(f"X-Forwarded-Host: {EVIL}", f"X-Forwarded-Prefix: //{EVIL}", "X-Forwarded-Proto: javascript"),
    *("X-Forwarded-Port: 1", "X-Forwarded-For: \xff'\"<script>", "X-Forwarded-For: " + "1," * 9_000),
    *(f"Forwarded: host={EVIL};proto=javascript", f"X-Original-URL: /{EVIL}", f"X-Rewrite-URL: //{EVIL}"),
    *(f"X-Host: {EVIL}", "X-HTTP-Method-Override: DELETE", "Accept: " + "a/b;q=0.1," * 5_000),
    *("Accept: application/json;q=nan, text/html;q=inf", "Accept-Language: \xff" + "a-" * 9_000),
    *("Accept-Encoding: " + "br;q=x," * 5_000, "Accept-Encoding: br;q=-1, *;q=0, gzip;q=nan"),
    *("Accept-Encoding: \xff", "Range: bytes=" + ",".join(["0-"] * MANY), "Range: bytes=9-1,-0,99999999999999999999-"),
    *("If-Range: \xff", "If-None-Match: " + '"a",' * MANY, "If-Modified-Since: Thu, 99 Foo 99999 25:61:61 GMT"),
    *("If-Unmodified-Since: \xff", "Cookie: desk=\xff\x80; desk=" + "a" * 5_000, "Cookie: " + '="; c' * MANY),
    *("Cookie: desk=.eJ" + "a" * 5_000, "Authorization: Basic \xff:", "Origin: http://[::", "Referer: \xff"),
    *("User-Agent: \xff\xfe<script>", "Date: \xff", "Upgrade: websocket", "Connection: close, host, x-forwarded-for"),
    *("Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk", "Expect: 200-maybe"),
    *("Transfer-Encoding: gzip", "Trailer: Host", "TE: trailers", "X: a\r\n folded", "X : a", "X: a\rY: b", ": a", "X"),
    *("X-A: " + "a" * HUGE, f"Host: {EVIL}", "Purpose: prefetch", "\r\n".join(f"X-{n}: a" for n in range(MANY))),
)
METHODS = ("TRACE", "CONNECT", "OPTIONS", "PUT", "DELETE", "PATCH", "PROPFIND", "get", "G@T", "A" * 5_000, "", "HEAD ")
IN_CHUNKS = "Transfer-Encoding: chunked"
POSTED = "POST /reports HTTP/1.1"
BODIES = {
    "longer than a form may be": form(b"text=" + b"a" * HUGE * 2, FORM),
    "said to be longer than any": head(POSTED, FORM, "Content-Length: 99999999999"),
    "said to be longer than numbers are": head(POSTED, FORM, f"Content-Length: {'9' * 400}"),
    "of a length below nothing": head(POSTED, FORM, "Content-Length: -1"),
    "of two lengths": head(POSTED, FORM, "Content-Length: 5", "Content-Length: 6") + b"a=1&b=",
    "in chunks without end": head(POSTED, FORM, IN_CHUNKS) + chunk(b"a" * 65_536) * 40,
    "in chunks that are none": head(POSTED, FORM, IN_CHUNKS) + b"zz\r\nabc\r\n",
    "in chunks with a long tail": head(POSTED, FORM, IN_CHUNKS) + b"1;" + b"a" * 99_999 + CRLF,
    "of a length and in chunks": head(POSTED, FORM, "Content-Length: 6", IN_CHUNKS) + b"0\r\n\r\nG",
    "in chunks that are hidden": head(POSTED, FORM, "Content-Length: 6", "Transfer-Encoding: xchunked") + b"0\r\n\r\nG",
    "that swells, by gzip": form(gzip.compress(b"a" * HUGE * 32), FORM, "Content-Encoding: gzip"),
    "that swells, by brotli": form(brotli.compress(b"a" * HUGE * 32, quality=1), FORM, "Content-Encoding: br"),
    "of ten thousand fields": form(b"a=1&" * MANY, FORM),
    "of five thousand of one field": form(b"place=B&" * (MANY // 2), FORM),
    "of equals signs": form(b"=" * 60_000, FORM),
    "of broken percents": form(b"text=%zz%f&%=%&place=%ff%ed%a0%80%00", FORM),
    "of parts without end": form(b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\na\r\n' * 1_000, PARTS),
    "of parts that are torn": form(b"--x\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--x", PARTS),
    "of parts with long heads": form(b"--x\r\n" + b"A: " + b"a" * 60_000, PARTS),
    "of nested parts": form(b"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" * 900, PARTS),
    "of a file where words belong": form(
        b'--x\r\nContent-Disposition: form-data; name="text"; filename="../../a\0b"\r\n\r\n\xff\0\r\n--x--\r\n', PARTS
    ),
    "parted by nothing": form(b"a=1", "Content-Type: multipart/form-data"),
    "parted by a long line": form(b"a=1", f"Content-Type: multipart/form-data; boundary={'a' * 60_000}"),
    "parted by no text": form(b"a=1", 'Content-Type: multipart/form-data; boundary="\xff'),
    "nested deep": form(b"[" * 60_000, "Content-Type: application/json", "Accept: application/json"),
    "nested deeper than it may be long": form(b'{"a":' * DEEP, "Content-Type: application/json"),
    "of half a character": form(b'{"text": "\\ud800", "place": 1e999}', "Content-Type: application/json"),
    "of an alphabet nobody has": form(b"text=+ADw-", f"{FORM}; charset=utf-7"),
    "of no alphabet": form(b"text=a", f"{FORM}; charset=\xff"),
    "of XML that swells": form(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "Content-Type: application/xml"),
    "after a question nobody waits for": form(b"a=1", FORM, "Expect: 100-continue"),
}
NO_HTTP = (
    b"GET /\r\n\r\n",
    b"\x16\x03\x01\x02\x00aaa" + CRLF * 2,
    b"\0" * 999 + CRLF * 2,
    CRLF * 999 + b"x" + CRLF * 2,
)


def assert_withstood(target: Target, *parts: bytes, where: str) -> None:
    """Whatever this is answered by is harmless, and so is the site afterwards; `where` begins with the path."""
    answer, place = exchange(target.server.port, *parts), f"raw {where[:200]}"
    if answer is not None:
        assert_harmless(answer, "<script>alert(1)</script>", place, words_of(answer, place))
        told = " ".join(value for _, value in answer.headers) + answer.text
        assert EVIL not in told, f"{place} names {EVIL}"
    assert target.send(Sent("GET", "/healthz")).status == 200, f"after {place}"


@pytest.mark.parametrize("asked", TARGETS, ids=lambda each: repr(each)[:40])
def test_no_address_leads_astray_or_fails(target: Target, asked: str | bytes) -> None:
    raw = asked if isinstance(asked, bytes) else asked.encode("latin-1")
    assert_withstood(target, head(b"GET " + raw + b" HTTP/1.1"), where=raw.decode("latin-1") or "/")


@pytest.mark.parametrize("host", HOSTS, ids=lambda each: repr(each)[:40])
@pytest.mark.parametrize("path", ["/", "/posts", "/feed.atom", "/desk/"])
def test_no_host_but_ours_is_named_by_any_answer(target: Target, path: str, host: str | bytes) -> None:
    assert_withstood(target, head(f"GET {path} HTTP/1.1", host=host), where=f"{path} at {host!r}")


@pytest.mark.parametrize("header", HEADERS, ids=lambda each: repr(each)[:40])
def test_no_header_changes_whose_page_it_is_or_fails(target: Target, header: str) -> None:
    for line in ("GET / HTTP/1.1", "GET /posts HTTP/1.1", "GET /desk/ HTTP/1.1", "POST /reports HTTP/1.1"):
        assert_withstood(target, head(line, header), where=f"{line.split()[1]} {header!r}")


@pytest.mark.parametrize("method", METHODS)
def test_no_method_but_ours_does_anything(target: Target, method: str) -> None:
    for path in ("/", "/reports", "/static/css/site.css", "*"):
        assert_withstood(target, head(f"{method} {path} HTTP/1.1"), where=f"{path} {method}")


@pytest.mark.parametrize("body", BODIES)
def test_no_body_fails(target: Target, body: str) -> None:
    assert_withstood(target, BODIES[body], where=f"/reports {body}")


@pytest.mark.parametrize("version", ["1.0", "0.9", "2.0", "1.9", "x"])
def test_every_version_of_the_protocol_is_answered_or_refused(target: Target, version: str) -> None:
    assert_withstood(target, head(f"GET / HTTP/{version}"), where=f"/ {version}")
    assert_withstood(target, head(f"GET / HTTP/{version}", host=None), where=f"/ {version}")


def test_what_is_no_http_is_refused_and_http_2_is_not_spoken_without_tls(target: Target) -> None:
    for raw in NO_HTTP:
        assert_withstood(target, raw, where=f"/ {raw[:40]!r}")
    assert exchange(target.server.port, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") is None


def test_requests_in_one_breath_are_answered_in_their_order(target: Target) -> None:
    asked = ("/healthz", "/posts", "/nothing-here", "/counter.json") * 5
    with Line(target.server.port) as line:
        line.say(b"".join(head(f"GET {path} HTTP/1.1") for path in asked))
        heard = [line.hear() for _ in asked]
    assert [answer.status for answer in heard if answer] == [200, 308, 404, 200] * 5


def test_a_body_hides_no_second_request(target: Target) -> None:
    hidden = head("GET /hidden HTTP/1.1")
    asked = head("POST /reports HTTP/1.1", FORM, f"Content-Length: {len(hidden)}", "Transfer-Encoding: chunked")
    with Line(target.server.port) as line:
        line.say(asked + b"0\r\n\r\n" + hidden)
        first, second = line.hear(), line.hear()
    assert first is None or first.status < 500
    assert second is None, "who says two lengths is heard once"


def test_what_swells_and_what_never_ends_takes_no_memory(target: Target) -> None:
    heavy = [body for name, body in BODIES.items() if "swells" in name or "longer" in name or "end" in name]
    assert len(heavy) >= 7
    for body in heavy:
        exchange(target.server.port, body)
    before = target.memory
    for bodies in repeat(heavy, 10):
        for each in bodies:
            exchange(target.server.port, each)
    print(f"memory {before >> 20} MB before, {target.memory >> 20} MB after")
    assert target.memory < before * GROWTH
