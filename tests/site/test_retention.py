"""How long things are kept: each rule a day before its time and a day after, on each database."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.comments.models import Comment, CommentContact, Snapshot
from app.comments.models import State as CommentState
from app.config import settings
from app.extensions import db
from app.kit import clock, tokens
from app.ledger import models as ledger
from app.ledger.models import Reason
from app.mail.models import Letter
from app.people.models.code import Code
from app.reports.models import Answer, Contact, Erasure, FollowUp, Question, Report, Told
from app.reports.models.report import receipt_of
from app.site import upgrading
from app.site.audit import differences
from app.site.retention import RULES, enforce, retain
from app.spam.holding import Evidence
from app.spam.models import CommentCluster, Fingerprint
from app.spam.models.cluster import comparable_hash
from app.spam.submission import Submission
from app.web import logs
from tests.cast import make_comment, within
from tests.conftest import At
from tests.desk.crowd import arrived
from tests.page import Pages

DAY = 24 * 60  # minutes
TEXT = "Seit Wochen geht in Eimsbüttel gar nichts mehr, und die Hotline nennt mich einen Einzelfall."
HELD, SPAM, REFUSED, COUNTED = "held report", "spam report", "refused report", "counted report"


def furnish(app: Flask) -> None:
    """Something that each rule forgets, and beside it what none does."""
    with app.app_context():
        _reports()
        Letter.write("lena@reader.example", "Nie angekommen", "Text").next_try_at = None
        Code.issue("mo@campaign.example", "a browser")
        Fingerprint.note_all([TEXT], clock.now())
        _log()
        _backup()
        db.session.commit()
    _comments(app)


def _reports() -> None:
    told = Told(("no_data",), "Kiel", text=TEXT)
    arrived(told, Evidence(is_trapped=True), HELD)
    refused = arrived(told, Evidence(is_trapped=True), REFUSED)
    spam, counted = Report.tell(told, SPAM), Report.tell(told, COUNTED)
    db.session.flush()
    FollowUp.say(spam, Answer.SAME)
    Contact.leave(spam, "lena@reader.example")
    Question.ask(counted)
    spam.uncount(Reason.SPAM)
    refused.refuse(Reason.SPAM)


def _comments(app: Flask) -> None:
    spam = make_comment(app, state=CommentState.SPAM, email="lena@reader.example")
    make_comment(app, state=CommentState.PUBLISHED, parent=spam)
    make_comment(app, state=CommentState.SPAM, email="jan@reader.example")
    make_comment(app, state=CommentState.WAITING)
    within(app, lambda: CommentCluster.note_all([comparable_hash(TEXT)], clock.now()))
    kept = make_comment(app, state=CommentState.PUBLISHED, email="ria@reader.example")
    submission = Submission(
        kind="comment", text=TEXT, name="Ria", permalink="", user_ip="", submitted_at=clock.now(), language="de"
    )
    within(app, lambda: Snapshot.take_all([(kept.id, submission)]))


def _log() -> None:
    folder = settings().instance / logs.FOLDER
    folder.mkdir(exist_ok=True)
    (folder / f"{clock.today().isoformat()}.jsonl").write_text("{}\n")


def _backup() -> None:
    folder = settings().instance / upgrading.FOLDER
    folder.mkdir(exist_ok=True)
    (folder / "before-upgrade-20111124T090000Z-0004.tar").touch()


def gone(app: Flask) -> dict[str, int]:
    """What goes now, by rule."""
    return within(app, lambda: {rule.key: count for rule, count in enforce() if count})


@pytest.fixture
def furnished(database: str, app: Flask) -> Flask:
    furnish(app)
    return app


@pytest.mark.parametrize(
    ("days", "rule", "count"),
    [
        (30, "comment-spam", 2),
        (90, "comments-undecided", 1),
        (30, "report-spam", 2),
        (90, "reports-undecided", 1),
        (60, "questions", 1),
        (14, "letters", 1),
        (15, "snapshots", 1),
        (14, "fingerprints", 1),
        (1, "clusters", 1),
        (28, "comment-clusters", 1),
        (90, "words", 15),
        (1, "tallies", 2),
        (30, "backups", 1),
        (7, "logs", 1),
    ],
)
def test_each_rule_keeps_until_its_day_and_not_a_day_longer(
    app: Flask, at: At, days: int, rule: str, count: int
) -> None:
    furnish(app)
    at((days - 1) * DAY + 60)
    assert gone(app).get(rule, 0) == 0
    at((days + 1) * DAY + 60)
    assert gone(app)[rule] == count
    assert gone(app).get(rule, 0) == 0


def test_a_code_is_forgotten_when_it_has_ended(app: Flask, at: At) -> None:
    within(app, lambda: Code.issue("mo@campaign.example", "a browser"))
    at(9)
    assert gone(app) == {}
    at(11)
    assert gone(app) == {"codes": 1}


def test_a_dry_run_says_the_same_and_changes_nothing(furnished: Flask, at: At) -> None:
    at(100 * DAY)
    before = rows(furnished)
    dry = within(furnished, lambda: {rule.key: count for rule, count in enforce(is_dry=True) if count})
    assert rows(furnished) == before
    assert len(dry) == 15
    assert gone(furnished) == dry


def test_everything_public_still_agrees_and_proofs_of_others_hold(furnished: Flask, at: At) -> None:
    at(100 * DAY)
    with furnished.app_context():
        retain.now()
        assert list(differences()) == []
        assert ledger.counter() == 1
        kept = list(db.session.scalars(db.select(Report)))
        assert [report.receipt_hash for report in kept] == [tokens.digest(receipt_of(COUNTED))]
        assert all(Erasure.of(receipt_of(key)) for key in (HELD, SPAM, REFUSED))
        assert db.session.query(FollowUp).count() == db.session.query(Contact).count() == 0


def test_comments_that_count_stay_with_their_addresses_and_answers_keep_their_place(furnished: Flask, at: At) -> None:
    at(100 * DAY)
    gone(furnished)
    with furnished.app_context():
        published = db.session.query(Comment).filter_by(state=CommentState.PUBLISHED).count()
        emptied = db.session.query(Comment).filter(Comment.state != CommentState.PUBLISHED).one()
        assert published == 2
        assert (emptied.name, emptied.text, emptied.html) == ("", "", "")
        assert [contact.email for contact in db.session.query(CommentContact)] == ["ria@reader.example"]


def test_a_refusal_that_was_undone_late_leaves_time_to_decide(app: Flask, at: At) -> None:
    with app.app_context():
        held = arrived(Told(("no_data",), "Kiel"), Evidence(is_trapped=True), HELD)
        held.refuse(Reason.TEST)
        db.session.commit()
        at(95 * DAY)
        held.hold_again()
        db.session.commit()
        at(96 * DAY)
        assert [rule.key for rule, count in enforce() if count] == ["tallies"]


def test_the_command_prints_the_table_it_enforces(app: Flask, runner: FlaskCliRunner, at: At) -> None:
    furnish(app)
    at(100 * DAY)
    dry = runner.invoke(args=["retention", "run", "--dry-run"])
    assert dry.exit_code == 0
    assert "would go" in dry.output
    assert within(app, lambda: db.session.query(Report).count()) == 4
    assert runner.invoke(args=["retention", "run"]).exit_code == 0
    assert within(app, lambda: db.session.query(Report).count()) == 1


def test_the_privacy_page_shows_every_rule(app: Flask, pages: Pages) -> None:
    page = pages.open("/privacy?lang=en")
    lines = [row.text for row in page.root.all("tr")][1:]
    assert len(lines) == len(RULES)
    assert "Held reports that nobody decided on; they never counted 90 days" in " ".join(lines)


def rows(app: Flask) -> dict[str, int]:
    def count() -> dict[str, int]:
        return {name: db.session.query(table).count() for name, table in db.metadata.tables.items()}

    return within(app, count) | {"logs": len(list((Path(app.instance_path) / logs.FOLDER).iterdir()))}
