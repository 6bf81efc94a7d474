"""The weeks of the campaign, each known by its Monday; they begin in Germany."""

from datetime import date, datetime, time, timedelta

from app.kit import clock

WEEK = timedelta(weeks=1)


def since(day: date, until: date | None = None) -> list[date]:
    """The Mondays of all weeks from that of a day to that of another one, else to the present one."""
    first, last = _monday(day), _monday(until or clock.today())
    return [first + number * WEEK for number in range(max(0, (last - first).days // 7) + 1)]


def begins(monday: date) -> datetime:
    return datetime.combine(monday, time(), clock.BERLIN)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
