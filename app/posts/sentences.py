"""A post sentence by sentence, as its readers see it."""

from collections.abc import Iterator

from app.kit import markup, sentences
from app.posts.post import Post


def sentences_of(post: Post) -> list[str]:
    """Its sentences in document order, white space normalised; a row of a table is one."""
    return [" ".join(pieces) for pieces in _pieces(post)]


def stands_in(sentence: str, post: Post) -> bool:
    """Whether the words stand in the post as they are: whole sentences or cells in a row, nothing cut out of one.

    A part of a sentence may say the opposite of the whole, so it does not stand there.
    """
    wanted = markup.as_read(sentence)
    flat = [piece for pieces in _pieces(post) for piece in pieces]
    return bool(wanted) and any(_begins_with(flat[start:], wanted) for start in range(len(flat)))


def _pieces(post: Post) -> Iterator[tuple[str, ...]]:
    for cells in markup.blocks(post.body.html):
        if len(cells) > 1:
            yield cells
        else:
            yield from ((sentence,) for sentence in sentences.split(cells[0]))


def _begins_with(pieces: list[str], wanted: str) -> bool:
    """Whether the first few of the pieces make up exactly these words."""
    rest = wanted
    for piece in pieces:
        if rest == piece:
            return True
        if not rest.startswith(f"{piece} "):
            return False
        rest = rest[len(piece) + 1 :]
    return False
