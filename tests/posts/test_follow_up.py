"""A status report is linked to what it follows up, in both directions, wherever either is read."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from app.kit import clock
from tests.cache.asking import fresh, shown
from tests.cast import make_post, read_posts
from tests.conftest import At
from tests.page import Page, Pages

DATES = ("2011-11-12T20:00+01:00", "2011-11-20T20:00+01:00", "2011-12-20T20:00+01:00")


def make(posts: Path, slug: str, number: int, follows: str = "", **keys: str) -> str:
    front = {"title": f"Teil {number}", "date": DATES[number - 1]} | ({"follows": follows} if follows else {})
    return make_post(posts, slug, "Ein Text.", **front | keys)


@pytest.fixture
def two(app: Flask, posts: Path) -> None:
    make(posts, "lage", 1, kind="guest", organisation="o2")
    make(posts, "stand", 2, "lage", kind="guest", organisation="o2")
    read_posts(app)


def notes(page: Page) -> list[str]:
    return [one.text for one in page.with_class("reply-link")]


@pytest.mark.usefixtures("two")
def test_each_links_to_the_other_with_title_and_day(pages: Pages) -> None:
    first, second = (pages.open(f"/posts/{slug}?lang=en") for slug in ("lage", "stand"))
    assert notes(first) == ["Continued: Teil 2, November 20, 2011"]
    assert notes(second) == ["Follows up: Teil 1, November 12, 2011"]
    assert first.links["Teil 2"].startswith("/posts/stand")
    assert "All parts" not in first.text


@pytest.mark.usefixtures("two")
def test_feeds_and_machines_are_told(client: FlaskClient) -> None:
    items = {one["id"].rpartition("/")[2]: one for one in json.loads(client.get("/feed.json").text)["items"]}
    assert "Fortgesetzt am 20. November 2011" in items["lage"]["content_html"]
    assert "/posts/stand" in items["lage"]["content_html"]
    assert "Knüpft an: " in items["stand"]["content_html"]
    assert client.get("/feed.atom").text.count('rel="related"') == 2
    assert facts(client, "stand")["citation"]["@id"].endswith("/posts/lage")
    assert "citation" not in facts(client, "lage")


def facts(client: FlaskClient, slug: str) -> dict[str, Any]:  # Any: JSON values
    html = client.get(f"/posts/{slug}").text
    found: dict[str, Any] = json.loads(html.partition("application/ld+json")[2].partition(">")[2].partition("</")[0])
    return found


def test_from_three_on_each_has_the_list_from_the_first_to_the_last(app: Flask, posts: Path, pages: Pages) -> None:
    make(posts, "c", 3, "b")
    make(posts, "b", 2, "a")
    make(posts, "a", 1)
    read_posts(app)
    for slug, number in (("a", 1), ("b", 2), ("c", 3)):
        page = pages.open(f"/posts/{slug}?lang=en")
        (parts,) = (one for one in page.root.all("ol") if "Teil" in one.text)
        assert [one.text.partition(",")[0] for one in parts.all("li")] == ["Teil 1", "Teil 2", "Teil 3"]
        (here,) = (one.text for one in parts.all("b"))
        assert here == f"Teil {number}"


def test_what_is_not_public_yet_is_not_linked_until_it_is(app: Flask, posts: Path, at: At) -> None:
    at(0)
    make(posts, "lage", 1)
    later = clock.now().replace(year=clock.now().year + 1).isoformat()
    make(posts, "stand", 2, "lage", date=later)
    make(posts, "entwurf", 2, "lage", status="draft")
    read_posts(app)
    page = app.test_client().get("/posts/lage").text
    assert "Fortgesetzt" not in page
    at(366 * 24 * 60)
    assert "Fortgesetzt" in app.test_client().get("/posts/lage").text
    assert "entwurf" not in app.test_client().get("/posts/lage").text


def test_a_change_on_disk_is_on_both_pages_at_once(app: Flask, posts: Path, two: None) -> None:
    assert b"Fortgesetzt" in shown(app, "/posts/lage")
    make(posts, "stand", 2)
    read_posts(app)
    assert b"Fortgesetzt" not in shown(app, "/posts/lage")
    assert shown(app, "/posts/lage") == fresh(app, "/posts/lage")


def test_translations_share_the_series(app: Flask, posts: Path, pages: Pages) -> None:
    make(posts, "lage", 1)
    make(posts, "the-state", 1, lang="en", translation_of="lage", title="Part 1")
    make(posts, "stand", 2, "lage")
    make(posts, "the-update", 2, lang="en", translation_of="stand", title="Part 2")
    read_posts(app)
    assert notes(pages.open("/posts/the-state?lang=en")) == ["Continued: Part 2, November 20, 2011"]
    assert notes(pages.open("/posts/the-update?lang=en")) == ["Follows up: Part 1, November 12, 2011"]
    assert notes(pages.open("/posts/lage")) == ["Fortgesetzt: Teil 2, 20. November 2011"]


@pytest.mark.parametrize(
    ("follows", "told"),
    [("nirgends", "is not the slug of another post"), ("spaeter", "does not come before this one")],
)
def test_the_check_warns_of_what_is_not_there_or_younger_and_nothing_is_linked(
    posts: Path, runner: FlaskCliRunner, pages: Pages, follows: str, told: str
) -> None:
    make(posts, "spaeter", 3)
    make(posts, "stand", 2, follows)
    found = runner.invoke(args=["posts", "check"])
    assert found.exit_code == 0
    assert f"follows “{follows}” {told}" in found.output
    assert notes(pages.open("/posts/stand")) == []


def test_a_circle_is_none(app: Flask, posts: Path, runner: FlaskCliRunner, pages: Pages) -> None:
    make(posts, "a", 1, "b")
    make(posts, "b", 2, "a")
    read_posts(app)
    assert notes(pages.open("/posts/a?lang=en")) == ["Continued: Teil 2, November 20, 2011"]
    assert "1 warnings" in runner.invoke(args=["posts", "check"]).output


@pytest.mark.parametrize("follows", ["stand", "Zur Lage!"])
def test_a_post_that_follows_itself_or_no_slug_is_a_fault(posts: Path, runner: FlaskCliRunner, follows: str) -> None:
    make(posts, "stand", 2, f'"{follows}"')
    found = runner.invoke(args=["posts", "check"])
    assert found.exit_code == 1
    assert "follow" in found.output
