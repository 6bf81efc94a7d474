"""What is read of files of each kind, and what is done to the reader is refused with a clear word."""

import gzip
import lzma
import os
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.comments.importing import Row, disqus, mending, wxr
from app.comments.importing import xml as reading
from app.comments.importing.row import Odd, Read
from app.comments.line import header
from app.comments.models import Comment, State
from app.extensions import db
from app.web.moving import Fault
from tests.cast import within
from tests.comments.moving.files import RSS, bring_in, comment, wordpress

BOMB = '<!DOCTYPE rss [<!ENTITY a "x">' + "".join(
    f'<!ENTITY {one} "{f"&{before};" * 10}">' for before, one in zip("abcdefgh", "bcdefghi", strict=True)
)
NO = "\N{REPLACEMENT CHARACTER}"
OUTSIDE = '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">'


def read(path: Path, kind: str) -> list[Read]:
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
    only, mended = read(file, "wxr")
    assert isinstance(only, Row)
    assert (only.text, only.line) == ("Ein   Zeichen", 6)
    assert mended == (Odd.FORBIDDEN, 1, 6)


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
    ("address", "is_same"),
    [
        ("http://alt.example", True),
        ("https://www.alt.example", True),
        ("https://ALT.example/", True),
        ("//alt.example", True),
        ("https://alt.example/blog", False),
        ("https://alt.example:8080", False),
        ("https://wwwalt.example", False),
    ],
)
def test_a_site_is_the_same_when_its_address_is_written_in_another_way(
    app: Flask, tmp_path: Path, address: str, is_same: bool
) -> None:
    file = Path(wordpress(tmp_path, comment(1)))
    (first,) = read(file, "wxr")
    file.write_text(file.read_text("utf-8").replace(">https://alt.example<", f">{address}<"), "utf-8")
    (other,) = read(file, "wxr")
    assert isinstance(first, Row)
    assert isinstance(other, Row)
    assert (first.key == other.key) is is_same


def test_without_its_address_the_link_names_the_site_and_without_that_nothing_is_read(
    app: Flask, tmp_path: Path
) -> None:
    file = Path(wordpress(tmp_path, comment(1)))
    (first,) = read(file, "wxr")
    said = file.read_text("utf-8").replace("wp:base_blog_url>", "link>")
    file.write_text(said.replace("<channel>", '<channel><atom:link xmlns:atom="x" href="y"/>'), "utf-8")
    (other,) = read(file, "wxr")
    assert isinstance(first, Row)
    assert isinstance(other, Row)
    assert first.key == other.key
    file.write_text(said.replace("<link>https://alt.example</link>", ""), "utf-8")
    done = bring_in(app, str(file))
    assert done.exit_code == 1
    assert "does not say of which site it is" in done.stderr


