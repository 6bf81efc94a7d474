"""What answers say about themselves: public pages are one for all, private ones nobody keeps."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import close_app, create_app
from app.config import Settings
from tests.web.street import addresses, furnish, is_public

ANNA = {"User-Agent": "Firefox", "Accept-Language": "de", "Cookie": "desk=abc; other=1", "Accept": "text/html"}
BEN = {"User-Agent": "Lynx", "Accept-Language": "en, fr;q=0.5", "Referer": "https://elsewhere.example/"}


@pytest.fixture
def street(app: Flask, client: FlaskClient) -> dict[str, str]:
    return addresses(app, furnish(app, client))


def _public(street: dict[str, str]) -> list[str]:
    return [address for endpoint, address in street.items() if is_public(endpoint)]


def _private(street: dict[str, str]) -> list[str]:
    return [address for endpoint, address in street.items() if not is_public(endpoint)]


def test_there_is_something_at_every_address(client: FlaskClient, street: dict[str, str]) -> None:
    assert len(_public(street)) >= 18
    assert {address: client.get(address).status_code for address in street.values()} == dict.fromkeys(
        street.values(), 200
    )


def test_public_pages_are_the_same_bytes_for_everyone(client: FlaskClient, street: dict[str, str]) -> None:
    for address in _public(street):
        for lang in ("", "lang=en"):
            asked = f"{address}{'&' if '?' in address else '?'}{lang}" if lang else address
            anna, ben = client.get(asked, headers=ANNA), client.get(asked, headers=BEN)
            if "counter.json" not in asked:  # it says when it was asked
                assert anna.data == ben.data, asked
            assert anna.headers["ETag"] == ben.headers["ETag"], asked


def test_public_pages_set_no_cookie_and_may_be_kept(client: FlaskClient, street: dict[str, str]) -> None:
    for address in _public(street):
        answer = client.get(address, headers=ANNA)
        assert "Set-Cookie" not in answer.headers, address
        assert answer.cache_control.public, address
        assert answer.cache_control.max_age, address
        assert "cookie" not in answer.headers.get("Vary", "").lower(), address


def test_who_has_a_public_page_gets_a_304(client: FlaskClient, street: dict[str, str]) -> None:
    for address in _public(street):
        for coding in ("identity", "br", "gzip"):
            etag = client.get(address, headers={"Accept-Encoding": coding}).headers["ETag"]
            again = client.get(address, headers={"Accept-Encoding": coding, "If-None-Match": etag})
            assert (again.status_code, again.data) == (304, b""), (address, coding)


def test_private_pages_are_kept_by_nobody(client: FlaskClient, street: dict[str, str]) -> None:
    assert len(_private(street)) >= 4
    for address in [*_private(street), "/desk/sign-in", "/no/such/page"]:
        answer = client.get(address)
        assert answer.headers["Cache-Control"] == "no-store", address
        assert "ETag" not in answer.headers, address


def test_readers_get_no_cookie_anywhere(client: FlaskClient, street: dict[str, str]) -> None:
    for address in [*street.values(), "/healthz", "/readyz", "/metrics", "/no/such/page", "/static/mark.svg"]:
        assert "Set-Cookie" not in client.get(address, buffered=True).headers, address


def _assert_strict(answer: TestResponse, address: str) -> None:
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy, address
    assert "frame-ancestors 'none'" in policy, address
    assert "unsafe" not in policy, address
    assert answer.headers["X-Content-Type-Options"] == "nosniff", address
    assert answer.headers["Referrer-Policy"] == "same-origin", address
    assert bool(answer.headers.get("X-Request-Id")) is not answer.cache_control.public, "what is kept is nobody's own"


def test_every_answer_is_strict_with_browsers(client: FlaskClient, street: dict[str, str]) -> None:
    for address in [*street.values(), "/desk/sign-in", "/no/such/page", "/static/mark.svg"]:
        _assert_strict(client.get(address, buffered=True), address)
    _assert_strict(client.post("/reports"), "a refused report")
    _assert_strict(client.post("/"), "a wrong method")


def test_hsts_only_where_the_site_is_known_by_https(client: FlaskClient, environ: dict[str, str]) -> None:
    assert "Strict-Transport-Security" not in client.get("/healthz").headers
    safe = create_app(Settings.load(environ | {"EINZELFALL_BASE_URL": "https://einzelfall.example"}))
    assert "max-age" in safe.test_client().get("/healthz").headers["Strict-Transport-Security"]
    close_app(safe)


def test_a_static_file_with_its_hash_is_kept_for_good(client: FlaskClient) -> None:
    found = next(part for part in client.get("/").text.split('"') if part.startswith("/static/css/site.css"))
    kept = client.get(found, buffered=True)
    assert (kept.cache_control.max_age, kept.cache_control.public) == (31_536_000, True)
    assert client.get("/static/css/site.css", buffered=True).cache_control.max_age != 31_536_000


def test_head_says_the_same_as_get(client: FlaskClient, street: dict[str, str]) -> None:
    for address in _public(street):
        asked, told = client.head(address), client.get(address)
        assert (asked.status_code, asked.headers["ETag"]) == (told.status_code, told.headers["ETag"]), address
