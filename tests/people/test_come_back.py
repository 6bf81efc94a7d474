"""Coming in again with a form that is under way: its words are kept, whoever is asked for what on the way."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.people.models import Member, SignIn
from tests.authenticator import asked, register
from tests.cast import EDA, GABI, GERO, SignedIn, letters_to, make_guest, newest_code, within
from tests.conftest import At
from tests.drafts.desk import begin, revisions, says
from tests.page import Form, Page

LONG = "\n\n".join(["Ein Ä ist in einem Formular sechs Zeichen lang. " * 30] * 100)  # 150 kB on the way
OURS = {"Origin": "http://localhost"}
ENDED = "Die Sitzung ist beendet"


def page(answer: TestResponse, status: int, path: str = "/desk/drafts/x") -> Page:
    assert answer.status_code == status, answer.text[:2000]
    assert answer.headers["Cache-Control"] == "no-store"
    return Page(answer.text, path)


def send(client: FlaskClient, form: Form, **values: object) -> TestResponse:
    """As a browser does, which says from whose page a form comes."""
    return client.post(form.action, data=form.filled(**values), headers=OURS)


@pytest.fixture
def path(eda: SignedIn) -> str:
    return begin(eda, "Das Netz im Dezember")


def end(who: SignedIn) -> None:
    """Every session is ended, as by a new sign-in elsewhere or by time: this browser's cookie stays."""

    def work() -> None:
        member = Member.of(who.email)
        assert member
        SignIn.end_all(member.id)

    within(who.app, work)


def test_the_words_of_a_session_that_has_ended_are_saved_once_its_writer_came_in_by_a_code(
    app: Flask, eda: SignedIn, path: str
) -> None:
    form = eda.page(path).form("body")
    end(eda)
    asks = page(send(eda.client, form, body=LONG, authors="Eda", then="publish"), 403)
    assert ENDED in asks.text
    shown = {one.text.strip() for one in asks.main.all("textarea") if "readonly" in one.attributes}
    assert shown == {" ".join(LONG.split())}, "whoever cannot come in can still copy it"
    code = page(send(eda.client, asks.form("returning_email"), returning_email=EDA), 200)
    wrong = page(send(eda.client, code.form("returning_code"), returning_code="000000"), 422)
    assert wrong.form("returning_code").values["body"].strip() == LONG.strip()
    done = send(eda.client, wrong.form("returning_code"), returning_code=newest_code(app, EDA))
    assert (done.status_code, done.location) == (303, f"{path}/publication")
    assert LONG.strip() in says(app, path)
    assert eda.get(path).status_code == 200


def test_a_double_click_behind_the_code_saves_once_and_leads_on(app: Flask, eda: SignedIn, path: str) -> None:
    form = eda.page(path).form("body")
    end(eda)
    asks = page(send(eda.client, form, body=LONG, authors="Eda"), 403)
    code = page(send(eda.client, asks.form("returning_email"), returning_email=EDA), 200).form("returning_code")
    with eda.client.session_transaction("/desk/") as session:
        before = dict(session)
    typed = newest_code(app, EDA)
    for _ in range(2):  # neither has seen the answer to the other
        with eda.client.session_transaction("/desk/") as session:
            session.clear()
            session.update(before)
        done = send(eda.client, code, returning_code=typed)
        assert (done.status_code, done.location) == (303, path)
    assert [LONG.strip() in one.source for one in revisions(app, path)] == [False, True]


def test_a_guest_comes_in_by_passkey_and_is_not_asked_once_more(app: Flask, gabi: SignedIn) -> None:
    device, path = register(gabi), begin(gabi, "Zur Lage")
    form = gabi.page(f"{path}/previews").form("which")
    end(gabi)
    asks = page(send(gabi.client, form, which="latest"), 403)
    answer = device.sign(asked(asks, "returning_passkey"))
    assert send(gabi.client, asks.form("returning_email"), returning_passkey=answer).status_code == 303
    assert any(link.startswith("/previews/") for link in gabi.page(f"{path}/previews").links.values())


