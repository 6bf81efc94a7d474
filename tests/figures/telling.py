"""Reports on a day, and the figures of that day."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.extensions import db
from app.figures.models import Batch, Figure
from app.figures.publishing import publish
from app.kit import clock, tokens
from app.reports.models import Report, Told

FIRST = datetime(2011, 11, 14, 12, 0, tzinfo=UTC)


def on_day(number: int) -> datetime:
    """Noon of the day that is so many days after the first one."""
    return FIRST + timedelta(days=number)


def tell(
    count: int,
    place: str = "Berlin",
    district: str = "",
    *,
    symptoms: Iterable[str] = ("no_data",),
    hotline: str = "isolated_case",
    text: str = "",
) -> list[Report]:
    """So many reports, not yet committed."""
    told = Told(symptoms=tuple(symptoms), place=place, district=district, hotline=hotline, text=text)
    return [Report.tell(told, tokens.new_key()) for _ in range(count)]


def publish_on(number: int) -> Batch:
    """Commit what was told, and publish it on a day."""
    db.session.commit()
    with clock.standing_at(on_day(number)):
        return publish()


def standing() -> dict[tuple[str, str], int]:
    """Every figure that stands now."""
    found = select(Figure.area_id, Figure.measure, Figure.value).where(Figure.until_id.is_(None))
    return {(area, measure): value for area, measure, value in db.session.execute(found)}
