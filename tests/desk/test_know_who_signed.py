"""Whose end a byline tells: of whoever signed, the very person; of a name alone only where one person ever had it."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.extensions import db
from app.kit import clock
from app.people.models import Member
from tests.cast import SignedIn, make_guest, make_post, read_posts, sign_in, within
from tests.drafts.desk import begin, hand_in, release, save
from tests.page import Page, Pages

FIRST, SECOND = "anna.eins@o2.example", "anna.zwei@o2.example"
UNTIL = "verified until"


@pytest.fixture
def annas(app: Flask) -> list[SignedIn]:
    """Two people of one name in one organisation."""
    return [sign_in(app, make_guest(app, email, "Anna")) for email in (FIRST, SECOND)]


def publish(who: SignedIn, eda: SignedIn, title: str, authors: str = "Anna, Netz") -> str:
    """A post that this person signed; where readers find it."""
    path = begin(who, title)
    save(who, path, body="Worte.", authors=authors)
    assert hand_in(who, path).status_code == 303
    assert release(eda, path).status_code == 303
    return path.replace("/desk/drafts/", "/posts/")


def revoke(app: Flask, email: str) -> None:
    def work() -> None:
        found = Member.of(email)
        assert found
        found.revoke("left")

    within(app, work)


def bylines(app: Flask, path: str) -> tuple[str, str]:
    """Who wrote it, and who signed it off, as readers see it."""
    page: Page = Pages(app.test_client()).open(f"{path}?lang=en")
    found = [one.text for one in page.with_class("byline")]
    return found[0], next((one for one in found if "Signed off by" in one), "")


def test_of_two_of_one_name_the_posts_of_the_one_who_left_are_marked_and_no_others(
    app: Flask, eda: SignedIn, annas: list[SignedIn]
) -> None:
    first, second = publish(annas[0], eda, "Von der ersten"), publish(annas[1], eda, "Von der zweiten")
    revoke(app, FIRST)
    assert [UNTIL in text for text in bylines(app, first)] == [True, True]
    assert [UNTIL in text for text in bylines(app, second)] == [False, False]
    revoke(app, SECOND)
    assert [UNTIL in text for text in bylines(app, second)] == [True, True]


def test_two_of_one_name_under_one_post_are_told_apart_where_they_signed_and_not_in_the_byline(
    app: Flask, eda: SignedIn, annas: list[SignedIn]
) -> None:
    form = annas[0].page("/desk/drafts?lang=en").form("four-eyes")
    annas[0].client.post(form.action, data=form.filled())
    path = begin(annas[0], "Zu zweit")
    save(annas[0], path, body="Worte.", authors="Anna, Netz\nAnna, Presse")
    for one in annas:
        hand_in(one, path)
    assert release(eda, path).status_code == 303
    revoke(app, FIRST)
    byline, signed = bylines(app, path.replace("/desk/drafts/", "/posts/"))
    assert (UNTIL in byline, signed.count(UNTIL)) == (False, 1)


def test_who_stands_in_the_byline_and_did_not_sign_is_known_by_a_name_that_one_person_had(
    app: Flask, eda: SignedIn, gabi: SignedIn
) -> None:
    make_guest(app, "gero@o2.example", "Gero")
    make_guest(app, FIRST, "Anna")
    make_guest(app, SECOND, "Anna")
    path = publish(gabi, eda, "Zu dritt", "Gabi\nGero, Netz\nAnna")
    for email in ("gero@o2.example", FIRST, SECOND):
        revoke(app, email)
    byline, signed = bylines(app, path)
    assert "Gero, Netz (verified until" in byline
    assert byline.count(UNTIL) == 1
    assert UNTIL not in signed


@pytest.mark.parametrize("left", [1, 2])
def test_a_file_alone_marks_nobody_where_two_had_the_name(
    app: Flask, posts: Path, annas: list[SignedIn], left: int
) -> None:
    make_post(posts, "gast", kind="guest", organisation="o2", authors="[{name: Anna}]")
    read_posts(app)
    for one in annas[:left]:
        revoke(app, one.email)
    assert UNTIL not in bylines(app, "/posts/gast")[0]


def test_a_person_who_comes_back_under_another_name_stays_the_one_who_signed(
    app: Flask, eda: SignedIn, annas: list[SignedIn]
) -> None:
    path = publish(annas[0], eda, "Von der ersten")

    def rename() -> None:
        found = Member.of(FIRST)
        assert found
        found.first_name = "Annegret"
        found.active, found.revoked_at = False, clock.now() - timedelta(days=1)
        db.session.commit()

    within(app, rename)
    assert [UNTIL in text for text in bylines(app, path)] == [True, True]
