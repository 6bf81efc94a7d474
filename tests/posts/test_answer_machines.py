"""Feeds, sitemap and robots.txt over HTTP, and addresses that moved."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import NotFound

from app.kit import clock
from app.posts.shelf import Shelf, get_or_404
from app.posts.views import alias_redirect

from .folder import write

PATHS = ["/feed.atom", "/feed.json", "/sitemap.xml", "/robots.txt"]


@pytest.fixture(autouse=True)
def two_posts(app: Flask, folder: Path) -> Shelf:
    write(folder, "anfang.md", title="Am Anfang", aliases="/offener-brief", tags="[Netz]")
    write(folder, "beginning.md", title="In the beginning", lang="en", translation_of="anfang")
    shelf: Shelf = app.extensions["shelf"]
    return shelf


@pytest.mark.parametrize("path", PATHS)
def test_what_machines_ask_for_is_public_and_asked_for_again_by_its_tag(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.status_code == 200
    assert "Set-Cookie" not in first.headers
    assert first.headers["Cache-Control"] == "public, max-age=60"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", PATHS)
def test_links_carry_the_canonical_address_and_never_the_host_header(client: FlaskClient, path: str) -> None:
    assert client.get(path).data == client.get(path, headers={"Host": "127.0.0.1"}).data


def test_a_feed_speaks_the_language_it_is_asked_for(client: FlaskClient) -> None:
    def titles(path: str) -> list[str]:
        return [item["title"] for item in json.loads(client.get(path).data)["items"]]

    assert titles("/feed.json") == titles("/feed.json?lang=xx") == ["Am Anfang"]
    assert titles("/feed.json?lang=en") == ["In the beginning"]
    assert "xml:lang='en'" in client.get("/feed.atom?lang=en").text.replace('"', "'")


def test_a_change_of_a_post_changes_the_tag(client: FlaskClient, folder: Path, two_posts: Shelf) -> None:
    before = client.get("/feed.atom").headers["ETag"]
    write(folder, "anfang.md", title="Ganz am Anfang")
    two_posts.refresh()
    assert client.get("/feed.atom", headers={"If-None-Match": before}).status_code == 200


def test_no_copy_is_kept_beyond_the_next_publication(client: FlaskClient, folder: Path, two_posts: Shelf) -> None:
    soon = clock.now() + timedelta(seconds=30)
    write(folder, "gleich.md", title="Gleich", date=soon.isoformat())
    two_posts.refresh()
    answer = client.get("/feed.atom")
    assert 1 <= (answer.cache_control.max_age or 0) <= 30
    assert "Gleich" not in answer.text


def test_the_sitemap_knows_posts_and_their_lists(client: FlaskClient) -> None:
    found = client.get("/sitemap.xml").text
    for path in ("/", "/posts/", "/imprint", "/posts/anfang", "/posts/beginning", "/tags/netz"):
        assert f"{path}</loc>" in found


def test_an_alias_leads_on_for_good_and_keeps_the_language(app: Flask) -> None:
    for asked, leads_to in (
        ("/offener-brief", "/posts/anfang"),
        ("/offener-brief?lang=en", "/posts/anfang?lang=en"),
    ):
        with app.test_request_context(asked):
            answer = app.make_response(alias_redirect("/offener-brief") or "")
            assert (answer.status_code, answer.location) == (308, leads_to)


def test_unknown_paths_and_sent_forms_are_led_nowhere(app: Flask) -> None:
    with app.test_request_context("/nichts"):
        assert alias_redirect("/nichts") is None
    with app.test_request_context("/offener-brief", method="POST"):
        assert alias_redirect("/offener-brief") is None


def test_a_post_is_loaded_by_slug_or_the_answer_is_404(app: Flask) -> None:
    with app.test_request_context():
        assert get_or_404("anfang").title == "Am Anfang"
        with pytest.raises(NotFound):
            get_or_404("nichts")
