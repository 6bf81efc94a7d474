"""A post sentence by sentence, as its readers see it."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from app.kit import markup, sentences
from app.posts.post import Post

KEPT = 64  # posts that pages ask about again and again


def sentences_of(post: Post) -> list[str]:
    """Its sentences in document order, white space normalised; a row of a table is one."""
    return [" ".join(pieces) for pieces in _pieces(post)]


@lru_cache(KEPT * 16)
def stands_in(sentence: str, post: Post) -> bool:
    """Whether the words stand in the post as they are: whole sentences or cells in a row, nothing cut out of one.

    A part of a sentence may say the opposite of the whole, so it does not stand there.
    """
    wanted = markup.as_read(sentence)
    flat = _flat(post)
    return bool(wanted) and any(_begins_with(flat[start:], wanted) for start in range(len(flat)))


@lru_cache(KEPT)
def _flat(post: Post) -> tuple[str, ...]:
    """A post never changes: its file, changed, is another one."""
    return tuple(piece for pieces in _pieces(post) for piece in pieces)


def _pieces(post: Post) -> Iterator[tuple[str, ...]]:
    for cells in markup.blocks(post.body.html):
        if len(cells) > 1:
            yield cells
        else:
            yield from ((sentence,) for sentence in sentences.split(cells[0]))


def _begins_with(pieces: Sequence[str], wanted: str) -> bool:
    """Whether the first few of the pieces make up exactly these words."""
    rest = wanted
    for piece in pieces:
        if rest == piece:
            return True
        if not rest.startswith(f"{piece} "):
            return False
        rest = rest[len(piece) + 1 :]
    return False
