"""What the owner of a receipt may change: correct the report, take it back, bring it back, have it erased."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.extensions import db, limiter
from app.reports.models import DecidedMeanwhile, bring_back, erase, withdraw
from app.reports.receipt_forms import CorrectionForm
from app.reports.views.room import ask_first, back, bp, report_of, take_report, unless_outage
from app.web import submission


@bp.get("/reports/<receipt>/corrections/new")
def new_correction(receipt: str) -> ResponseReturnValue:
    report, code = report_of(receipt)
    if not report.is_open:
        return redirect(url_for("reports.receipt", receipt=code), 303)
    return _correction_page(CorrectionForm(report), code)


@bp.post("/reports/<receipt>/corrections")
@limiter.limit(submission.FUSE)
def correct(receipt: str) -> ResponseReturnValue:
    return unless_outage(lambda: _correct(receipt))


@bp.post("/reports/<receipt>/withdrawals")
@limiter.limit(submission.FUSE)
def withdraw_report(receipt: str) -> ResponseReturnValue:
    return unless_outage(lambda: _withdraw(receipt))


@bp.post("/reports/<receipt>/returns")
@limiter.limit(submission.FUSE)
def return_report(receipt: str) -> ResponseReturnValue:
    return unless_outage(lambda: _return(receipt))


@bp.post("/reports/<receipt>/erasures")
@limiter.limit(submission.FUSE)
def erase_report(receipt: str) -> ResponseReturnValue:
    return unless_outage(lambda: _erase(receipt))


@bp.get("/reports/erased")
def erasure_done() -> ResponseReturnValue:
    """It is gone, and so is its code from the address."""
    return render_template("reports/erased.html")


def _correct(receipt: str) -> ResponseReturnValue:
    report, code = take_report(receipt)
    form = CorrectionForm(report)
    if not report.is_open:
        db.session.rollback()
        return back(report, code, "nothing")
    if not form.validate_on_submit():
        return submission.refuse(form, lambda _status: _correction_page(form, code))
    if report.says(form.told()):
        db.session.rollback()
        return back(report, code, "unchanged")
    report.correct(form.told())
    db.session.commit()
    return back(report, code, "corrected")


def _withdraw(receipt: str) -> ResponseReturnValue:
    report, code = report_of(receipt)
    if report.is_open and not _is_sure():
        return ask_first("reports/withdraw.html", report=report, receipt=code)
    report, code = take_report(receipt)
    if report.is_open:
        withdraw(report)
    db.session.commit()
    return back(report, code, "withdrawn" if report.is_withdrawn else "nothing")


def _return(receipt: str) -> ResponseReturnValue:
    report, code = take_report(receipt)
    try:
        bring_back(report)
    except DecidedMeanwhile:
        db.session.rollback()
        return back(report, code, "returned" if report.is_open else "nothing")
    db.session.commit()
    return back(report, code, "returned")


def _erase(receipt: str) -> ResponseReturnValue:
    report, code = report_of(receipt)
    if not _is_sure():
        return ask_first("reports/erase.html", report=report, receipt=code)
    erase(take_report(receipt)[0])
    db.session.commit()
    return submission.settle(url_for("reports.erasure_done"), state="erased")


def _is_sure() -> bool:
    return request.form.get("sure") == "yes"


def _correction_page(form: CorrectionForm, code: str) -> str:
    return render_template("reports/correction.html", form=form, receipt=code)
