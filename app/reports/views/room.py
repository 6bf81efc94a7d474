"""What the room's pages share: the report that a code leads to, and what they say when there is none."""

from collections.abc import Callable
from typing import Any, NoReturn

from flask import Blueprint, abort, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import Gone, NotFound

from app.extensions import csrf
from app.kit import tokens
from app.reports.models import Erasure, Report
from app.reports.receipt_forms import FindForm
from app.web import errors, submission
from app.web.language import NAMES, language

bp = Blueprint("reports", __name__)
csrf.exempt(bp)


def report_of(receipt: str) -> tuple[Report, str]:
    """The report of a code, and the code as it is written; 404 for a code of none, 410 for that of an erased one."""
    code = tokens.read_receipt(receipt)
    return Report.told_before(code) or _none(code), code


def take_report(receipt: str) -> tuple[Report, str]:
    """The same for a deed: the report is nobody else's until this request ends."""
    _, code = report_of(receipt)
    return Report.take(code) or _none(code), code


def back(report: Report, code: str, done: str) -> ResponseReturnValue:
    """303 to the receipt, which says where the report stands now."""
    location = url_for("reports.receipt", receipt=code, done=done)
    return submission.settle(location, state=report.state.value, number=report.number)


def ask_first(template: str, **context: Any) -> ResponseReturnValue:  # Any: for the template
    """200: a page that says what the deed means and asks once; nothing has happened yet."""
    if errors.wants_json():
        return jsonify(check=True, values={"sure": "yes"})
    return render_template(template, **context)


def unless_outage(answer: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """The answer; in an outage a page that sends the same once more."""
    return submission.unless_outage(answer, lambda _status: render_template("reports/again.html", sent=request.form))


def erased() -> ResponseReturnValue:
    """410: the report was here, and was erased: at its reporter's wish, or because its time was over."""
    said = _("This report was erased, at your wish or because its time was over, and does not come back.")
    page = jsonify(error=said) if errors.wants_json() else render_template("reports/gone.html", said=said)
    return make_response(page, 410)


def _none(code: str) -> NoReturn:
    abort(410 if Erasure.of(code) else 404)


@bp.errorhandler(Gone)
def _gone(error: Gone) -> ResponseReturnValue:
    return erased() if _is_about_a_receipt() else errors.answer(error)


@bp.errorhandler(NotFound)
def _unknown(error: NotFound) -> ResponseReturnValue:
    """The same words for every code that leads nowhere; they do not repeat it."""
    if errors.wants_json() or not _is_about_a_receipt():
        return errors.answer(error)
    others = [(key, name, url_for("reports.find", lang=key)) for key, name in NAMES.items() if key != language()]
    page = render_template(
        "reports/find.html", form=FindForm(formdata=None), unknown=True, other_languages=others, canonical_url=None
    )
    return page, 404


def _is_about_a_receipt() -> bool:
    return "receipt" in (request.view_args or {})
