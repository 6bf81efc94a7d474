"""The Markdown of posts: the comments' and what an author needs besides."""

import re
from typing import Literal
from xml.etree.ElementTree import Element

from markdown import blockprocessors as blocks
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.smarty import SmartyExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension, slugify
from markdown.inlinepatterns import SimpleTextInlineProcessor, SubstituteTagInlineProcessor
from markdown.treeprocessors import Treeprocessor

from app.kit.markup.blocks import EmbedBlock, PictureBlock
from app.kit.markup.inline import Image
from app.kit.markup.renderer import SmallMarkdown

Language = Literal["de", "en"]
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

_QUOTES = {
    "de": {"left-double": "„", "right-double": "“", "left-single": "‚", "right-single": "‘"},
    "en": {"left-double": "“", "right-double": "”", "left-single": "‘", "right-single": "’"},
}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_SIGNS = {"ndash": "–", "mdash": "—", "ellipsis": "…"}
_BACKLINKS = {
    "de": "Zurück zur Textstelle der Fußnote {}",
    "en": "Back to where footnote {} stands in the text",
}


class PostMarkdown(SmallMarkdown):
    """Headings, rules, tables, footnotes, pictures, embeds, typographic signs."""

    by_author = True
    rel = "noopener"

    def __init__(self, lang: Language):
        quotes = {f"{side}-quote": sign for side, sign in _QUOTES[lang].items()}
        super().__init__(
            extensions=[
                TableExtension(use_align_attribute=True),
                Footnotes(BACKLINK_TITLE=_BACKLINKS[lang], USE_DEFINITION_ORDER=False),
                SmartyExtension(substitutions=quotes | _SIGNS),
                TocExtension(marker="", slugify=_anchor),
            ]
        )
        # the extension's own pattern is quadratic on `[^[^[^…`
        self.inlinePatterns["footnote"].compiled_re = re.compile(r"\[\^([^\[\]\n]{1,60})\]")
        self.treeprocessors.register(OneTitle(self), "one_title", 5.5)  # just before the table of contents

    def _register_blocks(self) -> None:
        super()._register_blocks()
        register = self.parser.blockprocessors.register
        register(blocks.HashHeaderProcessor(self.parser), "hashheader", 70)
        register(blocks.SetextHeaderProcessor(self.parser), "setextheader", 60)
        register(blocks.HRProcessor(self.parser), "hr", 50)
        register(EmbedBlock(self.parser), "embed", 12)
        register(PictureBlock(self.parser), "picture", 11)

    def _register_inline(self) -> None:
        super()._register_inline()
        self.inlinePatterns.register(Image(self), "image", 165)
        self.inlinePatterns.register(SubstituteTagInlineProcessor(r"  \n", "br"), "linebreak", 100)
        self.inlinePatterns.register(Apostrophe(r"(?<=\w)'(?=\w)", self), "apostrophe", 50)


class Footnotes(FootnoteExtension):
    """An empty footnote shows a dash; the library would fail on it and with it the whole post."""

    def setFootnote(self, id: str, text: str) -> None:  # noqa: A002, N802 -- the names that markdown calls
        super().setFootnote(id, text if text.strip() else "–")


class Apostrophe(SimpleTextInlineProcessor):
    """The one in "geht's", which German closing quotes would turn the wrong way."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]  # noqa: ARG002, N802 -- the signature that markdown calls
        return "’", m.start(), m.end()


class OneTitle(Treeprocessor):
    """A post that begins with its title has no other h1: further ones push all headings down."""

    def run(self, root: Element) -> None:
        headings = [element for element in root.iter() if element.tag in HEADINGS]
        body = headings[1:] if len(root) and root[0].tag == "h1" else headings
        if any(heading.tag == "h1" for heading in body):
            for heading in body:
                heading.tag = f"h{min(int(heading.tag[1]) + 1, 6)}"


def _anchor(heading: str, separator: str) -> str:
    return slugify(heading.lower().translate(_UMLAUTS), separator)
