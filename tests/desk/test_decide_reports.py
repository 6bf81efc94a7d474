"""Deciding on words and places that reports bring: released, withheld, settled, and each of it undone."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app.extensions import db
from app.kit import tokens
from app.ledger.models import counter
from app.people.models import Decision
from app.reports.models import PlaceState, Report, TextState
from tests.cast import SignedIn, make_post, within
from tests.desk.rooms import make_report
from tests.page import Pages

WORDS = "Seit Wochen kein Netz."


def the_report(app: Flask) -> Report:
    found: Report = within(app, lambda: db.session.scalars(db.select(Report)).one())
    return found


def logged(app: Flask) -> list[str]:
    rows = within(app, lambda: list(db.session.scalars(db.select(Decision).order_by(Decision.id))))
    return [f"{row.deed} {row.about} {row.reason}" for row in rows]


@pytest.fixture
def report(app: Flask) -> Report:
    make_report(app, tokens.new_key())
    return the_report(app)


def test_words_are_read_by_nobody_before_a_person_released_them(report: Report, pages: Pages) -> None:
    assert WORDS not in pages.open("/").html


def test_released_words_are_public_and_undo_hides_them_again(
    app: Flask, report: Report, mo: SignedIn, pages: Pages
) -> None:
    form = mo.page("/desk/texts").form("/decisions")
    landing = mo.client.post(form.action, data=form.filled(deed="release"))
    assert WORDS in pages.open("/").text
    undo = mo.page(landing.location).form("/decisions")
    assert undo.values["deed"] == "wait"
    mo.client.post(undo.action, data=undo.filled())
    assert the_report(app).text_state == TextState.WAITING
    assert WORDS not in pages.open("/").html
    assert WORDS in mo.page("/desk/texts").text


def test_withheld_words_stay_unread(app: Flask, report: Report, mo: SignedIn, pages: Pages) -> None:
    mo.post(f"/desk/texts/{report.id}/decisions", {"deed": "withhold"})
    assert the_report(app).text_state == TextState.WITHHELD
    assert WORDS not in pages.open("/").html
    assert WORDS not in mo.page("/desk/texts").html.replace("flash", "")


def test_words_that_one_withheld_are_not_released_from_a_page_that_another_still_has_open(
    app: Flask, report: Report, mo: SignedIn, pages: Pages
) -> None:
    stale = mo.page("/desk/texts").form("/decisions")
    mo.post(f"/desk/texts/{report.id}/decisions", {"deed": "withhold"})
    mo.client.post(stale.action, data=stale.filled(deed="release"))
    assert the_report(app).text_state == TextState.WITHHELD
    assert WORDS not in pages.open("/").html
    assert len(logged(app)) == 1


def test_words_that_were_corrected_meanwhile_are_not_released_unread(
    app: Flask, report: Report, mo: SignedIn, pages: Pages
) -> None:
    """The owner of a receipt can put other words under the hand that releases."""
    stale = mo.page("/desk/texts").form("/decisions")
    within(app, lambda: _the_row().correct(replace(_the_row().as_told(), text="Ruft an: 0176 123456")))
    for form in (stale.filled(deed="release"), stale.filled(deed="release") | {"seen": ""}):
        mo.client.post(stale.action, data=form)
        assert the_report(app).text_state == TextState.WAITING
    assert "0176" not in pages.open("/").html
    assert logged(app) == []
    fresh = mo.page("/desk/texts").form("/decisions")
    mo.client.post(fresh.action, data=fresh.filled(deed="release"))
    assert the_report(app).text_state == TextState.RELEASED


def _the_row() -> Report:
    found: Report = db.session.scalars(db.select(Report)).one()
    return found


def test_a_report_without_words_has_nothing_to_decide(app: Flask, mo: SignedIn) -> None:
    make_report(app, tokens.new_key(), words="")
    assert mo.post(f"/desk/texts/{the_report(app).id}/decisions", {"deed": "release"}).status_code == 400


@pytest.mark.parametrize("deed", ["", "publish", "delete"])
def test_an_unknown_deed_is_refused(app: Flask, report: Report, mo: SignedIn, deed: str) -> None:
    assert mo.post(f"/desk/texts/{report.id}/decisions", {"deed": deed}).status_code == 400
    assert logged(app) == []


def test_a_place_is_settled_by_a_name_and_undone(app: Flask, report: Report, mo: SignedIn) -> None:
    data = {"typed": "Hinterm Deich", "deed": "settle", "place": "Hamburg"}
    landing = mo.post("/desk/places/decisions", data).location
    settled = the_report(app)
    assert settled.place_state == PlaceState.KNOWN
    assert settled.place == "Hinterm Deich"
    undo = mo.page(landing).form("/desk/places/decisions")
    mo.client.post(undo.action, data=undo.filled())
    assert (the_report(app).place_state, the_report(app).place_id) == (PlaceState.WAITING, None)


def test_a_place_may_stay_as_typed(app: Flask, report: Report, mo: SignedIn) -> None:
    mo.post("/desk/places/decisions", {"typed": "Hinterm Deich", "deed": "keep"})
    assert the_report(app).place_state == PlaceState.AS_TYPED
    assert "Hinterm Deich" not in mo.page("/desk/places").with_class("items")[0].text


@pytest.mark.parametrize("place", ["", "Hinterm anderen Deich", "x" * 5000])
def test_a_place_nobody_knows_settles_nothing(app: Flask, report: Report, mo: SignedIn, place: str) -> None:
    data = {"typed": "Hinterm Deich", "deed": "settle", "place": place}
    assert mo.post("/desk/places/decisions", data).status_code == 303
    assert the_report(app).place_state == PlaceState.WAITING
    assert logged(app) == []


def test_a_spelling_that_nobody_typed_is_nobodys_decision(app: Flask, mo: SignedIn) -> None:
    for deed in ("keep", "wait"):
        assert mo.post("/desk/places/decisions", {"typed": "Nirgends", "deed": deed}).status_code == 303
    assert logged(app) == []


def test_undo_asks_again_only_about_what_a_person_settled(app: Flask, report: Report, mo: SignedIn) -> None:
    """A place that the gazetteer knew by itself is no decision to undo."""
    make_report(app, tokens.new_key(), place="Hamburg")
    mo.post("/desk/places/decisions", {"typed": "Hamburg", "deed": "wait"})
    found = db.select(Report).where(Report.place == "Hamburg")
    assert within(app, lambda: db.session.scalars(found).one()).place_state == PlaceState.KNOWN


def test_the_log_holds_nothing_that_a_reader_wrote(app: Flask, report: Report, mo: SignedIn) -> None:
    mo.post("/desk/places/decisions", {"typed": "Hinterm Deich", "deed": "keep"})
    mo.post(f"/desk/texts/{report.id}/decisions", {"deed": "release", "seen": report.words_seen})
    assert len(logged(app)) == 2
    assert "Deich" not in str(logged(app))
    assert "Netz" not in str(logged(app))


def test_a_report_that_is_none_leaves_the_count_after_a_second_look(app: Flask, report: Report, mo: SignedIn) -> None:
    path = f"/desk/reports/{report.id}/voids"
    page = Pages(mo.client).read(mo.post(path, {"reason": "test"}), path)
    assert within(app, counter) == 1
    form = page.form("sure")
    for _ in range(2):  # twice is once
        assert mo.client.post(form.action, data=form.filled()).status_code == 303
    assert within(app, counter) == 0
    assert len(logged(app)) == 1


@pytest.mark.parametrize("reason", ["", "because", "correction"])
def test_without_one_of_the_reasons_no_report_leaves_the_count(
    app: Flask, report: Report, mo: SignedIn, reason: str
) -> None:
    assert mo.post(f"/desk/reports/{report.id}/voids", {"reason": reason, "sure": "yes"}).status_code == 400
    assert within(app, counter) == 1


def test_a_broken_post_is_named_with_its_line(app: Flask, posts: Path, mo: SignedIn) -> None:
    make_post(posts, "kaputt", date="gestern")
    app.extensions["shelf"].refresh()
    assert "kaputt.md" in mo.page("/desk/posts").text


def test_the_lanes_count_what_waits(app: Flask, report: Report, mo: SignedIn) -> None:
    page = mo.page("/desk/")
    lanes = page.with_class("lanes")[0]
    counts = {link["href"]: [data["value"] for data in link.all("data")] for link in lanes.all("a")}
    assert counts["/desk/texts"] == ["1"]
    assert counts["/desk/places"] == ["1"]
