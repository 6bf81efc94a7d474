"""What became of the fault: said on the receipt, or in answer to the one letter."""

from flask import jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.extensions import db, limiter
from app.reports.models import Answer, Contact, DecidedMeanwhile, FollowUp, Question, Report
from app.reports.receipt_forms import ContactForm
from app.reports.views.receipt import page
from app.reports.views.room import back, bp, report_of, unless_outage
from app.web import errors, submission


@bp.post("/reports/<receipt>/follow-ups")
@limiter.limit(submission.FUSE)
def follow_up(receipt: str) -> ResponseReturnValue:
    return unless_outage(lambda: _follow_up(receipt))


@bp.post("/reports/<receipt>/contact")
@limiter.limit(submission.FUSE)
def leave_contact(receipt: str) -> ResponseReturnValue:
    return unless_outage(lambda: _leave_contact(receipt))


@bp.post("/reports/<receipt>/contact/removals")
@limiter.limit(submission.FUSE)
def remove_contact(receipt: str) -> ResponseReturnValue:
    return unless_outage(lambda: _remove_contact(receipt))


@bp.get("/reports/questions/<question>")
def question(question: str) -> ResponseReturnValue:
    asked = Question.by(question)
    return _ask(asked.report, question) if asked else _closed()


@bp.post("/reports/questions/<question>/answers")
@limiter.limit(submission.FUSE)
def answer_question(question: str) -> ResponseReturnValue:
    return unless_outage(lambda: _answer_question(question))


@bp.get("/reports/questions/answered")
def answered() -> ResponseReturnValue:
    return render_template("reports/answered.html")


def _follow_up(receipt: str) -> ResponseReturnValue:
    report, code = report_of(receipt)
    answer = _answer()
    if answer is None:
        return _refused(page(report, code, fault=_no_answer()))
    try:
        FollowUp.say(report, answer)
    except DecidedMeanwhile:
        db.session.rollback()
        return back(report, code, "nothing")
    db.session.commit()
    return back(report, code, "answered")


def _leave_contact(receipt: str) -> ResponseReturnValue:
    report, code = report_of(receipt)
    form = ContactForm()
    if not form.validate_on_submit():
        return submission.refuse(form, lambda _status: page(report, code, contact=form))
    try:
        Contact.leave(report, form.email.data)
    except DecidedMeanwhile:
        db.session.rollback()
        return back(report, code, "nothing")
    db.session.commit()
    return back(report, code, "contact")


def _remove_contact(receipt: str) -> ResponseReturnValue:
    report, code = report_of(receipt)
    Contact.forget(report)
    db.session.commit()
    return back(report, code, "forgotten")


def _answer_question(question: str) -> ResponseReturnValue:
    asked, answer = Question.by(question), _answer()
    if asked is None:
        return _closed()
    if answer is None:
        return _refused(_ask(asked.report, question, fault=_no_answer()))
    try:
        asked.answer(answer)
    except DecidedMeanwhile:
        db.session.rollback()
        return _closed()
    db.session.commit()
    return submission.settle(url_for("reports.answered"))


def _ask(report: Report, question: str, fault: str = "") -> str:
    """The question with its place, and nothing else of the report: letters are read by others too."""
    return render_template("reports/question.html", place=report.place, question=question, fault=fault)


def _closed() -> ResponseReturnValue:
    """The same words for a link that was used, one that is too old and one that never was."""
    said = _("This question has been answered, or its time is over.")
    closed = jsonify(error=said) if errors.wants_json() else render_template("reports/closed.html", said=said)
    return make_response(closed, 410)


def _answer() -> Answer | None:
    said = request.form.get("answer", "")
    return Answer(said) if said in set(Answer) else None


def _no_answer() -> str:
    return str(_("Please pick one of the four answers."))


def _refused(shown: str) -> ResponseReturnValue:
    if errors.wants_json():
        return jsonify(errors={"answer": [_no_answer()]}), 422
    return shown, 422
