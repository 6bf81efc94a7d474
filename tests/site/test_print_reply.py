"""A reply by the right of reply stands linked at the head of the post that it answers, and links back."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import SignedIn, make_guest, make_post, read_posts
from tests.page import Page, Pages

LABEL = {"de": "Gegendarstellung", "en": "Right of reply"}


@pytest.fixture(autouse=True)
def answered(posts: Path) -> str:
    return make_post(posts, "unser-beitrag", "Die Behauptung.", title="Unser Beitrag")


def make_reply(posts: Path, slug: str = "die-antwort", **keys: str) -> str:
    front = {"title": "Die Antwort", "kind": "reply", "reply_to": "unser-beitrag", "authors": "[Max Muster]"}
    return make_post(posts, slug, "Unwahr ist, dass … Wahr ist, dass …", **front | keys)


def note(page: Page, words: str) -> str:
    """Where the note with these words leads."""
    notes = [one for one in page.root.all("p") if "reply-link" in one.attributes.get("class", "") and words in one.text]
    return str(next(notes[0].all("a")).attributes["href"]) if notes else ""


@pytest.mark.parametrize("lang", ["de", "en"])
def test_each_links_to_the_other(posts: Path, app: Flask, pages: Pages, lang: str) -> None:
    make_reply(posts)
    read_posts(app)
    ours, reply = (pages.open(f"/posts/{slug}?lang={lang}") for slug in ("unser-beitrag", "die-antwort"))
    assert note(ours, LABEL[lang]).startswith("/posts/die-antwort")
    assert note(reply, LABEL[lang]).startswith("/posts/unser-beitrag")
    assert ours.text.index("Die Antwort") < ours.text.rindex("Die Behauptung.")  # its summary says it before


def test_nothing_is_added_to_a_reply(posts: Path, app: Flask, pages: Pages) -> None:
    make_reply(posts)
    read_posts(app)
    assert pages.open("/posts/die-antwort").text.count("Unwahr ist, dass") == 1  # no summary made of it, either


def test_a_reply_is_linked_from_translations_too(posts: Path, app: Flask, pages: Pages) -> None:
    make_post(posts, "our-post", lang="en", translation_of="unser-beitrag", title="Our post")
    make_reply(posts)
    read_posts(app)
    assert note(pages.open("/posts/our-post?lang=en"), "Right of reply").startswith("/posts/die-antwort")


def test_a_reply_takes_no_comments_unless_its_file_says_so(posts: Path, app: Flask, client: FlaskClient) -> None:
    make_reply(posts)
    make_reply(posts, "offen", comments="open")
    read_posts(app)
    form = 'name="text"'
    assert form not in client.get("/posts/die-antwort").text
    assert form in client.get("/posts/offen").text


def test_lists_feeds_and_machines_are_told(posts: Path, app: Flask, client: FlaskClient, pages: Pages) -> None:
    make_reply(posts)
    read_posts(app)
    assert "Gegendarstellung" in pages.open("/posts/").text
    atom = client.get("/feed.atom").text
    assert "<title>Gegendarstellung: Die Antwort</title>" in atom
    assert "in-reply-to" in atom
    items = {one["id"].rpartition("/")[2]: one for one in json.loads(client.get("/feed.json").text)["items"]}
    assert "/posts/die-antwort" in items["unser-beitrag"]["content_html"]
    assert "/posts/unser-beitrag" in items["die-antwort"]["content_html"]
    assert "Gegendarstellung" in items["die-antwort"]["tags"]
    assert facts(client, "die-antwort")["about"]["@id"].endswith("/posts/unser-beitrag")
    assert facts(client, "unser-beitrag")["subjectOf"][0]["@id"].endswith("/posts/die-antwort")


def facts(client: FlaskClient, slug: str) -> dict[str, Any]:  # Any: JSON values
    text = client.get(f"/posts/{slug}").text
    said = text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    return dict(json.loads(said))


def test_a_reply_is_not_marked_as_a_verified_guest_s(posts: Path, app: Flask, client: FlaskClient) -> None:
    make_guest(app)
    make_reply(posts, organisation="o2")
    make_reply(posts, "vom-gast", kind="guest", organisation="o2", title="Vom Gast")
    read_posts(app)
    plain, guest = (client.get(f"/posts/{slug}").text for slug in ("die-antwort", "vom-gast"))
    for mark in ('class="band"', "byline verified", "Gastbeitrag"):
        assert mark not in plain
    assert 'class="band"' in guest
    assert "Gegendarstellung zu" in guest


@pytest.mark.parametrize("target", ["gibt-es-nicht", "die-antwort"])
def test_a_reply_to_nothing_is_broken(posts: Path, app: Flask, client: FlaskClient, eda: SignedIn, target: str) -> None:
    make_reply(posts, reply_to=target)
    read_posts(app)
    assert client.get("/posts/die-antwort").status_code == 404
    assert f"reply_to “{target}” is not the slug of another post" in eda.page("/desk/posts").text


def test_a_reply_outlives_the_publication_of_what_it_answers(posts: Path, app: Flask, client: FlaskClient) -> None:
    make_post(posts, "unser-beitrag", status="draft", title="Zurückgezogen")
    make_reply(posts)
    read_posts(app)
    answer = client.get("/posts/die-antwort")
    assert answer.status_code == 200
    assert "Zurückgezogen" not in answer.text


def test_a_reply_of_the_future_is_not_linked_yet(posts: Path, app: Flask, client: FlaskClient) -> None:
    make_reply(posts, date="2999-01-01T10:00:00+01:00")
    read_posts(app)
    assert "Die Antwort" not in client.get("/posts/unser-beitrag").text


def test_a_reply_to_a_lost_reply_is_lost_too(posts: Path, app: Flask, client: FlaskClient, eda: SignedIn) -> None:
    make_reply(posts, "eine-antwort", reply_to="gibt-es-nicht")
    make_reply(posts, "antwort-darauf", reply_to="eine-antwort")
    make_reply(posts, "hin", reply_to="her")
    make_reply(posts, "her", reply_to="hin")
    read_posts(app)
    for slug in ("eine-antwort", "antwort-darauf", "hin", "her"):
        assert client.get(f"/posts/{slug}").status_code == 404
    assert "reply_to “eine-antwort” is not the slug of another post" in eda.page("/desk/posts").text


def test_a_reply_to_a_reply_is_shown(posts: Path, app: Flask, pages: Pages) -> None:
    make_reply(posts)
    make_reply(posts, "antwort-darauf", reply_to="die-antwort")
    read_posts(app)
    assert note(pages.open("/posts/antwort-darauf"), LABEL["de"]).startswith("/posts/die-antwort")


@pytest.mark.parametrize("front", [{"status": "draft"}, {"date": "2999-01-01T10:00:00+01:00"}])
def test_a_reply_is_listed_beside_what_it_answers_only(
    posts: Path, app: Flask, client: FlaskClient, front: dict[str, str]
) -> None:
    make_reply(posts)
    read_posts(app)
    assert "/posts/die-antwort" in client.get("/posts/").text
    make_post(posts, "unser-beitrag", title="Unser Beitrag", **front)
    read_posts(app)
    assert client.get("/posts/die-antwort").status_code == 200
    assert "/posts/die-antwort" not in client.get("/posts/").text
