"""The first page."""

from typing import NamedTuple

from flask.typing import ResponseReturnValue

from app.figures.published import Published, last_published
from app.figures.voices import Voice, voices
from app.kit import clock
from app.posts.front_matter import Kind
from app.posts.post import Post
from app.posts.shelf import shelf
from app.reports.forms import ReportForm
from app.site.views.room import Card, bp, cards, public_page
from app.web.language import language

VOICES = LATEST = 3


class Around(NamedTuple):
    """What stands below the form."""

    posts: list[Card]
    milestones: list[Post]
    figures: Published | None
    voices: list[Voice]


@bp.get("/")
def home() -> ResponseReturnValue:
    return public_page("site/home.html", form=lambda: ReportForm(formdata=None), key="", around=_around)


def _around() -> Around:
    listing = shelf().listing(clock.now(), language())
    figures = last_published()
    return Around(
        posts=cards(listing[:LATEST]),
        milestones=[post for post in reversed(listing) if post.kind is Kind.MILESTONE],
        figures=figures,
        voices=voices(VOICES, figures),
    )
