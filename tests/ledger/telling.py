"""Reports to tell in the tests of the ledger."""

from app.extensions import db
from app.kit import tokens
from app.reports.models import Report, Told

HAMBURG = Told(symptoms=("data_slow", "calls_out"), place="Hamburg", district="Altona", text="Seit Wochen nichts.")


def tell(told: Told = HAMBURG, key: str = "") -> Report:
    """One report, stored."""
    report = Report.tell(told, key or tokens.new_key())
    db.session.commit()
    return report
