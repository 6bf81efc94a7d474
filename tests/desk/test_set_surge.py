"""Editors begin and end a surge by hand; the desk says on every page that there is one, why, and since when."""

import pytest
from flask import Flask

from app.extensions import db
from app.people.models import Decision
from app.surge.models import Mode
from tests.cast import SignedIn, make_editor, sign_in, within
from tests.surge.pressing import feel, pressure_of, set_mode, the_row

PAGE = "/desk/surge"
SAVES = "the site saves its strength"


def set_to(who: SignedIn, mode: str) -> None:
    form = who.page(PAGE).form("surge")
    answer = who.client.post(form.action, data=form.filled(mode=mode))
    assert answer.status_code == 303


def deeds(app: Flask) -> list[tuple[str, str]]:
    rows = within(app, lambda: list(db.session.scalars(db.select(Decision).order_by(Decision.id))))
    return [(row.deed, row.by.first_name if row.by else "") for row in rows if row.about == "surge"]


def test_an_editor_begins_it_and_leaves_it_to_the_site_again(app: Flask, eda: SignedIn) -> None:
    set_to(eda, "on")
    assert pressure_of(app).is_on
    set_to(eda, "auto")
    assert not pressure_of(app).is_on
    assert deeds(app) == [("surge-on", "Eda"), ("surge-auto", "Eda")]


def test_each_deed_can_be_undone(app: Flask, eda: SignedIn) -> None:
    set_to(eda, "off")
    undo = eda.page(PAGE).form("undo")
    assert eda.client.post(undo.action, data=undo.values).status_code == 303
    assert the_row(app).mode is Mode.AUTO
    assert deeds(app)[-1] == ("surge-auto", "Eda")


def test_who_decides_on_what_is_no_longer_so_is_told(app: Flask, eda: SignedIn) -> None:
    form = eda.page(f"{PAGE}?lang=en").form("surge")
    set_mode(app, Mode.ON)
    eda.client.post(form.action, data=form.filled(mode="off"))
    assert the_row(app).mode is Mode.ON
    assert deeds(app) == []
    assert "meantime" in eda.page(f"{PAGE}?lang=en").text


def test_every_page_of_the_desk_says_that_there_is_one_and_why(app: Flask, mo: SignedIn) -> None:
    assert SAVES not in mo.page("/desk/comments?lang=en").text
    feel(app)
    for path in ("/desk/", "/desk/comments", "/desk/held"):
        words = mo.page(f"{path}?lang=en").text
        assert SAVES in words
        assert "Begun by itself" in words
        assert "more requests came than a worker could take" in words
    set_mode(app, Mode.ON)
    assert "Begun by hand" in mo.page("/desk/?lang=en").text


def test_a_moderator_and_a_guest_see_it_and_cannot_change_it(app: Flask, mo: SignedIn, gabi: SignedIn) -> None:
    feel(app)
    for who in (mo, gabi):
        assert who.get(PAGE).status_code == 403
        assert who.post(PAGE, {"mode": "on", "seen": "auto"}).status_code == 403
    assert the_row(app).mode is Mode.AUTO
    assert "/desk/surge" not in mo.get("/desk/").text


@pytest.mark.parametrize("sent", [{}, {"mode": "loud", "seen": "auto"}, {"mode": "on"}, {"mode": "on", "seen": "x"}])
def test_odd_input_is_refused(app: Flask, eda: SignedIn, sent: dict[str, str]) -> None:
    assert eda.post(PAGE, sent).status_code == 400
    assert the_row(app).mode is Mode.AUTO


def test_it_works_on_each_database(on_each: Flask) -> None:
    eda = sign_in(on_each, make_editor(on_each))
    set_to(eda, "on")
    assert pressure_of(on_each).is_on
    assert eda.page(PAGE)
