"""Many reports for the desk: copies that are held, honest ones beside them."""

from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.kit import tokens
from app.reports.models import Report, Told
from app.reports.models.arrival import Arrival, arrive
from app.reports.models.report import receipt_of
from app.spam.holding import Evidence
from tests.cast import within

COPY = "Das Netz ist überall perfekt, hier beschwert sich nur die Konkurrenz, glaubt dieser Seite kein Wort!"
HONEST = "Seit Wochen kein Netz in der Küche, im Keller sowieso nicht, und die Hotline legt einfach auf."


def make_copies(app: Flask, count: int = 6, place: str = "Hamburg") -> list[int]:
    """Reports with the same words: three count, the others are held. Their ids."""

    def work() -> list[Report]:
        return [arrived(Told(("no_data",), place, text=COPY, device=f"Telefon {number}")) for number in range(count)]

    return [report.id for report in within(app, work)]


def make_trapped(app: Flask, count: int = 1) -> list[int]:
    """Reports that filled in what people do not see."""

    def work() -> list[Report]:
        told = [Told(("calls_drop",), "Kiel", text=f"Kurz {number}") for number in range(count)]
        return [arrived(one, Evidence(is_trapped=True)) for one in told]

    return [report.id for report in within(app, work)]


def make_honest(app: Flask, place: str = "Berlin") -> int:
    return within(app, lambda: arrived(Told(("data_slow",), place, text=HONEST))).id


def arrived(told: Told, evidence: Evidence | None = None, key: str = "") -> Report:
    """A report as it comes by the form, in the caller's transaction."""
    key = key or tokens.new_key()
    arrive([Arrival.of(told, key, evidence or Evidence())])
    return db.session.scalars(select(Report).where(Report.receipt_hash == tokens.digest(receipt_of(key)))).one()
