"""Who reads a comment first is said by the post, else by the campaign, whichever way a comment comes."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.jobs import judge_again
from app.comments.models import Comment, Revision, State
from app.comments.models.advice import policy_of
from app.comments.models.revision import Place
from app.extensions import db
from tests.akismet_server import AkismetServer
from tests.cast import SignedIn, make_post, read_posts, within
from tests.comments.own import decided, newest, wrote
from tests.comments.reader import the_comment, write
from tests.conftest import At
from tests.page import Pages

NEW = "In Eimsbüttel ist das Netz seit gestern wieder da."
FIRST = "Ein Mensch liest jeden Kommentar zuerst."
JUDGED = "Ein Mensch liest Kommentare zuerst; die von Bekannten können sofort erscheinen."
AT_ONCE = "Kommentare erscheinen sofort"
FILTERED = "Kommentare erscheinen, wenn der Spamfilter nichts daran findet"


def say(app: Flask, posts: Path, policy: str) -> None:
    """Change the file of the post, as an editor does."""
    make_post(posts, "netz", tags="[Hamburg]", **({"comment_policy": policy} if policy else {}))
    read_posts(app)


@pytest.mark.parametrize("policy", ["open", "judged", "all"], indirect=True)
@pytest.mark.parametrize("own", ["open", "judged", "all", ""])
def test_what_the_post_says_wins_over_the_campaign(
    policy: str, own: str, app: Flask, client: FlaskClient, posts: Path
) -> None:
    say(app, posts, own)
    write(client, app)
    assert the_comment(app).state == (State.PUBLISHED if (own or policy) == "open" else State.WAITING)


@pytest.mark.parametrize(("own", "state"), [("all", State.WAITING), ("judged", State.PUBLISHED)])
def test_a_clean_verdict_publishes_as_the_post_says(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient, posts: Path, *, own: str, state: State
) -> None:
    say(app, posts, own)
    write(client, app)
    assert the_comment(app).state == state


def test_a_verdict_that_comes_late_meets_the_policy_of_that_moment(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient, posts: Path, at: At
) -> None:
    at(0)
    with_akismet.says("500")
    write(client, app)
    say(app, posts, "all")
    with_akismet.says("ham")
    at(2)
    with app.app_context():
        judge_again.now()
    comment = the_comment(app)
    assert (comment.state, comment.is_decided, comment.ask_again_at) == (State.WAITING, False, None)


@pytest.mark.parametrize(("own", "place"), [("all", Place.WAITING), ("open", Place.REPLACED)])
def test_new_words_of_a_public_comment_meet_it_too(
    own: str, place: Place, app: Flask, pages: Pages, posts: Path
) -> None:
    page = wrote(pages.client, app)
    decided(app, State.PUBLISHED)
    say(app, posts, own)
    pages.post(pages.open(f"{page}/edits/new").form("text"), text=NEW)
    assert within(app, lambda: db.session.scalars(db.select(Revision.place)).all()) == [place]


@pytest.mark.parametrize("policy", ["open"], indirect=True)
def test_an_edit_under_a_stricter_post_is_not_published_by_the_campaigns_policy(
    policy: str, app: Flask, pages: Pages, posts: Path
) -> None:
    say(app, posts, "all")
    page = wrote(pages.client, app)
    pages.post(pages.open(f"{page}/edits/new").form("text"), text=NEW)
    assert (newest(app).state, newest(app).text) == (State.WAITING, NEW)


@pytest.mark.parametrize("policy", ["open"], indirect=True)
def test_under_a_post_whose_file_is_gone_a_person_is_asked(policy: str, app: Flask) -> None:
    assert within(app, lambda: (policy_of("netz"), policy_of("gone"))) == ("open", "all")


def test_what_stands_already_stays(app: Flask, client: FlaskClient, posts: Path) -> None:
    say(app, posts, "open")
    write(client, app)
    say(app, posts, "all")
    assert the_comment(app).state == State.PUBLISHED


def test_the_form_says_who_reads_first_and_a_change_of_the_file_shows(app: Flask, pages: Pages, posts: Path) -> None:
    for own, said in (("", JUDGED), ("open", AT_ONCE), ("all", FIRST)):
        say(app, posts, own)
        for page in ("/posts/netz", "/posts/netz/comments/new"):
            seen = pages.open(page).text
            assert said in seen, (own, page)
            assert (AT_ONCE in seen) is (said == AT_ONCE)


def test_with_akismet_it_says_that_a_filter_is_asked_where_it_may_publish(
    with_akismet: AkismetServer, app: Flask, pages: Pages, posts: Path
) -> None:
    assert FILTERED in pages.open("/posts/netz").text
    say(app, posts, "all")
    seen = pages.open("/posts/netz").text
    assert FIRST in seen
    assert FILTERED not in seen


def test_the_desk_names_the_posts_that_differ_and_says_it_beside_a_comment(
    app: Flask, client: FlaskClient, mo: SignedIn, posts: Path
) -> None:
    write(client, app)
    id_ = within(app, lambda: db.session.scalar(db.select(Comment.id)))
    assert "so sagt es die Datei" not in mo.page(f"/desk/comments/{id_}").text
    assert AT_ONCE not in mo.page("/desk/posts").text
    say(app, posts, "open")
    assert AT_ONCE in mo.page(f"/desk/comments/{id_}").text
    assert "so sagt es die Datei" in mo.page(f"/desk/comments/{id_}").text
    assert AT_ONCE in mo.page("/desk/posts").text
