"""What a post is about, as far as words tell that a comment has in common with it."""

import re
from functools import lru_cache

from app.config import campaign
from app.posts.post import Post

_WORD = re.compile(r"[^\W\d_]{4,}")
STEM = 5  # letters; German declines the rest


def shared_words(text: str, post: Post, above: str) -> int:
    """How many words a comment shares with its post, the campaign and the comment answered."""
    return len(_stems(text) & (_of_post(post) | _stems(above)))


@lru_cache(256)
def _of_post(post: Post) -> frozenset[str]:
    own = campaign()
    symptoms = (word for choice in own.symptoms for word in choice.label.values())
    said = (post.title, post.summary, post.body.plain, *(tag.name for tag in post.tags))
    return _stems(" ".join((*said, own.name, own.carrier, *own.claim.values(), *symptoms)))


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:STEM] for word in _WORD.findall(text.casefold()))
