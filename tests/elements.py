"""HTML read strictly: every element that is opened is closed in its place."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


class BrokenPage(AssertionError):
    """The page breaks rules of the house; the message names each fault."""


@dataclass
class Element:
    """One element with what is in it."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: "list[Element | str]" = field(default_factory=list)
    below: "list[Element] | None" = None  # of a whole page: every element, so that no rule walks through it anew

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def all(self, *tags: str) -> "Iterator[Element]":
        """Every element below, in the order of the source; with tags only those."""
        if self.below is not None:
            yield from (each for each in self.below if not tags or each.tag in tags)
            return
        for child in self.children:
            if isinstance(child, Element):
                if not tags or child.tag in tags:
                    yield child
                yield from child.all(*tags)

    def with_class(self, name: str) -> "list[Element]":
        return [each for each in self.all() if name in each.get("class").split()]

    @property
    def above(self) -> "Iterator[Element]":
        here = self.parent
        while here is not None:
            yield here
            here = here.parent

    @property
    def text(self) -> str:
        """The words a reader sees, on one line."""
        return " ".join(self._raw().split())

    def _raw(self) -> str:
        if self.tag in {"script", "style", "template"}:
            return ""
        gap = "" if self.tag in {"b", "i", "em", "strong", "a", "span", "data", "code", "kbd"} else " "
        parts = (child if isinstance(child, str) else child._raw() for child in self.children)
        return gap + "".join(parts) + gap


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self._open = Element("", {})
        self.elements: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open)
        self._add(element)
        if tag not in VOID:
            self._open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(Element(tag, {name: value or "" for name, value in attrs}, self._open))

    def _add(self, element: Element) -> None:
        self._open.children.append(element)
        self.elements.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self._open.tag != tag:
            raise BrokenPage(f"line {self.getpos()[0]}: </{tag}> closes <{self._open.tag}>")
        self._open = self._open.parent or self.root

    def handle_data(self, data: str) -> None:
        self._open.children.append(data)


def read(html: str) -> Element:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if reader._open is not reader.root:
        raise BrokenPage(f"<{reader._open.tag}> is never closed")
    reader.root.below = reader.elements
    return reader.root
