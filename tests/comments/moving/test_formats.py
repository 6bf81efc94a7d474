"""What is read of files of each kind, and what is done to the reader is refused with a clear word."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.comments.importing import Deleted, LeftOut, Row, disqus, wxr
from app.comments.importing import xml as reading
from app.comments.models import Comment, State
from app.extensions import db
from app.web.moving import Fault
from tests.cast import within
from tests.comments.moving.files import bring_in, comment, wordpress

BOMB = '<!DOCTYPE rss [<!ENTITY a "x">' + "".join(
    f'<!ENTITY {one} "{f"&{before};" * 10}">' for before, one in zip("abcdefgh", "bcdefghi", strict=True)
)
OUTSIDE = '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">'


def read(path: Path, kind: str) -> list[Row | Deleted | LeftOut | Fault]:
    with path.open("rb") as file:
        return list(wxr.read(file) if kind == "wxr" else disqus.read(file))


def test_disqus_is_read_as_it_is_there(app: Flask, shared: Path) -> None:
    rows = [row for row in read(shared / "data/imports/disqus/disqus.xml", "disqus") if isinstance(row, Row)]
    assert [row.state for row in rows] == [State.PUBLISHED] * 4 + [State.SPAM]
    assert rows[0].text.endswith("[some link](https://https://radio-t.com)")
    assert rows[0].thread.name == "https://radio-t.com/p/2011/03/05/podcast-229/"
    assert len({row.key for row in rows}) == 5


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("<isSpam>123</isSpam>", "“123” is neither true nor false."),
        ("<isSpam>false</isSpam><createdAt>2011-x9</createdAt>", "is no date with a time."),
        ('<thread d:id="8"/>', "The file has no thread 8."),
    ],
)
def test_a_post_of_disqus_that_is_none_is_refused(app: Flask, tmp_path: Path, said: str, reason: str) -> None:
    file = tmp_path / "disqus.xml"
    file.write_text(
        '<disqus xmlns="http://disqus.com" xmlns:d="internals"><thread d:id="7"><link>/netz</link>'
        '</thread><post d:id="1"><createdAt>2011-11-12T10:00:00Z</createdAt><message>Ja</message><thread d:id="7"/>'
        f"{said}</post></disqus>",
        "utf-8",
    )
    (only,) = read(file, "disqus")
    assert isinstance(only, Fault)
    assert reason in only.reason


def test_an_answer_of_disqus_names_what_it_answers_and_what_is_not_approved_waits(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "disqus.xml"
    file.write_text(
        '<disqus xmlns:d="x"><thread d:id="7"><link>/netz</link></thread>'
        '<post d:id="1"><createdAt>2011-11-12T10:00:00Z</createdAt><message>A</message><thread d:id="7"/></post>'
        '<post d:id="2"><createdAt>2011-11-12T10:00:00Z</createdAt><message>B</message><thread d:id="7"/>'
        '<parent d:id="1"/><isApproved>false</isApproved></post></disqus>',
        "utf-8",
    )
    first, second = (row for row in read(file, "disqus") if isinstance(row, Row))
    assert (second.parent, second.state) == (first.key, State.WAITING)


def test_control_characters_and_what_stands_before_the_first_tag_do_no_harm(app: Flask, tmp_path: Path) -> None:
    file = Path(wordpress(tmp_path, comment(1, "Ein \x08 Zeichen")))
    file.write_bytes(b"\xef\xbb\xbf\n`" + file.read_bytes())
    (only,) = read(file, "wxr")
    assert isinstance(only, Row)
    assert (only.text, only.line) == ("Ein   Zeichen", 5)


def test_namespaces_of_every_version_are_understood(app: Flask, tmp_path: Path) -> None:
    file = Path(wordpress(tmp_path, comment(1)))
    for space in ("https://wordpress.org/export/1.1/", "http://wordpress.org/export/1.0/", "urn:other"):
        file.write_text(file.read_text("utf-8").replace("http://wordpress.org/export/1.2/", space), "utf-8")
        assert isinstance(read(file, "wxr")[0], Row), space


def test_two_sites_may_have_comments_with_the_same_numbers(app: Flask, tmp_path: Path) -> None:
    one = Path(wordpress(tmp_path, comment(1)))
    (first,) = read(one, "wxr")
    one.write_text(one.read_text("utf-8").replace("alt.example", "anders.example"), "utf-8")
    (other,) = read(one, "wxr")
    assert isinstance(first, Row)
    assert isinstance(other, Row)
    assert first.key != other.key


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (f"{BOMB}]><rss>&i;</rss>", "wxr", "entities or a document type"),
        (f"{OUTSIDE}]><rss>&a;</rss>", "wxr", "entities or a document type"),
        (f"{OUTSIDE}]><disqus>&a;</disqus>", "disqus", "entities or a document type"),
        ("<html><body>Not found</body></html>", "wxr", "is no WordPress export: it begins with <html>"),
        ("<rss></rss>", "disqus", "is no Disqus export: it begins with <rss>"),
        ("PK\x03\x04", "wxr", "is no XML file"),
        ("<", "wxr", "is no XML file"),
        ("", "wxr", "is no XML file"),
        ("<rss/>", "isso", "is no SQLite database"),
        ("SQLite format 3\0 and then nothing", "isso", "is no Isso database"),
        ("[]", "jsonl", "is no file of comments in version 1"),
        ('{"einzelfall":"comments","version":2}', "jsonl", "is no file of comments in version 1"),
    ],
)
def test_a_file_that_is_something_else_or_does_harm_is_refused_whole(
    app: Flask, tmp_path: Path, content: str, kind: str, said: str
) -> None:
    file = tmp_path / "file"
    file.write_bytes(content.encode())
    done = bring_in(app, str(file), kind, "--post", "netz")
    assert done.exit_code == 1
    assert said in done.stderr
    assert "root:" not in done.output
    assert within(app, lambda: list(db.session.scalars(select(Comment)))) == []


def test_tags_without_end_and_texts_without_end_are_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST", 1000)
    for content, said in [("<rss>" + "<a>" * 50, "too deep"), ("<rss><a>" + "x" * 2000, "no end")]:
        file = tmp_path / "file.xml"
        file.write_text(content, "utf-8")
        with file.open("rb") as opened:
            *_, last = reading.tags(opened)
        assert isinstance(last, Fault)
        assert said in last.reason
