"""Correcting: the number stays, the ledger seals the new words, what a person decided holds where nothing changed."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.places import gazetteer
from app.reports.models import PlaceState, Report, TextState, Told, keep_as_typed, settle
from tests.cast import within
from tests.desk.rooms import counts
from tests.page import Pages
from tests.reports.receipts import STATES, assert_true, change, do, ledger_says, make_report, row, tell
from tests.reports.telling import JSON, LENA, URL, said
from tests.reports.test_refuse import FAULTS

DYKE = Told(symptoms=("no_data",), place="Hinterm Deich", text="Kein Netz.")


def the_row(app: Flask, code: str) -> Report:
    found = row(app, code)
    assert found
    return found


def test_the_form_holds_what_was_told_and_a_change_is_sealed(database: str, request: pytest.FixtureRequest) -> None:
    app: Flask = request.getfixturevalue("app")
    pages: Pages = request.getfixturevalue("pages")
    code = tell(pages.client)
    nonce = the_row(app, code).nonce
    form = pages.open(f"{URL}/{code}/corrections/new").form("corrections")
    assert {name: form.values[name] for name in LENA if name != "symptoms"} | form.lists == LENA
    answer = pages.post(form, place="Bremen", district="")
    assert answer.status_code == 303
    page = pages.open(answer.location + "&lang=en")
    assert page.heading == "You are number 1."
    assert "Bremen" in page.text
    corrected = the_row(app, code)
    assert (corrected.place, corrected.district, corrected.district_id) == ("Bremen", "", None)
    assert corrected.nonce != nonce
    assert (corrected.entry_seq, corrected.commitment_seq) == (0, 1)
    assert ledger_says(app) == ["counted", "corrected"]
    assert_true(app, 1)


def test_what_was_not_changed_is_not_written(app: Flask, pages: Pages) -> None:
    code = tell(pages.client)
    before = counts(app)
    form = pages.open(f"{URL}/{code}/corrections/new").form("corrections")
    page = pages.open(pages.post(form).location + "&lang=en")
    assert "You changed nothing" in page.text
    assert counts(app) == before


@pytest.mark.parametrize("field", FAULTS)
def test_each_fault_is_named_and_nothing_typed_is_lost(app: Flask, pages: Pages, field: str) -> None:
    code = tell(pages.client)
    before, sent = counts(app), LENA | {"device": "Ein anderes"} | FAULTS[field]
    page = pages.read(do(pages.client, code, "corrections", sent), f"{URL}/{code}/corrections", 422)
    assert page.title.startswith("Fehler:")
    assert page.by_id(f"report-{field}-fault").text
    form = page.form("corrections")
    for name in ("place", "district", "since", "hotline", "device", "text"):
        assert form.values[name] == str(sent[name]).strip(), name
    assert form.lists.get("symptoms", []) == sent["symptoms"]
    assert counts(app) == before
    as_json = pages.client.post(f"{URL}/{code}/corrections", data=sent, headers=JSON)
    assert (as_json.status_code, list(said(as_json)["errors"])) == (422, [field])


def test_a_held_report_is_corrected_without_a_line(app: Flask, client: FlaskClient) -> None:
    code = make_report(app, held=True)
    do(client, code, "corrections")
    assert (the_row(app, code).device, the_row(app, code).state) == ("Nokia N9", "held")
    change(app, code, Report.release)
    assert the_row(app, code).is_counted
    assert_true(app, 1)


@pytest.mark.parametrize("where", ["withdrawn", "taken out", "refused"])
def test_a_report_that_is_out_is_not_corrected(app: Flask, client: FlaskClient, where: str) -> None:
    code = STATES[where](app)
    before = counts(app)
    assert "done=nothing" in do(client, code, "corrections").location
    assert counts(app) == before


def test_new_words_wait_for_a_person_and_the_same_words_keep_what_was_decided(app: Flask, client: FlaskClient) -> None:
    code = make_report(app)
    change(app, code, lambda report: report.decide_text(TextState.RELEASED))
    same = {"symptoms": ["no_data"], "place": "Hamburg", "text": "Seit Wochen kein Netz."}
    do(client, code, "corrections", same | {"device": "N9"})
    assert the_row(app, code).text_state == TextState.RELEASED
    do(client, code, "corrections", same | {"text": "Ruft mich an!"})
    assert the_row(app, code).text_state == TextState.WAITING
    do(client, code, "corrections", same | {"text": ""})
    assert the_row(app, code).text_state == TextState.NONE


def test_a_place_that_a_person_settled_stays_settled(app: Flask, client: FlaskClient) -> None:
    code = make_report(app, told=DYKE)
    hamburg = the_row(app, make_report(app)).place_id

    def work() -> None:
        meant = gazetteer().get(hamburg or "")
        assert meant
        settle(DYKE.place, meant)

    within(app, work)
    do(client, code, "corrections", {"symptoms": ["sms"], "place": DYKE.place, "district": "Altona"})
    corrected = the_row(app, code)
    assert (corrected.place_state, corrected.place_id) == (PlaceState.KNOWN, hamburg)
    assert corrected.district_id
    do(client, code, "corrections", {"symptoms": ["sms"], "place": "Vorm Deich"})
    assert (the_row(app, code).place_state, the_row(app, code).place_id) == (PlaceState.WAITING, None)


def test_a_place_that_stays_as_typed_is_not_asked_about_again(app: Flask, client: FlaskClient) -> None:
    code = make_report(app, told=DYKE)
    within(app, lambda: keep_as_typed(DYKE.place))
    do(client, code, "corrections", {"symptoms": ["sms"], "place": DYKE.place})
    assert the_row(app, code).place_state == PlaceState.AS_TYPED


def test_a_symptom_that_is_not_offered_any_more_may_stay(app: Flask, pages: Pages) -> None:
    code = make_report(app, told=Told(symptoms=("fax_late", "sms"), place="Hamburg"))
    form = pages.open(f"{URL}/{code}/corrections/new").form("corrections")
    assert sorted(form.lists["symptoms"]) == ["fax_late", "sms"]
    assert pages.post(form, device="Faxgerät").status_code == 303
    assert sorted(the_row(app, code).symptoms) == ["fax_late", "sms"]
    assert do(pages.client, code, "corrections", {"symptoms": ["telex"], "place": "Hamburg"}).status_code == 422
