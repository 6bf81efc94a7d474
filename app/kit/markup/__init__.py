"""Markdown that readers and authors write becomes HTML that is safe to show."""

from app.kit.markup.comment import COMMENT_MAX, comment
from app.kit.markup.embeds import Embed
from app.kit.markup.from_html import from_html
from app.kit.markup.post import Heading, Rendered, post
from app.kit.markup.text import as_read, blocks, excerpt, plain
from app.kit.markup.version import made_by

__all__ = [
    "COMMENT_MAX",
    "Embed",
    "Heading",
    "Rendered",
    "as_read",
    "blocks",
    "comment",
    "excerpt",
    "from_html",
    "made_by",
    "plain",
    "post",
]
