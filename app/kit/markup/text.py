"""Plain text on its way in (`clean`) and out of HTML again (`plain`, `excerpt`)."""

import re
from html import unescape

# Line ends of every system become "\n".
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")

# Dropped without a trace, because nobody sees them: control characters (NUL breaks PostgreSQL), the
# nine bidi controls that reorder what stands around them (the implicit marks LRM, RLM and ALM stay:
# Arabic and Hebrew need them), the byte order mark, and the noncharacters, which `markup` itself uses.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef]"
    "|[" + "".join(f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)) + "]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")

_FOOTNOTE_MARKS = re.compile(r'<sup id="fnref[^>]*>.*?</sup>|<a[^>]*class="footnote-backref"[^>]*>.*?</a>')
_BLOCK_ENDS = re.compile(r"<(?:br|hr)[^>]*>|</(?:p|li|figcaption|h[1-6]|pre|blockquote|td|th|tr)>")
_TAGS = re.compile(r"<[^>]*>")
_HEADERS = re.compile(r"<thead>.*?</thead>", re.DOTALL)
_BLOCKS = re.compile(r"</?(?:p|ul|ol|li|figure|figcaption|h[1-6]|pre|blockquote|div|table|tbody|tr)\b[^>]*>|<hr[^>]*>")
_CELLS = re.compile(r"</t[dh]>")
_UNWRITTEN = re.compile("[\u00ad\u200b\u2060]")  # where a word may be broken or not; nobody reads them


def clean(text: str) -> str:
    """The text with one kind of line end and without characters that are unseen or no characters."""
    return _SURROGATES.sub("\ufffd", _UNSEEN.sub("", _LINE_ENDS.sub("\n", text)))


def plain(html: str) -> str:
    """The words of sanitised HTML on one line, without footnote marks."""
    spaced = _BLOCK_ENDS.sub(" ", _FOOTNOTE_MARKS.sub("", html))
    return " ".join(unescape(_TAGS.sub("", spaced)).split())


def blocks(html: str) -> list[tuple[str, ...]]:
    """The words of sanitised HTML, block by block in order: a paragraph, item or heading as one text, a row of a
    table as one text a cell. What heads a table is left out.
    """
    parts = _BLOCKS.split(_HEADERS.sub("", _FOOTNOTE_MARKS.sub("", html)))
    found = (tuple(filter(None, (as_read(plain(cell)) for cell in _CELLS.split(part)))) for part in parts)
    return [cells for cells in found if cells]


def as_read(text: str) -> str:
    """The text on one line, without soft hyphens and other signs that nobody sees."""
    return " ".join(_UNWRITTEN.sub("", text).split())


def excerpt(text: str, limit: int) -> str:
    """At most `limit` characters of plain text, cut after a word and marked with "…"."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    cut = text[: max(limit - 1, 0)]
    if not text[len(cut)].isspace() and " " in cut:
        cut = cut[: cut.rindex(" ")]
    return cut.rstrip(" ,;:–-") + "…"
