"""What all pages of the street side share."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, Response, render_template

from app.comments.models import Measure, ThreadSize
from app.posts.post import Post
from app.web import headers

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


def public_page(template: str, **context: object) -> Response:
    """A page with the same bytes for everyone."""
    return headers.public(render_template(template, **context))
