"""How the cost of a page grows: with the comments of a post, with posts, with reports.

Each page is asked for as if nothing of it were kept: past the page cache, in the process. What counts is
the CPU's time, so that a busy machine tells the same.
"""

import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import insert
from werkzeug.test import Client

from app import close_app, create_app
from app.cache import page_cache
from app.comments.models import PER_PAGE, Comment, Fragment, State, ThreadSize
from app.config import Settings
from app.extensions import db
from app.figures.publishing import publish
from app.kit import clock, markup, tokens
from app.site.serve import prepare
from bench import places
from bench.measure import Figure, counted

COMMENTS, POSTS, REPORTS = (750, 3_000, 15_000), (10, 100, 1_000), (1_000, 100_000)
MILLION = 1_000_000
THREADS = 3  # of four comments begin a thread; the fourth answers the one before it
ROUNDS, PATIENCE = 30, 1.5  # calls of a page, and seconds after which there have been enough
POST = "/posts/gewachsen-1"
MARKDOWN = """---
slug: gewachsen-{number}
title: Beitrag {number}
date: {date}
tags: [Netz]
---
{text}
"""
TEXT = "Seit Wochen kein Netz, und die Hotline sagt, das sei ein **Einzelfall**. Wer hat das [auch](https://example.org/)?\n\n"

Cost = tuple[float, int, int]  # milliseconds, queries, bytes
Series = tuple[str, list[tuple[int, Cost]]]


def figures() -> Iterator[Figure]:
    """Comments, posts, and reports up to a hundred thousand."""
    yield from _comments()
    yield from _posts()
    yield from _reports(REPORTS)


def million() -> Iterator[Figure]:
    """Reports up to a million; filling takes minutes."""
    yield from _reports((*REPORTS, MILLION))


def _comments() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        app = new_app(Path(folder), posts=1)
        found: dict[str, list[tuple[int, Cost]]] = {}
        for size in COMMENTS:
            with app.app_context():
                _say(size)
                last = -(-ThreadSize.of("gewachsen-1").tops // PER_PAGE)
            pages = {"home": "/", "post": POST, "post, last page": f"{POST}?page={last}"}
            pages |= {"post, all": f"{POST}?page=all"} if size <= COMMENTS[0] else {}
            _ask(app, pages, size, found)
        yield from _told(app, "comments", found)


def _posts() -> Iterator[Figure]:
    pages = {
        "home": "/",
        "list": "/posts/",
        "post": POST,
        "tag": "/tags/netz",
        "feed": "/feed.atom",
        "map": "/sitemap.xml",
    }
    with tempfile.TemporaryDirectory() as folder:
        app = new_app(Path(folder), posts=0)
        found: dict[str, list[tuple[int, Cost]]] = {}
        for size in POSTS:
            _write(Path(folder) / "posts", size)
            found.setdefault("reading the new ones", []).append((size, (_refreshed(app), 0, 0)))
            again = create_app(_settings(Path(folder)))
            found.setdefault("reading all at a start", []).append((size, (_refreshed(again), 0, 0)))
            close_app(again)
            _ask(app, pages, size, found)
        yield from _told(app, "posts", found)


def _reports(sizes: tuple[int, ...]) -> Iterator[Figure]:
    pages = {"home": "/", "form": "/reports/new", "places": "/places/", "a place": "/places/berlin"}
    pages |= {"numbers": "/numbers", "ledger": "/ledger/", "counter": "/counter.json"}
    with tempfile.TemporaryDirectory() as folder:
        app = new_app(Path(folder), posts=3)
        found: dict[str, list[tuple[int, Cost]]] = {}
        for number, size in enumerate(sizes):
            with app.app_context():
                places.grow(random.Random(size), size)
                with clock.standing_at(places.BEGAN + places.LASTED + timedelta(days=1 + number)):
                    publish()
            _ask(app, pages, size, found)
        yield from _told(app, "reports", found)


def _refreshed(app: Flask) -> float:
    """Milliseconds for which the shelf reads what is new to it."""
    began = time.thread_time()
    app.extensions["shelf"].refresh()
    return (time.thread_time() - began) * 1000


def _settings(folder: Path) -> Settings:
    environ = {key: value for key, value in os.environ.items() if not key.startswith("EINZELFALL_")}
    return Settings.load(
        environ | {"EINZELFALL_INSTANCE": str(folder / "instance"), "EINZELFALL_POSTS": str(folder / "posts")}
    )


def new_app(folder: Path, *, posts: int) -> Flask:
    _write(folder / "posts", posts)
    app = create_app(_settings(folder))
    with app.app_context():
        prepare()
    return app


def _write(folder: Path, count: int) -> None:
    """Posts on disk, a day apart, the last one yesterday; what is there stays."""
    folder.mkdir(exist_ok=True)
    for number in range(1, count + 1):
        date = clock.now() - timedelta(days=number)
        told = MARKDOWN.format(number=number, date=f"{date:%Y-%m-%dT%H:%MZ}", text=TEXT * 12)
        path = folder / f"{number}.md"
        if not path.exists():
            path.write_text(told, "utf-8")


def _say(count: int) -> None:
    """Published comments under the first post until there are so many, with their fragments."""
    there, now, html = ThreadSize.of("gewachsen-1").shown, clock.now(), str(markup.comment(TEXT))
    rows = [
        {
            "id": number,
            "key_hash": tokens.digest(f"growth:{number}"),
            "post_slug": "gewachsen-1",
            "thread_id": number - 1 if number % (THREADS + 1) == 0 else None,
            "parent_id": number - 1 if number % (THREADS + 1) == 0 else None,
            "name": f"Lena {number}",
            "text": TEXT,
            "html": html,
            "state": State.PUBLISHED,
            "written_at": now,
            "published_at": now,
        }
        for number in range(there + 1, count + 1)
    ]
    db.session.execute(insert(Comment), rows)
    Fragment.renew(db.session.scalars(db.select(Comment).where(Comment.id > there)))
    ThreadSize.recount()
    db.session.commit()
    db.session.remove()


def _ask(app: Flask, pages: dict[str, str], size: int, found: dict[str, list[tuple[int, Cost]]]) -> None:
    for name, path in pages.items():
        found.setdefault(name, []).append((size, process_cost(app, path)))


def process_cost(app: Flask, path: str) -> Cost:
    client, times = Client(page_cache(app).inner), list[float]()

    def get() -> int:
        answer = client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status}"
        return len(answer.data)

    get()
    ends = time.perf_counter() + PATIENCE
    while len(times) < ROUNDS and (len(times) < 3 or time.perf_counter() < ends):
        began = time.thread_time()
        get()
        times.append(time.thread_time() - began)
    with app.app_context(), counted(db.engine) as statements:
        size = get()
    return statistics.median(times) * 1000, len(statements), size


def _told(app: Flask, of: str, found: dict[str, list[tuple[int, Cost]]]) -> Iterator[Figure]:
    """Each with its ratio to a route that does nothing, and how it has grown since the first size."""
    bare = process_cost(app, "/healthz")[0]
    for name, costs in found.items():
        first, least = costs[0]
        for size, (ms, queries, length) in costs:
            since = f"bare route {bare:.2f} ms" if size == first else f"{ms / least[0]:.2f} of {first:,} {of}"
            yield Figure(f"{name}, {size:,} {of}", ms, queries, length, ms / bare, since)
    close_app(app)
