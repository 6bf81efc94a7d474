"""One comment of a file, however odd, keeps no other one out and costs no more than its length."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.comments.models import Comment
from app.extensions import db
from app.kit.markup import COMMENT_MAX, from_html
from tests.comments.moving.files import bring_in, comment, line, own, wordpress
from tests.cpu import growth

LONG = 40_000  # characters


def texts(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Comment.text).order_by(Comment.id)))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Hallo <![ lustig", "Hallo <![ lustig"),
        ("<![foo[x]]> Hallo", "<![foo[x]]> Hallo"),
        ("<![endif]-->", "<![endif]-->"),
        ("<![CDATA[a <b> c]]> Hallo", "a <b> c Hallo"),
        ("<![CDATA[ ohne <b>Ende</b>", "<![CDATA[ ohne **Ende**"),
        ("Preis <als gedacht", "Preis <als gedacht"),
        ("<!-- nie zu <b>Ende</b>", "<!-- nie zu <b>Ende"),
        ("<!-- weg --> <!-- auch --> da", "da"),
    ],
)
def test_odd_html_is_words(said: str, kept: str) -> None:
    assert from_html(said) == kept


def test_a_comment_of_odd_html_keeps_no_other_one_out(app: Flask, tmp_path: Path) -> None:
    odd = "Hallo &lt;![ lustig", "&lt;![foo[x]]&gt;"
    said = comment(1), *(comment(number, content=one) for number, one in enumerate(odd, 2)), comment(4)
    assert "4 rows read: 4 imported, 0 here already, 0 refused." in bring_in(app, wordpress(tmp_path, *said)).stdout
    assert texts(app)[1:3] == ["Hallo <![ lustig", "<![foo[x]]>"]


@pytest.mark.parametrize("piece", ["<a ", "<!-- x>", "<![CDATA[", "<![CDATA[>", "</", "<? ", "<![", "<blockquote>a\n"])
def test_html_costs_by_its_length_and_not_by_the_square_of_it(piece: str) -> None:
    assert growth(lambda size: from_html(piece * (size // len(piece))), LONG) < 100


def test_quotes_in_quotes_do_not_swell() -> None:
    html = "<blockquote>" * 49 + "a\n" * (LONG // 2)
    assert len(from_html(html)) < 10 * len(html)
    assert from_html("<blockquote>a<blockquote>b</blockquote></blockquote>") == "> a\n>\n> > b"


@pytest.mark.parametrize(("approved", "said"), [("1", "0 imported, 0 here already, 1 refused"), ("spam", "1 imported")])
def test_html_as_long_as_a_book_is_refused_and_of_spam_the_beginning_is_read(
    app: Flask, tmp_path: Path, approved: str, said: str
) -> None:
    done = bring_in(app, wordpress(tmp_path, comment(1, "<b>Pille</b> " * 5000, approved=approved)))
    assert said in done.stdout
    if approved == "1":
        assert "comment_content: It has 64999 characters of HTML; 50000 are read at most." in done.stderr
    assert all(len(text) == COMMENT_MAX for text in texts(app))


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_that_no_calendar_reaches_refuses_its_row_alone(app: Flask, tmp_path: Path, at: str) -> None:
    done = bring_in(app, wordpress(tmp_path, comment(1), comment(2, date_gmt=at), comment(3)))
    assert "wordpress.xml:6: comment_date_gmt: " in done.stderr
    assert "2 imported, 0 here already, 1 refused" in done.stdout


@pytest.mark.parametrize("column", ["written_at", "published_at", "edited_at"])
def test_each_time_of_our_own_file_is_looked_at(app: Flask, tmp_path: Path, column: str) -> None:
    odd = "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2990-01-01T00:00:00Z"
    said = [line(number, edits=1, **{column: at}) for number, at in enumerate(odd, 2)]
    done = bring_in(app, own(tmp_path, line(1), *said, line(9)), "jsonl")
    assert [f"comments.jsonl:{number}: {column}: " in done.stderr for number in (3, 4, 5)] == [True] * 3
    assert "2 imported, 0 here already, 3 refused" in done.stdout


def test_a_time_of_another_zone_is_kept_as_it_is_in_ours(app: Flask, tmp_path: Path) -> None:
    at = "2011-11-12T10:00:00+05:30"
    bring_in(app, own(tmp_path, line(1, written_at=at, published_at=at, edited_at=at, edits=1)), "jsonl")
    with app.app_context():
        (only,) = db.session.scalars(select(Comment))
        times = {one.isoformat() for one in (only.written_at, only.published_at, only.edited_at) if one}
    assert times == {"2011-11-12T04:30:00+00:00"}
