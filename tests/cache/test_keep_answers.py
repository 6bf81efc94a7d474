"""A public answer is made once and sent to everyone: whole, packed, or as the word that nothing has changed."""

import gzip
import re
import threading
from pathlib import Path

import brotli
import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from app.cache.store import BUDGET, LARGEST
from app.extensions import db
from app.web import headers
from tests.cache.asking import ask, cache_of, counted, shown
from tests.cast import make_owner, make_post, read_posts, sign_in
from tests.reports.telling import URL, with_key

HOME = "/?lang=en"


def test_the_second_reader_is_answered_from_memory(app: Flask, client: FlaskClient) -> None:
    with counted(app) as found:
        first, second = ask(client, HOME), ask(client, HOME)
    assert found == {"misses": 1, "hits": 1}
    assert first.data == second.data
    assert first.headers == second.headers


def test_each_coding_has_the_same_page_and_a_tag_of_its_own(client: FlaskClient) -> None:
    plain, packed, zipped = (ask(client, HOME, coding) for coding in ("identity", "br", "gzip"))
    assert brotli.decompress(packed.data) == gzip.decompress(zipped.data) == plain.data
    assert len({one.headers["ETag"] for one in (plain, packed, zipped)}) == 3
    for one, coding in ((plain, None), (packed, "br"), (zipped, "gzip")):
        assert one.headers.get("Content-Encoding") == coding
        assert one.headers["Vary"] == "Accept-Encoding"
        assert int(one.headers["Content-Length"]) == len(one.data)


@pytest.mark.parametrize("coding", ["identity", "br", "gzip"])
def test_who_has_it_is_told_so_without_the_app(app: Flask, client: FlaskClient, coding: str) -> None:
    had = ask(client, HOME, coding).headers["ETag"]
    with counted(app) as found:
        for condition in (had, f"W/{had}", f'"other", {had}', "*"):
            again = ask(client, HOME, coding, If_None_Match=condition)
            assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", had)
            assert again.headers["Vary"] == "Accept-Encoding"
            assert again.cache_control.public
        assert ask(client, HOME, coding, If_None_Match='"other"').status_code == 200
    assert found == {"hits": 5, "not_modified": 4}


def test_head_is_answered_from_the_same_copy(app: Flask, client: FlaskClient) -> None:
    told = ask(client, HOME, "br")
    with counted(app) as found:
        asked = client.head(HOME, headers={"Accept-Encoding": "br"})
    assert (asked.status_code, asked.data, asked.headers) == (200, b"", told.headers)
    assert found == {"hits": 1}


def test_a_first_head_makes_the_copy_for_all(app: Flask, client: FlaskClient) -> None:
    assert client.head(HOME).data == b""
    with counted(app) as found:
        assert b"<html" in ask(client, HOME).data
    assert found == {"hits": 1}


def test_who_takes_nothing_that_there_is_is_told_so(client: FlaskClient) -> None:
    assert ask(client, HOME, "identity;q=0").status_code == 406
    assert ask(client, "/counter.json", "gzip, identity;q=0").headers["Content-Encoding"] == "gzip"


def test_what_follows_people_around_makes_no_other_page(app: Flask, client: FlaskClient) -> None:
    ask(client, HOME)
    with counted(app) as found:
        for tail in ("&utm_source=x&utm_campaign=Straße", "&fbclid=abc", "&gclid=1&_ga=2"):
            assert ask(client, f"{HOME}{tail}").data == ask(client, HOME).data
    assert found == {"hits": 6}
    assert b"fbclid" not in ask(client, "/?fbclid=abc").data


def test_other_arguments_make_another_page(client: FlaskClient) -> None:
    assert ask(client, "/").data != ask(client, HOME).data


def test_nothing_of_one_reader_is_kept(app: Flask) -> None:
    olga = sign_in(app, make_owner(app))
    first = olga.client.get(HOME)
    assert "Set-Cookie" not in first.headers
    assert "X-Request-Id" not in first.headers
    second = ask(app.test_client(), HOME)
    assert second.data == first.data
    assert second.headers == first.headers


@pytest.mark.parametrize("address", ["/reports/new", "/desk/sign-in", "/healthz", "/no/such/page", "/static/mark.svg"])
def test_what_is_not_for_all_is_never_kept(app: Flask, client: FlaskClient, address: str) -> None:
    for _ in range(2):
        client.get(address, buffered=True)
    assert not cache_of(app).store.entries


