"""Finding one's report by the code on the receipt, which never stands in a query string."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.page import Pages
from tests.reports.receipts import WRONG, do, tell
from tests.reports.telling import JSON, said

FIND = "/reports/find"


def test_the_code_as_it_was_copied_leads_to_the_report(pages: Pages) -> None:
    code = tell(pages.client)
    for typed in (code, f"  {code.lower()} ", code.replace("-", " "), code.replace("-", ""), code.replace("0", "O")):
        answer = pages.post(pages.open(FIND).form("code"), code=typed)
        assert (answer.status_code, answer.location) == (303, f"/reports/{code}")
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("typed", ["", " ", WRONG, "Käse", "x" * 5000, "'; DROP TABLE report; --", "<b>"])
def test_another_code_is_refused_and_stays_in_the_field(pages: Pages, typed: str) -> None:
    tell(pages.client)
    page = pages.read(pages.client.post(f"{FIND}?lang=en", data={"code": typed}), FIND, 422)
    assert page.title.startswith("Error:")
    assert page.by_id("find-code-fault").text
    assert page.form("code").values["code"] == typed.strip()
    as_json = pages.client.post(FIND, data={"code": typed}, headers=JSON)
    assert (as_json.status_code, list(said(as_json)["errors"])) == (422, ["code"])


def test_the_code_of_an_erased_report_leads_to_the_page_that_says_so(client: FlaskClient) -> None:
    code = tell(client)
    do(client, code, "erasures")
    answer = client.post(FIND, data={"code": code})
    assert answer.status_code == 303
    assert client.get(answer.location).status_code == 410


def test_a_code_in_the_address_of_the_form_finds_nothing(client: FlaskClient) -> None:
    code = tell(client)
    answer = client.get(f"{FIND}?code={code}")
    assert answer.status_code == 200
    assert code not in answer.text


def test_who_types_a_wrong_address_is_offered_the_form(pages: Pages) -> None:
    code = tell(pages.client)
    page = pages.open(f"/reports/{WRONG}?lang=en", 404)
    assert page.heading == "No report has this code"
    assert WRONG not in page.html
    assert pages.post(page.form("code"), code=code).location == f"/reports/{code}?lang=en"


def test_the_way_there_is_on_every_page(app: Flask, pages: Pages) -> None:
    code = tell(pages.client)
    for path in ("/", "/reports/new", f"/reports/{code}", "/imprint"):
        assert FIND in pages.open(path).links.values(), path
