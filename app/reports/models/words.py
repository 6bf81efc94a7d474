"""The reporters' own words: nobody reads them before a person has released them."""

from sqlalchemy import func, select

from app.extensions import db
from app.reports.models.report import Report
from app.reports.models.states import State, TextState


def waiting_texts(limit: int, offset: int = 0) -> list[Report]:
    """Words of counted reports that nobody has read yet, oldest first."""
    found = select(Report).where(Report.text_state == TextState.WAITING, Report.state == State.COUNTED)
    return list(db.session.scalars(found.order_by(Report.id).limit(limit).offset(offset)))


def count_waiting_texts() -> int:
    waiting = (Report.text_state == TextState.WAITING) & (Report.state == State.COUNTED)
    return db.session.scalar(select(func.count()).select_from(Report).where(waiting)) or 0
