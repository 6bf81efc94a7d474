"""What was said under a badge that was taken keeps it, with its end in words, wherever it is read."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from app.extensions import db
from app.kit import clock
from app.people.models import Member, Organisation, Role
from tests.cache.asking import fresh, shown
from tests.cast import GABI, make_comment, make_editor, make_guest, make_post, read_posts, within
from tests.comments.test_list_answers import entries
from tests.comments.test_read_thread import POST
from tests.page import Pages
from tests.server import eventually

UNTIL = "O2 · verified until December 3, 2011"
ENGLISH = f"{POST}?lang=en"
LEFT_AT = datetime(2011, 12, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def gabi(app: Flask) -> Member:
    """A guest who answered a question."""
    made = make_guest(app)
    make_comment(app, by=made, parent=make_comment(app, name="Sabine"))
    return made


def revoke(app: Flask, who: Member) -> None:
    with clock.standing_at(LEFT_AT):
        within(app, lambda: db.session.get_one(Member, who.id).revoke("left"))


def welcome_back(app: Flask) -> None:
    def work() -> None:
        organisation = Organisation.of("o2")
        assert organisation
        Member.welcome(GABI, "Gabi", Role.GUEST, organisation)

    within(app, work)


def badges(pages: Pages, path: str = ENGLISH) -> list[str]:
    return [one.text for one in pages.open(path).with_class("badge")]


@pytest.mark.parametrize("path", [ENGLISH, f"{ENGLISH}&page=all", f"{ENGLISH}&filter=official", "/answers/?lang=en"])
def test_an_answer_says_until_when_its_writer_was_verified(app: Flask, pages: Pages, gabi: Member, path: str) -> None:
    assert badges(pages, path) == ["O2 · verified"]
    revoke(app, gabi)
    assert badges(pages, path) == [UNTIL]
    assert pages.open(path).with_class("is-official")  # it stays what it was


@pytest.mark.parametrize(("lapsed", "said"), [(1, "December 1"), (5, "December 3")])
def test_of_two_ends_the_earlier_one_is_told(app: Flask, pages: Pages, gabi: Member, lapsed: int, said: str) -> None:
    revoke(app, gabi)
    at = datetime(2011, 12, lapsed, 12, tzinfo=UTC)
    within(app, lambda: setattr(db.session.get_one(Member, gabi.id).organisation, "lapsed_at", at))
    for path in (ENGLISH, "/answers/?lang=en"):
        assert badges(pages, path) == [f"O2 · verified until {said}, 2011"]


def test_whoever_comes_back_is_verified_again(app: Flask, pages: Pages, gabi: Member) -> None:
    revoke(app, gabi)
    welcome_back(app)
    assert badges(pages) == ["O2 · verified"]


def test_colleagues_and_editors_keep_their_badges(app: Flask, pages: Pages, gabi: Member) -> None:
    gero = make_guest(app, "gero@o2.example", "Gero")
    make_comment(app, by=gero)
    eda = make_editor(app)
    make_comment(app, by=eda)
    revoke(app, gabi)
    revoke(app, eda)
    assert sorted(badges(pages)) == sorted([UNTIL, "O2 · verified", "Editorial team"])


def test_readers_see_it_within_a_second_of_the_revocation(app: Flask, gabi: Member) -> None:
    kept = shown(app, ENGLISH)
    revoke(app, gabi)
    eventually(lambda: shown(app, ENGLISH) != kept, "the page has changed", 1)
    assert UNTIL.encode() in shown(app, ENGLISH)
    assert shown(app, ENGLISH) == fresh(app, ENGLISH)


@pytest.mark.parametrize("path", ["/answers/feed.atom?lang=en", f"{POST}/comments.atom?lang=en"])
def test_feeds_say_it_too(app: Flask, gabi: Member, path: str) -> None:
    client = app.test_client()
    assert any("Gabi (O2 · verified)" in one["title"] for one in entries(client, path))
    revoke(app, gabi)
    assert any("Gabi (O2 · verified until December 3, 2011)" in one["title"] for one in entries(client, path))


def test_the_organisations_page_names_who_answered_before_and_until_when(
    app: Flask, pages: Pages, gabi: Member
) -> None:
    make_guest(app, "gero@o2.example", "Gero")
    revoke(app, gabi)
    page = pages.open("/organisations/o2?lang=en")
    (now, before) = (one.text for one in page.root.all("ul") if "since" in one.text or "until" in one.text)
    assert "Gero" in now
    assert "Gabi" not in now
    assert "Gabi · verified until December 3, 2011" in before
    assert "left" not in page.text  # why is the team's own affair


def test_a_guest_post_keeps_its_byline_with_the_end(app: Flask, pages: Pages, posts: Path, gabi: Member) -> None:
    make_post(posts, "gast", kind="guest", organisation="o2", authors="[{name: Gabi, role: Netz}, {name: Friederike}]")
    read_posts(app)
    byline = pages.open("/posts/gast?lang=en").with_class("byline")[0]
    assert "until" not in byline.text
    revoke(app, gabi)
    page = pages.open("/posts/gast?lang=en")
    assert "Gabi, Netz (verified until December 3, 2011) · Friederike" in page.with_class("byline")[0].text
    data = page.html.partition("application/ld+json")[2].partition(">")[2].partition("</script")[0]
    authors = json.loads(data)["author"]
    assert authors[0]["worksFor"]["endDate"] == "2011-12-03"
    assert authors[1]["worksFor"] == {"@type": "Organization", "name": "O2"}


@pytest.mark.parametrize("lapsed", [1, 5])
def test_a_byline_tells_the_earlier_one_of_two_ends_as_badges_do(
    app: Flask, pages: Pages, posts: Path, gabi: Member, lapsed: int
) -> None:
    said = f"December {min(lapsed, 3)}"
    make_guest(app, "gero@o2.example", "Gero")
    make_post(posts, "gast", kind="guest", organisation="o2", authors="[{name: Gabi}, {name: Gero}]")
    read_posts(app)
    revoke(app, gabi)
    at = datetime(2011, 12, lapsed, 12, tzinfo=UTC)
    within(app, lambda: setattr(db.session.get_one(Member, gabi.id).organisation, "lapsed_at", at))
    byline = pages.open("/posts/gast?lang=en").with_class("byline")[0].text
    assert f"Gabi (verified until {said}, 2011)" in byline
    assert f"Gero (verified until December {lapsed}, 2011)" in byline
    assert f"Gabi · verified until {said}, 2011" in pages.open("/organisations/o2?lang=en").text


def test_a_namesake_who_is_still_there_is_not_said_to_have_left(
    app: Flask, pages: Pages, posts: Path, gabi: Member
) -> None:
    make_guest(app, "gabi.zwei@o2.example", "Gabi")
    revoke(app, gabi)
    make_post(posts, "gast", kind="guest", organisation="o2", authors="[{name: Gabi}]")
    read_posts(app)
    assert "until" not in pages.open("/posts/gast?lang=en").with_class("byline")[0].text
