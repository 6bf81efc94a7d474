"""Telling: the form, its answer, the counter."""

from flask import abort, g, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from app.cache.noting import use_at_most
from app.extensions import db, limiter
from app.kit import clock, tokens
from app.ledger import models as ledger
from app.reports.forms import ReportForm, in_words
from app.reports.models import Erasure, Report
from app.reports.models.arrival import arrive
from app.reports.models.report import receipt_of
from app.reports.views.room import bp, erased
from app.web import submission

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
    known = Report.told_before(receipt_of(form.key.data)) if form.has_key else None
    if known:
        return _receipt(form.key.data, known)
    if form.has_key and Erasure.of(receipt_of(form.key.data)):  # asked last: what is erased meanwhile is found, too
        return erased()  # a late retry does not bring it back
    if not form.validate_on_submit():
        return submission.refuse(form, lambda status: _page(form, status))
    if not form.has_key:
        return submission.ask_to_check(form, "reports/check.html", preview=in_words(form.told()))
    _tell_once(form)
    db.session.commit()
    return _receipt(form.key.data)


def _tell_once(form: ReportForm) -> None:
    """Store the report; if the same key was stored a moment ago by another request, that one stands."""
    try:
        arrive(form.told(), form.key.data, form.evidence())
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        if Report.told_before(receipt_of(form.key.data)) is None:
            raise


def _receipt(key: str, report: Report | None = None) -> ResponseReturnValue:
    code = receipt_of(key)
    report = report or Report.told_before(code)
    if report is None:
        abort(500)
    location = url_for("reports.receipt", receipt=code, new=1)
    return submission.settle(location, receipt=code, number=report.number, state=report.state)


def _page(form: ReportForm, status: int) -> str:
    key = submission.key_for(form)
    return render_template("reports/new.html", form=form, key=key, outage=status == 503)
