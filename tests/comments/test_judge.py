"""What the judges say decides where a comment goes, never whether it is kept; a person's word is worth more."""

import time
from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.jobs import judge_again, teach_akismet
from app.comments.models import Comment, Snapshot, State
from app.comments.models.comment import ASK_AGAIN, GIVE_UP
from app.extensions import db
from app.kit.circuit import Circuit
from app.spam.akismet import DEADLINE, Silent
from app.spam.judges import Judges
from tests import akismet_server
from tests.akismet_server import KEY, LONGEST, AkismetServer
from tests.cast import SignedIn, within
from tests.comments.reader import URL, is_own_page, stored, the_comment, write
from tests.conftest import At
from tests.page import Page

ADS = "Kauft hier: https://a.example https://b.example https://c.example https://d.example https://e.example"
policies = pytest.mark.parametrize("policy", ["open", "judged", "all"], indirect=True)


def again(app: Flask) -> None:
    with app.app_context():
        judge_again.now()


@policies
def test_without_akismet_only_the_open_policy_publishes_at_once(policy: str, app: Flask, client: FlaskClient) -> None:
    write(client, app)
    assert the_comment(app).state == (State.PUBLISHED if policy == "open" else State.WAITING)
    assert the_comment(app).ask_again_at is None


@policies
def test_a_clean_verdict_publishes_unless_a_person_shall_read_everything(
    with_akismet: AkismetServer, policy: str, app: Flask, client: FlaskClient
) -> None:
    write(client, app)
    assert the_comment(app).state == (State.WAITING if policy == "all" else State.PUBLISHED)
    assert the_comment(app).ask_again_at is None


@policies
def test_doubts_of_our_own_wait_for_a_person_under_every_policy(policy: str, app: Flask, client: FlaskClient) -> None:
    write(client, app, text=ADS)
    assert the_comment(app).state == State.WAITING


@policies
def test_spam_is_spam_under_every_policy(
    with_akismet: AkismetServer, policy: str, app: Flask, client: FlaskClient
) -> None:
    with_akismet.says("spam")
    assert is_own_page(write(client, app).location)
    assert the_comment(app).state == State.SPAM


SILENT = ["500", "202", "redirect", "garbage", "empty", "capital", "cut", "invalid", "error", "recheck", "dead"]
SLOW = ["hang", "drip", "drip-body", "flood"]


@pytest.mark.parametrize("mode", [*SILENT, *SLOW])
@pytest.mark.parametrize("policy", ["open"], indirect=True)
def test_akismet_silent_slow_or_odd_and_the_comment_is_held(
    monkeypatch: pytest.MonkeyPatch,
    with_akismet: AkismetServer,
    policy: str,
    app: Flask,
    mode: str,
) -> None:
    bench: Judges = app.extensions["judges"]
    if mode.startswith("drip"):  # one that hangs is waited for in full; the others need not be
        monkeypatch.setattr(bench, "verdict", partial(bench.verdict, deadline=0.3))
    with_akismet.says(mode)
    began = time.monotonic()
    answer = write(app.test_client(), app)
    assert time.monotonic() - began < 10 * DEADLINE < LONGEST
    assert answer.status_code == 303
    assert is_own_page(answer.location)
    comment = the_comment(app)
    assert comment.state == State.WAITING
    assert comment.ask_again_at
    assert any(reason.startswith("akismet") for reason in comment.reasons)


def test_blatant_spam_gets_the_same_thanks(with_akismet: AkismetServer, app: Flask, client: FlaskClient) -> None:
    with_akismet.says("discard")
    assert is_own_page(write(client, app).location)
    assert the_comment(app).state == State.SPAM


@pytest.mark.parametrize("mode", ["ham", "invalid", "echo", "500", "alert"])
def test_the_key_is_in_no_log_no_answer_and_no_row(
    capsys: pytest.CaptureFixture[str], with_akismet: AkismetServer, app: Flask, client: FlaskClient, mode: str
) -> None:
    with_akismet.says(mode)
    answer = write(client, app)
    assert with_akismet.requests[0]["api_key"] == KEY
    told = "".join(capsys.readouterr()) + answer.text + str(answer.headers) + str(vars(the_comment(app)))
    assert "akismet" in told
    assert KEY not in told