def test_who_came_in_by_a_code_and_owes_a_passkey_is_asked_for_that_next_with_every_value(
    app: Flask, gabi: SignedIn
) -> None:
    device, path = register(gabi), begin(gabi, "Zur Lage")
    form = gabi.page(f"{path}/previews").form("which")
    end(gabi)
    asks = page(send(gabi.client, form, which="fixed"), 403)
    code = page(send(gabi.client, asks.form("returning_email"), returning_email=GABI), 200)
    proves = page(send(gabi.client, code.form("returning_code"), returning_code=newest_code(app, GABI)), 403)
    behind = proves.form("proof_passkey")
    assert {*behind.values} == {"csrf_token", "which", "proof_passkey"}
    assert send(gabi.client, behind, proof_passkey=device.sign(asked(proves, "proof_passkey"))).status_code == 303


def test_who_signed_out_elsewhere_in_the_browser_or_came_in_anew_sends_the_old_page_once_more(
    app: Flask, eda: SignedIn, path: str
) -> None:
    form = eda.page(path).form("body")
    assert eda.post("/desk/sign-out").status_code == 303
    asks = page(send(eda.client, form, body=LONG), 400)
    assert ENDED in asks.text
    code = page(send(eda.client, asks.form("returning_email"), returning_email=EDA), 200)
    again = page(send(eda.client, code.form("returning_code"), returning_code=newest_code(app, EDA)), 200)
    assert EDA in again.text, "whose form it was no cookie says any more"
    assert send(eda.client, again.form("body")).status_code == 303
    asks = page(send(eda.client, form, body="Noch einmal."), 400)
    assert "Bitte noch einmal senden" in asks.text
    assert LONG.strip() in says(app, path)
    assert send(eda.client, asks.form("body")).status_code == 409  # somebody, she herself, has saved meanwhile


def test_what_saves_itself_is_told_so_and_nothing_is_lost(app: Flask, eda: SignedIn, path: str) -> None:
    form, wants = eda.page(path).form("body"), {"Accept": "application/json"}
    end(eda)
    answer = eda.client.post(form.action, data=form.filled(body="Eins."), headers=wants)
    assert (answer.status_code, "Sitzung" in json.loads(answer.text)["error"]) == (403, True)
    eda.post("/desk/sign-out")
    answer = eda.client.post(form.action, data=form.filled(body="Eins."), headers=wants | OURS)
    assert (answer.status_code, "Speichern" in json.loads(answer.text)["error"]) == (400, True)


def test_an_address_that_cannot_be_one_an_unknown_one_and_another_one_lose_nothing(
    app: Flask, eda: SignedIn, path: str
) -> None:
    form = eda.page(path).form("body")
    end(eda)
    asks = page(send(eda.client, form, body="Meins."), 403)
    asks = page(send(eda.client, asks.form("returning_email"), returning_email="eda"), 422)
    stranger = "niemand@campaign.example"
    code = page(send(eda.client, asks.form("returning_email"), returning_email=stranger), 200)
    assert letters_to(app, stranger) == []
    asks = page(send(eda.client, code.form("returning_code"), returning_again="1"), 403)
    assert asks.form("returning_email").values["body"] == "Meins."


def test_codes_beside_a_form_are_as_few_as_at_the_door(app: Flask, eda: SignedIn, path: str, at: At) -> None:
    form = eda.page(path).form("body")
    end(eda)
    asks = page(send(eda.client, form, body="Meins."), 403).form("returning_email")
    client = app.test_client()
    door = Page(client.get("/desk/sign-in").text, "/desk/sign-in").form("email")
    assert [send(client, door, email=EDA).status_code for _ in range(2)] == [303] * 2
    answers = [send(eda.client, asks, returning_email=EDA).status_code for _ in range(5)]
    assert answers == [200] * 4 + [429], "it is one budget"
    assert send(client, door, email=EDA).status_code == 429
    assert len(letters_to(app, EDA)) == 6


def test_a_stranger_is_led_to_the_door_and_may_send_no_more_than_strangers_may(app: Flask, path: str) -> None:
    client = app.test_client()
    token = Page(client.get("/desk/sign-in").text, "/desk/sign-in").form("email").values["csrf_token"]
    data = {"csrf_token": token, "returning_email": EDA, "body": "x"}
    assert (client.post(f"{path}/revisions", data=data).location or "").startswith("/desk/sign-in")
    assert client.post(f"{path}/revisions", data={"body": "x"}).status_code == 400
    assert letters_to(app, EDA) == []


