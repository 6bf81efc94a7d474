"""What is held lies at the desk in groups: released or refused as a whole, and each of it undone."""

import pytest
from flask import Flask

from app.extensions import db
from app.ledger.models import counter
from app.people.models import Decision
from app.reports.models import Report, State
from app.site.audit import differences
from tests.cast import SignedIn, make_moderator, sign_in, within
from tests.desk.crowd import COPY, make_copies, make_honest, make_trapped
from tests.page import Page


def states(app: Flask) -> list[State]:
    return within(app, lambda: list(db.session.scalars(db.select(Report.state).order_by(Report.id))))


def sound(app: Flask) -> bool:
    return within(app, lambda: list(differences())) == []


def groups(page: Page) -> list[str]:
    return [item.text for item in page.with_class("item")]


def test_copies_are_one_group_that_says_how_many_and_why(app: Flask, mo: SignedIn) -> None:
    make_copies(app, 9)
    make_trapped(app)
    first, second = groups(mo.page("/desk/held?lang=en"))
    assert "6 reports" in first
    assert "nearly the same text" in first
    assert COPY[:40] in first
    assert "hidden field" in second
    lanes = mo.page("/desk/").with_class("lanes")[0]
    assert {link["href"]: [data["value"] for data in link.all("data")] for link in lanes.all("a")}["/desk/held"] == [
        "7"
    ]


def test_a_released_group_counts_and_undo_takes_it_out_again(app: Flask, mo: SignedIn) -> None:
    make_copies(app, 6)
    form = mo.page("/desk/held").form("/desk/held/decisions")
    landing = mo.client.post(form.action, data=form.filled(deed="release")).location
    assert within(app, counter) == 6
    undo = mo.page(landing).form("/desk/held/returns")
    landing = mo.client.post(undo.action, data=undo.filled()).location
    assert states(app) == [State.COUNTED] * 3 + [State.UNCOUNTED] * 3
    again = mo.page(landing).form("/undo")
    mo.client.post(again.action, data=again.filled())
    assert within(app, counter) == 6
    assert sound(app)


def test_a_refused_group_never_counted_and_undo_holds_it_again(app: Flask, mo: SignedIn) -> None:
    make_copies(app, 6)
    honest = make_honest(app)
    form = mo.page("/desk/held").form("/desk/held/decisions")
    landing = mo.client.post(form.action, data=form.filled(deed="duplicate")).location
    assert states(app) == [State.COUNTED] * 3 + [State.REFUSED] * 3 + [State.COUNTED]
    undo = mo.page(landing).form("/undo")
    mo.client.post(undo.action, data=undo.filled())
    assert states(app)[3:6] == [State.HELD] * 3
    assert within(app, lambda: db.session.get_one(Report, honest)).is_counted
    assert sound(app)


def test_one_report_is_refused_and_waits_again(app: Flask, mo: SignedIn) -> None:
    (id_,) = make_trapped(app)
    form = mo.page(f"/desk/reports/{id_}").form("/voids")
    landing = mo.client.post(form.action, data=form.filled(reason="spam")).location
    assert states(app) == [State.REFUSED]
    undo = mo.page(landing).form("/decisions")
    mo.client.post(undo.action, data=undo.filled())
    assert states(app) == [State.HELD]


def test_one_report_of_a_group_is_released_alone(app: Flask, mo: SignedIn) -> None:
    ids = make_copies(app, 6)
    form = mo.page(f"/desk/reports/{ids[4]}").form("/desk/held/decisions")
    mo.client.post(form.action, data=form.filled(deed="release"))
    assert states(app) == [State.COUNTED] * 3 + [State.HELD, State.COUNTED, State.HELD]


def test_what_somebody_else_decided_first_is_left_and_said(app: Flask, mo: SignedIn) -> None:
    make_copies(app, 5)
    stale = mo.page("/desk/held").form("/desk/held/decisions")
    mo.client.post(stale.action, data=stale.filled(deed="spam"))
    landing = mo.client.post(stale.action, data=stale.filled(deed="release")).location
    assert within(app, counter) == 3
    assert mo.page(landing).with_class("warn")


@pytest.mark.parametrize("ids", ["", "x", "3-1", "1-99999999", "1,2-"])
def test_an_undo_that_names_no_reports_is_refused(app: Flask, mo: SignedIn, ids: str) -> None:
    make_honest(app)
    assert mo.post("/desk/held/returns", {"ids": ids}).status_code == 400
    assert within(app, counter) == 1


@pytest.mark.parametrize("group", ["cluster:\0", "signals:\0", "report:99999999999", "\0"])
def test_a_group_that_no_database_can_look_for_is_nobody_s(on_each: Flask, group: str) -> None:
    mo = sign_in(on_each, make_moderator(on_each))
    assert mo.post("/desk/held/decisions", {"group": group, "deed": "release"}).status_code == 303


def test_an_undo_of_numbers_beyond_any_is_refused(on_each: Flask) -> None:
    mo = sign_in(on_each, make_moderator(on_each))
    for ids in ("9999999999", "99999999999999999999"):
        assert mo.post("/desk/held/returns", {"ids": ids}).status_code == 400


def test_the_log_of_it_holds_nobody_s_words(app: Flask, mo: SignedIn) -> None:
    make_copies(app, 6)
    mo.post("/desk/held/decisions", {"group": _group(mo), "deed": "release"})
    rows = within(app, lambda: list(db.session.scalars(db.select(Decision))))
    assert [row.deed for row in rows] == ["count"] * 3
    assert "Netz" not in "".join(f"{row.about} {row.reason}" for row in rows)


def _group(mo: SignedIn) -> str:
    return mo.page("/desk/held").form("/desk/held/decisions").values["group"]
