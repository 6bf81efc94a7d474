"""What the ledger says of posts: each release once, for which moment, and of what is still to come only a hash."""

from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.kit import clock
from app.ledger.models import Entry, Kind
from app.posts.jobs import record_publications
from app.posts.shelf import shelf
from tests.cast import make_post, read_posts
from tests.conftest import At
from tests.ledger.telling import faults


def _subjects() -> list[str]:
    found = select(Entry.subject).where(Entry.kind == Kind.PUBLISHED).order_by(Entry.seq)
    return [str(subject) for subject in db.session.scalars(found)]


def _record(app: Flask) -> list[str]:
    read_posts(app)
    with app.app_context():
        record_publications.now()
        return _subjects()


def test_a_released_post_is_written_down_once(on_each: Flask, posts: Path) -> None:
    make_post(posts, "netz", date="2011-11-12T20:00:00+01:00")
    assert _record(on_each) == ["post:netz@2011-11-12T20:00+01:00"]
    assert _record(on_each) == ["post:netz@2011-11-12T20:00+01:00"]
    with on_each.app_context():
        entry = db.session.get_one(Entry, 0)
        post = shelf().find("netz")
        assert post
        assert (entry.commitment or b"").hex() == post.source_hash
        assert faults() == []


def test_a_draft_is_not_written_down(app: Flask, posts: Path) -> None:
    make_post(posts, "netz", status="draft")
    assert _record(app) == []


def test_a_post_of_the_future_is_known_by_its_hash_only(app: Flask, posts: Path, at: At) -> None:
    soon = clock.now().astimezone(clock.BERLIN).replace(year=clock.now().year + 1, microsecond=0)
    make_post(posts, "geheim", date=soon.isoformat())
    (subject,) = _record(app)
    assert "geheim" not in subject
    assert subject.endswith(f"@{soon.isoformat(timespec='minutes')}")
    at(60 * 24 * 400)
    assert _record(app) == [subject], "once is enough: the moment was named before"


def test_another_moment_is_another_line(app: Flask, posts: Path) -> None:
    make_post(posts, "netz", date="2011-11-12T20:00:00+01:00")
    _record(app)
    make_post(posts, "netz", date="2011-11-10T08:00:00+01:00")
    said = _record(app)
    assert said == ["post:netz@2011-11-12T20:00+01:00", "post:netz@2011-11-10T08:00+01:00"], "dating back shows"
