"""Handovers at the desk: proposed, looked at, released by two, or discarded."""

import json
from pathlib import Path

import pytest
from flask import Flask

from app.extensions import db
from app.handover.models import Handover, Record, Release, State
from app.ledger.models import Reason
from app.people.models import Decision
from app.reports.models import Report
from tests.cast import (
    GABI,
    SignedIn,
    make_editor,
    make_guest,
    make_owner,
    sign_in,
    within,
)
from tests.conftest import At
from tests.desk.handovers import ask_release, discard, in_english, open_new, release, state
from tests.desk.rooms import counts
from tests.handover.making import hand_over, propose, tell_crowd, the
from tests.page import Pages
from tests.site.test_pages import queries

DAY = 24 * 60  # minutes
TABLES = ("records.csv", "records.xlsx", "records.json")


def test_two_people_let_a_handover_leave_and_the_public_reads_every_step(
    app: Flask, eda: SignedIn, olga: SignedIn, pages: Pages
) -> None:
    tell_crowd(app)
    path = open_new(eda)
    assert "Nothing has left the house" in eda.page(f"{path}?lang=en").text
    page = release(eda, path)
    assert "Released. It waits for the second release" in page.text
    public = pages.open("/handovers/?lang=en").text
    assert "A second person has to look at it." in public
    assert "Rows handed over" not in public
    assert "Let it leave the house?" in ask_release(olga, f"{path}?lang=en").heading
    assert "Released: 20 rows." in release(olga, path).text
    public = pages.open("/handovers/1?lang=en").text
    for words in ("20 rows, in which nobody can be found", "Eda (Editor)", "Olga (Owner)"):
        assert words in public
    deeds = within(app, lambda: [(row.deed, row.by and row.by.first_name) for row in Decision.about_("handover:1")])
    assert deeds == [("handover-propose", "Eda"), ("handover-release", "Eda"), ("handover-release", "Olga")]


def test_nothing_happens_before_the_question_is_answered(app: Flask, eda: SignedIn) -> None:
    tell_crowd(app)
    path = open_new(eda)
    before = counts(app)
    ask_release(eda, path)
    form = eda.page(path).form("/discard")
    eda.client.post(form.action, data=form.filled())
    assert counts(app) == before


def test_a_yes_to_the_first_release_is_no_yes_to_the_second(app: Flask, eda: SignedIn, olga: SignedIn) -> None:
    tell_crowd(app)
    path = open_new(eda)
    asked = ask_release(eda, f"{path}?lang=en")
    assert "Nothing leaves the house yet." in asked.text
    release(olga, path)
    page = Pages(eda.client).send(asked.form("sure"), 422)
    assert 'role="alert"' in page.html
    assert state(app) == State.PROPOSED
    assert eda.post(f"{path}/releases?lang=en", {"sure": "yes"}).status_code == 422
    sure = page.form("sure")
    assert eda.client.post(sure.action, data=sure.filled()).status_code == 303
    assert state(app) == State.RELEASED


def test_who_has_released_is_told_that_somebody_else_has_to(app: Flask, eda: SignedIn, olga: SignedIn) -> None:
    tell_crowd(app)
    path = open_new(eda)
    page = release(eda, path)
    assert "May release next: Olga" in page.text
    with pytest.raises(LookupError):
        page.form("/releases")
    again = eda.post(f"{path}/releases?lang=en", {"sure": "yes"})
    assert "Now somebody else has to." in eda.page(in_english(again.location)).text
    assert state(app) == State.PROPOSED


def test_who_is_alone_is_told_from_when_it_is_possible(app: Flask, at: At) -> None:
    tell_crowd(app)
    eda = sign_in(app, make_editor(app))
    at(0)
    path = open_new(eda)
    assert "in 24 hours at the earliest" in ask_release(eda, f"{path}?lang=en").text
    assert "the second release is possible from" in release(eda, path).text
    again = eda.post(f"{path}/releases?lang=en", {"sure": "yes"})
    assert "for the second time from" in eda.page(in_english(again.location)).text
    at(DAY + 1)
    assert "Released: 20 rows." in release(eda, path).text


