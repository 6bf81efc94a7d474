"""The first page."""

from flask.typing import ResponseReturnValue

from app.figures.published import last_published
from app.figures.voices import voices
from app.kit import clock
from app.posts.front_matter import Kind
from app.posts.shelf import shelf
from app.reports.forms import ReportForm
from app.site.views.room import bp, cards, public_page
from app.web.language import language

VOICES = 3


@bp.get("/")
def home() -> ResponseReturnValue:
    listing = shelf().listing(clock.now(), language())
    figures = last_published()
    return public_page(
        "site/home.html",
        form=ReportForm(formdata=None),
        key="",
        posts=cards(listing[:3]),
        milestones=[post for post in reversed(listing) if post.kind is Kind.MILESTONE],
        figures=figures,
        voices=voices(VOICES, figures),
    )
