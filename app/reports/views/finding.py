"""Finding one's report by the code on its receipt.

There is no limit on tries: a code has 120 random bits, so guessing is hopeless, and a limit would shut out those who
share an address with somebody who tries.
"""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from app.extensions import read_one_moment
from app.kit import tokens
from app.reports.receipt_forms import FindForm
from app.reports.views.room import bp
from app.web import submission


@bp.get("/reports/find")
def find() -> ResponseReturnValue:
    return _page(FindForm(formdata=None))


@bp.post("/reports/find")
def look_up() -> ResponseReturnValue:
    form = FindForm()
    return submission.unless_outage(lambda: _look_up(form), lambda _status: _page(form))


def _look_up(form: FindForm) -> ResponseReturnValue:
    read_one_moment()  # nobody who writes waits for somebody who tries codes
    if not form.validate_on_submit():
        return submission.refuse(form, lambda _status: _page(form))
    return submission.settle(url_for("reports.receipt", receipt=tokens.read_receipt(form.code.data)))


def _page(form: FindForm) -> str:
    return render_template("reports/find.html", form=form)
