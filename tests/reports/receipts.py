"""Reports in every state, and what the owner of a receipt can do to them."""

from collections.abc import Callable, Mapping

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.extensions import db
from app.kit import tokens
from app.ledger import models as ledger
from app.ledger.models import Entry, Reason
from app.reports.models import Contact, FollowUp, Report, State, Told, bring_back, withdraw
from app.reports.models.report import receipt_of, rows
from tests.cast import within
from tests.ledger.telling import faults
from tests.reports.telling import JSON, LENA, URL, said, with_key

EMAIL = "lena@reader.example"
WRONG = "0000-0000-0000-0000-0000-0000"
DEEDS: dict[str, dict[str, object]] = {
    "follow-ups": {"answer": "better"},
    "contact": {"email": EMAIL},
    "contact/removals": {},
    "corrections": LENA | {"device": "Nokia N9"},
    "withdrawals": {"sure": "yes"},
    "returns": {},
    "erasures": {"sure": "yes"},
}
HAMBURG = Told(symptoms=("no_data",), place="Hamburg", district="Altona", text="Seit Wochen kein Netz.")


def tell(client: FlaskClient, key: str = "", **changes: object) -> str:
    """Lena's report, sent by the form; answers its receipt."""
    code: str = said(client.post(URL, data=with_key(key, **changes), headers=JSON))["receipt"]
    return code


def make_report(app: Flask, *, held: bool = False, signals: tuple[str, ...] = (), told: Told = HAMBURG) -> str:
    """A report told in the past; answers its receipt."""
    key = tokens.new_key()

    def work() -> str:
        Report.tell(told, key, is_held=held, signals=signals)
        return receipt_of(key)

    return within(app, work)


def change(app: Flask, code: str, deed: Callable[[Report], object]) -> None:
    """What somebody else does to a report."""
    within(app, lambda: deed(_the(code)))


STATES: dict[str, Callable[[Flask], str]] = {
    "counted": make_report,
    "held": lambda app: make_report(app, held=True, signals=("too-quick", "no-such-signal")),
    "withdrawn": lambda app: _after(app, withdraw),
    "withdrawn while held": lambda app: _after(app, withdraw, held=True),
    "returned": lambda app: _after(app, withdraw, bring_back),
    "taken out": lambda app: _after(app, lambda report: report.uncount(Reason.SPAM)),
    "refused": lambda app: _after(app, lambda report: report.refuse(Reason.TEST), held=True),
}


def row(app: Flask, code: str) -> Report | None:
    """The report as the database has it now."""
    return within(app, lambda: Report.told_before(code))


def state(app: Flask, code: str) -> State | None:
    found = row(app, code)
    return found.state if found else None


def answers(app: Flask, code: str) -> list[str]:
    return within(app, lambda: [said.answer.value for said in FollowUp.of(_the(code))])


def address(app: Flask, code: str) -> str | None:
    kept = within(app, lambda: Contact.of(_the(code)))
    return kept.email if kept else None


def ledger_says(app: Flask) -> list[str]:
    """The kinds of all entries, with their reasons, in order."""

    def work() -> list[str]:
        found = db.session.scalars(select(Entry).order_by(Entry.seq))
        return [f"{one.kind} {one.reason}" if one.reason else str(one.kind) for one in found]

    return within(app, work)


def assert_true(app: Flask, count: int) -> None:
    """Counter, rows and ledger agree that so many reports count."""
    with app.app_context():
        assert rows() == ledger.counter() == count
        assert faults() == []


def do(client: FlaskClient, code: str, deed: str, data: Mapping[str, object] | None = None) -> TestResponse:
    return client.post(f"{URL}/{code}/{deed}", data=DEEDS[deed] if data is None else data)


def _after(app: Flask, *deeds: Callable[[Report], object], held: bool = False) -> str:
    code = make_report(app, held=held)
    for deed in deeds:
        change(app, code, deed)
    return code


def _the(code: str) -> Report:
    found = Report.told_before(code)
    assert found, "no report has this receipt"
    return found
