"""What reading a thread costs: 750 comments as under the first guest post, and 15,000; with every filter.

Beside the pages with comments stand the figures of WordPress 6 on such a box: 33 ms of CPU for 50 of 750 comments,
131 ms for all of them, 1.5 s with its block theme.
"""

import random
import re
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import brotli
from flask import Flask
from sqlalchemy import insert
from werkzeug.test import Client

from app import close_app
from app.cache import page_cache
from app.comments.models import Comment, Enquiry, Fragment, Helpful, Listing, Mark, State, Thread, ThreadSize
from app.comments.models.listing import Filter
from app.extensions import db
from app.kit import clock, markup, tokens
from app.people.founding import found_organisations
from app.people.models import Member, Organisation, Role
from app.people.models.organisation import TEAM
from bench.growth import POST, TEXT, new_app, process_cost
from bench.measure import Figure

SIZES = (750, 15_000)
SLUG = POST.rpartition("/")[2]
REPLIES, OFFICIAL, EDITORS, ASKED, HELPFUL = 0.34, 0.11, 0.08, 0.15, 0.1  # shares of the comments
QUALITY = 4  # of brotli, as the page cache packs
WORDPRESS = {"first page": 33, "all on one page": 131}  # milliseconds


def figures() -> Iterator[Figure]:
    """Each page made from nothing, past the cache: the worst that a reader can meet."""
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            app = new_app(Path(folder), posts=1)
            with app.app_context():
                _talk(size)
                pages = _pages()
            for name, path in pages.items():
                yield _figure(app, f"{size:,} comments: {name}", path, WORDPRESS.get(name))
            close_app(app)


def _pages() -> dict[str, str]:
    thread = Thread.of(SLUG)
    pages = {"first page": POST, "last page": f"{POST}?page={thread.pages}"}
    pages |= {"all on one page": f"{POST}?page=all"} if thread.fits_on_one else {}
    for which in Filter:
        last = Listing.of(SLUG, which).pages
        pages |= {f"{which}": f"{POST}?filter={which}", f"{which}, last page": f"{POST}?filter={which}&page={last}"}
    return pages | {
        "all official answers": "/answers/",
        "a search in them": "/answers/?q=Hotline",
        "feed": f"{POST}/comments.atom",
    }


def _figure(app: Flask, name: str, path: str, peer: int | None) -> Figure:
    ms, queries, length = process_cost(app, path)
    body = Client(page_cache(app).inner).get(path).data
    packed, elements = len(brotli.compress(body, quality=QUALITY)), len(re.findall(rb"<[a-z]", body))
    said = f"{packed:,} bytes packed, {elements:,} elements" + (f"; WordPress {peer} ms" if peer else "")
    return Figure(name, ms, queries, length, peer / ms if peer else 0.0, said)


def _talk(count: int) -> None:
    """Comments of readers, of two of the carrier's people, and of an editor; questions and marks."""
    rng, began, html = random.Random(count), clock.now() - timedelta(days=30), str(markup.comment(TEXT))
    voices = _voices()
    rows = list[dict[str, object]]()
    for number in range(1, count + 1):
        above = rng.choice(rows[-25:]) if rows and rng.random() < REPLIES + OFFICIAL else None
        by = rng.choices((*voices, None), (OFFICIAL / 2, OFFICIAL / 2, EDITORS, 1))[0] if above else None
        at = began + timedelta(seconds=number)
        rows.append(
            {
                "id": number,
                "key_hash": tokens.digest(f"thread:{number}"),
                "post_slug": SLUG,
                "parent_id": above["id"] if above else None,
                "thread_id": (above["thread_id"] or above["id"]) if above else None,
                "member_id": by,
                "name": f"Lena {number}",
                "text": TEXT,
                "html": html,
                "state": State.PUBLISHED,
                "written_at": at,
                "published_at": at,
            }
        )
    db.session.execute(insert(Comment), rows)
    _ask(rng, [int(str(row["id"])) for row in rows if row["member_id"] is None])
    Fragment.renew(db.session.scalars(db.select(Comment)))
    ThreadSize.recount()
    db.session.commit()
    db.session.remove()


def _voices() -> list[int]:
    found_organisations()
    team = Organisation.of(TEAM)
    carrier = Organisation.of("o2") or Organisation.found("o2", "O2", ["o2.example"], "We rang their press office.")
    assert team, "the organisations were just founded"
    staff = [Member.welcome(f"{name}@o2.example", name, Role.GUEST, carrier) for name in ("Gabi", "Gero")]
    editor = Member.welcome("eda@campaign.example", "Eda", Role.EDITOR, team)
    db.session.flush()
    return [one.id for one in (*staff, editor)]


def _ask(rng: random.Random, ids: list[int]) -> None:
    asked, helpful = rng.sample(ids, int(len(ids) * ASKED)), rng.sample(ids, int(len(ids) * HELPFUL))
    now = clock.now()
    db.session.execute(insert(Enquiry), [{"comment_id": id_, "post_slug": SLUG, "asked_at": now} for id_ in asked])
    db.session.execute(insert(Mark), [{"comment_id": id_, "device": f"{id_:032x}"} for id_ in helpful])
    db.session.execute(insert(Helpful), [{"comment_id": id_, "post_slug": SLUG, "marks": 1} for id_ in helpful])
