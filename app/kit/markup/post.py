"""Posts: Markdown with headings, tables, footnotes, pictures of this site and embeds."""

import re
from dataclasses import dataclass
from functools import partial
from typing import Literal
from xml.etree.ElementTree import Element

from markdown import blockprocessors as blocks
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.smarty import SmartyExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension, slugify
from markdown.inlinepatterns import SimpleTextInlineProcessor, SubstituteTagInlineProcessor
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup

from app.kit.markup.blocks import EmbedBlock
from app.kit.markup.embeds import Embed, split_at_embeds
from app.kit.markup.inline import Image
from app.kit.markup.renderer import Renderer, SmallMarkdown
from app.kit.markup.text import clean, plain
from app.kit.markup.walls import Allowed, sanitise

Language = Literal["de", "en"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the table of contents; `id` is the anchor inside the post."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A post ready for its page: `parts` for the page with its embeds, `html` for feeds without them."""

    html: Markup
    parts: tuple[Markup | Embed, ...]
    toc: tuple[Heading, ...]
    first_heading: str | None
    plain: str


_QUOTES = {
    "de": {"left-double": "„", "right-double": "“", "left-single": "‚", "right-single": "‘"},
    "en": {"left-double": "“", "right-double": "”", "left-single": "‘", "right-single": "’"},
}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_SIGNS = {"ndash": "–", "mdash": "—", "ellipsis": "…"}
_BACKLINKS = {"de": "Zurück zur Textstelle der Fußnote {}", "en": "Back to where footnote {} stands in the text"}

_HEADINGS = {f"h{level}": {"id"} for level in range(1, 7)}
_ALLOWED = Allowed(
    {
        **{tag: set() for tag in ("p", "br", "hr", "em", "strong", "pre", "blockquote", "ul", "ol")},
        **{tag: set() for tag in ("table", "thead", "tbody", "tr")},
        **_HEADINGS,
        "code": {"class"},
        "a": {"href", "title", "rel", "class"},
        "img": {"src", "alt", "title"},
        "td": {"align"},
        "th": {"align"},
        "li": {"id"},
        "sup": {"id"},
        "div": {"class"},
    },
    same_site=True,
)

_HEADING = re.compile(r'<h([2-6]) id="([^"]*)">(.*?)</h\1>', re.DOTALL)
_TITLE = re.compile(r"\A<h1[^>]*>(.*?)</h1>\s*", re.DOTALL)


class PostMarkdown(SmallMarkdown):
    """The comments' Markdown and what an author needs besides."""

    same_site_links = True
    rel = "noopener"

    def __init__(self, lang: Language):
        quotes = {f"{side}-quote": sign for side, sign in _QUOTES[lang].items()}
        super().__init__(
            extensions=[
                TableExtension(use_align_attribute=True),
                FootnoteExtension(BACKLINK_TITLE=_BACKLINKS[lang], USE_DEFINITION_ORDER=False),
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

    def _register_inline(self) -> None:
        super()._register_inline()
        self.inlinePatterns.register(Image(self), "image", 165)
        self.inlinePatterns.register(SubstituteTagInlineProcessor(r"  \n", "br"), "linebreak", 100)
        self.inlinePatterns.register(Apostrophe(r"(?<=\w)'(?=\w)", self), "apostrophe", 50)


class Apostrophe(SimpleTextInlineProcessor):
    """The one in "geht's", which German closing quotes would turn the wrong way."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]  # noqa: ARG002, N802
        return "’", m.start(), m.end()


class OneTitle(Treeprocessor):
    """A post that begins with its title has no other h1: further ones push all headings down."""

    def run(self, root: Element) -> None:
        headings = [element for element in root.iter() if element.tag in _HEADINGS]
        body = headings[1:] if len(root) and root[0].tag == "h1" else headings
        if any(heading.tag == "h1" for heading in body):
            for heading in body:
                heading.tag = f"h{min(int(heading.tag[1]) + 1, 6)}"


_RENDERERS = {lang: Renderer(partial(PostMarkdown, lang)) for lang in ("de", "en")}


def post(text: str, *, lang: Language = "de", title: str | None = None) -> Rendered:
    """A post's Markdown as sanitised HTML, with quotation marks of its language.

    A `#` heading at the very beginning is the post's title: the page shows it, the body drops it.
    Only when `title` names another one does it stay, as an h2.
    """
    html, first_heading = _without_title(sanitise(_RENDERERS[lang].html(clean(text)), _ALLOWED), title)
    parts = split_at_embeds(html)
    body = Markup("").join(part for part in parts if not isinstance(part, Embed))
    toc = tuple(Heading(int(level), id_, plain(inner)) for level, id_, inner in _HEADING.findall(body))
    return Rendered(body, parts, toc, first_heading, plain(body))


def _without_title(html: Markup, title: str | None) -> tuple[Markup, str | None]:
    heading = _TITLE.match(html)
    if not heading:
        return html, None
    found = plain(heading[1])
    if title is None or _words(found) == _words(title):
        return html[heading.end() :], found
    return Markup(html.replace("<h1", "<h2", 1).replace("</h1>", "</h2>", 1)), found  # noqa: S704 - still sanitised


def _anchor(heading: str, separator: str) -> str:
    return slugify(heading.lower().translate(_UMLAUTS), separator)


def _words(text: str) -> list[str]:
    """What counts when two titles are compared: not the quotation marks, which were made typographic."""
    return re.findall(r"\w+", text.casefold())
