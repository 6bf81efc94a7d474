"""`flask comments import`: each comment once, in its place, as it was; nothing of it is more than it was."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from app.comments.jobs import judge_again, teach_akismet
from app.comments.models import Comment, CommentContact, Snapshot, State, ThreadSize, expiry, imported, sampling
from app.comments.models.imported import Imported
from app.extensions import db
from app.site.retention import enforce
from app.spam.models import BayesTotal
from app.transparency.account import count
from tests.akismet_server import AkismetServer
from tests.cast import SignedIn, make_comment, within
from tests.comments.moving.files import agrees, another, bring_in, comment, line, own, taken_out, wordpress
from tests.conftest import At
from tests.page import Pages

SAMPLES = {  # of each its kind, how many comments it has, and how many more that are none
    "isso/comments.db": ("isso", 5, 1),
    "disqus/disqus.xml": ("disqus", 5, 0),
    "wordpress/small-export.xml": ("wxr", 1, 0),
    "wordpress/malformed.xml": ("wxr", 0, 0),
    "wordpress/themeunittestdata.wordpress.xml": ("wxr", 28, 4),
}
SPAM = "Die besten Pillen der Stadt gibt es heute zum halben Preis und frei Haus."


def comments(app: Flask) -> list[Comment]:
    return within(app, lambda: list(db.session.scalars(select(Comment).order_by(Comment.id))))


def taught(app: Flask) -> list[tuple[str, int, int]]:
    return within(app, lambda: [(one.tongue, one.spam, one.ham) for one in db.session.scalars(select(BayesTotal))])


@pytest.fixture
def there(environ: dict[str, str], empty_database: Path, tmp_path: Path) -> Iterator[Flask]:
    """Another site with the same posts."""
    with another(environ, tmp_path / "there", empty_database) as made:
        yield made


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_sample_comes_in_once_and_goes_out_and_in_again_without_loss(
    app: Flask, there: Flask, shared: Path, tmp_path: Path, sample: str
) -> None:
    kind, many, left_out = SAMPLES[sample]
    file, out = str(shared / "data/imports" / sample), tmp_path / "out.jsonl"
    dry = bring_in(app, file, kind, "--post", "netz", "--dry-run")
    assert f" {many} would be imported, 0 here already" in dry.stdout
    assert comments(app) == []
    first = bring_in(app, file, kind, "--post", "netz")
    assert f" {many} imported, 0 here already, 0 refused" in first.stdout
    assert (f"{left_out} left out." in first.stdout) == bool(left_out)
    assert f" 0 imported, {many} here already" in bring_in(app, file, kind, "--post", "netz").stdout
    assert len(comments(app)) == many
    taken_out(app, out)
    assert f"{many} imported, 0 here" in bring_in(there, str(out), "jsonl").stdout
    assert taken_out(there, tmp_path / "again.jsonl") == out.read_bytes()
    assert agrees(app)
    assert agrees(there)


def test_a_damaged_file_says_where_and_what_stands_before_comes_in(app: Flask, tmp_path: Path) -> None:
    file = wordpress(tmp_path, comment(1), "<wp:comment><wp:comment_id>2", comment(3))
    done = bring_in(app, file)
    assert done.exit_code == 1
    assert "wordpress.xml:8: The file is damaged here" in done.stderr
    assert [one.text for one in comments(app)] == ["In Altona ist das Netz weg."]
    assert "0 imported, 1 here already" in bring_in(app, file).stdout


def test_readers_see_an_imported_thread_as_any_other(app: Flask, pages: Pages, tmp_path: Path) -> None:
    old = make_comment(app, text="Schon hier.")
    said = [
        comment(1, "Erste <b>laute</b> Meldung"),
        comment(2, "Antwort darauf", parent=1),
        comment(3, SPAM, approved="spam"),
    ]
    before = pages.open("/posts/netz").html
    bring_in(app, wordpress(tmp_path, *said))
    page = pages.open("/posts/netz").html
    assert "Erste" not in before
    assert "<strong>laute</strong>" in page
    assert SPAM not in page
    first, second = comments(app)[1:3]
    assert (second.parent_id, second.thread_id, first.id > old.id) == (first.id, first.id, True)
    assert first.published_at == first.written_at
    assert within(app, lambda: ThreadSize.of("netz").shown) == 3
    assert agrees(app)


def test_an_answer_finds_what_it_answers_later_in_the_file(app: Flask, tmp_path: Path) -> None:
    bring_in(
        app, wordpress(tmp_path, comment(1, "Darauf", parent=2), comment(2, "Zuerst"), comment(3, "Zuletzt", parent=1))
    )
    by_text = {one.text: one for one in comments(app)}
    assert by_text["Darauf"].parent_id == by_text["Zuerst"].id
    assert by_text["Zuletzt"].parent_id == by_text["Darauf"].id
    assert by_text["Zuletzt"].thread_id == by_text["Zuerst"].id


def test_what_a_file_has_twice_before_what_it_answers_is_counted_twice_and_comes_once(
    app: Flask, tmp_path: Path
) -> None:
    twice = comment(1, "Darauf", parent=2), comment(1, "Noch einmal", parent=2)
    done = bring_in(app, wordpress(tmp_path, *twice, comment(2, "Zuerst")))
    assert "3 rows read: 2 imported, 1 here already, 0 refused." in done.stdout
    assert [one.text for one in comments(app)] == ["Zuerst", "Darauf"]


def test_what_answers_something_behind_the_damage_waits_for_the_whole_file(app: Flask, tmp_path: Path) -> None:
    first, second, third = comment(3, "Darauf", parent=2), comment(2, "Antwort", parent=1), comment(1, "Zuerst")
    done = bring_in(app, wordpress(tmp_path, comment(4), first, second, "<x></y>", third))
    assert "wordpress.xml:6: It answers a comment that stands after the damage" in done.stderr
    assert "3 rows read: 1 imported, 0 here already, 2 refused." in done.stdout
    assert "3 imported, 1 here already" in bring_in(app, wordpress(tmp_path, comment(4), first, second, third)).stdout
    by_text = {one.text: one for one in comments(app)}
    assert by_text["Darauf"].parent_id == by_text["Antwort"].id
    assert by_text["Antwort"].parent_id == by_text["Zuerst"].id
    assert agrees(app)


def test_answers_from_last_to_first_are_placed_at_once(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    transactions: list[int] = []
    known = imported.known

    def follow(keys: set[str]) -> set[str]:
        transactions.append(len(keys))
        return known(keys)

    monkeypatch.setattr(imported, "known", follow)
    said = [comment(number, f"Nummer {number}", parent=number - 1) for number in range(300, 0, -1)]
    circle = comment(900, "Kreis", parent=901), comment(901, "Kreis", parent=900), comment(902, "Selbst", parent=902)
    assert "303 imported" in bring_in(app, wordpress(tmp_path, *said, *circle)).stdout
    assert len(transactions) == 4
    by_text = {one.text: one for one in comments(app)}
    assert by_text["Nummer 1"].parent_id is None
    assert all(by_text[f"Nummer {number}"].parent_id == by_text[f"Nummer {number - 1}"].id for number in range(2, 301))
    assert agrees(app)


def test_what_answered_a_deleted_comment_keeps_its_place_below_a_stub(app: Flask, pages: Pages, tmp_path: Path) -> None:
    gone = comment(1, "Geheimes Wort", approved="trash")
    done = bring_in(app, wordpress(tmp_path, gone, comment(2, "Stimmt", parent=1), comment(3, "x", approved="trash")))
    assert "3 rows read: 1 imported, 0 here already, 0 refused, 2 left out." in done.stdout
    assert "1 deleted comment keeps its place, as others answer it." in done.stdout
    stub, answer = comments(app)
    assert (stub.state, stub.text, answer.parent_id) == (State.REMOVED, "", stub.id)
    assert "Geheimes" not in pages.open("/posts/netz").html
    assert agrees(app)


@pytest.mark.parametrize("above", ["0", "spam"])
def test_an_answer_to_what_readers_do_not_see_stands_on_its_own(
    app: Flask, pages: Pages, tmp_path: Path, above: str
) -> None:
    said = comment(1, SPAM, approved=above), comment(2, "Was soll das?", parent=1), comment(3, "Verwaist", parent=99)
    done = bring_in(app, wordpress(tmp_path, *said))
    assert "2 answer something that readers do not see here" in done.stdout
    page = pages.open("/posts/netz").html
    assert "Was soll das?" in page
    assert "Verwaist" in page
    assert agrees(app)


@pytest.mark.parametrize("name", ["O2", "Max von O2", "Redaktion", "02 Kundenservice", "Ο2"])
def test_a_name_like_that_of_verified_people_waits_for_a_person_and_has_no_badge(
    app: Flask, pages: Pages, tmp_path: Path, name: str
) -> None:
    done = bring_in(app, wordpress(tmp_path, comment(1, "Wir prüfen das.", author=name, user_id="1")))
    assert "1 waits for a person, at /desk/comments: 1 by the name, which could be taken" in done.stdout
    (only,) = comments(app)
    assert (only.state, only.reasons, only.member_id, only.is_decided) == (
        State.WAITING,
        ["imitates-staff"],
        None,
        False,
    )
    assert "Wir prüfen das." not in pages.open("/posts/netz").html
    assert taught(app) == []


def test_everything_that_waits_is_counted_with_its_reason(app: Flask, tmp_path: Path) -> None:
    waits: dict[str, Any] = {"state": "waiting", "published_at": None, "decided": False}
    lines = (
        line(1, reasons=["imitates-staff"], **waits),  # as an export has it, where nobody has decided yet
        line(2, reasons=["links"], **waits),
        line(3, **waits),
        line(4, name="O2"),
        line(5, name="O2", reasons=["imitates-staff"]),
        line(6, reasons=["imitates-staff"]),  # a person has let it through
    )
    file = own(tmp_path, *lines)
    why = "3 by the name, which could be taken for that of somebody verified, 2 as before, where they come from."
    assert f"5 would wait for a person, at /desk/comments: {why}" in bring_in(app, file, "jsonl", "--dry-run").stdout
    summary = bring_in(app, file, "jsonl").stdout
    assert f"Imported: 1 shown to readers, 5 waiting.\n5 wait for a person, at /desk/comments: {why}" in summary
    assert [one.state for one in comments(app)].count(State.WAITING) == 5
    said = comment(1, approved="0"), comment(2, SPAM, approved="spam")
    done = bring_in(app, wordpress(tmp_path, *said))
    assert "1 waits for a person, at /desk/comments: 1 as before, where they come from." in done.stdout
    assert "1 waiting, 1 spam, which only teaches." in done.stdout


def test_addresses_do_not_come_along(app: Flask, tmp_path: Path) -> None:
    done = bring_in(app, wordpress(tmp_path, comment(1)))
    assert "Not kept: 1 e-mail address, 1 IP address." in done.stdout
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CommentContact)) == 0
        dump = str([tuple(row) for row in db.session.execute(text("SELECT * FROM comment"))])
    assert "lena@reader" not in dump
    assert "192.0.2" not in dump
    assert b"lena@reader" not in taken_out(app, tmp_path / "out.jsonl")


def test_spam_teaches_the_judges_here_and_nobody_outside_hears_of_it(
    with_akismet: AkismetServer, app: Flask, tmp_path: Path
) -> None:
    file = wordpress(tmp_path, comment(1, SPAM, approved="spam"), comment(2, approved="0"), comment(3))
    for _ in range(2):
        bring_in(app, file)
    with app.app_context():
        judge_again.now()
        teach_akismet.now()
        assert db.session.scalar(select(func.count()).select_from(Snapshot)) == 0
    assert with_akismet.requests == []
    assert [one.state for one in comments(app)] == [State.SPAM, State.WAITING, State.PUBLISHED]
    assert taught(app) == [("de", 1, 1)]


def test_what_waited_lies_at_the_desk_and_says_why(app: Flask, mo: SignedIn, tmp_path: Path) -> None:
    bring_in(app, wordpress(tmp_path, comment(1, approved="0")))
    assert "wartete dort, woher es kam" in mo.get("/desk/comments?state=waiting").text


def test_imported_comments_are_no_decisions_of_this_site(app: Flask, at: At, tmp_path: Path) -> None:
    """Nobody here judged them: they are in no count, no sample, and not in what is told of deleted ones."""
    recent: dict[str, Any] = {
        "date_gmt": f"{within(app, lambda: db.session.scalar(select(func.current_timestamp()))):%Y-%m-%d %H:%M:%S}"
    }
    bring_in(app, wordpress(tmp_path, comment(1, SPAM, approved="spam", **recent), comment(2, **recent)))
    with app.app_context():
        told = count().numbers["comments"]["total"]
        assert (told["received"], told["published"], told["spam"]) == (0, 0, 0)
        at(60 * 30)
        sampling.draw_due()
        assert sampling.days()[-1].spam == 0
        at(60 * 24 * 40)
        assert expiry.forget_spam() == 1
        db.session.commit()
        assert count().numbers["comments"]["total"]["received"] == 0
    assert agrees(app)


def test_spam_of_years_ago_is_kept_as_long_as_any_and_does_not_come_back(app: Flask, at: At, tmp_path: Path) -> None:
    file = wordpress(tmp_path, comment(1, SPAM, approved="spam"))
    bring_in(app, file)
    with app.app_context():
        assert sum(gone or 0 for _, gone in enforce()) == 0
        at(60 * 24 * 31)
        assert expiry.forget_spam() == 1
        db.session.commit()
    assert "0 imported, 1 here already" in bring_in(app, file).stdout
    assert comments(app) == []
    assert taught(app) == [("de", 1, 0)]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"approved": "maybe"}, "comment_approved: “maybe” is no state of a comment."),
        ({"date_gmt": "0000-00-00 00:00:00"}, "comment_date_gmt: It has no date."),
        ({"date_gmt": "2999-01-01 10:00:00"}, "is no time at which somebody can have written it."),
        ({"date_gmt": "0001-01-01T00:00:00+14:00"}, "is no time at which somebody can have written it."),
        ({"date_gmt": "gestern"}, "“gestern” is no date with a time."),
        ({"id": ""}, "comment_id: It has no number."),
        ({"content": "x" * 5001}, "It has 5001 characters; a comment has 5000 at most."),
        ({"content": "<p> </p>"}, "It has no text."),
    ],
)
def test_a_row_that_is_no_comment_is_refused_by_its_line_and_keeps_no_other_out(
    app: Flask, tmp_path: Path, fault: dict[str, Any], said: str
) -> None:
    done = bring_in(app, wordpress(tmp_path, comment(1), comment(2, **fault), comment(3)))
    assert done.exit_code == 0
    (refusal,) = [one for one in done.stderr.splitlines() if "wordpress.xml:6: " in one]
    assert said in refusal
    assert "3 rows read: 2 imported, 0 here already, 1 refused." in done.stdout


def test_pings_and_notes_on_orders_are_no_comments(app: Flask, tmp_path: Path) -> None:
    said = [
        comment(1, type="pingback"),
        comment(2, type="trackback"),
        comment(3, type="order_note"),
        comment(4, type=""),
    ]
    done = bring_in(app, wordpress(tmp_path, *said))
    assert "Left out: 2 pingbacks and trackbacks, which are no comments." in done.stdout
    assert "Left out: 1 of another kind" in done.stdout
    assert len(comments(app)) == 1


def test_html_and_scripts_of_the_old_site_become_words(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    text_ = '<script>alert(1)</script><a href="javascript:alert(2)">hier</a> &lt;img src=x onerror=alert(3)&gt;'
    bring_in(app, wordpress(tmp_path, comment(1, text_)))
    page = client.get("/posts/netz").text
    assert "&lt;img src=x" in page
    assert "javascript:" not in page
    assert "alert(1)" not in page


def test_a_file_of_many_batches_keeps_its_order(app: Flask, tmp_path: Path) -> None:
    said = [comment(number, f"Nummer {number}", parent=number - 1 if number % 3 else 0) for number in range(1, 451)]
    assert "450 imported" in bring_in(app, wordpress(tmp_path, *said)).stdout
    assert [one.text for one in comments(app)] == [f"Nummer {number}" for number in range(1, 451)]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Imported)) == 450
    assert agrees(app)


def test_the_same_on_each_database(on_each: Flask, tmp_path: Path) -> None:
    make_comment(on_each, text="Schon hier.")
    said = comment(1), comment(2, SPAM, approved="spam"), comment(3, "Antwort", parent=1)
    bring_in(on_each, wordpress(tmp_path, *said))
    later = make_comment(on_each, text="Danach.")
    assert later.id > max(one.id for one in comments(on_each) if one.text != "Danach.")
    assert agrees(on_each)
