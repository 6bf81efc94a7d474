"""What may stand on lines of its own: quotes, lists, fenced code, embeds."""

import re
from html import escape
from xml.etree.ElementTree import Element, SubElement

from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor, BlockQuoteProcessor, OListProcessor, UListProcessor
from markdown.preprocessors import Preprocessor
from markdown.util import AtomicString

from app.kit import picture
from app.kit.markup.embeds import EMBED, embed_mark
from app.kit.markup.escaping import unveil

# Each quote or list inside another adds one or two states to the parser's stack; text that is nested
# deeper stays text. Nobody reads the sixth quote, and Python's stack stays shallow.
DEEPEST = 10

_PICTURE = re.compile(
    r'!\[(?P<alt>[^\[\]]{0,500}+)\]\((?P<address>[^\s()"]{1,80}+)(?:[ ]+"(?P<caption>[^"\n]{0,300}+)")?\)'
)


class Quote(BlockQuoteProcessor):
    """`>` quotes, nested so deep and no deeper."""

    def test(self, parent: Element, block: str) -> bool:
        return len(self.parser.state) < DEEPEST and super().test(parent, block)


class Bullets(UListProcessor):
    """`-` and `*` lists; a line that begins with `+49` or with another list's number is none."""

    SIBLING_TAGS = ["ul"]  # noqa: RUF012 - markdown's own kind of constant

    def __init__(self, parser: BlockParser):
        super().__init__(parser)
        self.RE = re.compile(r"^[ ]{0,3}[*-][ ]+(.*)")
        self.CHILD_RE = re.compile(r"^[ ]{0,3}([*-])()[ ]+(.*)")

    def test(self, parent: Element, block: str) -> bool:
        return len(self.parser.state) < DEEPEST and super().test(parent, block)


class Numbers(OListProcessor):
    """`1.` lists that count up from 1 (or on), or say `1.` each time.

    Any other number is part of a sentence: "12. November" must not become item 1.
    """

    SIBLING_TAGS = ["ol"]  # noqa: RUF012 - markdown's own kind of constant
    _ITEMS = re.compile(r"^[ ]{0,3}([0-9]{1,3})\.[ ]", re.MULTILINE)

    def __init__(self, parser: BlockParser):
        super().__init__(parser)
        self.RE = re.compile(r"^[ ]{0,3}[0-9]{1,3}\.[ ]+(.*)")
        self.CHILD_RE = re.compile(r"^[ ]{0,3}(([0-9]{1,3})\.)[ ]+(.*)")

    def test(self, parent: Element, block: str) -> bool:
        return (
            len(self.parser.state) < DEEPEST
            and super().test(parent, block)
            and self._counts(block, self._first_number(parent))
        )

    def _counts(self, block: str, first: int) -> bool:
        numbers = [int(number) for number in self._ITEMS.findall(block)]
        return set(numbers) == {1} or numbers == list(range(first, first + len(numbers)))

    def _first_number(self, parent: Element) -> int:
        sibling = self.lastChild(parent)
        return len(sibling) + 1 if sibling is not None and sibling.tag == "ol" else 1


class Fences(Preprocessor):
    """Code between ``` or ~~~ lines, put aside before anything else reads it."""

    _FENCE = re.compile(r"^(`{3,}|~{3,})[ ]*([\w+#.-]{0,30})[ ]*$")

    def run(self, lines: list[str]) -> list[str]:
        kept: list[str] = []
        unclosed: set[str] = set()
        at = 0
        while at < len(lines):
            end = self._closing(lines, at, unclosed)
            kept += [lines[at]] if end is None else ["", self._put_aside(lines[at : end + 1]), ""]
            at = at + 1 if end is None else end + 1
        return kept

    def _closing(self, lines: list[str], at: int, unclosed: set[str]) -> int | None:
        """The line that closes a fence opened here; each kind of fence is searched in vain only once."""
        opening = self._FENCE.match(lines[at])
        if not opening or opening[1] in unclosed:
            return None
        for end in range(at + 1, len(lines)):
            if lines[end].rstrip() == opening[1]:
                return end
        unclosed.add(opening[1])
        return None

    def _put_aside(self, fenced: list[str]) -> str:
        opening = self._FENCE.match(fenced[0])
        language = f' class="language-{opening[2]}"' if opening and opening[2] else ""
        code = escape("\n".join(fenced[1:-1]), quote=False)
        return self.md.htmlStash.store(f"<pre><code{language}>{code}\n</code></pre>")


class PictureBlock(BlockProcessor):
    """`![alt](/pictures/… "caption")` alone in a paragraph: one of our own pictures, in all its widths."""

    def test(self, parent: Element, block: str) -> bool:
        return parent is self.parser.root and self._found(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        found = self._found(blocks.pop(0))
        if found is None:
            return
        name, alt, caption = found
        figure = SubElement(parent, "figure")
        around = SubElement(figure, "picture")
        webp = {"type": "image/webp", "srcset": picture.srcset(name, "webp"), "sizes": picture.SIZES}
        SubElement(around, "source", webp)
        SubElement(around, "img", _attributes(name, alt))
        if caption:
            SubElement(figure, "figcaption").text = caption

    def _found(self, block: str) -> tuple[str, str, str] | None:
        found = _PICTURE.fullmatch(block.strip())
        name = picture.name_in(found["address"]) if found else None
        return (name, unveil(found["alt"]), found["caption"] or "") if found and name else None


def _attributes(name: str, alt: str) -> dict[str, str]:
    """Its size is said, so that nothing moves when it comes."""
    size = picture.Size.of(name)
    return {
        "src": picture.address(name, picture.middle(size), "jpg"),
        "srcset": picture.srcset(name, "jpg"),
        "sizes": picture.SIZES,
        "width": str(size.width),
        "height": str(size.height),
        "alt": alt,
        "loading": "lazy",
        "decoding": "async",
    }


class EmbedBlock(BlockProcessor):
    """`[[counter]]` alone in a paragraph of the post itself, not in a quote, list or footnote."""

    def test(self, parent: Element, block: str) -> bool:
        return parent is self.parser.root and EMBED.fullmatch(block.strip()) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        SubElement(parent, "p").text = AtomicString(embed_mark(blocks.pop(0)))
