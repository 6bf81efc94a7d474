"""What may stand inside a line: links, bare addresses, images of this site."""

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import DelimiterProcessor, InlineProcessor
from markdown.util import AtomicString

from app.kit.markup.escaping import LT, unveil
from app.kit.markup.walls import is_safe_address, is_same_site

# Linear on hostile input: a label holds no bracket, an address no blank and no nested parentheses,
# and the possessive quantifiers never give back what they took. \x02 and \x03 frame what Markdown
# has already put aside.
_ADDRESS = rf"(?:[^\s()\\\x02\x03{LT}]|\([^\s()\\\x02\x03{LT}]*+\))++"
_TARGET = rf"\((?P<address>{_ADDRESS})(?:[ ]+\"(?P<title>[^\"\n]{{0,200}}+)\")?\)"
_LINK = rf"(?<!\\)!?\[(?P<label>[^\[\]]{{1,500}}+)\]{_TARGET}"
_IMAGE = rf"(?<!\\)!\[(?P<label>[^\[\]]{{0,500}}+)\]{_TARGET}"
_BARE = rf"(?<!\w)https?://[^\s\"\\>\x02\x03{LT}]++"
_NEVER_AT_THE_END = ".,;:!?'*_~]}“”‘’…"

Found = tuple[Element | None, int, int]


class Link(InlineProcessor):
    """`[text](address)`; with an address that is not safe it stays text.

    An author may also link inside this site and add a "title"; a reader's words are not hidden in one.
    """

    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, md: Markdown, *, by_author: bool, rel: str):
        super().__init__(_LINK, md)
        self._by_author = by_author
        self._rel = rel

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]  # noqa: ARG002, N802 -- the signature that markdown calls
        address = unveil(m["address"])
        if not is_safe_address(address, same_site=self._by_author) or (m["title"] and not self._by_author):
            return None, m.start(), m.end()
        link = _anchor(m["address"], m["label"], None if is_same_site(address) else self._rel)
        if m["title"]:
            link.set("title", m["title"])
        return link, m.start(), m.end()


class Emphasis(DelimiterProcessor):
    """`*`, `**`, `_` and `__`; where the library would lose a word, what was written stays as it was.

    Markdown 3.11.3 takes what it remembers of `*x **y z*a` from a place beside it, and the a is gone.
    """

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]  # noqa: N802 -- the signature that markdown calls
        made, start, end = super().handleMatch(m, data)
        if made is None or _without_marks("".join(made.itertext())) == _without_marks(data[start:end]):
            return made, start, end
        return None, start, end


class BareAddress(InlineProcessor):
    """`https://…` in running text; punctuation at its end belongs to the sentence."""

    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, md: Markdown, *, rel: str):
        super().__init__(_BARE, md)
        self._rel = rel

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]  # noqa: ARG002, N802 -- the signature that markdown calls
        address = _without_end_of_sentence(m[0])
        if not is_safe_address(unveil(address)):
            return None, m.start(), m.end()
        return _anchor(address, AtomicString(address), self._rel), m.start(), m.start() + len(address)


class Image(InlineProcessor):
    """`![alt](path "title")` of this site; any other picture is left to `Link`."""

    def __init__(self, md: Markdown):
        super().__init__(_IMAGE, md)

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]  # noqa: ARG002, N802 -- the signature that markdown calls
        if not is_same_site(unveil(m["address"])):
            return None, m.start(), m.start() + 1
        image = Element("img", {"src": m["address"], "alt": m["label"]})
        if m["title"]:
            image.set("title", m["title"])
        return image, m.start(), m.end()


def _without_marks(text: str) -> str:
    return text.translate({ord("*"): None, ord("_"): None})


def _anchor(address: str, text: str, rel: str | None) -> Element:
    link = Element("a", {"href": address})
    link.text = text
    if rel:
        link.set("rel", rel)
    return link


def _without_end_of_sentence(address: str) -> str:
    opened = address.count("(")
    while address:
        if address[-1] == ")" and address.count(")") > opened:
            address = address[:-1]
        elif (stripped := address.rstrip(_NEVER_AT_THE_END)) != address:
            address = stripped
        else:
            break
    return address