def test_akismet_is_asked_about_what_the_reader_sent(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient
) -> None:
    client.environ_base |= {"REMOTE_ADDR": "203.0.113.7", "HTTP_USER_AGENT": "A reader's browser"}
    write(client, app)
    (asked,) = with_akismet.asked("comment-check")
    assert (asked["user_ip"], asked["user_agent"]) == ("203.0.113.7", "A reader's browser")
    assert (asked["comment_author"], asked["comment_type"]) == ("Lena", "comment")
    assert asked["permalink"] == "http://localhost:8000/posts/netz"


def test_who_ticks_it_is_not_sent_and_a_person_looks(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient
) -> None:
    write(client, app, stays="y")
    comment = the_comment(app)
    assert (comment.state, comment.reasons, comment.ask_again_at) == (State.WAITING, ["declined"], None)
    assert within(app, lambda: db.session.scalars(db.select(Snapshot)).all()) == []
    within(app, lambda: db.session.get_one(Comment, comment.id).decide(State.PUBLISHED, seen=State.WAITING))
    with app.app_context():
        teach_akismet.now()
    assert with_akismet.requests == []


def test_the_box_is_there_only_with_a_key_unticked_and_survives(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient
) -> None:
    form = Page(client.get("/posts/netz/comments/new").text).form("comments")
    assert "stays" in form.names
    assert "stays" not in form.filled()
    again = Page(client.post(URL, data={"stays": "y", "name": "", "text": "Kein Netz"}).text).form("comments")
    assert again.filled()["stays"] == ["y"]
    check = Page(client.post(URL, data={"stays": "y", "name": "Lena", "text": "Kein Netz"}).text).form("comments")
    assert check.values["stays"] == "True"


def test_without_a_key_there_is_no_box(app: Flask, client: FlaskClient) -> None:
    assert "stays" not in Page(client.get("/posts/netz/comments/new").text).form("comments").names


def test_an_address_leaves_only_where_the_site_says_so(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient
) -> None:
    write(client, app)
    sent = with_akismet.requests[0].fields
    assert "comment_author_email" not in sent
    assert "referrer" not in sent
    assert "user_agent" in sent
    page = client.get("/privacy?lang=en").text
    assert "identification of the browser" in page
    assert "e-mail address," not in page.partition("Sent along:")[2]


def test_the_honeypot_is_not_worth_a_question(with_akismet: AkismetServer, app: Flask, client: FlaskClient) -> None:
    write(client, app, website="x")
    assert with_akismet.requests == []
    assert the_comment(app).state == State.SPAM


def test_when_akismet_answers_again_the_comment_appears(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient, at: At
) -> None:
    at(0)
    with_akismet.says("dead")
    write(client, app)
    with_akismet.says("ham")
    again(app)
    assert the_comment(app).state == State.WAITING  # its time has not come
    at(2)
    again(app)
    assert the_comment(app).state == State.PUBLISHED
    assert with_akismet.requests[-1]["recheck_reason"] == "recheck"


def test_a_late_verdict_may_also_be_spam(with_akismet: AkismetServer, app: Flask, client: FlaskClient, at: At) -> None:
    at(0)
    with_akismet.says("500")
    write(client, app)
    with_akismet.says("spam")
    at(2)
    again(app)
    assert the_comment(app).state == State.SPAM


def test_questions_come_less_and_less_often_and_end(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient, at: At
) -> None:
    at(0)
    app.extensions["judges"].akismet.circuit = Circuit("akismet", rest=0, faults=(Silent,))  # hours pass in no time
    with_akismet.says("500")
    write(client, app)
    minutes = 0.0
    for step in ASK_AGAIN[: GIVE_UP - 1]:
        minutes += step.total_seconds() / 60 + 1
        at(minutes)
        again(app)
        again(app)  # does nothing before the next time
    assert len(with_akismet.asked("comment-check")) == 1 + len(ASK_AGAIN)
    for _ in range(GIVE_UP):
        minutes += 25 * 60
        at(minutes)
        again(app)
    comment = the_comment(app)
    assert (comment.state, comment.ask_again_at) == (State.WAITING, None)
    assert len(with_akismet.asked("comment-check")) == 1 + GIVE_UP


