"""All posts in memory, true to the files on disk within a second.

A thread per process looks at the folders twice a second, reads what changed and replaces the index as a
whole; a page reads one attribute. `instance/posts` wins over a shipped post with the same slug.

Whoever asks gets what the veil lets through (`Shelf.veil`): not a word of a guest's file that was changed by hand.
What the folders themselves hold is asked for by its own name: `held`, `released`, `showing`, `problems`, `version`.
"""

import os
import threading
import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import structlog
from flask import Flask, abort, current_app

from app.cache import page_cache
from app.config import Settings
from app.kit import clock
from app.posts.bodies import Bodies
from app.posts.files import Files, Leaf
from app.posts.index import NOTHING, Index
from app.posts.last_good import LastGood
from app.posts.post import Post
from app.posts.problem import Problem

EVERY = 0.5  # seconds between two looks at the folders

log = structlog.get_logger(__name__)


class Shelf:
    """The posts of several folders; in a later folder a slug wins over the same one in an earlier folder."""

    def __init__(self, folders: Sequence[Path], last_good: Path, *, every: float = EVERY):
        self._files = Files(folders, LastGood(last_good), Bodies(last_good / "rendered"))
        self._every = every
        self._index = Index()
        self._veil: Callable[[Index], Index] = lambda index: index
        self._readers: list[Callable[[], None]] = []
        self._lock = threading.RLock()
        self._closed = threading.Event()
        self._watcher: threading.Thread | None = None
        _SHELVES.add(self)

    # Questions; `now` is asked for, so that a date in the future opens by itself.

    def get(self, slug: str, now: datetime) -> Post | None:
        """The public post of that slug."""
        post = self.find(slug)
        return post if post and post.is_public_at(now) else None

    def find(self, slug: str) -> Post | None:
        """The post of that slug, public or not."""
        return self._shown.posts.get(slug)

    def held(self, slug: str) -> Post | None:
        """What the folders hold at that slug, whatever readers are shown there."""
        return self._current.posts.get(slug)

    def public(self, now: datetime, lang: str | None = None) -> tuple[Post, ...]:
        """What lists show, newest first; with a language only what is written in it."""
        posts = self._shown.listed.at(now)
        return posts if lang is None else tuple(post for post in posts if post.lang == lang)

    def listing(self, now: datetime, lang: str) -> tuple[Post, ...]:
        """What a list in that language shows: translations where they exist, else the originals."""
        return self._shown.listing(now, lang)

    def tagged(self, tag: str, now: datetime, lang: str | None = None) -> tuple[Post, ...]:
        """Posts with the tag of that slug; with a language chosen among translations as `listing` does."""
        index = self._shown
        return _chosen(index, index.tags.get(tag, NOTHING).at(now), now, lang)

    def by_author(self, slug: str, now: datetime, lang: str | None = None) -> tuple[Post, ...]:
        index = self._shown
        return _chosen(index, index.authors.get(slug, NOTHING).at(now), now, lang)

    def of_organisation(self, slug: str, now: datetime, lang: str | None = None) -> tuple[Post, ...]:
        index = self._shown
        return _chosen(index, index.organisations.get(slug, NOTHING).at(now), now, lang)

    def translations(self, post: Post, now: datetime) -> tuple[Post, ...]:
        """The original and its translations that are public, this post among them."""
        return self._shown.translated(post, now)

    def replies(self, post: Post, now: datetime, lang: str) -> tuple[Post, ...]:
        """What was printed in answer to it by the right of reply, oldest first."""
        index = self._shown
        return _chosen(index, index.replies.get(post.original_slug, NOTHING).at(now), now, lang)[::-1]

    def answered_by(self, reply: Post, now: datetime) -> Post | None:
        """The post that a reply answers, while that is public."""
        return self.get(reply.reply_to, now) if reply.reply_to else None

    def followed_up(self, post: Post, now: datetime, lang: str) -> Post | None:
        """What a post follows up, while that is public; in the language if it is translated."""
        index = self._shown
        found = index.series.earlier(post)
        group = index.translated(found, now) if found else ()
        return next((one for one in group if one.lang == lang), found if found in group else None)

    def continued(self, post: Post, now: datetime, lang: str) -> tuple[Post, ...]:
        """What follows it up, oldest first."""
        index = self._shown
        return _of_series(index, index.series.later(post), now, lang)

    def series(self, post: Post, now: datetime, lang: str) -> tuple[Post, ...]:
        """Every post that follows up another from the first one on, oldest first, this one among them."""
        index = self._shown
        return _of_series(index, index.series.whole(post), now, lang)

    def alias(self, path: str, now: datetime) -> Post | None:
        """The public post that was once at that path."""
        post = self._shown.aliases.get(path.rstrip("/") or "/")
        return post if post and post.is_public_at(now) else None

    def released(self) -> tuple[Post, ...]:
        """Every post held that is no draft, those of the future among them."""
        return tuple(post for post in self._current.posts.values() if post.is_released)

    def everything(self) -> tuple[Post, ...]:
        """Every post there is, drafts among them, the newest first."""
        return tuple(sorted(self._shown.posts.values(), key=lambda post: (post.date, post.slug), reverse=True))

    def showing(self, picture: str) -> tuple[Post, ...]:
        """Every post held, drafts too, that shows the picture of that name."""
        held = self._current.posts.values()
        return tuple(post for post in held if picture in post.body.html or picture in (post.image or ""))

    def problems(self) -> tuple[Problem, ...]:
        return self._current.problems

    @property
    def version(self) -> str:
        """Differs whenever a post was added, changed or taken away; the same in every worker."""
        return self._current.version

    def next_change(self, now: datetime) -> datetime | None:
        """When the clock publishes the next post."""
        return self._current.next_change(now)

    # Deeds

    def tell(self, reader: Callable[[], None]) -> None:
        """Call this whenever the posts have changed."""
        self._readers.append(reader)

    def veil(self, shown: Callable[[Index], Index]) -> None:
        """Readers are shown what this makes of what the folders hold; it is asked each time, within an app."""
        self._veil = shown

    def refresh(self) -> None:
        """Read what changed on disk, now."""
        with self._lock:
            if self._files.update():
                self._index = self._arranged()
                self._files.forget_others()
                faults = sum(problem.is_fatal for problem in self._index.problems)
                for tell in self._readers:
                    tell()
                log.info("posts.read", posts=len(self._index.posts), faults=faults)

    def close(self) -> None:
        """Stop looking at the folders; what was read stays."""
        self._closed.set()
        if self._watcher is not None:
            self._watcher.join()

    # Privates

    @property
    def _shown(self) -> Index:
        """What readers are shown."""
        return self._veil(self._current)

    @property
    def _current(self) -> Index:
        if self._watcher is None:
            self._open()
        return self._index

    def _open(self) -> None:
        """The first access in a process reads the folders and starts its thread."""
        with self._lock:
            if self._watcher is None:
                self._refresh_or_log()
                watcher = threading.Thread(
                    target=_watch,
                    args=(weakref.ref(self), self._closed, self._every),
                    name="shelf",
                    daemon=True,
                )
                watcher.start()
                self._watcher = watcher

    def _refresh_or_log(self) -> None:
        try:
            self.refresh()
        except Exception:  # the site goes on with what it knows, and the next look may succeed
            log.exception("posts.not_read")

    def _arranged(self) -> Index:
        """One post a slug: the files of the last folder choose first, within a folder by file name."""
        posts: dict[str, Post] = {}
        problems = list(self._files.folder_problems)
        for key, leaf in sorted(self._files.leaves.items(), key=lambda item: (-item[0][0], item[0][1])):
            post, faults = _placed(leaf, posts)
            problems += faults
            if post:
                posts[post.slug] = post
                self._files.settle(key, post)
        return Index(posts.values(), sorted(problems, key=lambda problem: (problem.path, problem.line or 0)))

    def _after_fork(self) -> None:
        """Threads do not live on in a child, and a lock may have been held by one of them."""
        self._lock = threading.RLock()
        self._closed = threading.Event()
        self._watcher = None


