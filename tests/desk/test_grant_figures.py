"""Figures that a company finds prepared: the same that everybody reads, from a day to a day, told in public."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.desk.granted import Sheet
from app.extensions import db
from app.figures.models import Grant
from app.figures.models.grant import GrantRefused, Kind
from app.kit import clock
from app.people.models import Decision, Member, Organisation
from tests.cast import EDA, SignedIn, make_editor, make_other_guest, make_post, read_posts, sign_in, within
from tests.conftest import At
from tests.figures.telling import publish_on, tell
from tests.handover.making import hand_over, tell_crowd
from tests.page import Pages
from tests.promises.told import make_promise

DAY = 24 * 60  # minutes
FIGURES = "/desk/guest/figures"


@pytest.fixture(autouse=True)
def netz(posts: Path) -> str:
    return make_post(posts, organisation="o2", kind="guest")


def grant(who: SignedIn, *kinds: str, organisation: str = "o2", begins_on: str = "", ends_on: str = "") -> int:
    first = begins_on or clock.today().isoformat()
    data = {"organisation": organisation, "kinds": list(kinds), "begins_on": first, "ends_on": ends_on}
    return who.post("/desk/grants", data).status_code


def deeds(app: Flask) -> list[str]:
    return within(app, lambda: list(db.session.scalars(db.select(Decision.deed).order_by(Decision.id))))


def table(who: SignedIn, kind: str, query: str = "") -> list[list[str]]:
    answer = who.get(f"{FIGURES}/{kind}/table.csv{query}")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_without_a_grant_nothing_is_there_and_the_desk_says_where_all_figures_are(gabi: SignedIn) -> None:
    page = gabi.page("/desk/guest")
    assert page.links["Alle veröffentlichten Zahlen"] == "/numbers"
    for kind in Kind:
        assert gabi.get(f"{FIGURES}/{kind}").status_code == 404
        assert gabi.get(f"{FIGURES}/{kind}/table.csv").status_code == 404


def test_an_editor_grants_sets_and_the_company_and_readers_find_them(
    app: Flask, eda: SignedIn, gabi: SignedIn, pages: Pages
) -> None:
    form = eda.page("/desk/grants").form("/grants")
    data = form.filled(organisation="o2", kinds=["places", "days"])
    assert eda.client.post(form.action, data=data).status_code == 303
    assert f"{FIGURES}/places" in gabi.page("/desk/guest").links.values()
    assert gabi.get(f"{FIGURES}/symptoms").status_code == 404
    told = pages.open("/organisations/o2?lang=en").text
    assert "Reports by place: from" in told
    assert "sees the same figures as everybody" in told
    assert deeds(app) == ["figures-granted"]
    assert "figures prepared for a company" in eda.page("/desk/decisions?lang=en").text


def test_a_grant_is_for_one_organisation_alone(app: Flask, eda: SignedIn, gabi: SignedIn) -> None:
    vera = sign_in(app, make_other_guest(app))
    grant(eda, "places", organisation="vodafone")
    assert vera.get(f"{FIGURES}/places").status_code == 200
    assert gabi.get(f"{FIGURES}/places").status_code == 404
    assert eda.get(f"{FIGURES}/places").status_code == 404


def test_it_stands_from_its_first_day_to_its_last(app: Flask, eda: SignedIn, gabi: SignedIn, at: At) -> None:
    at(0)
    first, last = (clock.today() + timedelta(days=days) for days in (2, 3))
    assert grant(eda, "days", begins_on=first.isoformat(), ends_on=last.isoformat()) == 303
    found = []
    for days in range(5):
        at(days * DAY)
        found.append(gabi.get(f"{FIGURES}/days").status_code)
    assert found == [404, 404, 200, 200, 404]
    assert grant(eda, "days") == 303  # what is over stands in nobody's way


def test_it_is_ended_once_and_readers_see_until_when_it_stood(
    app: Flask, eda: SignedIn, gabi: SignedIn, pages: Pages
) -> None:
    grant(eda, "places")
    form = eda.page("/desk/grants").form("/revocation")
    for _ in range(2):
        assert eda.client.post(form.action, data=form.filled()).status_code == 303
    assert gabi.get(f"{FIGURES}/places").status_code == 404
    assert deeds(app) == ["figures-granted", "figures-ended"]
    assert ", until " in pages.open("/organisations/o2?lang=en").text


def test_granted_twice_is_refused_and_what_was_chosen_stays(app: Flask, eda: SignedIn, gabi: SignedIn) -> None:
    grant(eda, "places")
    day = clock.today().isoformat()
    data = {"organisation": "o2", "kinds": ["days", "places"], "begins_on": day, "ends_on": ""}
    page = Pages(eda.client).read(eda.post("/desk/grants", data), "/desk/grants", 422)
    assert page.form("/grants").filled()["kinds"] == ["places", "days"]
    assert gabi.get(f"{FIGURES}/days").status_code == 404  # all of it or nothing


@pytest.mark.parametrize(
    "fault",
    [
        {"kinds": []},
        {"kinds": ["reports"]},
        {"organisation": "team"},
        {"organisation": "o3"},
        {"begins_on": "morgen"},
        {"begins_on": "2011-11-12"},
        {"ends_on": "2011-11-12"},
        {"ends_on": "x"},
    ],
)
def test_what_cannot_be_granted_is_refused_with_what_was_typed(
    app: Flask, eda: SignedIn, gabi: SignedIn, fault: dict[str, object]
) -> None:
    data = {"organisation": "o2", "kinds": ["places"], "begins_on": clock.today().isoformat(), "ends_on": ""} | fault
    page = Pages(eda.client).read(eda.post("/desk/grants", data), "/desk/grants", 422)
    assert page.with_class("faults")
    for name in ("begins_on", "ends_on"):
        assert page.by_id(f"grant-{name}").get("value") == data[name]
    assert within(app, Grant.all_ever) == []


def test_of_two_editors_at_once_one_is_refused(app: Flask, gabi: SignedIn) -> None:
    make_editor(app)

    def work() -> None:
        by, carrier = Member.of(EDA), Organisation.of("o2")
        assert by
        assert carrier
        Grant.give(carrier, Kind.DAYS, clock.today(), None, by=by)

    within(app, work)
    with pytest.raises(GrantRefused):
        within(app, work)
    assert len(within(app, Grant.all_ever)) == 1


def test_a_moderator_grants_nothing(mo: SignedIn, gabi: SignedIn) -> None:
    assert mo.get("/desk/grants").status_code == 403
    assert grant(mo, "places") == 403


def test_places_and_problems_are_what_is_published_and_nothing_below(app: Flask, eda: SignedIn, gabi: SignedIn) -> None:
    within(app, lambda: tell(40, "Hamburg"))
    within(app, lambda: tell(30, "Berlin"))
    within(app, lambda: tell(3, "Kiel"))  # too few to be named
    within(app, lambda: publish_on(20))
    within(app, lambda: tell(30, "Hamburg"))  # not published yet
    grant(eda, "places", "symptoms")
    rows = table(gabi, "places")
    assert [row[0] for row in rows[1:]] == ["Hamburg", "Berlin"]
    assert rows[1][2] == "40"
    assert table(gabi, "places", "?place=BERL") == [rows[0], rows[2]]
    assert {row[0] for row in table(gabi, "symptoms")[1:]} == {"Deutschland", "Hamburg", "Berlin"}
    page = gabi.page(f"{FIGURES}/places?place=Kiel")
    assert "Kein Ort mit diesen Buchstaben" in page.text
    assert "Hamburg" in gabi.page(f"{FIGURES}/places").text


def test_before_anything_is_published_the_table_says_so(eda: SignedIn, gabi: SignedIn) -> None:
    grant(eda, *Kind)
    for kind in ("places", "symptoms", "promises", "handovers"):
        assert "noch nichts veröffentlicht" in gabi.page(f"{FIGURES}/{kind}").text
    assert gabi.page(f"{FIGURES}/days")


def test_promises_and_handovers_are_the_organisations_own(app: Flask, eda: SignedIn, gabi: SignedIn) -> None:
    vera = sign_in(app, make_other_guest(app))
    read_posts(app)
    make_promise(app, make_editor(app), "netz", "Ein Text.")
    tell_crowd(app)
    hand_over(app)
    for organisation in ("o2", "vodafone"):
        grant(eda, "promises", "handovers", organisation=organisation)
    assert table(gabi, "promises")[1][0] == "Ein Text."
    assert len(table(gabi, "handovers")) == 2
    assert [len(table(vera, kind)) for kind in ("promises", "handovers")] == [1, 1]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"])
def test_no_cell_of_the_file_is_a_formula(cell: str) -> None:
    (_, row) = csv.reader(io.StringIO(Sheet(("Place",), [[cell, 5]]).as_csv().decode("utf-8-sig")))
    assert row[0].startswith("'")
    assert row[1] == "5"