def test_a_release_is_taken_back_at_once(app: Flask, eda: SignedIn, olga: SignedIn, pages: Pages) -> None:
    tell_crowd(app)
    path = open_new(eda)
    undo = release(eda, path).form("/take-back")
    page = eda.page(in_english(eda.client.post(undo.action, data=undo.filled()).location))
    assert "your release is taken back" in page.text
    assert within(app, lambda: db.session.query(Release).count()) == 0
    assert "Release taken back" in pages.open("/handovers/1?lang=en").text
    assert olga.post(f"{path}/take-back").status_code == 303
    assert within(app, lambda: len(Decision.about_("handover:1"))) == 3


def test_a_discarded_proposal_leaves_nothing_and_frees_its_reports(app: Flask, eda: SignedIn, pages: Pages) -> None:
    tell_crowd(app)
    path = open_new(eda)
    assert "Discarded. Nothing left the house" in discard(eda, path).text
    assert within(app, lambda: db.session.query(Record).count()) == 0
    assert "Nothing of it left the house." in pages.open("/handovers/1?lang=en").text
    for deed in ("releases", "discard", "take-back"):
        assert eda.post(f"{path}/{deed}", {"sure": "yes"}).status_code == 303
    assert state(app) == State.DISCARDED
    open_new(eda)
    assert state(app, 2) == State.PROPOSED


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"k": "4"}, "Please enter a number from 5 to 100."),
        ({"k": "101"}, "Please enter a number from 5 to 100."),
        ({"k": "ten"}, "Please enter a number from 5 to 100."),
        ({"k": "٣٠"}, "Please enter a number from 5 to 100."),
        ({"k": ""}, "Please enter a number from 5 to 100."),
        ({"organisation": ""}, "Please say to whom."),
        ({"recipient": "Bundesnetzagentur"}, "Please name one recipient only."),
        ({"organisation": "", "recipient": "x" * 121}, "Please shorten this to 120 characters."),
        ({"organisation": "no-such"}, "Please choose one of these."),
    ],
)
def test_a_proposal_that_cannot_be_is_refused_with_everything_kept(
    app: Flask, eda: SignedIn, values: dict[str, str], fault: str
) -> None:
    tell_crowd(app)
    form = eda.page("/desk/handovers/new?lang=en").form("recipient")
    sent = {"organisation": "o2", "k": "12", **values}
    page = Pages(eda.client).send(form, 422, **sent)
    assert fault in page.text
    again = page.form("recipient").values
    assert {name: again[name] for name in sent} == sent
    assert within(app, lambda: db.session.query(Handover).count()) == 0


def test_only_one_proposal_is_open_at_a_time(app: Flask, eda: SignedIn) -> None:
    tell_crowd(app)
    form = eda.page("/desk/handovers/new").form("recipient")
    open_new(eda)
    page = Pages(eda.client).send(form, 422, organisation="o2", k="15")
    assert page.form("recipient").values["k"] == "15"
    assert within(app, lambda: db.session.query(Handover).count()) == 1


def test_too_few_reports_are_no_handover(app: Flask, eda: SignedIn) -> None:
    tell_crowd(app, each=2)
    form = eda.page("/desk/handovers/new?lang=en").form("recipient")
    page = Pages(eda.client).send(form, 422, organisation="o2")
    assert "no group is large enough. 4 reports wait." in page.text
    assert within(app, lambda: db.session.query(Handover).count()) == 0


def test_the_preview_shows_rows_as_they_are_printed_and_nothing_of_a_reporter(app: Flask, eda: SignedIn) -> None:
    codes = tell_crowd(app)
    path = open_new(eda)
    page = eda.page(f"{path}?lang=en")
    table = next(each for each in page.root.all("table") if each.get("class") == "printed")
    rows = [[cell.text for cell in row.all("td")] for row in table.all("tr")][1:]
    assert len(rows) == 20
    assert {tuple(row[:5]) for row in rows} == {("Deutschland", "Berlin", "Berlin", "Mitte", "2011-11")}
    assert not [code for code in codes if code in page.html]
    for name in TABLES:
        answer = eda.get(f"{path}/preview/{name}")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        assert answer.headers["Content-Disposition"] == f"attachment; filename=preview-1-{name}"
    assert eda.get(f"{path}/preview/records.csv").text.count("\r\n") == 21
    for name in ("manifest.json", "nonsense", "..%2f..%2fsecret_key"):
        assert eda.get(f"{path}/preview/{name}").status_code == 404


