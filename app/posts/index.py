"""Everything the shelf knows at one moment; never changed, only replaced as a whole."""

import hashlib
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from app.posts.post import Post
from app.posts.problem import Problem
from app.posts.series import Series


class Row:
    """Posts newest first; what the future holds is cut off by bisection, not by looking at each."""

    def __init__(self, posts: Iterable[tuple[datetime, Post]]):
        """Posts and from when they are there."""
        rows = sorted((-since.timestamp(), post.slug, post) for since, post in posts)
        self.posts = tuple(post for _, _, post in rows)
        self._ages = [age for age, _, _ in rows]

    def at(self, now: datetime) -> tuple[Post, ...]:
        return self.posts[self.cut(now) :]

    def cut(self, now: datetime) -> int:
        """How many posts still lie in the future."""
        return bisect_left(self._ages, -now.timestamp())


NOTHING = Row(())


class Index:
    """The posts by slug and in every order that a page asks for."""

    def __init__(self, posts: Iterable[Post] = (), problems: Iterable[Problem] = ()):
        self.posts, lost = _without_lost_replies({post.slug: post for post in posts})
        listable = _listable(self.posts)
        self.listed = Row(listable)
        self.tags = _rows(listable, lambda post: [tag.slug for tag in post.tags])
        self.authors = _rows(listable, lambda post: [author.slug for author in post.authors])
        self.organisations = _rows(listable, lambda post: filter(None, [post.organisation_slug]))
        self.translations = _translations(self.posts)
        self.replies = _replies(self.posts)
        self.series = Series(self.posts)
        self.aliases, remarks = _aliases(self.posts)
        self.problems = (*problems, *lost, *remarks, *_lonely_translations(self.posts), *self.series.problems())
        self._dates = sorted(post.date for post in self.posts.values() if post.is_released)
        self.version = _version(self.posts)
        self._listings: dict[str, tuple[int, tuple[Post, ...]]] = {}

    def next_change(self, now: datetime) -> datetime | None:
        position = bisect_right(self._dates, now)
        return self._dates[position] if position < len(self._dates) else None

    def listing(self, now: datetime, lang: str) -> tuple[Post, ...]:
        """`in_language` over all listed posts, worked out once until the next publication."""
        cut = self.listed.cut(now)
        known = self._listings.get(lang)
        if known is None or known[0] != cut:
            known = cut, self.in_language(self.listed.at(now), now, lang)
            self._listings[lang] = known
        return known[1]

    def in_language(self, posts: Iterable[Post], now: datetime, lang: str) -> tuple[Post, ...]:
        """One post of each group of translations: in this language if there is one, else the original."""
        return tuple(post for post in posts if self._stands_for_its_group(post, now, lang))

    def translated(self, post: Post, now: datetime) -> tuple[Post, ...]:
        """The original and its translations that are public, the original first."""
        group = self.translations.get(post.original_slug, (post,))
        return tuple(other for other in group if other.is_public_at(now))

    def _stands_for_its_group(self, post: Post, now: datetime, lang: str) -> bool:
        if len(self.translations.get(post.original_slug, ())) < 2:
            return True
        group = [other for other in self.translations[post.original_slug] if other.is_listed_at(now)]
        chosen = next((other for other in group if other.lang == lang), group[0])
        return post is chosen


def _rows(posts: Iterable[tuple[datetime, Post]], slugs: Callable[[Post], Iterable[str]]) -> dict[str, Row]:
    groups: defaultdict[str, list[tuple[datetime, Post]]] = defaultdict(list)
    for since, post in posts:
        for slug in set(slugs(post)):
            groups[slug].append((since, post))
    return {slug: Row(group) for slug, group in groups.items()}


def _translations(posts: Mapping[str, Post]) -> dict[str, tuple[Post, ...]]:
    groups: defaultdict[str, list[Post]] = defaultdict(list)
    for post in posts.values():
        groups[post.original_slug].append(post)
    return {
        slug: tuple(sorted(group, key=lambda post: (post.translation_of is not None, post.lang, post.slug)))
        for slug, group in groups.items()
    }


def _without_lost_replies(posts: dict[str, Post]) -> tuple[Mapping[str, Post], list[Problem]]:
    """A reply to nothing is not shown: it would stand there like one of our own posts."""
    kept = {slug: post for slug, post in posts.items() if not post.is_reply}
    waiting = [post for post in posts.values() if post.is_reply]
    while ready := [post for post in waiting if post.reply_to in kept]:
        kept |= {post.slug: post for post in ready}
        waiting = [post for post in waiting if post not in ready]
    reason = "reply_to “{}” is not the slug of another post."
    problems = [Problem(post.path, None, reason.format(post.reply_to), is_fatal=True) for post in waiting]
    return {slug: kept[slug] for slug in posts if slug in kept}, problems


def _listable(posts: Mapping[str, Post]) -> list[tuple[datetime, Post]]:
    """What lists show, and from when: a reply only beside what it answers, though it keeps its address without that."""
    found = ((post, posts.get(post.reply_to or "")) for post in posts.values() if post.is_listable)
    return [
        (max(post.date, one.date) if one else post.date, post) for post, one in found if one is None or one.is_released
    ]


def _replies(posts: Mapping[str, Post]) -> dict[str, Row]:
    """By the slug that the post they answer shares with its translations: a reply is linked from each of them."""
    released = [post for post in posts.values() if post.is_released]
    found = ((post, posts.get(post.reply_to or "")) for post in released)
    answered = {post.slug: one.original_slug for post, one in found if one}
    return _rows([(post.date, post) for post in released], lambda post: filter(None, [answered.get(post.slug)]))


def _aliases(posts: Mapping[str, Post]) -> tuple[dict[str, Post], list[Problem]]:
    """Earlier addresses; a post's own address and the first claim win."""
    taken: dict[str, Post] = {}
    problems = []
    own = {post.url: post for post in posts.values()}
    for post in posts.values():
        for alias in post.aliases:
            holder = own.get(alias) or taken.setdefault(alias, post)
            if holder is not post:
                reason = f"The alias {alias} is in use by {holder.path.name}; it stays there."
                problems.append(Problem(post.path, None, reason, is_fatal=False))
    return taken, problems


def _lonely_translations(posts: Mapping[str, Post]) -> list[Problem]:
    problems = []
    for post in posts.values():
        original = posts.get(post.translation_of) if post.translation_of else None
        if post.translation_of and (original is None or original.translation_of):
            reason = f"translation_of “{post.translation_of}” is not the slug of an original post."
            problems.append(Problem(post.path, None, reason, is_fatal=False))
    return problems


def _version(posts: Mapping[str, Post]) -> str:
    told = "\n".join(f"{slug} {posts[slug].source_hash}" for slug in sorted(posts))
    return hashlib.sha256(told.encode()).hexdigest()[:16]
