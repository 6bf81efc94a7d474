"""Files as other software writes them, and sites that read them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask

from app import close_app, create_app
from app.comments.line import header
from app.config import Settings

RSS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/">\n'
    "<channel><wp:base_blog_url>https://alt.example</wp:base_blog_url>\n<item><link>https://alt.example/2011/netz/</link>"
    "<wp:post_name>netz</wp:post_name>\n{comments}\n</item></channel></rss>\n"
)
ENDS = "</item></channel></rss>"


def wordpress(folder: Path, *comments: str, name: str = "wordpress.xml") -> str:
    file = folder / name
    file.write_text(RSS.format(comments="\n".join(comments)), "utf-8")
    return str(file)


def comment(number: int, text: str = "In Altona ist das Netz weg.", *, parent: int = 0, **more: object) -> str:
    """One comment in WordPress's words; `more` are its fields without their beginning."""
    said = {
        "id": str(number),
        "author": "Lena",
        "author_email": "lena@reader.example",
        "author_IP": "192.0.2.77",
        "date_gmt": f"2011-11-12 10:{number % 60:02d}:00",
        "content": f"<![CDATA[{text}]]>",
        "approved": "1",
        "type": "comment",
        "parent": str(parent),
        **more,
    }
    fields = "".join(f"<wp:comment_{name}>{value}</wp:comment_{name}>" for name, value in said.items())
    return f"<wp:comment>{fields}</wp:comment>"


def line(number: int, **more: Any) -> dict[str, Any]:
    """One published comment of our own file."""
    at = f"2011-11-12T10:{number % 60:02d}:00Z"
    said = {"key": f"{number:064x}", "post": "netz", "name": "Lena", "text": f"Nummer {number}.", "state": "published"}
    return said | {"written_at": at, "published_at": at, "decided": True} | more


def own(folder: Path, *lines: dict[str, Any] | str, name: str = "comments.jsonl") -> str:
    file = folder / name
    said = [
        one if isinstance(one, str) else json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in lines
    ]
    file.write_text("\n".join([header(len(said)), *said]) + "\n", "utf-8")
    return str(file)


def bring_in(app: Flask, file: str, kind: str = "wxr", *more: str) -> Result:
    return app.test_cli_runner().invoke(args=["comments", "import", file, "--format", kind, *more])


def taken_out(app: Flask, file: Path) -> bytes:
    """What an export writes."""
    done = app.test_cli_runner().invoke(args=["comments", "export", str(file)])
    assert done.exit_code == 0, done.stderr
    return file.read_bytes()


def agrees(app: Flask) -> bool:
    done = app.test_cli_runner().invoke(args=["audit"])
    return done.exit_code == 0 or bool(print(done.stderr))


@contextmanager
def another(environ: dict[str, str], folder: Path, empty: Path, **said: str) -> Iterator[Flask]:
    """A site that has nothing but the same posts; the same secret, if nothing else is said."""
    folder.mkdir()
    (folder / "einzelfall.sqlite").write_bytes(empty.read_bytes())
    kept = {name: value for name, value in environ.items() if name != "EINZELFALL_DATABASE_URL"}
    app = create_app(Settings.load(kept | {"EINZELFALL_INSTANCE": str(folder)} | said))
    try:
        yield app
    finally:
        close_app(app)
