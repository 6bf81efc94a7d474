"""What the pages of the room share."""

from flask import Blueprint, abort, render_template

from app.extensions import csrf
from app.promises.forms import AnswerForm
from app.promises.line import Line
from app.promises.models import Promise

bp = Blueprint("promises", __name__)
csrf.exempt(bp)


def promise_or_404(slug: str) -> Promise:
    return Promise.by_slug(slug) or abort(404)


def page_of(line: Line, form: AnswerForm) -> str:
    """The page of one promise; with the faults of an answer, when one was refused."""
    return render_template("promises/promise.html", line=line, form=form)
