"""Letters that come back: what says that a mailbox does not exist, and what says nothing of who reads there."""

import smtplib

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.comments.models import Subscription
from app.extensions import db
from app.mail.bounces import NoReport, failed_in, refused_for_good
from tests.cast import make_comment, within

LENA, GERO = "lena@reader.example", "gero@reader.example"


def report(*recipients: str, kind: str = "multipart/report; report-type=delivery-status") -> bytes:
    """A delivery report as Postfix sends it."""
    blocks = "\n".join(f"{block}\n" for block in recipients)
    return f"""From: MAILER-DAEMON@mail.example (Mail Delivery System)
To: noreply@einzelfall.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: {kind}; boundary="b1"

--b1
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mail.example. It does not know <somebody@else.example>.

--b1
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
X-Postfix-Queue-ID: 4F2A
Arrival-Date: Tue, 15 Nov 2011 14:05:00 +0100 (CET)

{blocks}
--b1
Content-Type: message/rfc822

To: other@reader.example
Subject: Hallo

Text
--b1--
""".replace("\n", "\r\n").encode()


def recipient(address: str, status: str = "5.1.1", action: str = "failed", field: str = "Final-Recipient") -> str:
    return f"{field}: rfc822; {address}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; 550 {status} no"


def test_a_mailbox_that_does_not_exist_is_found() -> None:
    assert failed_in(report(recipient(LENA))) == [LENA]
    assert failed_in(report(recipient(LENA), recipient(GERO, "5.1.10"))) == [LENA, GERO]


def test_the_address_that_we_wrote_to_counts_not_the_one_it_was_forwarded_to() -> None:
    forwarded = f"Original-Recipient: rfc822;{LENA}\n{recipient('lena@elsewhere.example')}"
    assert failed_in(report(forwarded)) == [LENA]


@pytest.mark.parametrize(
    ("status", "action"),
    [("4.4.1", "delayed"), ("5.2.2", "failed"), ("5.7.1", "failed"), ("5.0.0", "failed"), ("2.0.0", "delivered")],
)
def test_what_is_not_the_mailbox_s_own_end_says_nothing(status: str, action: str) -> None:
    assert failed_in(report(recipient(LENA, status, action))) == []


def test_a_mailbox_that_was_switched_off_is_gone() -> None:
    assert failed_in(report(recipient(LENA, "5.2.1"))) == [LENA]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Subject: Abwesend\r\n\r\nIch bin im Urlaub.",
        report(recipient(LENA), kind="multipart/mixed"),
        report(),
        b"\xff\xfe\0garbage",
    ],
)
def test_what_is_no_report_is_refused(raw: bytes) -> None:
    with pytest.raises(NoReport):
        failed_in(raw)


@pytest.mark.parametrize(
    ("code", "words", "is_gone"),
    [
        (550, b"5.1.1 <lena@reader.example>: user unknown", True),
        (550, b"no such user", True),
        (553, b"mailbox name not allowed", True),
        (550, b"5.7.1 blocked by policy", False),
        (552, b"5.2.2 mailbox full", False),
        (450, b"4.2.0 greylisted", False),
        (554, b"rejected", False),
    ],
)
def test_a_refusal_at_the_door_is_read_as_carefully(code: int, words: bytes, is_gone: bool) -> None:
    error = smtplib.SMTPRecipientsRefused({LENA: (code, words)})
    assert refused_for_good(error) == ([LENA] if is_gone else [])
    assert refused_for_good(ConnectionRefusedError()) == []


def test_the_command_reads_a_report_from_a_pipe_and_ends_what_goes_there(app: Flask, runner: FlaskCliRunner) -> None:
    comment = make_comment(app)
    within(app, lambda: Subscription.ask_all([(comment.id, LENA), (comment.id, GERO)]))
    done = runner.invoke(args=["mail", "bounce", "-"], input=report(recipient(LENA.upper())))
    assert (done.exit_code, done.output.strip()) == (0, "1 address(es) that do not exist, 1 subscription(s) ended")
    assert within(app, lambda: list(db.session.scalars(db.select(Subscription.email)))) == [GERO]


def test_the_command_refuses_what_is_no_report(runner: FlaskCliRunner) -> None:
    done = runner.invoke(args=["mail", "bounce", "-"], input=b"Subject: Hallo\r\n\r\nGuten Tag.")
    assert done.exit_code == 1
    assert "no delivery report" in done.output