def test_akismets_own_time_for_the_next_question_is_kept(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient, at: At
) -> None:
    at(0)
    with_akismet.says("recheck")  # in 900 seconds
    write(client, app)
    at(14)
    again(app)
    assert len(with_akismet.requests) == 1
    at(16)
    with_akismet.says("ham")
    again(app)
    assert the_comment(app).state == State.PUBLISHED


def test_a_request_that_died_before_the_verdict_leaves_the_question_to_the_job(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(0)

    def killed(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(Judges, "verdict", killed)
        with pytest.raises(SystemExit):
            write(client, app)
    assert the_comment(app).state == State.WAITING
    at(2)
    again(app)
    assert the_comment(app).state == State.PUBLISHED


def test_when_the_snapshot_is_gone_only_a_person_can_decide(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient, at: At
) -> None:
    at(0)
    with_akismet.says("500")
    write(client, app)
    within(app, lambda: db.session.execute(db.delete(Snapshot)))
    at(2)
    again(app)
    comment = the_comment(app)
    assert (comment.state, comment.ask_again_at) == (State.WAITING, None)


Meanwhile = Callable[[str, State], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch, with_akismet: AkismetServer, app: Flask) -> Meanwhile:
    """Akismet takes the question, a person decides, and only then Akismet answers."""

    def arrange(verdict: str, decision: State) -> None:
        def answer(handler: akismet_server._Handler, _deed: str) -> None:
            def decide() -> None:
                comment = db.session.scalars(db.select(Comment)).one()
                comment.decide(decision, seen=comment.state, reason="Beleidigung")

            within(app, decide)
            handler.answer(verdict)

        monkeypatch.setitem(akismet_server.MODES, "meanwhile", answer)
        with_akismet.says("meanwhile")

    return arrange


@pytest.mark.parametrize("decision", list(State))
@pytest.mark.parametrize("verdict", ["true", "false", "late and odd"])
def test_what_a_person_decided_meanwhile_stands(
    meanwhile: Meanwhile, app: Flask, client: FlaskClient, verdict: str, decision: State
) -> None:
    """It also shows that no transaction is open while Akismet is asked: the person could decide."""
    meanwhile(verdict, decision)
    answer = write(client, app)
    comment = the_comment(app)
    assert comment.state == decision
    assert comment.is_decided
    assert comment.ask_again_at is None
    assert is_own_page(answer.location)


@pytest.mark.parametrize("decision", list(State))
def test_it_stands_against_the_job_too(
    *, meanwhile: Meanwhile, with_akismet: AkismetServer, app: Flask, client: FlaskClient, at: At, decision: State
) -> None:
    at(0)
    with_akismet.says("500")
    write(client, app)
    at(2)
    meanwhile("false" if decision != State.PUBLISHED else "true", decision)
    again(app)
    assert the_comment(app).state == decision


def test_a_late_verdict_does_not_touch_the_comments_of_others(
    with_akismet: AkismetServer, app: Flask, client: FlaskClient, at: At, mo: SignedIn
) -> None:
    at(0)
    with_akismet.says("dead")
    write(client, app)
    write(client, app, text="Ein zweiter, anderer Kommentar.")
    first, second = stored(app)
    mo.post(
        f"/desk/comments/{first.id}/decisions",
        {"deed": "remove", "seen": "waiting", "edits": "0", "reason": "Beleidigung"},
    )
    with_akismet.says("ham")
    at(2)
    again(app)
    assert [comment.state for comment in stored(app)] == [State.REMOVED, State.PUBLISHED]
    assert len(with_akismet.asked("comment-check")) == 1
    assert second.id != first.id