def _placed(leaf: Leaf, taken: dict[str, Post]) -> tuple[Post | None, tuple[Problem, ...]]:
    """The version of a file that stands on the shelf, and what is to be said about it."""
    problems = leaf.problems
    if leaf.post:
        holder = taken.get(leaf.post.slug)
        if holder is None:
            return leaf.post, problems
        if holder.path.parent != leaf.path.parent:
            reason = f"Hidden by {holder.path}, which has the same slug “{leaf.post.slug}”."
            return None, (*problems, Problem(leaf.path, None, reason, is_fatal=False))
        reason = f"The slug “{leaf.post.slug}” is in use by {holder.path.name}; choose another one."
        problems = (*problems, Problem(leaf.path, None, reason, is_fatal=True))
    if leaf.good is None or leaf.good.slug in taken:
        return None, problems
    kept = (replace(problem, keeps_last_good=problem.is_fatal) for problem in problems)
    return leaf.good, tuple(kept)


def _chosen(index: Index, posts: tuple[Post, ...], now: datetime, lang: str | None) -> tuple[Post, ...]:
    return posts if lang is None else index.in_language(posts, now, lang)


def _of_series(index: Index, posts: Sequence[Post], now: datetime, lang: str) -> tuple[Post, ...]:
    public = tuple(post for post in posts if post.is_listed_at(now))
    return _chosen(index, public, now, lang)[::-1]


def _watch(reference: "weakref.ref[Shelf]", closed: threading.Event, every: float) -> None:
    while not closed.wait(every):
        shelf = reference()
        if shelf is None:
            return
        shelf._refresh_or_log()  # noqa: SLF001 -- the same module, after a fork -- the shelf's own thread
        del shelf


_SHELVES: "weakref.WeakSet[Shelf]" = weakref.WeakSet()


def _reset_in_child() -> None:
    for shelf in _SHELVES:
        shelf._after_fork()  # noqa: SLF001 -- the same module, after a fork


os.register_at_fork(after_in_child=_reset_in_child)


# The shelf of the app that is running


def init_app(app: Flask) -> None:
    """Give the app its shelf: posts that ship with the site, and those of its instance."""
    settings: Settings = app.extensions["settings"]
    folders = (settings.posts, settings.instance / "posts")
    posts = Shelf(folders, settings.instance / "last-good")
    cache = page_cache(app)
    posts.tell(cache.versions.call)
    cache.follow(lambda: posts.version, posts.next_change)
    app.extensions["shelf"] = posts


def shelf() -> Shelf:
    found: Shelf = current_app.extensions["shelf"]
    return found


def get_or_404(slug: str) -> Post:
    """The post that is public at this moment."""
    return shelf().get(slug, clock.now()) or abort(404)
