"""HTML that other software kept, as the Markdown that means the same: every word stays, nothing else comes along."""

import re
from html.parser import HTMLParser
from typing import Final

_HEADINGS: Final = frozenset(f"h{level}" for level in range(1, 7))
_LISTS: Final = frozenset({"ul", "ol"})
_BLOCKS: Final = _HEADINGS | _LISTS | {"p", "div", "blockquote", "pre", "table", "tr", "dl", "dt", "dd", "figure"}
_MARKS: Final = {"strong": "**", "b": "**", "em": "*", "i": "*", "cite": "*"}
_UNSEEN: Final = frozenset({"script", "style", "template", "title", "noscript"})
_KEPT: Final = frozenset({*_MARKS, "a", "code", "pre", "blockquote", "li"})  # which change what is in them
_MANY_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")
_PLAIN_LABEL = re.compile(r"[^\[\]\n*_`<>\\]{1,300}")
_PLAIN_ADDRESS = re.compile(r"https?://[^\s()\\<>\"*_\[\]]+", re.IGNORECASE)
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_FENCES = re.compile(r"^(?:```|~~~)", re.MULTILINE)
_DEEPEST: Final = 50  # elements in elements; what is deeper leaves its words alone
_DEEPEST_QUOTE: Final = 8  # each writes a sign before every line in it


def from_html(html: str) -> str:
    """The text in our Markdown. Line breaks between tags stay, as those kept them that wrote without `<p>`."""
    whole, end, rest = html.rpartition(">")
    reader = _Reader()
    reader.feed(whole + end + rest.replace("<", "&lt;"))  # no tag ends there; to look for that takes time by the square
    reader.close()
    return _MANY_LINES.sub("\n\n", reader.text()).strip()


class _Reader(HTMLParser):
    """Writes each element into a piece of its own, which is put into the one around it when it ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, dict[str, str], list[str]]] = [("", {}, [])]
        self._unseen = ""
        self._endless: set[str] = set()  # what has no end in the rest: nobody looks for that twice

    def text(self) -> str:
        while len(self._open) > 1:
            self._close_one()
        return "".join(self._open[0][2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "li":
            self._end_item()
        if tag in _UNSEEN:
            self._unseen = tag
        elif tag == "br":
            self._write("\n")
        elif tag == "img" and known.get("alt"):
            self._write(known["alt"])
        if tag in _BLOCKS or tag == "li":
            self._write("\n\n" if tag in _BLOCKS else "\n")
        if tag in _KEPT and len(self._open) < _DEEPEST:
            self._open.append((tag, known, []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _LISTS:
            self._end_item()
        if tag == self._unseen:
            self._unseen = ""
        elif tag in _KEPT and any(tag == one[0] for one in self._open):
            while self._close_one() != tag:
                pass
        if tag in _BLOCKS:
            self._write("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._write(data)

    def parse_html_declaration(self, i: int) -> int:
        """`<![…` in HTML, at which the parser would raise: a comment to browsers, words to whoever wrote it."""
        if not self.rawdata.startswith("<![", i):
            return super().parse_html_declaration(i)
        begins = i + len(_CDATA)
        if self.rawdata.startswith(_CDATA, i) and (ends := self._find(_CDATA_END, begins)) >= 0:
            self.handle_data(self.rawdata[begins:ends])
            return ends + len(_CDATA_END)
        self.handle_data("<![")
        return i + 3

    def parse_comment(self, i: int, report: bool = True) -> int:  # noqa: FBT001, FBT002 -- as the parser calls it
        """Where the comment ends; thousands without an end are looked through once, not each to the last sign."""
        if "<!--" in self._endless:
            return -1
        if (ends := super().parse_comment(i, report)) < 0:
            self._endless.add("<!--")
        return ends

    def _find(self, end: str, begins: int) -> int:
        ends = -1 if end in self._endless else self.rawdata.find(end, begins)
        if ends < 0:
            self._endless.add(end)
        return ends

    def _end_item(self) -> None:
        """Few who write HTML end their items."""
        if self._open[-1][0] == "li":
            self._close_one()

    def _write(self, text: str) -> None:
        self._open[-1][2].append(text)

    def _close_one(self) -> str:
        tag, attributes, pieces = self._open.pop()
        inside = "".join(pieces)
        is_too_deep = tag == "blockquote" and sum(one[0] == tag for one in self._open) >= _DEEPEST_QUOTE
        self._write(inside if is_too_deep else _written(tag, attributes, inside))
        return tag


def _written(tag: str, attributes: dict[str, str], inside: str) -> str:
    if tag == "a":
        return _link(inside, attributes.get("href", "").strip())
    if tag == "blockquote":
        return _quoted(inside)
    if tag == "pre":
        return inside if _FENCES.search(inside) else f"```\n{inside.strip(chr(10))}\n```"
    if tag == "li":
        return "- " + inside.strip().replace("\n", " ")
    return _marked("`" if tag == "code" else _MARKS[tag], inside)


def _marked(mark: str, inside: str) -> str:
    """Marked from the first word to the last, as marks beside white space mean nothing."""
    core = inside.strip()
    if not core or "\n" in core or mark[0] in core:
        return inside
    before, _, after = inside.partition(core)
    return f"{before}{mark}{core}{mark}{after}"


def _quoted(inside: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in _MANY_LINES.sub("\n\n", inside).strip().split("\n"))


def _link(label: str, address: str) -> str:
    """A link where it leads somewhere else; an address that is written out, or shortened, is written out once."""
    if not _PLAIN_ADDRESS.fullmatch(address):
        return label
    words = label.strip()
    if not words or _is_shortened(words, address):
        return address
    return f"[{words}]({address})" if _PLAIN_LABEL.fullmatch(words) else f"{label} ({address})"


def _is_shortened(words: str, address: str) -> bool:
    """Whether the words are the address, or its beginning."""
    return words == address or (words.endswith(("...", "…")) and address.startswith(words.rstrip(".…")))
