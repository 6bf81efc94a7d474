"""The way from a sentence to where it stands."""

from urllib.parse import quote

WHOLE = 120  # characters up to which a link carries the words themselves
EDGE = 4  # words from which, else, a browser knows begin and end


def at_words(address: str, sentence: str) -> str:
    """The address at these words: a browser that reads text fragments marks them, another one opens the page."""
    words = sentence.split()
    if len(sentence) <= WHOLE or len(words) <= 2 * EDGE:
        return f"{address}#:~:text={_escaped(words)}"
    return f"{address}#:~:text={_escaped(words[:EDGE])},{_escaped(words[-EDGE:])}"


def _escaped(words: list[str]) -> str:
    """Percent-encoded, the signs with a meaning of their own there included (WICG, Text Fragments)."""
    return quote(" ".join(words), safe="").replace("-", "%2D")
