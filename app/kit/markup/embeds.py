"""The live parts a post may contain: the complaint form and the counter."""

import re
from enum import StrEnum

from markupsafe import Markup


class Embed(StrEnum):
    """What a template draws where a post names it."""

    COMPLAINT_FORM = "complaint-form"
    COUNTER = "counter"


EMBED = re.compile(r"\[\[(" + "|".join(Embed) + r")\]\]")

# Noncharacters, which `clean` removes from every input, so that no text can forge a mark.
_MARK = re.compile("<p>\ufdd2([a-z-]+)\ufdd3</p>\\s*")


def embed_mark(paragraph: str) -> str:
    """What stands for an embed while Markdown and the walls work on the post around it."""
    return EMBED.sub("\ufdd2\\1\ufdd3", paragraph.strip())


def split_at_embeds(html: Markup) -> tuple[Markup | Embed, ...]:
    """Sanitised HTML in the pieces between its embeds, and the embeds."""
    pieces = _MARK.split(html)
    parts = [
        Embed(piece) if index % 2 else Markup(piece)  # noqa: S704 - a piece of sanitised HTML
        for index, piece in enumerate(pieces)
    ]
    return tuple(part for part in parts if part)
