"""A sign that no text may have costs that sign: what stands after it is read."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.comments.importing import mending
from app.comments.importing import xml as reading
from app.comments.importing.row import Broken, Mended, Odd
from app.comments.models import Comment
from app.extensions import db
from tests.cast import within
from tests.comments.moving.files import bring_in, comment, wordpress
from tests.cpu import STEEP, growth

NOTHING = [*range(9), 11, 12, *range(14, 32), 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0x110000, 99999999]
SIGNS = [9, 10, 13, 32, 0x7F, 0x85, 0xD7FF, 0xE000, 0xFFFD, 0x10000, 0x10FFFF, 0x1F600]


def texts(app: Flask) -> list[str]:
    return within(app, lambda: list(db.session.scalars(select(Comment.text).order_by(Comment.id))))


def told(folder: Path, content: bytes) -> tuple[list[str], list[Mended | Broken]]:
    """The texts of a file's innermost tags, and what else is told of it."""
    file = folder / "file.xml"
    file.write_bytes(content)
    with file.open("rb") as opened:
        all_ = list(reading.tags(opened))
    said = [one.text or "" for one in all_ if isinstance(one, reading.Tag) and one.text is not None]
    return said[:-1], [one for one in all_ if not isinstance(one, reading.Tag)]


@pytest.mark.parametrize("odd", ["&#8;", "&#x8;", "&#xFFFE;", "\ufffe", "\uffff", "&#xD83D;", "\x0b"])
@pytest.mark.parametrize("is_cdata", [True, False])
def test_one_bad_sign_keeps_no_comment_out(app: Flask, tmp_path: Path, odd: str, is_cdata: bool) -> None:
    said: dict[str, Any] = {} if is_cdata else {"content": f"Ohne{odd}Netz"}
    file = wordpress(tmp_path, comment(1), comment(2, f"Ohne{odd}Netz", **said), comment(3, "Danach"))
    done = bring_in(app, file)
    assert (done.exit_code, ".xml:" in done.stderr) == (0, False)
    assert "3 imported, 0 here already, 0 refused." in done.stdout
    is_words = is_cdata and odd.startswith("&")  # which only say what a page would have shown
    seen = "1 sign is one that no text may have, in line 6: a space stands for it." in done.stdout
    assert seen is not is_words
    assert is_words or texts(app)[1] == "Ohne Netz"
    assert texts(app)[2] == "Danach"


def test_what_stands_for_signs_is_read_and_what_stands_for_none_is_a_space(tmp_path: Path) -> None:
    for form in ("&#{};", "&#x{:x};", "&#0{};"):
        good = "".join(f"<a>x{form.format(code)}x</a>" for code in SIGNS)
        said, more = told(tmp_path, f"<rss>{good}</rss>".encode())
        assert ([one.replace("\r", "\n") for one in said], more) == (
            [f"x{chr(code)}x".replace("\r", "\n") for code in SIGNS],
            [],
        )
        bad = "\n".join(f"<a>x{form.format(code)}x</a>" for code in NOTHING)
        said, more = told(tmp_path, f"<rss>\n{bad}</rss>".encode())
        assert (said, more) == (["x x"] * len(NOTHING), [(Odd.FORBIDDEN, len(NOTHING), 2)])


def test_an_ampersand_that_refers_to_nothing_is_one(app: Flask, tmp_path: Path) -> None:
    """As WordPress writes the addresses of people's sites; a name of HTML is read as HTML."""
    more: dict[str, Any] = {
        "author_url": "http://x.example/?a=1&b=2&copy=3",
        "content": "Netz&nbsp;weg &amp;amp; &lt;b&gt;fort&lt;/b&gt; &",
    }
    done = bring_in(app, wordpress(tmp_path, comment(1, **more), comment(2, "Ja &amp; <a href='/?a&b'>nein</a>")))
    assert (done.exit_code, ".xml:" in done.stderr) == (0, False)
    assert "no text may have" not in done.stdout
    first, second = texts(app)
    assert first == "Netz\N{NO-BREAK SPACE}weg & **fort** &"
    assert second.startswith("Ja & ")


@pytest.mark.parametrize("name", ["utf8", "UTF8", "UTF_8", "utf-8-sig", "us-ascii"])
def test_utf_8_is_read_under_each_of_its_names(tmp_path: Path, name: str) -> None:
    content = f'<?xml version="1.0" encoding="{name}"?><rss><a>Grüße – €</a><a>danach</a></rss>'
    assert told(tmp_path, content.encode()) == (["Grüße – €", "danach"], [])


@pytest.mark.parametrize("size", [1, 2, 3, 5, 11])
def test_wherever_a_piece_ends_the_same_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    content = (
        "<?xml version='1.0' encoding='UTF-8'?><rss><!-- & <![CDATA[ --><?x & ?><a>&#8;&amp;&#xFFFE;&x;&</a>"
        "<a><![CDATA[&#8; & ]] ]> <!-- <? \x08\uffff ]]]]><![CDATA[>]]></a><a>&#1234567890;\n&</a></rss>"
    ).encode()
    whole = told(tmp_path, content)
    assert whole == (
        [" & &x;&".strip(), "&#8; & ]] ]> <!-- <?    ]]>", "&#1234567890;\n&"],
        [(Odd.FORBIDDEN, 4, 1)],
    )
    monkeypatch.setattr(mending, "CHUNK", size)
    assert told(tmp_path, content) == whole


def test_a_declared_entity_is_refused_and_none_is_made(app: Flask, tmp_path: Path) -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "&b;&b;"><!ENTITY b "x">]>'
    file = Path(wordpress(tmp_path, comment(1, content="&a;")))
    file.write_text(file.read_text("utf-8").replace("<rss", f"{bomb}<rss", 1), "utf-8")
    done = bring_in(app, str(file))
    assert (done.exit_code, texts(app)) == (1, [])
    assert "entities or a document type" in done.stderr


@pytest.mark.parametrize("part", [b"&", b"]]><![CDATA[", b"<!-", b"\x08\xff"])
def test_what_mending_costs_grows_with_the_file(part: bytes) -> None:
    def mend(length: int) -> None:
        mended = mending.Mending(BytesIO(b"<rss>" + part * (length // len(part))))
        while mended.read():
            pass

    assert growth(mend, 1_000_000) < STEEP
