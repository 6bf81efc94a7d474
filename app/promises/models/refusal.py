"""Why something cannot be said of a promise; the words are for who tried."""


class Refusal(Exception):
    """A deed that is not possible; `field` is what would have to be said otherwise."""

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field


class NotYours(Refusal):
    """Only editors, and guests of the organisation whose promise it is, may do that."""


class NotSaid(Refusal):
    """The sentence does not stand in the post, word for word."""


class MarkedAlready(Refusal):
    """That sentence of the post is a promise already."""

    def __init__(self, words: str, slug: str) -> None:
        super().__init__(words, "sentence")
        self.slug = slug