def test_what_leaves_the_proposal_is_told_and_never_handed_over(app: Flask, eda: SignedIn, olga: SignedIn) -> None:
    tell_crowd(app, each=20)
    path = open_new(eda)
    within(app, lambda: db.session.query(Report).first().uncount(Reason.WITHDRAWN))  # type: ignore[union-attr]  # there are 40
    page = eda.page(f"{path}?lang=en")
    assert "1 report has left the proposal since it was built" in page.text
    release(eda, path)
    assert "Released:" in release(olga, path).text
    manifest = json.loads(within(app, lambda: the(1).manifest))
    assert manifest["rows"] in {20, 30}
    assert manifest["rows"] + manifest["waiting"] == 39


def test_a_proposal_of_which_too_little_is_left_can_only_be_discarded(
    app: Flask, eda: SignedIn, olga: SignedIn
) -> None:
    tell_crowd(app, each=5)
    path = open_new(eda)
    release(eda, path)
    within(app, lambda: db.session.query(Report).first().uncount(Reason.WITHDRAWN))  # type: ignore[union-attr]  # there are 10
    page = olga.page(f"{path}?lang=en")
    assert "Nothing of it can be released any more" in page.text
    with pytest.raises(LookupError):
        page.form("/releases")
    for data in ({}, {"sure": "yes"}):
        answer = olga.post(f"{path}/releases?lang=en", data)
        assert "There is nothing to hand over" in olga.page(in_english(answer.location)).text
    assert olga.get(f"{path}/preview/records.csv").status_code == 404
    assert state(app) == State.PROPOSED
    assert "Discarded." in discard(olga, path).text


def test_a_guest_sees_no_proposal_not_even_the_own_one(app: Flask, eda: SignedIn) -> None:
    make_guest(app)
    gabi = SignedIn(app, GABI)
    tell_crowd(app)
    path = open_new(eda)
    assert path not in gabi.page("/desk/handovers").links.values()
    for each in (path, f"{path}/files/records.csv"):
        assert gabi.get(each).status_code == 404
    token, before = gabi.token, counts(app)
    for each in ("/desk/handovers/new", f"{path}/preview/records.csv"):
        assert gabi.get(each).status_code == 403
    for deed in ("releases", "discard", "take-back"):
        assert gabi.client.post(f"{path}/{deed}", data={"csrf_token": token, "sure": "yes"}).status_code == 403
    assert counts(app) == before


def test_the_lane_counts_what_waits_for_this_person(app: Flask, eda: SignedIn, olga: SignedIn) -> None:
    def waits(who: SignedIn) -> str:
        lanes = who.page("/desk/").with_class("lanes")[0]
        return next(link.text for link in lanes.all("a") if link.get("href").endswith("/desk/handovers"))

    assert not waits(eda)[-1].isdigit()
    tell_crowd(app)
    path = open_new(eda)
    assert waits(olga).endswith("1")
    release(eda, path)
    assert (waits(eda)[-1].isdigit(), waits(olga)[-1]) == (False, "1")
    release(olga, path)
    assert not waits(olga)[-1].isdigit()
    make_guest(app)
    assert SignedIn(app, GABI).page("/desk/handovers").with_class("lanes")[0].text.count("1") == 1


def test_when_the_files_cannot_be_written_nothing_is_released(app: Flask, eda: SignedIn, olga: SignedIn) -> None:
    tell_crowd(app)
    path = open_new(eda)
    release(eda, path)
    folder = Path(app.instance_path) / "handovers"
    folder.write_text("in the way")
    assert "The files could not be written, so nothing was released." in release(olga, path).text
    assert state(app) == State.PROPOSED
    folder.unlink()
    assert "Released: 20 rows." in release(olga, path).text


def test_the_desk_shows_a_list_at_the_same_cost_however_long(app: Flask, eda: SignedIn) -> None:
    asked = []
    eda.page("/desk/handovers")  # what a process asks once is none of the list's cost
    for _ in range(2):
        tell_crowd(app)
        hand_over(app)
        with queries(app) as found:
            eda.page("/desk/handovers")
        asked.append(
            [one for one in found if "BEGIN" not in one and "FROM surge" not in one]
        )  # that is asked once a second
    assert len(asked[0]) == len(asked[1])


def test_a_moderator_has_no_door_to_it(app: Flask, mo: SignedIn) -> None:
    make_owner(app)
    tell_crowd(app)
    number = propose(app)
    assert "/desk/handovers" not in mo.page("/desk/").links.values()
    for path in ("", "/new", f"/{number}", f"/{number}/preview/records.csv", f"/{number}/files/manifest.json"):
        assert mo.get(f"/desk/handovers{path}").status_code == 403
