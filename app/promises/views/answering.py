"""Whether it is so: a customer's answer to a claim, by the code of a receipt."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.extensions import db, limiter, read_one_moment
from app.promises.forms import AnswerForm
from app.promises.line import line_of
from app.promises.models import Answer, NotAsked, PromiseAnswer
from app.promises.views.room import bp, page_of, promise_or_404
from app.reports.models import DecidedMeanwhile, Report
from app.web import headers, submission


@bp.post("/promises/<slug>/answers")
@limiter.limit(submission.FUSE)
def answer(slug: str) -> ResponseReturnValue:
    return submission.unless_outage(
        lambda: _answer(slug), lambda _status: render_template("reports/again.html", sent=request.form)
    )


@bp.get("/promises/<slug>/thanks")
def thanks(slug: str) -> ResponseReturnValue:
    """What happens to an answer; the same for everyone, so it says nothing of anyone."""
    return headers.public(render_template("promises/thanks.html", promise=promise_or_404(slug)))


def _answer(slug: str) -> ResponseReturnValue:
    read_one_moment()  # nobody who writes waits for somebody who tries codes
    line = line_of(promise_or_404(slug))
    form = AnswerForm(line)
    if not form.validate_on_submit():
        return submission.refuse(form, lambda _status: page_of(line, form))
    db.session.rollback()
    try:
        _say(slug, form)
    except (DecidedMeanwhile, NotAsked):  # somebody was quicker: the form knows by now what speaks against it
        db.session.rollback()
        return _answer(slug)
    db.session.commit()
    return _thank(slug, form)


def _say(slug: str, form: AnswerForm) -> None:
    report = Report.told_before(form.code)
    if report is None:
        raise DecidedMeanwhile(slug)
    PromiseAnswer.say(promise_or_404(slug), report, Answer(form.answer.data))


def _thank(slug: str, form: AnswerForm) -> ResponseReturnValue:
    """To the thanks, which name no code; who came from a receipt goes back to it."""
    if request.form.get("back") == "receipt":
        receipt = url_for("reports.receipt", receipt=form.code, done="answered", _anchor="promises")
        return submission.settle(receipt, promise=slug, answer=form.answer.data)
    return submission.settle(url_for("promises.thanks", slug=slug), promise=slug, answer=form.answer.data)
