"""What leaves for Akismet: everything it should know, nothing else, and never the key into a log."""

import logging
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import structlog

from app.spam.akismet import AkismetJudge
from app.spam.submission import Submission
from tests.akismet_server import KEY, AkismetServer
from tests.spam.cast import LENA, PERMALINK, write

SENT = {
    "api_key": [KEY],
    "blog": ["https://einzelfall.example"],
    "blog_charset": ["UTF-8"],
    "blog_lang": ["de"],
    "comment_author": ["Lena"],
    "comment_author_email": ["lena@example.org"],
    "comment_content": [LENA.text],
    "comment_context[]": ["netz", "hamburg"],
    "comment_date_gmt": ["2011-11-20T18:30:05Z"],
    "comment_post_modified_gmt": ["2011-11-12T09:00:00Z"],
    "comment_type": ["comment"],
    "honeypot_field_name": ["website"],
    "website": [""],
    "permalink": [PERMALINK],
    "referrer": [PERMALINK],
    "user_agent": ["Mozilla/5.0 (Reader)"],
    "user_ip": ["203.0.113.7"],
}


def test_a_question_carries_what_akismet_should_know_and_nothing_else(
    akismet: AkismetServer, judge: AkismetJudge
) -> None:
    judge.judge(LENA)
    (question,) = akismet.requests
    assert question.path == "/1.1/comment-check"
    assert question.fields == SENT
    assert question.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert question.headers["User-Agent"].startswith("Einzelfall/")


@pytest.mark.parametrize("allowed", ["", "browser", "email page", "trap tags"])
def test_what_is_not_allowed_stays_here(allowed: str, akismet: AkismetServer) -> None:
    by_word = {"browser": {"user_agent"}, "email": {"comment_author_email"}, "page": {"permalink"}}
    by_word |= {"trap": {"honeypot_field_name", "website"}, "tags": {"comment_context[]"}}
    always = {"api_key", "blog", "blog_charset", "user_ip", "comment_author", "comment_content", "comment_type"}
    judge = AkismetJudge(KEY, akismet.url, "https://einzelfall.example", allowed=frozenset(allowed.split()))
    judge.judge(LENA)
    judge.report_ham(LENA)
    sent = always.union(*(by_word[word] for word in allowed.split()))
    assert [request.fields.keys() for request in akismet.requests] == [sent, sent]


def test_absent_things_are_left_out_and_not_sent_as_empty_texts(akismet: AkismetServer, judge: AkismetJudge) -> None:
    bare = replace(LENA, email=None, user_agent=None, referrer=None, post_modified_at=None, honeypot_field="")
    judge.judge(replace(bare, context=()))
    absent = {"comment_author_email", "user_agent", "referrer", "comment_post_modified_gmt", "website"}
    absent |= {"honeypot_field_name", "comment_context[]"}
    assert akismet.requests[0].fields.keys() == SENT.keys() - absent


def test_a_comment_without_browser_headers_is_asked_about_all_the_same(
    akismet: AkismetServer, judge: AkismetJudge
) -> None:
    judge.judge(write(user_agent=None, referrer=None))
    assert len(akismet.asked("comment-check")) == 1


def test_an_edited_reply_is_asked_about_as_such(akismet: AkismetServer, judge: AkismetJudge) -> None:
    judge.judge(write(kind="reply", recheck_reason="edit", honeypot_value="http://x.example"))
    (question,) = akismet.requests
    assert (question["comment_type"], question["recheck_reason"]) == ("reply", "edit")
    assert question["website"] == "http://x.example"


def test_nobody_is_called_an_administrator(akismet: AkismetServer, judge: AkismetJudge) -> None:
    judge.judge(write(name="administrator"))
    assert "user_role" not in akismet.requests[0]


def test_a_test_site_teaches_akismet_nothing(akismet: AkismetServer) -> None:
    judge = AkismetJudge(KEY, akismet.url, "https://einzelfall.example", is_test=lambda: True)
    judge.judge(LENA)
    judge.report_spam(LENA)
    assert [request["is_test"] for request in akismet.requests] == ["1", "1"]


def test_feedback_is_what_the_reader_sent_long_before(akismet: AkismetServer, judge: AkismetJudge) -> None:
    kept = write(recheck_reason="edit").to_snapshot()
    assert judge.report_spam(Submission.from_snapshot(kept), reporter="moderator")
    assert judge.report_ham(Submission.from_snapshot(kept))
    spam, ham = akismet.requests
    assert (spam.path, ham.path) == ("/1.1/submit-spam", "/1.1/submit-ham")
    assert spam.fields == SENT | {"reporter": ["moderator"]}
    assert ham.fields == SENT


def test_a_moderators_address_cannot_be_sent(akismet: AkismetServer, judge: AkismetJudge) -> None:
    with pytest.raises(ValueError, match="by role"):
        judge.report_spam(LENA, reporter="carla@einzelfall.example")
    assert not akismet.requests


@pytest.mark.parametrize("mode", ["500", "invalid", "garbage", "dead", "redirect"])
def test_feedback_that_was_not_taken_in_can_be_sent_again(
    mode: str, akismet: AkismetServer, judge: AkismetJudge
) -> None:
    akismet.says(mode)
    assert not judge.report_ham(LENA)


def test_times_are_sent_in_utc(akismet: AkismetServer, judge: AkismetJudge) -> None:
    berlin = datetime.fromisoformat("2011-11-20T19:30:05+01:00")
    assert berlin == datetime(2011, 11, 20, 18, 30, 5, tzinfo=UTC)
    judge.judge(write(submitted_at=berlin))
    assert akismet.requests[0]["comment_date_gmt"] == "2011-11-20T18:30:05Z"


@pytest.mark.parametrize("mode", ["ham", "invalid", "500", "redirect", "garbage", "echo", "dead", "cut"])
def test_the_key_and_the_readers_words_are_in_no_log_and_no_judgement(
    mode: str,
    akismet: AkismetServer,
    judge: AkismetJudge,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    akismet.says(mode)
    with structlog.testing.capture_logs() as structured:
        said = [judge.judge(LENA), judge.report_spam(LENA), judge.report_ham(LENA), judge.verify(), judge]
    judge.judge(LENA)  # once more with structlog as it is
    seen = "".join([repr(said), repr(structured), caplog.text, *capfd.readouterr()])
    assert len(structured) == 4
    for secret in (KEY, KEY.upper(), LENA.text, "lena@example.org", LENA.user_ip):
        assert secret not in seen
