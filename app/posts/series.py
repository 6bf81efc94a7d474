"""Which post follows up which: status reports, from the first to the last."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from app.posts.post import Post
from app.posts.problem import Problem


class Series:
    """The ways from a post to the one it follows up and to those that follow it up; translations share them."""

    def __init__(self, posts: Mapping[str, Post]):
        self._posts = posts
        self._later: defaultdict[str, list[Post]] = defaultdict(list)
        for post in posts.values():
            if (earlier := self.earlier(post)) and post.is_released:
                self._later[earlier.original_slug].append(post)

    def earlier(self, post: Post) -> Post | None:
        """What a post follows up, as its file says or that of its original; not itself, and nothing that is younger."""
        original = self._posts.get(post.translation_of or "")
        found = self._posts.get(post.follows or (original.follows if original else None) or "")
        return found if found and found.date < post.date and found.original_slug != post.original_slug else None

    def later(self, post: Post) -> tuple[Post, ...]:
        """What follows it up directly, newest first, in whatever language."""
        found = self._later.get(post.original_slug, ())
        return tuple(sorted(found, key=lambda one: (one.date, one.slug), reverse=True))

    def whole(self, post: Post) -> tuple[Post, ...]:
        """All posts of its series, itself among them, newest first. Each is older than what follows it: it ends."""
        first = post
        while earlier := self.earlier(first):
            first = earlier
        found, left = {first.slug: first}, [first]
        while left:
            more = [one for one in self.later(left.pop()) if one.slug not in found]
            found |= {one.slug: one for one in more}
            left += more
        return tuple(sorted(found.values(), key=lambda one: (one.date, one.slug), reverse=True))

    def problems(self) -> Iterator[Problem]:
        """Each post that says it follows up what is not there, or does not come before it."""
        for post in self._posts.values():
            if post.follows and self.earlier(post) is None:
                there = self._posts.get(post.follows)
                fault = "does not come before this one" if there else "is not the slug of another post"
                reason = f"follows “{post.follows}” {fault}; nothing is linked."
                yield Problem(post.path, None, reason, is_fatal=False)
