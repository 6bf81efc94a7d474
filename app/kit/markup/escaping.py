"""Escape first: before Markdown reads a text, what could become HTML is veiled.

`&` and `<` turn into noncharacters, which `clean` has removed from every input, so they cannot be
forged and no Markdown pattern knows them. `escaped` turns them into entities when Markdown is done.
Real entities at this point would be escaped once more inside code and would break `>` quotes.
"""

AMP = "\ufdd0"
LT = "\ufdd1"
_VEILED = str.maketrans({"&": AMP, "<": LT})
_UNVEILED = str.maketrans({AMP: "&", LT: "<"})
_ESCAPED = str.maketrans({AMP: "&amp;", LT: "&lt;"})


def veil(text: str) -> str:
    """A cleaned text in which nothing can be read as HTML any more."""
    return text.translate(_VEILED)


def unveil(text: str) -> str:
    """The text as it was written, for those who must judge it."""
    return text.translate(_UNVEILED)


def escaped(html: str) -> str:
    """The HTML with entities in the place of what was veiled."""
    return html.translate(_ESCAPED)
