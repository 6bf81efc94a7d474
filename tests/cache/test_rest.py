"""A page that changes all the time is made anew twice a second: what is added waits for that, a removal does not."""

from datetime import timedelta

import pytest
from flask import Flask

from app.cache import entry, middleware
from app.comments.models import Comment, State
from app.extensions import db
from app.kit import clock
from tests.cache.asking import cache_of, counted, shown
from tests.cast import make_comment, make_post, read_posts, within

PAGE = "/posts/netz?lang=en"
LONG = 3600.0  # seconds: nothing is over meanwhile


@pytest.fixture
def busy(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A site on whose page so much was added that it rests; its rest is longer than any test takes."""
    monkeypatch.setattr(entry, "REST", LONG)
    monkeypatch.setattr(middleware, "REST", LONG)
    monkeypatch.setattr(middleware, "LATE", LONG)
    cache_of(app).late = LONG
    make_post(app.extensions["settings"].posts, "netz")
    read_posts(app)
    assert not _says(app, "Erna")
    for number in range(int(entry.BURST) - 1):
        assert _is_shown(app, f"Erna{number}"), "what is added now and then is shown at once"
    make_comment(app, "netz", name="Letzte")
    assert _says(app, "Letzte"), "the last turn"
    return app


def test_what_is_added_to_it_is_shown_when_its_rest_is_over(busy: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with counted(busy) as found:
        assert not _is_shown(busy, "Berta")
        assert not _is_shown(busy, "Carla")
    assert "misses" not in found
    later = clock.now() + timedelta(seconds=entry.REST / 2)
    monkeypatch.setattr(middleware, "REST", LONG / 2)
    monkeypatch.setattr(clock, "now", lambda: later)
    _forget_looks(busy)
    assert _says(busy, "Carla")


def test_what_is_removed_from_it_is_gone_at_once(busy: Flask) -> None:
    assert not _is_shown(busy, "Berta")
    last = within(busy, lambda: db.session.query(Comment).filter_by(name="Letzte").one().id)
    within(
        busy,
        lambda: db.session.get_one(Comment, last).decide(State.REMOVED, seen=State.PUBLISHED, reason="Beleidigung"),
    )
    assert not _says(busy, "Letzte")
    assert _says(busy, "Berta")


def _is_shown(app: Flask, name: str) -> bool:
    """Whether the next reader meets a comment of that name, which is written now."""
    make_comment(app, "netz", name=name)
    return _says(app, name)


def _says(app: Flask, words: str) -> bool:
    return words.encode() in shown(app, PAGE)


def _forget_looks(app: Flask) -> None:
    """As if a moment had passed since a reader looked at the clock."""
    for kept in cache_of(app).store.entries.values():
        kept.sent_until = 0.0
