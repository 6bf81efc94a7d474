"""What all pages of the street side share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from flask import Blueprint, Response, abort, render_template, request
from markupsafe import Markup

from app.comments.models import Measure, ThreadSize
from app.posts.post import Post
from app.web import headers

PER_PAGE = 50  # posts of a list

bp = Blueprint("site", __name__)


@dataclass(frozen=True, slots=True)
class Card:
    """A post in a list, with how much is said under it."""

    post: Post
    size: Measure


def cards(posts: Iterable[Post]) -> list[Card]:
    """The posts as a list shows them."""
    posts = list(posts)
    sizes = ThreadSize.of_many([post.slug for post in posts])
    return [Card(post, sizes.get(post.slug, Measure())) for post in posts]


def page_of(posts: Sequence[Post]) -> dict[str, object]:
    """Of a list the page that is asked for, as `site/posts.html` takes it; 404 beyond the last."""
    page, pages = request.args.get("page", 1, type=int), max(1, ceil(len(posts) / PER_PAGE))
    if not 0 < page <= pages:
        abort(404)
    return {"cards": cards(posts[(page - 1) * PER_PAGE : page * PER_PAGE]), "page": page, "pages": pages}


def render_part(template: str, **context: object) -> Markup:
    """A part of a page."""
    return Markup(render_template(template, **context))  # noqa: S704 -- our own template


def public_page(template: str, **context: object) -> Response:
    """A page with the same bytes for everyone."""
    return headers.public(render_template(template, **context))
