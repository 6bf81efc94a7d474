"""What somebody wrote, out of any HTML: it keeps no other comment out, and no time is lost on it."""

import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.comments.models import Comment
from app.extensions import db
from app.kit import markup
from app.kit.markup import from_html
from tests.cast import within
from tests.comments.moving.files import bring_in, comment, wordpress

PIECES = ("<a ", "<a href='", "</a", "<!--", "<![", "<![CDATA[", "<?", "<!d", "&#", "<b><i>", "<li>", "<script></s")


def texts(app: Flask) -> list[str]:
    return within(app, lambda: list(db.session.scalars(select(Comment.text).order_by(Comment.id))))


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("Hallo <![ lustig", "Hallo <![ lustig"),
        ("Hallo <![foo[x]]> da", "Hallo <![foo[x]]> da"),
        ("Hallo <!x da", "Hallo <!x da"),
        ("ein <b>Wort <![foo", "ein **Wort <![foo**"),
    ],
)
def test_odd_html_is_words_and_keeps_no_other_comment_out(app: Flask, tmp_path: Path, html: str, said: str) -> None:
    escaped = html.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    done = bring_in(app, wordpress(tmp_path, comment(1), comment(2, "", content=escaped), comment(3)))
    assert "3 imported" in done.stdout
    assert texts(app)[1] == said


def test_html_at_which_the_parser_fails_is_a_row_that_is_refused(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(html: str) -> str:
        if "odd" in html:
            raise AssertionError(html)
        return from_html(html)

    monkeypatch.setattr(markup, "from_html", read)
    done = bring_in(app, wordpress(tmp_path, comment(1), comment(2, "odd"), comment(3)))
    assert "wordpress.xml:6: comment_content: Its HTML cannot be read (AssertionError)." in done.stderr
    assert len(texts(app)) == 2


@pytest.mark.parametrize("end", ["", ">", "-->"])
@pytest.mark.parametrize("piece", PIECES)
def test_no_html_takes_time_by_the_square_of_its_length(piece: str, end: str) -> None:
    begins = time.process_time()
    out = from_html(piece * (30_000 // len(piece)) + end)
    assert time.process_time() - begins < 2
    assert len(out) < 60_000


def test_quotes_in_quotes_do_not_grow_without_end() -> None:
    assert len(from_html("<blockquote>" * 49 + "a\n" * 20_000)) < 400_000


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("x" * 50_001, "It has 50001 characters of HTML; 50000 are read at most."),
        ("<blockquote>" * 9 + "a\n" * 20_000, "characters; 50000 are read at most."),
    ],
)
def test_of_what_is_too_long_spam_is_read_at_its_beginning_and_all_else_refused(
    app: Flask, tmp_path: Path, html: str, said: str
) -> None:
    done = bring_in(app, wordpress(tmp_path, comment(1, html), comment(2, html, approved="spam"), comment(3)))
    assert "wordpress.xml:5: comment_content: " in done.stderr
    assert said in done.stderr
    assert "2 imported, 0 here already, 1 refused" in done.stdout
    assert len(texts(app)[0]) == 5000
