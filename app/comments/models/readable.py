"""What readers see of a text that is blacked out."""

from urllib.parse import unquote

from app.kit import markup
from app.web import blacking


def readable(text: str) -> str:
    """A text blacked out, and plain where only so nothing is left that tells who somebody is."""
    said = blacking.kept_blacked_out(text)
    seen = markup.plain(markup.comment(said))
    is_clean = not blacking.finds(seen) and not blacking.finds(unquote(said))
    return said if is_clean else blacking.kept_blacked_out(unquote(seen))