def test_bytes_that_are_no_utf8_cost_a_sign_and_not_the_rest_of_the_file(app: Flask, tmp_path: Path) -> None:
    file = Path(wordpress(tmp_path, *(comment(number, f"Wörter {NO} {number}") for number in range(1, 10))))
    content = file.read_bytes().replace("ö".encode(), b"\xf6", 3).replace(b"</rss>\n", b"</rss>\n\xc3")
    file.write_bytes(b"\n" + content)
    done = bring_in(app, str(file), "wxr", "--post", "netz")
    assert "9 imported, 0 here already, 0 refused" in done.stdout
    assert f"4 signs are no UTF-8, the first in line 6: a {NO} stands for each." in done.stdout
    texts = within(app, lambda: list(db.session.scalars(select(Comment.text).order_by(Comment.id))))
    assert texts[2:4] == [
        f"W{NO}rter {NO} 3",
        f"Wörter {NO} 4",
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_signs_on_the_border_of_two_pieces_stay_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(mending, "CHUNK", size)
    file = tmp_path / "file.xml"
    file.write_bytes("<rss><a>Jörg “蓮” 😀</a></rss>".encode() + b"\xe2\x80")
    with file.open("rb") as opened:
        read_ = list(reading.tags(opened))
    assert [tag.text for tag in read_ if isinstance(tag, reading.Tag) and tag.text] == ["Jörg “蓮” 😀"]


def test_another_encoding_is_read_as_it_says(app: Flask, tmp_path: Path) -> None:
    file = Path(wordpress(tmp_path, comment(1, "Wörter für 3 €")))
    file.write_bytes(file.read_text("utf-8").replace("UTF-8", "windows-1252").encode("cp1252"))
    (only,) = read(file, "wxr")
    assert isinstance(only, Row)
    assert only.text == "Wörter für 3 €"


def test_a_tag_without_end_is_not_looked_through_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LONGEST", 500_000)
    for content in ('<rss><a x="' + "y" * 4_000_000, "<rss><!--" + "y" * 4_000_000, "<rss><?x " + "y" * 4_000_000):
        file = tmp_path / "file.xml"
        file.write_text(content, "utf-8")
        with file.open("rb") as opened:
            *_, last = reading.tags(opened)
            assert opened.tell() < 1_000_000
        assert isinstance(last, Fault)
        assert "has no end" in last.reason


def test_names_and_dates_are_read_as_older_versions_write_them(app: Flask, tmp_path: Path) -> None:
    name = "<![CDATA[M&uuml;ller &amp; Sohn]]>"
    never = "0000-00-00 00:00:00"
    (only,) = read(
        Path(wordpress(tmp_path, comment(1, author=name, date_gmt=never, date="2011-11-12 11:00:00"))), "wxr"
    )
    assert isinstance(only, Row)
    assert (only.name, f"{only.written_at:%H:%M %Z}") == ("Müller & Sohn", "10:00 UTC")


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (f"{BOMB}]><rss>&i;</rss>", "wxr", "entities or a document type"),
        (f"{OUTSIDE}]><rss>&a;</rss>", "wxr", "entities or a document type"),
        (f"{OUTSIDE}]><disqus>&a;</disqus>", "disqus", "entities or a document type"),
        ("<p>Not found</p>", "wxr", "is no WordPress export: it begins with <p>"),
        ("<html><body>Not found</body></html>", "wxr", "is a web page and no export"),
        ("\ufeff\n<!DOCTYPE html><p>Log in &nbsp;", "disqus", "is a web page and no export"),
        ("<rss></rss>", "disqus", "is no Disqus export: it begins with <rss>"),
        (f"<?xml version='1.0'?><!-- -->{RSS}", "disqus", "import it with --format wxr."),
        ("<disqus xmlns='http://disqus.com'>", "wxr", "import it with --format disqus."),
        (header(3), "wxr", "import it with --format jsonl."),
        ("SQLite format 3\0", "jsonl", "import it with --format isso."),
        ("PK\x03\x04", "wxr", "is packed (ZIP): unpack it"),
        ("BZh9", "disqus", "is packed (bzip2): unpack it"),
        ("<", "wxr", "is no XML file"),
        ("", "wxr", "is empty."),
        ("\n \n", "jsonl", "is empty."),
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


@pytest.mark.parametrize("kind", ["wxr", "disqus", "isso", "jsonl"])
def test_a_file_that_is_packed_or_in_utf16_says_what_to_do(app: Flask, tmp_path: Path, kind: str) -> None:
    said = Path(wordpress(tmp_path, comment(1))).read_text("utf-8") if kind != "jsonl" else header(0)
    for content, hint in (
        (gzip.compress(said.encode()), "is packed (gzip): unpack it and import what is in it."),
        (lzma.compress(said.encode()), "is packed (xz)"),
        (said.encode("utf-16"), "is in UTF-16: save it in UTF-8"),
        (said.encode("utf-16-be"), "is in UTF-16: save it in UTF-8"),
    ):
        (tmp_path / "file").write_bytes(content)
        done = bring_in(app, str(tmp_path / "file"), kind)
        assert (done.exit_code, hint in done.stderr, done.stdout) == (1, True, "")


@pytest.mark.parametrize("kind", ["wxr", "isso", "jsonl"])
def test_a_pipe_is_refused_before_it_is_read(app: Flask, tmp_path: Path, kind: str) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    done = bring_in(app, str(pipe), kind)
    assert (done.exit_code, "is no plain file" in done.stderr) == (1, True)


def test_tags_without_end_and_texts_without_end_are_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST", 1000)
    for content, said in [("<rss>" + "<a>" * 50, "too deep"), ("<rss><a>" + "x" * 2000, "no end")]:
        file = tmp_path / "file.xml"
        file.write_text(content, "utf-8")
        with file.open("rb") as opened:
            *_, last = reading.tags(opened)
        assert isinstance(last, Fault)
        assert said in last.reason


def test_two_blogs_of_one_network_may_have_comments_with_the_same_numbers(app: Flask, tmp_path: Path) -> None:
    file = Path(wordpress(tmp_path, comment(1)))
    plain = file.read_text("utf-8")
    network, keys = "<wp:base_site_url>https://netz.example</wp:base_site_url>", set()
    for blog in ("eins", "zwei"):
        said = f"<link>https://netz.example/{blog}</link>{network}"
        file.write_text(plain.replace("<wp:base_blog_url>https://alt.example</wp:base_blog_url>", said), "utf-8")
        (row,) = read(file, "wxr")
        assert isinstance(row, Row)
        keys.add(row.key)
    assert len(keys) == 2
