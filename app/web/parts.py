"""Parts that pages take from the page cache, each kept in the language of its page."""

from collections.abc import Callable, Hashable

from flask import Flask

from app.cache import parts
from app.web.language import language


def kept(name: str, *depends_on: Hashable, make: Callable[[], parts.T], anywhere: bool = False) -> parts.T:
    """What `make` answers, kept until the database or the posts say otherwise; see `cache.parts.kept`."""
    return parts.kept((name, language(), *depends_on), make, anywhere=anywhere)


def _block(name: str, *depends_on: Hashable, caller: Callable[[], str], anywhere: bool = False) -> str:
    """`{% call keeping("name", post.slug) %}…{% endcall %}`: what stands between is not even drawn while it is kept."""
    return kept(name, *depends_on, make=caller, anywhere=anywhere)


def init_app(app: Flask) -> None:
    app.jinja_env.globals["keeping"] = _block