@pytest.mark.parametrize("way", ["code", "passkey"])
def test_the_words_of_one_person_do_not_go_on_in_the_name_of_another(
    app: Flask, eda: SignedIn, gabi: SignedIn, way: str
) -> None:
    device, path = register(gabi), begin(gabi, "Zur Lage")
    make_guest(app, GERO, "Gero")
    form = (gabi if way == "code" else eda).page(path if way == "code" else begin(eda, "Eigenes")).form("body")
    client = (gabi if way == "code" else eda).client
    end(gabi)
    end(eda)
    asks = page(send(client, form, body="Meine Worte"), 403)
    if way == "code":
        code = page(send(client, asks.form("returning_email"), returning_email=GERO), 200)
        again = page(send(client, code.form("returning_code"), returning_code=newest_code(app, GERO)), 200)
        assert GERO in again.text
    else:
        signed = device.sign(asked(asks, "returning_passkey"))
        again = page(send(client, asks.form("returning_email"), returning_passkey=signed), 200)
        assert GABI in again.text
    assert again.form("body").values["body"] == "Meine Worte"
    for slug in ("zur-lage", "eigenes") if way == "passkey" else ("zur-lage",):
        assert "Meine Worte" not in says(app, f"/desk/drafts/{slug}")


@pytest.mark.parametrize("to", ["/desk/drafts", "/desk/drafts/x/revisions"])
def test_nobody_has_a_page_of_a_hundred_thousand_fields_drawn(client: FlaskClient, to: str) -> None:
    body = b"a&" * 30_000 + b"a=1"
    answer = client.post(to, data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert len(answer.data) < 20_000


def test_to_sign_out_without_having_been_in_makes_nobody_a_member_of_before(client: FlaskClient) -> None:
    door = Page(client.get("/desk/sign-in").text, "/desk/sign-in").form("email")
    assert client.post("/desk/sign-out", data={"csrf_token": door.values["csrf_token"]}).status_code == 303
    long = {"alt": "x" * 900_000}
    assert client.post("/desk/pictures", data=long).status_code == 413


FOREIGN: tuple[dict[str, str], ...] = (
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": "null", "Referer": "http://localhost/desk/"},
    {"Referer": "https://elsewhere.example/desk/"},
    {"Referer": "https://localhost.elsewhere.example/"},
    {"Referer": "http://["},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "cross-site", "Referer": "http://localhost/desk/"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://evil.localhost"},
    {"Sec-Fetch-Site": "none"},
    {},
)
CAME_IN_ANEW, ENDED_HERE, COOKIE_GONE = "in", "was in", "cookie gone"


@pytest.fixture(params=[CAME_IN_ANEW, ENDED_HERE, COOKIE_GONE])
def browser(request: pytest.FixtureRequest, app: Flask, eda: SignedIn) -> FlaskClient:
    """One whose forms are answered by a page that keeps them, as its cookie says or, of posts, without one."""
    if request.param == ENDED_HERE:
        assert eda.post("/desk/sign-out").status_code == 303
    return app.test_client() if request.param == COOKIE_GONE else eda.client


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_what_another_site_sends_is_never_turned_into_a_form_of_ours(
    path: str, browser: FlaskClient, headers: dict[str, str]
) -> None:
    data = {"body": "Fremde Worte", "title": "Fremd", "revision": "1", "then": "publish", "csrf_token": "guessed"}
    answer = browser.post(f"{path}/revisions", data=data, headers=headers)
    assert answer.status_code in {400, 403}
    assert "Fremd" not in answer.text
    assert "csrf_token" not in answer.text.replace(sign_out_of(answer), "")


def sign_out_of(answer: TestResponse) -> str:
    """The one form that every page of the desk has for whoever is in."""
    start = answer.text.find('action="/desk/sign-out"')
    return answer.text[start : answer.text.find("</form>", start)] if start >= 0 else ""


@pytest.mark.parametrize("headers", [OURS, {"Origin": "http://localhost:8000"}, {"Referer": "http://localhost/desk/x"}])
def test_what_a_page_of_ours_sends_is_kept_in_new_browsers_and_old_ones(
    path: str, browser: FlaskClient, headers: dict[str, str]
) -> None:
    data = {"body": "Eigene Worte", "title": "Eigen", "revision": "1", "csrf_token": "of before"}
    answer = browser.post(f"{path}/revisions", data=data, headers=headers)
    assert page(answer, 400).form("body").values["body"] == "Eigene Worte"
