"""The first page."""

from flask.typing import ResponseReturnValue

from app.kit import clock
from app.posts.front_matter import Kind
from app.posts.shelf import shelf
from app.reports.forms import ReportForm
from app.reports.models.words import released_texts
from app.site.ranking import rankings
from app.site.views.room import bp, cards, public_page
from app.web.language import language


@bp.get("/")
def home() -> ResponseReturnValue:
    listing = shelf().listing(clock.now(), language())
    raw, per_capita = rankings()
    return public_page(
        "site/home.html",
        form=ReportForm(formdata=None),
        key="",
        posts=cards(listing[:3]),
        milestones=[post for post in reversed(listing) if post.kind is Kind.MILESTONE],
        raw=raw,
        per_capita=per_capita,
        texts=released_texts(3),
    )
