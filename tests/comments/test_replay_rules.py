"""What another mode of a rule would have made of the last decisions, from what was written down of them."""

from flask import Flask
from flask.testing import FlaskCliRunner

from app.comments.models import Comment, State
from app.comments.models.replay import Record, Replay, cases, record, replay
from app.extensions import db
from app.spam.rules import Mode
from tests.cast import make_comment, within

PLAIN = "In Eimsbüttel ist das Netz seit Wochen weg, und die Hotline weiß von nichts."
LINKS = "Lest das: http://a.example/1 http://b.example/2 http://c.example/3"


def judged(app: Flask, state: State, text: str = PLAIN, **columns: object) -> None:
    """A comment on which a person decided, with what judges had written down."""
    id_ = make_comment(app, text=text, state=state).id

    def note() -> None:
        comment = db.session.get_one(Comment, id_)
        for column, value in columns.items():
            setattr(comment, column, value)

    within(app, note)


def asked(app: Flask, rule: str, mode: Mode, modes: dict[str, Mode] | None = None) -> Replay:
    with app.app_context():
        return replay(cases(modes or {}), modes or {}, rule, mode)


def test_what_was_heard_then_counts_and_the_person_is_right(app: Flask) -> None:
    judged(app, State.PUBLISHED, heard={"links": 4})
    judged(app, State.SPAM, heard={"links": 4, "form-token-missing": 2})
    judged(app, State.SPAM, heard={"links": 4, "repeats": 6})
    judged(app, State.PUBLISHED, heard={})
    assert asked(app, "links", Mode.OFF) == Replay(4, 3, 1)  # the spam with the token alone would be published
    assert asked(app, "links", Mode.OBSERVE) == asked(app, "links", Mode.OFF)
    assert asked(app, "shouting", Mode.OFF) == Replay(4, 0, 0)
    assert asked(app, "links", Mode.ENFORCE, {"links": Mode.OBSERVE}) == Replay(4, 3, 0)


def test_to_call_honest_words_spam_is_wrong(app: Flask) -> None:
    judged(app, State.PUBLISHED, heard={"links": 5, "repeats": 4})
    observed = {"repeats": Mode.OBSERVE}
    assert asked(app, "repeats", Mode.ENFORCE, observed) == Replay(1, 1, 1)


def test_a_rule_that_is_off_is_asked_now_about_the_words(app: Flask) -> None:
    judged(app, State.SPAM, LINKS, heard={})
    assert asked(app, "links", Mode.ENFORCE, {"links": Mode.OFF}) == Replay(1, 1, 0)
    assert asked(app, "links", Mode.OFF) == Replay(1, 0, 0)


def test_of_what_came_before_rules_were_written_down_the_words_are_heard_now(app: Flask) -> None:
    judged(app, State.SPAM, LINKS)
    assert asked(app, "links", Mode.OFF) == Replay(1, 1, 1)
    assert asked(app, "form-token-missing", Mode.OFF) == Replay(1, 0, 0)


def test_without_akismet_its_verdicts_would_be_missing(app: Flask) -> None:
    judged(app, State.SPAM, heard={}, reasons=["akismet-spam"])
    judged(app, State.PUBLISHED, heard={"links": 4}, reasons=["links", "akismet-ham"])
    assert asked(app, "akismet", Mode.OFF) == Replay(2, 2, 1)
    assert asked(app, "akismet", Mode.ENFORCE) == Replay(2, 0, 0)


def test_only_decisions_between_readers_and_spam_count(app: Flask) -> None:
    for state in State:
        judged(app, state, heard={"links": 4})
    within(app, lambda: db.session.execute(db.update(Comment).where(Comment.id == 1).values(is_decided=False)))
    with app.app_context():
        assert record(cases({}), "links") == Record(2, 1)


def test_no_more_than_so_many_are_looked_at(app: Flask) -> None:
    for _ in range(3):
        judged(app, State.SPAM, heard={})
    with app.app_context():
        assert len(cases({}, most=2)) == 2


def test_the_command_says_it_in_a_sentence(app: Flask, runner: FlaskCliRunner) -> None:
    judged(app, State.SPAM, heard={"links": 4})
    found = runner.invoke(args=["spam", "replay", "links", "off"])
    said = "links in mode off would have changed 1 of the last 1 decisions, 1 of them wrong.\n"
    assert found.output.endswith(said)
    assert runner.invoke(args=["spam", "replay", "luck", "off"]).exit_code == 2
