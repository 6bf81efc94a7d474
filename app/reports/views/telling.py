"""Telling: the form, its answer, the counter."""

from flask import g, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.cache.noting import use_at_most
from app.extensions import limiter, only_read
from app.kit import clock, tokens
from app.ledger import models as ledger
from app.reports.forms import ReportForm, in_words
from app.reports.models.arrival import Arrival, Arrived, arrive, known_before
from app.reports.models.report import receipt_of
from app.reports.views.room import bp, erased
from app.web import pens, submission

COUNTER_AGE = 0.5  # seconds; with the quarter until a change is seen, the count is less than one old


@bp.get("/reports/new")
def new() -> ResponseReturnValue:
    form = ReportForm(place=request.args.get("place", ""), district=request.args.get("district", ""))
    return render_template("reports/new.html", form=form, key=tokens.new_key())


@bp.post("/reports")
@limiter.limit(submission.FUSE)
def create() -> ResponseReturnValue:
    form = ReportForm()
    return submission.unless_outage(lambda: _create(form), lambda status: _page(form, status))


@bp.get("/counter.json")
def counter() -> ResponseReturnValue:
    """The count and its time, taken first: the count is never older. The `ETag` is made from the count alone."""
    as_of = clock.now().isoformat(timespec="milliseconds")
    count = ledger.counter()
    use_at_most(COUNTER_AGE)
    response = jsonify(count=count, as_of=as_of)
    g.is_public = True
    response.cache_control.public, response.cache_control.max_age = True, 1
    response.set_etag(f"c{count}", weak=True)
    return response


def _create(form: ReportForm) -> ResponseReturnValue:
    if not form.validate_on_submit():
        known = _told_before(form)
        return _answer(form, known) if known else submission.refuse(form, lambda status: _page(form, status))
    if not form.has_key:
        return submission.ask_to_check(form, "reports/check.html", preview=in_words(form.told()))
    arrival = Arrival.of(form.told(), form.key.data, form.evidence())
    return _answer(form, pens.write(arrive, arrival))


def _told_before(form: ReportForm) -> Arrived | None:
    """Where the report stands that was stored under the form's key, whatever the form says now."""
    if not form.has_key:
        return None
    only_read()
    hash_ = tokens.digest(receipt_of(form.key.data))
    return known_before([hash_]).get(hash_)


def _answer(form: ReportForm, arrived: Arrived) -> ResponseReturnValue:
    if arrived.state is None:
        return erased()  # a late retry does not bring it back
    code = receipt_of(form.key.data)
    location = url_for("reports.receipt", receipt=code, new=1)
    return submission.settle(location, receipt=code, number=arrived.number, state=arrived.state)


def _page(form: ReportForm, status: int) -> str:
    key = submission.key_for(form)
    return render_template("reports/new.html", form=form, key=key, outage=status == 503)
