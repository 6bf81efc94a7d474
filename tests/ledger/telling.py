"""Reports to tell in the tests of the ledger."""

from app.extensions import db
from app.kit import tokens
from app.ledger import models as ledger
from app.reports.models import Report, Told

HAMBURG = Told(symptoms=("data_slow", "calls_out"), place="Hamburg", district="Altona", text="Seit Wochen nichts.")


def tell(told: Told = HAMBURG, key: str = "") -> Report:
    """One report, stored."""
    report = Report.tell(told, key or tokens.new_key())
    db.session.commit()
    return report


def faults() -> list[str]:
    """What does not hold together in the ledger, recomputed from its entries."""
    return list(ledger.faults(ledger.Replay()))


def entry_of(report: Report) -> ledger.Entry:
    """The entry that commits to what a report says now."""
    assert report.committed
    return report.committed