def test_answers_of_another_kind_are_never_kept(app: Flask, client: FlaskClient) -> None:
    def page(kind: str) -> Response:
        answer = headers.public(f"<p>{kind}</p>" if kind != "large" else "x" * (LARGEST + 1))
        if kind == "cookie":
            answer.set_cookie("a", "b")
        if kind == "varied":
            answer.vary.add("Cookie")
        if kind == "gone":
            answer.status_code = 410
        if kind == "streamed":
            answer = headers.streamed(iter(("a", "b")), "text/plain", "ab")
        return answer

    app.add_url_rule("/trial/<kind>", "trial", page)
    for kind in ("cookie", "varied", "gone", "streamed", "large"):
        assert client.get(f"/trial/{kind}", buffered=True).data
        assert not cache_of(app).store.entries, kind
    client.get("/trial/plain")
    assert cache_of(app).store.entries


def test_a_foreign_name_is_refused_also_for_what_is_kept(app: Flask, client: FlaskClient) -> None:
    ask(client, HOME)
    with counted(app) as found:
        assert ask(client, HOME, Host="evil.example").status_code == 400
        assert ask(client, HOME, Host="localhost:9").status_code == 200
    assert found == {"passed": 1, "hits": 1}


def test_a_public_page_that_reads_what_is_private_is_refused(app: Flask, client: FlaskClient) -> None:
    def page() -> Response:
        db.session.execute(db.text("SELECT count(*) FROM letter"))
        return headers.public("<p>Ein Brief.</p>")

    app.add_url_rule("/trial", "trial", page)
    with pytest.raises(RuntimeError, match="trial is public and has read letter"):
        client.get("/trial")


def test_the_counter_says_a_time_that_is_no_older_than_a_second(app: Flask, client: FlaskClient) -> None:
    client.post(URL, data=with_key())
    first = client.get("/counter.json").get_json()
    entry = cache_of(app).store.entries["/counter.json", ""]
    assert entry.ends_at - entry.made_at <= 1
    assert first["count"] == 1


def test_the_budget_holds_and_what_nobody_asks_for_goes_first(app: Flask, client: FlaskClient) -> None:
    def page(number: int) -> Response:
        return headers.public("x" * 1024 * 1024)

    app.add_url_rule("/trial/<int:number>", "trial", page)
    store = cache_of(app).store
    for number in range(2 * BUDGET // 1024**2):
        client.get(f"/trial/{number}")
        ask(client, HOME)
        assert store.size <= BUDGET
    assert store.size == sum(entry.size for entry in store.entries.values())
    assert ("/", "lang=en") in store.entries
    assert ("/trial/0", "") not in store.entries


def test_of_many_at_once_one_renders(app: Flask) -> None:
    begun, go_on, rendered = threading.Event(), threading.Event(), []

    def page() -> Response:
        rendered.append(1)
        begun.set()
        assert go_on.wait(60)
        return headers.public("<p>Langsam.</p>")

    app.add_url_rule("/trial", "trial", page)
    found: list[bytes] = []
    readers = [threading.Thread(target=lambda: found.append(shown(app, "/trial"))) for _ in range(5)]
    for reader in readers:
        reader.start()
    assert begun.wait(60)
    go_on.set()
    for reader in readers:
        reader.join(60)
    assert found == [b"<p>Langsam.</p>"] * 5
    assert len(rendered) == 1


def test_a_static_file_is_packed_once_and_kept_for_good(app: Flask, client: FlaskClient) -> None:
    address = re.findall(r"/static/css/site.css\?v=\w+", client.get("/").text)[0]
    packed = ask(client, address, "br")
    assert packed.headers["Content-Encoding"] == "br"
    assert packed.cache_control.immutable
    assert len(packed.data) < len(ask(client, address, "identity").data) / 3
    client.post(URL, data=with_key())
    with counted(app) as found:
        ask(client, address, "br")
    assert found == {"hits": 1}


def test_a_static_file_under_an_old_hash_is_served_and_asked_for_again(client: FlaskClient) -> None:
    for tail in ("?v=0123456789", ""):
        answer = client.get(f"/static/css/site.css{tail}", buffered=True)
        assert answer.status_code == 200
        assert not answer.cache_control.immutable


def test_a_page_is_made_anew_when_the_app_says_so(app: Flask, client: FlaskClient, posts: Path) -> None:
    make_post(posts, "netz")
    read_posts(app)
    with counted(app) as found:
        ask(client, "/posts/netz")
        make_post(posts, "netz", "Ein anderer Text.")
        read_posts(app)
        assert b"Ein anderer Text." in ask(client, "/posts/netz").data
    assert found == {"misses": 2}
