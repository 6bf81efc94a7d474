"""Letters leave after what they tell is on disk, once, and are forgotten then."""

import threading
from collections.abc import Iterator
from email import message_from_bytes, policy

import pytest
from flask import Flask

from app.extensions import db
from app.mail import exchange, jobs
from app.mail.jobs import send_letters
from app.mail.models import BACK_OFF, Letter, stuck
from tests.akismet_server import closed_port
from tests.cast import OLGA, letters_to, reload, within
from tests.conftest import At
from tests.mail_server import MailServer


@pytest.fixture
def mailbox() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def over_smtp(mailbox: MailServer, environ: dict[str, str]) -> MailServer:
    """Ask for it before the app."""
    environ["EINZELFALL_MAIL_URL"] = mailbox.url
    return mailbox


@pytest.fixture
def dead_mail(environ: dict[str, str]) -> None:
    environ["EINZELFALL_MAIL_URL"] = f"smtp://127.0.0.1:{closed_port()}"


def write(app: Flask, to: str = OLGA, subject: str = "Grüße", text: str = "Schöne Grüße aus Köln.\n") -> Letter:
    return within(app, lambda: Letter.write(to, subject, text))


def send(app: Flask) -> None:
    with app.app_context():
        send_letters.now()


def test_without_a_mail_server_letters_lie_in_the_outbox(app: Flask) -> None:
    write(app)
    (letter,) = letters_to(app, OLGA)
    assert "Subject: " in letter


def test_a_letter_arrives_with_its_words_sender_and_subject(over_smtp: MailServer, app: Flask) -> None:
    write(app)
    send(app)
    (raw,) = over_smtp.letters
    letter = message_from_bytes(raw, policy=policy.default)
    assert letter["To"] == OLGA
    assert letter["Subject"] == "Grüße"
    assert "noreply@localhost" in letter["From"]
    assert "Schöne Grüße aus Köln." in letter.get_content()


def test_it_leaves_once_and_its_words_are_forgotten(over_smtp: MailServer, app: Flask) -> None:
    letter = write(app)
    send(app)
    send(app)
    assert len(over_smtp.letters) == 1
    sent = reload(app, letter)
    assert sent.sent_at
    assert (sent.to, sent.subject, sent.text, sent.fault) == ("", "", "", "")  # the subject may be a code


def test_two_senders_at_once_send_it_once(over_smtp: MailServer, database: str, app: Flask, at: At) -> None:
    """The clock's and the one that was just called find the same letter due."""
    at(0)
    letter = write(app)
    with app.app_context():
        assert (found := Letter.take(letter.id))
        assert found.text == letter.text
        db.session.commit()
    send(app)
    assert over_smtp.letters == []  # somebody has it in hand

    at(6)  # and never came back
    send(app)
    assert len(over_smtp.letters) == 1


def test_what_was_not_committed_does_not_leave(over_smtp: MailServer, app: Flask) -> None:
    with app.app_context():
        Letter.write(OLGA, "Nie", "Nie geschehen.")
        db.session.rollback()
    send(app)
    assert over_smtp.letters == []


def test_with_a_dead_server_a_letter_waits_and_is_tried_less_and_less_often(
    dead_mail: None, app: Flask, at: At
) -> None:
    at(0)
    letter = write(app)
    minutes = 0.0
    for tries in range(1, 6):
        send(app)
        send(app)  # not before its time
        waiting = reload(app, letter)
        assert (waiting.tries, waiting.sent_at) == (tries, None)
        assert waiting.text
        minutes += BACK_OFF[min(tries, len(BACK_OFF) - 1)].total_seconds() / 60 + 0.1
        at(minutes)
    assert within(app, stuck) == 1


def test_once_the_server_is_back_the_letter_leaves(over_smtp: MailServer, app: Flask, at: At) -> None:
    at(0)
    over_smtp.says("refuse")
    letter = write(app)
    send(app)
    assert reload(app, letter).fault
    over_smtp.says("well")
    at(2)
    send(app)
    assert reload(app, letter).sent_at
    assert within(app, stuck) == 0


def test_a_server_that_drips_is_left_after_a_while_and_the_letter_waits(
    over_smtp: MailServer, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "LONGEST", 0.5)
    over_smtp.says("drip")
    letter = write(app)
    send(app)
    assert reload(app, letter).fault.startswith("SMTPServerDisconnected")


def test_a_letter_that_was_taken_in_does_not_leave_again_for_want_of_a_good_bye(
    over_smtp: MailServer, app: Flask, at: At
) -> None:
    app.extensions["mailman"].timeout = 0.3
    over_smtp.says("mute")
    at(0)
    letter = write(app)
    send(app)
    assert reload(app, letter).sent_at
    at(10)
    send(app)
    assert len(over_smtp.letters) == 1


@pytest.mark.parametrize("mode", ["garbage", "close", "hang", "dead"])
def test_a_server_that_is_none_is_asked_for_one_letter_and_not_for_all(
    over_smtp: MailServer, app: Flask, mode: str
) -> None:
    app.extensions["mailman"].timeout = 0.3
    over_smtp.says(mode)
    letters = [write(app), write(app)]
    send(app)
    assert [reload(app, letter).tries for letter in letters] == [1, 0]


def test_while_one_sends_nobody_else_waits_beside_it_and_its_next_look_finds_what_came(
    over_smtp: MailServer, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_go = threading.Event(), threading.Event()
    first, send_one = write(app), jobs._send

    def hold(id_: int) -> bool:
        begun.set()
        may_go.wait()
        return send_one(id_)

    monkeypatch.setattr(jobs, "_send", hold)
    sender = threading.Thread(target=send, args=(app,))
    sender.start()
    begun.wait()
    second = write(app)
    send(app)  # comes back at once
    may_go.set()
    sender.join()
    assert len(over_smtp.letters) == 2
    assert reload(app, first).sent_at
    assert reload(app, second).sent_at


def test_one_letter_that_is_refused_does_not_hold_up_the_others(over_smtp: MailServer, app: Flask) -> None:
    write(app, "bad address@@")
    good = write(app)
    send(app)
    assert reload(app, good).sent_at


def test_a_subject_is_one_line_whatever_was_put_into_it(over_smtp: MailServer, app: Flask) -> None:
    write(app, subject="Code\r\nBcc: charlie@stranger.example\n")
    send(app)
    (raw,) = over_smtp.letters
    assert message_from_bytes(raw)["Bcc"] is None


def test_no_address_and_no_words_are_in_the_log(
    capsys: pytest.CaptureFixture[str], dead_mail: None, app: Flask
) -> None:
    write(app)
    send(app)
    logged = "".join(capsys.readouterr())
    assert "letter_not_sent" in logged
    assert OLGA not in logged
    assert "Köln" not in logged


def test_an_empty_table_is_no_error(app: Flask) -> None:
    send(app)


def test_a_letter_that_never_leaves_is_given_up_after_a_week(app: Flask, at: At) -> None:
    with app.app_context():
        letter = Letter.write(OLGA, "Hallo", "Text")
        db.session.commit()
        letter.has_failed("no answer")
        assert letter.next_try_at
        at(8 * 24 * 60)
        letter.has_failed("no answer")
        assert letter.next_try_at is None


def test_of_a_letter_that_has_left_nobody_can_tell_to_whom_it_was(app: Flask) -> None:
    with app.app_context():
        letter = Letter.write(OLGA, "Hallo", "Text")
        letter.has_left()
        assert (letter.to, letter.subject, letter.text) == ("", "", "")
