"""The reporters' own words that a person has released, blacked out, and nothing that leads back to who wrote them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select

from app.config import settings
from app.extensions import db
from app.figures.published import Published
from app.kit import clock, tokens
from app.places import Area, Level, gazetteer
from app.reports.models import Report, State, TextState
from app.web import blacking

AMONG = 50  # places of a state, those with most reports, in which words are looked for


@dataclass(frozen=True, slots=True)
class Voice:
    """Words, the day they were told, and the smallest area around them that may be named, if any."""

    mark: str  # the same for the same words; nobody finds the report by it
    text: str
    day: date
    where: Area | None


def voices(limit: int, figures: Published | None, area: Area | None = None) -> list[Voice]:
    """The newest released words of an area, else of the whole country."""
    within = _within(area, figures) if area and figures else []
    asked = (
        select(Report)
        .where(Report.text_state == TextState.RELEASED, Report.state == State.COUNTED, *within)
        .order_by(Report.id.desc())
        .limit(limit)
    )
    return [_voice(report, figures) for report in db.session.scalars(asked)]


def _within(area: Area, figures: Published) -> list[ColumnElement[bool]]:
    if area.level == Level.COUNTRY:
        return []
    if area.level == Level.STATE:
        return [Report.place_id.in_([place.id for place, _ in figures.below(area, AMONG)])]
    if area.level == Level.DISTRICT:
        return [Report.place_id == area.parent, Report.district_id == area.id]
    return [Report.place_id == area.id]


def _voice(report: Report, figures: Published | None) -> Voice:
    told_at = report.claimed_at or report.told_at
    mark = tokens.keyed(settings().secret_key, "voice", str(report.id)).hex()[:16]
    return Voice(
        mark, blacking.blacked_out(report.text), told_at.astimezone(clock.BERLIN).date(), _where(report, figures)
    )


def _where(report: Report, figures: Published | None) -> Area | None:
    area = gazetteer().area_of(report.place_id, report.district_id) if report.place_id else None
    if area is None or figures is None:
        return None
    around = (area, *gazetteer().ancestors(area.id))
    return next((one for one in around if figures.names(one.id) and one.level != Level.COUNTRY), None)
