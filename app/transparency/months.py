"""Months as they begin and end in Germany."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, literal

from app.kit import clock

Column = Any  # a mapped column or an expression that holds a moment


def month_of(at: datetime) -> str:
    """2011-11"""
    return f"{at.astimezone(clock.BERLIN):%Y-%m}"


def months(since: datetime, until: datetime) -> list[str]:
    """Every month between two moments, both included."""
    first, last = month_of(since), month_of(until)
    return [month for month in _from(first) if month <= last] if first <= last else []


def month_in(column: Column, among: list[str]) -> ColumnElement[str]:
    """The month in which a moment lies, as the database finds it; it must lie in one of these or later."""
    ends = [(column < _begin(_next(month)), literal(month)) for month in among[:-1]]
    return case(*ends, else_=literal(among[-1])) if ends else literal(among[-1])


def _from(month: str) -> Iterator[str]:
    for _ in range(1_200):
        yield month
        month = _next(month)


def _next(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02}"


def _begin(month: str) -> datetime:
    return datetime(int(month[:4]), int(month[5:]), 1, tzinfo=clock.BERLIN).astimezone(UTC)
