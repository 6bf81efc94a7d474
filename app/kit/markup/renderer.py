"""Markdown built from only the patterns our readers and authors need."""

import logging
import re
import threading
from collections.abc import Callable
from html import escape
from typing import Self

from markdown import Markdown
from markdown import blockprocessors as blocks
from markdown import inlinepatterns as inline
from markdown.blockparser import BlockParser
from markdown.postprocessors import build_postprocessors
from markdown.preprocessors import NormalizeWhitespace, Preprocessor
from markdown.treeprocessors import build_treeprocessors
from markdown.util import Registry

from app.kit.markup.blocks import Bullets, Fences, Numbers, Quote
from app.kit.markup.escaping import escaped, veil
from app.kit.markup.inline import BareAddress, Emphasis, Link

logger = logging.getLogger(__name__)


class SmallMarkdown(Markdown):
    """Paragraphs, emphasis, code, quotes, lists, links: what a comment needs and a post builds upon.

    Left out: HTML (blocks, tags, entities), images, headings, rules and reference links, which are
    also those of the library's patterns that are quadratic on hostile input.
    """

    by_author = False
    rel = "nofollow ugc noopener"

    def build_parser(self) -> Self:
        self.preprocessors: Registry[Preprocessor] = Registry()
        self.preprocessors.register(NormalizeWhitespace(self), "normalize_whitespace", 30)
        self.preprocessors.register(Fences(self), "fences", 25)
        self.parser = BlockParser(self)
        self._register_blocks()
        self.inlinePatterns: Registry[inline.Pattern] = Registry()
        self._register_inline()
        self.treeprocessors = build_treeprocessors(self)
        self.postprocessors = build_postprocessors(self)
        return self

    def _register_blocks(self) -> None:
        register = self.parser.blockprocessors.register
        register(blocks.EmptyBlockProcessor(self.parser), "empty", 100)
        register(blocks.ListIndentProcessor(self.parser), "indent", 90)
        register(blocks.CodeBlockProcessor(self.parser), "code", 80)
        register(Numbers(self.parser), "olist", 40)
        register(Bullets(self.parser), "ulist", 30)
        register(Quote(self.parser), "quote", 20)
        register(blocks.ParagraphProcessor(self.parser), "paragraph", 10)

    def _register_inline(self) -> None:
        register = self.inlinePatterns.register
        register(inline.BacktickInlineProcessor(inline.BACKTICK_RE), "backtick", 190)
        register(Link(self, by_author=self.by_author, rel=self.rel), "link", 160)
        register(BareAddress(self, rel=self.rel), "bare", 150)
        register(inline.EscapeInlineProcessor(inline.ESCAPE_RE, self), "escape", 140)
        emphasis = Emphasis("*", "strong,em", self)
        emphasis.add("_", "strong,em", smart=True)
        register(emphasis, "em_strong", 60)


class BreakingMarkdown(SmallMarkdown):
    """For comments: every line break that was written is one."""

    def _register_inline(self) -> None:
        super()._register_inline()
        self.inlinePatterns.register(inline.SubstituteTagInlineProcessor(r"\n", "br"), "newline", 5)


class Renderer(threading.local):
    """One Markdown instance a thread, because an instance keeps the text it works on."""

    def __init__(self, build: Callable[[], Markdown]):
        self._build = build
        self._markdown = build()

    def html(self, text: str) -> str:
        """Unsanitised HTML of a cleaned text; if Markdown fails, its plain paragraphs."""
        try:
            return escaped(self._markdown.reset().convert(veil(text)))
        except Exception:  # noqa: BLE001 - whatever Markdown trips over, no reader's words are lost
            logger.warning("markdown failed on a text of %s characters", len(text), exc_info=False)
            self._markdown = self._build()  # the old one may have stopped half-way
            return plain_paragraphs(text)


def plain_paragraphs(text: str) -> str:
    """The text as it was written, in paragraphs with line breaks."""
    paragraphs = (part.strip("\n") for part in re.split(r"\n\s*\n", text))
    return "\n".join(
        f"<p>{escape(part, quote=False).replace(chr(10), '<br>')}</p>" for part in paragraphs if part.strip()
    )
