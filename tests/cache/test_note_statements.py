"""Which tables a statement reads and writes is seen by the engine, so that nobody has to remember to say it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, select, text

from app.cache import tables
from app.cache.models import Version
from app.cache.noting import reading, writing_only
from app.cache.statements import parsed
from app.comments.models import Comment, State, Thread
from app.extensions import Base, db
from app.kit import clock, tokens
from app.people.models import Organisation
from tests.cast import make_comment, within

GO_WITH_A_COMMENT = {
    "comment_assignment",
    "comment_bulk_item",
    "comment_by_hand",
    "comment_fragment",
    "comment_hand_forgotten",
    "comment_helpful",
    "helpful_mark",
    "comment_enquiry",
    "notice",
    "spam_sample",
}


@pytest.mark.parametrize(
    ("said", "reads", "adds", "changes"),
    [
        ("SELECT comment.id FROM comment", {"comment"}, set(), set()),
        ('SELECT c.id FROM "comment" AS c, member m', {"comment", "member"}, set(), set()),
        ("WITH x AS (SELECT * FROM report) SELECT * FROM x JOIN figure ON 1", {"report", "figure"}, set(), set()),
        ("SELECT 1 FROM report WHERE text = 'DELETE FROM comment'", {"report"}, set(), set()),
        ("SELECT 1 FROM comment -- FROM report\nFOR UPDATE SKIP LOCKED", {"comment"}, set(), set()),
        ("INSERT INTO report (id) VALUES (1)", {"report"}, {"report"}, set()),
        ("INSERT OR IGNORE INTO letter VALUES (1)", {"letter"}, {"letter"}, set()),
        ("insert into figure (id) select id from figure_batch", {"figure", "figure_batch"}, {"figure"}, set()),
        ("INSERT INTO version VALUES (1) ON CONFLICT DO UPDATE SET n = 1", {"version"}, set(), {"version"}),
        ("INSERT OR REPLACE INTO member VALUES (1)", {"member"}, set(), {"member"}),
        ('UPDATE "member" SET active=false', {"member"}, set(), {"member"}),
        ("UPDATE ONLY public.member SET active=false", {"member"}, set(), {"member"}),
        ("WITH d AS (DELETE FROM code RETURNING id) SELECT * FROM d", {"code"}, set(), {"code"}),
        ("DELETE FROM comment WHERE id = 1", {"comment"}, set(), {"comment", *GO_WITH_A_COMMENT}),
        ("UPDATE comment SET name = 'B'", {"comment"}, set(), {"comment"}),
        ("CREATE TABLE report (id int)", {"report"}, set(), set()),
        ("SELECT public.member.id FROM public.member", {"member"}, set(), set()),
        ("BEGIN IMMEDIATE", set(), set(), set()),
    ],
)
def test_tables_are_found_in_any_statement(
    app: Flask, said: str, reads: set[str], adds: set[str], changes: set[str]
) -> None:
    found = parsed(said)
    assert (set(found.reads), set(found.adds), set(found.changes)) == (reads, adds, changes)


def test_every_exception_is_about_a_table_that_there_is(app: Flask) -> None:
    for said in (tables.UNSEEN, tables.UNSEEN_INSERTS, tables.SOFT, tables.FINE, tables.DERIVED):
        assert said.keys() <= Base.metadata.tables.keys()


def _versions(app: Flask) -> dict[str, tuple[int, int]]:
    with app.app_context():
        return {name: (number, hard) for name, number, hard in db.session.execute(select(Version.__table__))}


def _changed(app: Flask, work: Callable[[], object]) -> dict[str, tuple[int, int]]:
    """By how much each version moved."""
    before = _versions(app)
    within(app, work)
    moved = {name: (number - before.get(name, (0, 0))[0], hard - before.get(name, (0, 0))[1])
             for name, (number, hard) in _versions(app).items()}  # fmt: skip
    return {name: by for name, by in moved.items() if by != (0, 0)}


def test_a_transaction_changes_each_version_once_whoever_writes(on_each: Flask) -> None:
    found_in = {
        "orm": lambda: db.session.add(Organisation.found("a", "A", ["a.example"], "So.")),
        "core": lambda: db.session.execute(text("UPDATE organisation SET name = 'B'")),
        "raw": lambda: db.session.connection().exec_driver_sql("DELETE FROM organisation WHERE slug = 'a'"),
    }
    assert _changed(on_each, found_in["orm"]).get("organisation") == (1, 0)
    assert _changed(on_each, found_in["core"]) == {"organisation": (1, 1)}
    assert _changed(on_each, found_in["raw"])["organisation"] == (1, 1)

    def several() -> None:
        for name in ("C", "D"):
            db.session.execute(text("UPDATE organisation SET name = :name"), {"name": name})
        with db.session.begin_nested():
            db.session.execute(text("UPDATE ledger_head SET counter = counter"))

    assert _changed(on_each, several) == {"organisation": (1, 1), "ledger_head": (1, 0)}


def test_what_is_rolled_back_changes_no_version(on_each: Flask) -> None:
    def work() -> None:
        db.session.execute(text("UPDATE organisation SET name = 'B'"))
        db.session.rollback()
        db.session.execute(text("UPDATE ledger_head SET counter = counter"))

    assert _changed(on_each, work) == {"ledger_head": (1, 0)}


def test_what_no_page_shows_changes_no_version(app: Flask) -> None:
    assert not _changed(app, lambda: db.session.execute(text("UPDATE letter SET subject = 'B'")))
    assert not _changed(app, lambda: db.session.execute(text("DELETE FROM sign_in")))


def test_a_part_that_is_named_changes_that_part_only(app: Flask) -> None:
    def work() -> None:
        with writing_only("thread", {"netz": True}):
            db.session.execute(text("UPDATE comment SET name = 'B'"))

    assert _changed(app, work) == {"thread:netz": (1, 1)}
    assert _changed(app, lambda: db.session.execute(text("UPDATE comment SET name = 'B'"))) == {"comment": (1, 1)}


def test_who_reads_without_saying_which_part_has_read_all_of_them(app: Flask) -> None:
    with app.app_context(), reading() as noted:
        db.session.execute(text("SELECT html FROM comment_fragment"))
    assert noted.names == {"comment", "thread:*"}


def test_who_reads_one_thread_depends_on_that_one_and_on_what_was_written_without_a_name(app: Flask) -> None:
    make_comment(app)
    with app.app_context(), reading() as noted:
        assert Thread.of("netz").comments
    assert noted.names == {"thread_size", "comment", "member", "organisation", "thread:netz"}


def test_a_comment_changes_its_thread_once_readers_see_it_and_nothing_before(on_each: Flask) -> None:
    make_comment(on_each)
    written: list[Comment] = []

    def write() -> None:
        written.append(Comment.write("netz", "Lena", "Kein Netz.", key=tokens.new_key()))
        written[0].ask_again_at = clock.now()
        db.session.flush()
        written[0].alert = "Akismet schweigt."

    def decide(to: State, seen: State) -> Callable[[], None]:
        return lambda: db.session.get_one(Comment, written[0].id).decide(to, seen=seen, reason="Beleidigung")

    assert _changed(on_each, write) == {}
    assert _changed(on_each, decide(State.SPAM, State.WAITING)) == {}
    assert _changed(on_each, decide(State.PUBLISHED, State.SPAM)) == {"thread:netz": (1, 0)}
    assert _changed(on_each, decide(State.REMOVED, State.PUBLISHED)) == {
        "thread:netz": (1, 1),
        "comment_helpful": (1, 0),  # no marks of it are kept
    }
    assert _changed(on_each, decide(State.PUBLISHED, State.REMOVED)) == {"thread:netz": (1, 1)}


def test_a_comment_that_somebody_changes_past_the_verbs_is_seen_nevertheless(on_each: Flask) -> None:
    shown = make_comment(on_each)

    def change(**values: object) -> Callable[[], None]:
        def work() -> None:
            here = db.session.get_one(Comment, shown.id)
            for name, value in values.items():
                setattr(here, name, value)

        return work

    assert _changed(on_each, change(questions=3, is_decided=False)) == {}
    assert _changed(on_each, change(html="<p>Anders.</p>")) == {"thread:netz": (1, 1)}
    assert _changed(on_each, change(published_at=None, state=State.WAITING)) == {"thread:netz": (1, 1)}
    with_it = {"comment": (1, 1), "comment_enquiry": (1, 1), "comment_helpful": (1, 0)}
    assert _changed(on_each, lambda: db.session.execute(delete(Comment))) == with_it
