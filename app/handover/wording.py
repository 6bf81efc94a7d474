"""What a handover prints, in words of the page's language."""

import re
from datetime import date

from babel.dates import format_date, format_skeleton
from flask import Flask

from app.places import gazetteer
from app.places.area import Level
from app.web.language import language

_LABEL = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(\d\d)))?")


def period(label: str) -> str:
    """November 2011 · 4th quarter 2011 · 2011"""
    read = _LABEL.fullmatch(label)
    if read is None:
        return label
    year, quarter, month = (int(part or 0) for part in read.groups())
    if quarter:
        return str(format_date(date(year, 3 * quarter - 2, 1), "QQQQ y", locale=language()))
    return str(format_skeleton("yMMMM", date(year, month, 1), locale=language())) if month else str(year)


def where(area_id: str) -> str:
    """Berlin, Mitte · Neustadt (Wied) · Bayern · Deutschland"""
    area = gazetteer().area(area_id)
    if area is None:
        return area_id
    around = gazetteer().area(area.parent or "") if area.level == Level.DISTRICT else None
    return f"{around.label}, {area.name}" if around else area.label


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(period=period)
