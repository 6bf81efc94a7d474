"""The receipt says in plain words where its report stands."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.page import Page, Pages
from tests.reports.receipts import EMAIL, STATES, do, tell
from tests.reports.telling import JSON, URL, said

HEADINGS = {
    "counted": "You are number 1.",
    "held": "Your report waits for a person.",
    "withdrawn": "You took your report back.",
    "withdrawn while held": "You took your report back.",
    "returned": "You are number 1.",
    "taken out": "Your report does not count.",
    "refused": "Your report does not count.",
}
OFFERED = {  # what can be done in each state, dangerous ones last
    "counted": ["follow-ups", "contact", "withdrawals", "erasures"],
    "held": ["contact", "withdrawals", "erasures"],
    "withdrawn": ["returns", "erasures"],
    "withdrawn while held": ["returns", "erasures"],
    "returned": ["follow-ups", "contact", "withdrawals", "erasures"],
    "taken out": ["erasures"],
    "refused": ["erasures"],
}


def deeds(page: Page) -> list[str]:
    return [form.action.partition("?")[0].rpartition("/")[2] for form in page.forms]


@pytest.mark.parametrize("where", STATES)
def test_it_says_where_the_report_stands_and_what_can_be_done(app: Flask, pages: Pages, where: str) -> None:
    code = STATES[where](app)
    page = pages.open(f"{URL}/{code}?lang=en&new=1")
    assert page.heading.removeprefix("Thank you. ") == HEADINGS[where]
    assert deeds(page) == OFFERED[where]
    assert code in page.text
    assert "Seit Wochen kein Netz." in page.text
    assert "Altona" in page.text
    is_correctable = any("/corrections/new" in href for href in page.links.values())
    assert is_correctable == (where in {"counted", "held", "returned"})
    assert pages.client.get(f"{URL}/{code}/corrections/new").status_code == (200 if is_correctable else 303)


def test_a_held_report_is_told_each_reason_once(app: Flask, pages: Pages) -> None:
    page = pages.open(f"{URL}/{STATES['held'](app)}?lang=en")
    assert "not counted yet" in page.text
    assert "sent faster than one can fill it in" in page.text
    assert "something about it was unusual" in page.text, "also a signal that has no words of its own"
    assert "too-quick" not in page.text


@pytest.mark.parametrize(("where", "reason"), [("taken out", "Spam"), ("refused", "Test")])
def test_what_the_desk_took_out_is_told_with_its_public_reason(
    app: Flask, pages: Pages, where: str, reason: str
) -> None:
    assert f"Reason: {reason}" in pages.open(f"{URL}/{STATES[where](app)}?lang=en").text


def test_it_leads_to_its_line_in_the_ledger_and_says_how_to_check_it(app: Flask, pages: Pages) -> None:
    code = STATES["counted"](app)
    page = pages.open(f"{URL}/{code}?lang=en")
    line = pages.client.get(page.links["0"]).get_data(as_text=True)
    assert '"kind": "counted"' in line
    assert line.count("\n") == 1
    assert f"verify.py http://localhost:8000 --receipt {code}" in page.text


def test_programs_read_the_same_as_json(app: Flask, client: FlaskClient) -> None:
    found = {}
    for where, make in STATES.items():
        answer = client.get(f"{URL}/{make(app)}", headers=JSON)
        facts = said(answer)
        found[where] = (facts["state"], facts["reason"], facts["entry"] is not None)
        assert facts["record"]["place"] == "Hamburg"
        assert answer.headers["Cache-Control"] == "no-store"
    assert found == {
        "counted": ("counted", None, True),
        "held": ("held", None, False),
        "withdrawn": ("uncounted", "withdrawn", True),
        "withdrawn while held": ("refused", "withdrawn", False),
        "returned": ("counted", None, True),
        "taken out": ("uncounted", "spam", True),
        "refused": ("refused", "test", False),
    }


def test_an_erased_report_says_so_calmly(client: FlaskClient, pages: Pages) -> None:
    code = tell(client)
    do(client, code, "erasures")
    page = pages.open(f"{URL}/{code}?lang=en", 410)
    assert "does not come back" in page.text
    assert "Hamburg" not in page.text
    assert said(client.get(f"{URL}/{code}", headers=JSON))["error"]


@pytest.mark.parametrize("arrival", ["?new=1", "?done=corrected", "?done=nonsense"])
def test_it_obeys_the_rules_of_the_house_in_every_state(app: Flask, pages: Pages, arrival: str) -> None:
    for make in STATES.values():
        code = make(app)
        do(pages.client, code, "contact", {"email": EMAIL})
        for lang in ("de", "en"):
            assert EMAIL not in pages.open(f"{URL}/{code}{arrival}&lang={lang}").html, "a receipt may lie about"
