"""What is said of promises on a receipt: the claims that its report can answer, and what it answered."""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from markupsafe import Markup

from app.kit.notes import Note
from app.promises.forms import ANSWERS
from app.promises.models import PromiseAnswer, Story, open_claims_for
from app.reports.models import Report


def draw(report: Report, receipt: str) -> Markup:
    """The claims in scope, each with two buttons; nothing for a report that does not count."""
    claims = open_claims_for(report)
    if not claims:
        return Markup()
    said = _said(report, claims)
    page = render_template("promises/_note.html", claims=claims, said=said, answers=ANSWERS, receipt=receipt)
    return Markup(page)  # noqa: S704 -- Jinja escapes


def facts(report: Report) -> dict[str, Any]:  # Any: JSON values
    """Every answer that this report gave, for its owner's file."""
    return {
        "promise_answers": [
            {"promise": one.promise.slug, "answer": one.answer.value, "on": one.answered_on.isoformat()}
            for one in PromiseAnswer.of(report)
        ]
    }


NOTE = Note(draw=draw, facts=facts)


def _said(report: Report, claims: Sequence[Story]) -> dict[int, PromiseAnswer]:
    """What was answered since each claim; an answer from before it is no answer to it."""
    since = {told.promise.id: told.claim.said_on for told in claims if told.claim}
    said = {one.promise_id: one for one in PromiseAnswer.of(report)}
    return {key: said[key] for key, day in since.items() if key in said and said[key].answered_on >= day}
