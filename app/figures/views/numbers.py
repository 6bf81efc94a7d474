"""Every public number with its n and its date, now and as of any minute."""

from datetime import datetime, timedelta

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from app.figures import moment as moments
from app.figures.curve import curves
from app.figures.moment import Moment
from app.figures.published import named_from
from app.figures.views.room import bp
from app.kit import clock
from app.posts.shelf import shelf
from app.web import headers
from app.web.language import language

SETTLED = timedelta(minutes=5)  # after a minute all that began in it is written
SETTLED_AGE = 86_400  # seconds
QUOTAS = 50  # places


@bp.get("/numbers")
def numbers() -> ResponseReturnValue:
    """As of now."""
    return headers.public(_page(clock.minute(), is_live=True))


@bp.get("/numbers/<moment>")
def numbers_at(moment: str) -> ResponseReturnValue:
    """As of the end of a minute; once that is over, nothing on the page changes any more."""
    at = moments.read(moment) or abort(404)
    is_settled = clock.now() - at > SETTLED
    page = _page(at, is_live=False)
    return headers.public(page, max_age=SETTLED_AGE) if is_settled else headers.public(page)


def _page(at: datetime, *, is_live: bool) -> str:
    moment = Moment.of(at)
    events = moment.events(shelf().listing(at, language()))
    return render_template(
        "figures/numbers.html",
        moment=moment,
        figures=moment.figures,
        facts=moment.facts,
        permalink=moments.write(at),
        is_live=is_live,
        events=events,
        curves=curves(moment, events),
        quotas=moment.figures.quotas[:QUOTAS] if moment.figures else [],
        over_time=moment.quotas_over_time(),
        least=named_from(),
    )
