"""A person's decision goes back to Akismet with the reader's own request, for at most 15 days."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.jobs import teach_akismet
from app.comments.models import Snapshot
from app.extensions import db
from tests.akismet_server import AkismetServer
from tests.cast import MO, TEXT, SignedIn, within
from tests.comments.reader import the_comment, write
from tests.conftest import At

FIELDS = {  # all that ever leaves with the settings as they ship
    *("api_key", "blog", "blog_charset", "blog_lang", "comment_author", "comment_content", "comment_context[]"),
    *("comment_date_gmt", "comment_post_modified_gmt", "comment_type", "honeypot_field_name", "is_test", "permalink"),
    *("reporter", "user_agent", "user_ip"),
}
READER, MODERATOR = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def waiting(with_akismet: AkismetServer, app: Flask, client: FlaskClient) -> int:
    """A comment about which Akismet had no answer."""
    with_akismet.says("500")
    client.environ_base |= {"REMOTE_ADDR": READER, "HTTP_USER_AGENT": "A reader's browser"}
    write(client, app)
    with_akismet.says("ham")
    with_akismet.requests.clear()
    return the_comment(app).id


@pytest.fixture
def moderator(mo: SignedIn) -> SignedIn:
    mo.client.environ_base |= {"REMOTE_ADDR": MODERATOR, "HTTP_USER_AGENT": "A moderator's browser"}
    return mo


def decide(mo: SignedIn, id_: int, deed: str, seen: str) -> None:
    data = {"deed": deed, "seen": seen, "edits": "0", "reason": "Beleidigung"}
    assert mo.post(f"/desk/comments/{id_}/decisions", data).status_code == 303


def teach(app: Flask) -> None:
    with app.app_context():
        teach_akismet.now()


@pytest.mark.parametrize(("deed", "said"), [("publish", "submit-ham"), ("spam", "submit-spam")])
def test_feedback_is_the_readers_request_and_never_the_moderators(
    *, with_akismet: AkismetServer, waiting: int, moderator: SignedIn, app: Flask, deed: str, said: str
) -> None:
    decide(moderator, waiting, deed, "waiting")
    teach(app)
    (sent,) = with_akismet.requests
    assert sent.deed == said
    assert (sent["user_ip"], sent["user_agent"]) == (READER, "A reader's browser")
    assert sent["comment_author"] == "Lena"
    assert set(sent.fields) == FIELDS | {sent["honeypot_field_name"]}
    assert sent["comment_content"] == TEXT
    everything = str(sent.fields) + str(sent.headers)
    assert not [trace for trace in (MODERATOR, MO, "moderator's browser") if trace in everything]


def test_feedback_is_told_once(with_akismet: AkismetServer, waiting: int, moderator: SignedIn, app: Flask) -> None:
    decide(moderator, waiting, "spam", "waiting")
    teach(app)
    teach(app)
    assert len(with_akismet.requests) == 1


def test_a_removal_is_no_feedback(with_akismet: AkismetServer, waiting: int, moderator: SignedIn, app: Flask) -> None:
    decide(moderator, waiting, "remove", "waiting")
    teach(app)
    assert with_akismet.requests == []


def test_what_was_undone_in_time_is_not_told(
    with_akismet: AkismetServer, waiting: int, moderator: SignedIn, app: Flask
) -> None:
    decide(moderator, waiting, "spam", "waiting")
    decide(moderator, waiting, "wait", "spam")
    teach(app)
    assert with_akismet.requests == []


def test_another_decision_is_told_after_the_first(
    with_akismet: AkismetServer, waiting: int, moderator: SignedIn, app: Flask
) -> None:
    decide(moderator, waiting, "spam", "waiting")
    teach(app)
    decide(moderator, waiting, "publish", "spam")
    teach(app)
    assert [request.deed for request in with_akismet.requests] == ["submit-spam", "submit-ham"]


@pytest.mark.parametrize("mode", ["500", "dead"])
def test_feedback_that_did_not_arrive_is_told_again(
    *, with_akismet: AkismetServer, waiting: int, moderator: SignedIn, app: Flask, at: At, mode: str
) -> None:
    at(0)
    decide(moderator, waiting, "publish", "waiting")
    with_akismet.says(mode)
    teach(app)
    with_akismet.says("ham")
    with_akismet.requests.clear()
    teach(app)
    assert with_akismet.requests == []
    at(16)
    teach(app)
    assert [request.deed for request in with_akismet.requests] == ["submit-ham"]


def test_the_desk_answers_at_once_when_akismet_is_dead(
    with_akismet: AkismetServer, waiting: int, moderator: SignedIn
) -> None:
    with_akismet.says("dead")
    decide(moderator, waiting, "publish", "waiting")


def test_without_akismet_no_snapshot_is_kept(app: Flask, client: FlaskClient) -> None:
    write(client, app)
    assert within(app, lambda: db.session.scalars(db.select(Snapshot)).all()) == []
