"""What a receipt says of its report's handover: as what it left, or that it waits."""

from typing import Any

from flask import render_template
from markupsafe import Markup
from sqlalchemy import select

from app.extensions import db
from app.handover.models import Handover, Record, State
from app.handover.wording import where
from app.kit.notes import Note
from app.reports.models import Report

Left = tuple[Record, Handover]


def draw(report: Report, _receipt: str) -> Markup:
    """The section on the receipt; nothing for a report that neither left nor counts."""
    left = _left(report)
    if left is None and not report.is_counted:
        return Markup()
    record, handover = left or (None, None)
    place = where(record.area_id) if record else ""
    return Markup(render_template("handover/_receipt.html", record=record, handover=handover, where=place))  # noqa: S704 -- Jinja escapes


def facts(report: Report) -> dict[str, Any]:  # Any: JSON values
    """The same for the export: None while it waits."""
    left = _left(report)
    if left is None:
        return {"handover": None}
    record, handover = left
    return {
        "handover": {
            "number": handover.id,
            "to": handover.recipient,
            "at": f"{handover.released_at:%Y-%m-%dT%H:%MZ}",
            "entry": handover.entry_seq,
            "area": record.area_id,
            "period": record.period,
            "symptoms": list(record.symptoms),
            "with_words": record.has_words,
        }
    }


NOTE = Note(draw=draw, facts=facts)


def _left(report: Report) -> Left | None:
    """Its record and the handover with which that left the house; a proposal has not."""
    found = (
        select(Record, Handover)
        .join(Handover, Record.handover_id == Handover.id)
        .where(Record.report_id == report.id, Handover.state == State.RELEASED)
    )
    row = db.session.execute(found).first()
    return (row[0], row[1]) if row else None
