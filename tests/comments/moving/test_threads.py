"""Under which post a comment comes: what a file calls it, and what a person has written down."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.comments.models import Comment
from app.extensions import db
from tests.cast import within
from tests.comments.moving.files import bring_in, comment, line, own, wordpress


def comments(app: Flask) -> list[Comment]:
    return within(app, lambda: list(db.session.scalars(select(Comment).order_by(Comment.id))))


def test_threads_without_a_post_are_named_with_a_way_out(app: Flask, posts: Path, tmp_path: Path) -> None:
    file = wordpress(tmp_path, comment(1), comment(2))
    (posts / "netz.md").rename(posts / "netz.md.away")
    app.extensions["shelf"].refresh()
    done = bring_in(app, file)
    assert done.exit_code == 1
    assert (
        "wordpress.xml:5: no post here was once at “https://alt.example/2011/netz/”: 2 comments refused" in done.stderr
    )
    assert "--map" in done.stderr
    assert "2 rows read: 0 imported, 0 here already, 2 refused." in done.stdout


@pytest.mark.parametrize(
    ("written", "slug"),
    [('"/2011/netz" = "anders"', "anders"), ('"https://alt.example/2011/netz/" = "anders"', "anders"), ("", "netz")],
)
def test_a_map_says_which_post_an_old_address_is(
    app: Flask, posts: Path, tmp_path: Path, written: str, slug: str
) -> None:
    (posts / "anders.md").write_text((posts / "netz.md").read_text("utf-8").replace("netz", "anders"), "utf-8")
    app.extensions["shelf"].refresh()
    map_ = tmp_path / "map.toml"
    map_.write_text(written, "utf-8")
    bring_in(app, wordpress(tmp_path, comment(1)), "wxr", "--map", str(map_))
    assert [one.post_slug for one in comments(app)] == [slug]


def test_a_map_saved_on_windows_is_read(app: Flask, tmp_path: Path) -> None:
    map_ = tmp_path / "map.toml"
    map_.write_bytes(b'\xef\xbb\xbf"/2011/netz" = "netz"\r\n')
    done = bring_in(app, wordpress(tmp_path, comment(1)), "wxr", "--map", str(map_))
    assert "1 imported" in done.stdout


def test_addresses_that_differ_in_their_query_are_different_posts(app: Flask, posts: Path, tmp_path: Path) -> None:
    """A WordPress without pretty addresses, in a folder: the query alone tells its posts apart."""
    (posts / "anders.md").write_text((posts / "netz.md").read_text("utf-8").replace("netz", "anders"), "utf-8")
    app.extensions["shelf"].refresh()
    file, map_ = Path(wordpress(tmp_path, comment(1))), tmp_path / "map.toml"
    map_.write_text('"/blog/?p=1" = "netz"\n"https://alt.example/blog?page_id=1&x=2" = "anders"\n', "utf-8")
    for number, query in enumerate(("p=1", "page_id=1", "p=3"), start=1):
        said = file.read_text("utf-8").replace("alt.example/2011/netz/", f"alt.example/blog/?{query}")
        one = tmp_path / f"{number}.xml"
        one.write_text(said.replace("_id>1<", f"_id>{number}<").replace(">netz<", "><"), "utf-8")
        done = bring_in(app, str(one), "wxr", "--map", str(map_))
    assert "no post here was once at “https://alt.example/blog/?p=3”" in done.stderr
    assert [one.post_slug for one in comments(app)] == ["netz", "anders"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('"/a" = "gibt-es-nicht"', "no post “gibt-es-nicht”"),
        ('"/a" = 3', "slug of a post"),
        ("=", "map.toml"),
        ('"/a/" = "netz"\n"http://x.example/a" = "anders"', "are one address, and lead to “netz” and “anders”"),
    ],
)
def test_a_map_that_leads_nowhere_is_refused_at_once(app: Flask, tmp_path: Path, written: str, said: str) -> None:
    map_ = tmp_path / "map.toml"
    map_.write_text(written, "utf-8")
    done = bring_in(app, wordpress(tmp_path, comment(1)), "wxr", "--map", str(map_))
    assert done.exit_code == 1
    assert said in done.stderr
    assert comments(app) == []


def test_our_own_file_names_posts_by_slugs_alone(app: Flask, posts: Path, tmp_path: Path) -> None:
    """Another post may have been at that address once, or be called like the end of it."""
    said = (posts / "netz.md").read_text("utf-8").replace("netz", "anders")
    (posts / "anders.md").write_text(said.replace("---\n", "---\naliases: [/netz, /fort]\n", 1), "utf-8")
    app.extensions["shelf"].refresh()
    file = own(tmp_path, line(1), line(2, post="fort"), line(3, post="x/netz"))
    done = bring_in(app, file, "jsonl")
    assert "1 imported, 0 here already, 2 refused" in done.stdout
    assert "comments.jsonl:3: no post here is called “fort”: 1 comment refused" in done.stderr
    assert '"old-slug" = "slug"' in done.stderr
    map_ = tmp_path / "map.toml"
    map_.write_text('"fort" = "anders"', "utf-8")
    assert "1 imported, 1 here already, 1 refused" in bring_in(app, file, "jsonl", "--map", str(map_)).stdout
    assert [one.post_slug for one in comments(app)] == ["netz", "anders"]
