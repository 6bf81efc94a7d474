"""During a surge a comment is stored, and nobody outside is asked about it until a job does."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments import jobs
from app.comments.jobs import judge_again
from app.comments.models import State
from app.surge.models import Mode
from tests.akismet_server import KEY, AkismetServer
from tests.cast import make_post
from tests.comments.reader import is_own_page, stored, the_comment, write
from tests.surge.pressing import feel, set_mode


@pytest.fixture(autouse=True)
def _netz(posts: Path) -> None:
    make_post(posts)


@pytest.fixture
def with_akismet(akismet: AkismetServer, environ: dict[str, str]) -> AkismetServer:
    environ |= {"EINZELFALL_AKISMET_KEY": KEY, "EINZELFALL_AKISMET_URL": akismet.url}
    return akismet


def judge(app: Flask) -> None:
    with app.app_context():
        judge_again.now()


def test_a_comment_is_stored_unasked_and_its_writer_told_the_same_thanks(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient
) -> None:
    feel(app)
    assert is_own_page(write(client, app).location)
    assert with_akismet.requests == []
    assert the_comment(app).state == State.WAITING


def test_the_job_judges_it_as_it_would_have_been(with_akismet: AkismetServer, app: Flask, client: FlaskClient) -> None:
    set_mode(app, Mode.ON)
    client.environ_base |= {"REMOTE_ADDR": "203.0.113.7"}
    write(client, app)
    set_mode(app, Mode.AUTO)
    judge(app)
    assert the_comment(app).state == State.PUBLISHED
    (asked,) = with_akismet.asked("comment-check")
    assert asked["user_ip"] == "203.0.113.7"
    assert "recheck_reason" not in asked, "nobody was asked before"


def test_a_long_queue_is_worked_off_in_order_each_asked_about_once(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PACE", 0)
    set_mode(app, Mode.ON)
    for number in range(22):  # more than a job looks up at once
        write(client, app, text=f"Zum {number}. Mal kein Netz in Eimsbüttel.")
    set_mode(app, Mode.OFF)
    judge(app)
    assert {comment.state for comment in stored(app)} == {State.PUBLISHED}
    texts = [asked["comment_content"] for asked in with_akismet.asked("comment-check")]
    assert texts == [comment.text for comment in stored(app)]


def test_two_jobs_at_once_ask_about_a_comment_once(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient
) -> None:
    set_mode(app, Mode.ON)
    write(client, app)
    with app.app_context():
        due = jobs._due()
        jobs._judge(due[0])
        jobs._judge(due[0])
    assert len(with_akismet.asked("comment-check")) == 1


def test_a_run_ends_before_the_next_one_begins(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SHIFT", -1)
    set_mode(app, Mode.ON)
    write(client, app)
    judge(app)
    assert the_comment(app).state == State.WAITING
    assert with_akismet.requests == []


def test_without_akismet_nothing_changes(app: Flask, client: FlaskClient) -> None:
    feel(app)
    write(client, app, website="a trap that only machines see")
    assert the_comment(app).state == State.SPAM
