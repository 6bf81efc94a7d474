"""What all pages of the street side share."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, Response, render_template

from app.comments.models import counts
from app.posts.post import Post
from app.web import headers

bp = Blueprint("site", __name__)


@dataclass(frozen=True, slots=True)
class Card:
    """A post in a list, with the number of its comments and of official answers among them."""

    post: Post
    comments: int
    answers: int


def cards(posts: Iterable[Post]) -> list[Card]:
    """The posts as a list shows them."""
    found = counts()
    return [Card(post, *found.get(post.slug, (0, 0))) for post in posts]


def public_page(template: str, **context: object) -> Response:
    """A page with the same bytes for everyone."""
    return headers.public(render_template(template, **context))
