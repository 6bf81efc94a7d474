"""Posts: Markdown with headings, tables, footnotes, pictures of this site and embeds."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from app.kit.markup.author import HEADINGS, Language, PostMarkdown
from app.kit.markup.embeds import Embed, split_at_embeds
from app.kit.markup.renderer import Renderer
from app.kit.markup.text import clean, plain
from app.kit.markup.walls import Allowed, sanitise

Keep = Callable[[Callable[[], Markup]], Markup]


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


ALLOWED = Allowed(
    {
        **{tag: set() for tag in ("p", "br", "hr", "em", "strong", "pre", "blockquote", "ul", "ol")},
        **{tag: set() for tag in ("table", "thead", "tbody", "tr")},
        **{tag: {"id"} for tag in HEADINGS},
        "code": {"class"},
        "a": {"href", "title", "rel", "class"},
        "figure": set(),
        "picture": set(),
        "source": {"type", "srcset", "sizes"},
        "img": {"src", "alt", "title", "srcset", "sizes", "width", "height", "loading", "decoding"},
        "figcaption": set(),
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


_RENDERERS: dict[Language, Renderer] = {
    "de": Renderer(partial(PostMarkdown, "de")),
    "en": Renderer(partial(PostMarkdown, "en")),
}


def post(text: str, *, lang: Language = "de", title: str | None = None, keep: Keep = lambda write: write()) -> Rendered:
    """A post's Markdown as sanitised HTML, with quotation marks of its language.

    A `#` heading at the very beginning is the post's title: the page shows it, the body drops it.
    Only when `title` names another one does it stay, as an h2. `keep` is handed what makes the HTML, and may know it.
    """
    made = keep(lambda: sanitise(_RENDERERS[lang].html(clean(text)), ALLOWED))
    html, first_heading = _without_title(made, title)
    parts = split_at_embeds(_with_scrolling_tables(html))
    body = Markup("").join(part for part in parts if not isinstance(part, Embed))
    toc = tuple(Heading(int(level), id_, plain(inner)) for level, id_, inner in _HEADING.findall(body))
    return Rendered(body, parts, toc, first_heading, plain(body))


def _with_scrolling_tables(html: Markup) -> Markup:
    """A table that is wider than a phone scrolls by itself, for keyboards too; what is wrapped is sanitised already."""
    opened = html.replace("<table>", Markup('<div class="scroll" tabindex="0" role="group"><table>'))
    return opened.replace("</table>", Markup("</table></div>"))


def _without_title(html: Markup, title: str | None) -> tuple[Markup, str | None]:
    heading = _TITLE.match(html)
    if not heading:
        return html, None
    found = plain(heading[1])
    if title is None or _words(found) == _words(title):
        return html[heading.end() :], found
    return html.replace("<h1", Markup("<h2"), 1).replace("</h1>", Markup("</h2>"), 1), found


def _words(text: str) -> list[str]:
    """What counts when two titles are compared: not the quotation marks, which were made typographic."""
    return re.findall(r"\w+", text.casefold())
