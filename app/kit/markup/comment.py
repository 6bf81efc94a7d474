"""Readers' comments: a small safe Markdown."""

from typing import Final

from markupsafe import Markup

from app.kit.markup.renderer import BreakingMarkdown, Renderer
from app.kit.markup.text import clean
from app.kit.markup.walls import Allowed, sanitise

COMMENT_MAX: Final = 5000
"""Characters a comment may have. The form says so first; here it bounds the time a comment costs."""

ALLOWED = Allowed(
    {
        **{tag: set() for tag in ("p", "br", "em", "strong", "pre", "blockquote", "ul", "ol", "li")},
        "code": {"class"},
        "a": {"href", "rel"},
    },
    rel=BreakingMarkdown.rel,
)
_RENDERER = Renderer(BreakingMarkdown)


def comment(text: str) -> Markup:
    """Safe HTML of a reader's text, with every word of it visible.

    Raises ValueError when the text is longer than COMMENT_MAX.
    """
    if len(text) > COMMENT_MAX:
        raise ValueError(f"a comment has at most {COMMENT_MAX} characters, this one {len(text)}")
    return sanitise(_RENDERER.html(clean(text)), ALLOWED)
