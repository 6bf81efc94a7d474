"""“Me too” at a place: stored once a key, counted apart, never in the counter."""

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from app.extensions import db, limiter
from app.figures.forms import MeTooForm, takes_me_too
from app.figures.views.room import area_or_404, bp
from app.places import Area
from app.reports.models import MeToo
from app.web import headers, submission


@bp.post("/places/<slug>/me-too")
@limiter.limit(submission.FUSE)
def say_me_too(slug: str) -> ResponseReturnValue:
    area, form = _area(slug), MeTooForm()
    return submission.unless_outage(lambda: _say(area, form), lambda status: _page(area, form, status))


@bp.get("/places/<slug>/thanks")
def thanks(slug: str) -> ResponseReturnValue:
    """What happened to a “me too”; the same for everyone, so it says nothing of anyone."""
    return headers.public(render_template("figures/thanks.html", area=_area(slug)))


def _area(slug: str) -> Area:
    area = area_or_404(slug)
    return area if takes_me_too(area) else abort(404)


def _say(area: Area, form: MeTooForm) -> ResponseReturnValue:
    if form.has_key and MeToo.said_before(form.key.data):
        return _thank(area)
    if not form.validate_on_submit():
        return submission.refuse(form, lambda status: _page(area, form, status))
    if not form.has_key:
        return submission.ask_to_check(form, "figures/check.html", area=area)
    _say_once(area, form)
    db.session.commit()
    return _thank(area)


def _say_once(area: Area, form: MeTooForm) -> None:
    """Store it; if the same key was stored a moment ago by another request, that one stands."""
    try:
        MeToo.say(area.id, form.symptom.data, form.key.data)
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        if MeToo.said_before(form.key.data) is None:
            raise


def _thank(area: Area) -> ResponseReturnValue:
    return submission.settle(url_for("figures.thanks", slug=area.slug), place=area.label)


def _page(area: Area, form: MeTooForm, status: int) -> str:
    key = submission.key_for(form)
    return render_template("figures/me_too.html", area=area, form=form, key=key, outage=status == 503)
