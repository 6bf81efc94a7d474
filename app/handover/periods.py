"""The periods of an extract: a month lies in its quarter, a quarter in its year."""

from collections.abc import Mapping
from datetime import date
from functools import cache

EVER = ""  # the period in which everything lies; no row is labelled with it

Periods = tuple[str, str, str]  # a report's month, quarter and year, as labels print them


@cache
def of_month(month: str) -> Periods:
    """The month, quarter and year that a month like "2011-11" lies in."""
    year, number = month.split("-")
    return month, f"{year}-Q{(int(number) + 2) // 3}", year


def of_day(day: date) -> Periods:
    """The same of a day."""
    return of_month(f"{day.year:04}-{day.month:02}")


@cache
def kind(period: str) -> str:
    """What a label is: a month, a quarter or a year."""
    return {4: "year", 7: "quarter" if "Q" in period else "month"}[len(period)]


@cache
def around(period: str) -> tuple[str, ...]:
    """The period and all that it lies in, the widest last."""
    if kind(period) == "month":
        return (*of_month(period), EVER)
    return (period, period[:4], EVER) if kind(period) == "quarter" else (period, EVER)


def spread(months: Mapping[str, int]) -> dict[str, int]:
    """Numbers by month as numbers by every period around."""
    found: dict[str, int] = {}
    for month, many in months.items():
        for period in around(month):
            found[period] = found.get(period, 0) + many
    return found
