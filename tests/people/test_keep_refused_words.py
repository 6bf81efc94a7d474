"""A deed that is refused to whoever sent it gives back what they typed, and tells nothing else."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.people.models import Member, SignIn
from tests.authenticator import register
from tests.cast import EDA, GABI, VERA, SignedIn, csrf_token, make_other_guest, newest_code, sign_in, within
from tests.drafts.desk import begin, says
from tests.page import Form, Page

WORDS = "Meine Worte,\nzwei Zeilen </textarea><script>alert(1)</script> & mehr"
JSON = {"Accept": "application/json"}


def kept(answer: TestResponse, status: int) -> dict[str, str]:
    """What the page shows to be copied, by its label, and no form to send it with."""
    assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "no-store"), answer.text[:2000]
    page = Page(answer.text, "/desk/")
    shown = {}
    for field in page.with_class("field"):
        (control,) = (one for one in field.all("input", "textarea") if "readonly" in one.attributes)
        (label,) = field.all("label")
        shown[label.text] = control.get("value") if control.tag == "input" else control.text
        assert not control.get("name")
    assert all(form.action.endswith("/sign-out") for form in page.forms)
    return shown


def end(who: SignedIn) -> None:
    def work() -> None:
        member = Member.of(who.email)
        assert member
        SignIn.end_all(member.id)

    within(who.app, work)


def send_on_as_vera(app: Flask, gabi: SignedIn, path: str) -> TestResponse:
    """Gabi's session has ended, Vera of another organisation comes in at the same browser and sends the form on."""
    make_other_guest(app)
    form = gabi.page(path).form("body")
    end(gabi)
    asks = send(gabi, form, path, body=WORDS, title="Zur Lage").form("returning_email")
    code = send(gabi, asks, path, returning_email=VERA).form("returning_code")
    again = send(gabi, code, path, returning_code=newest_code(app, VERA))
    assert VERA in again.text
    form = again.form("body")
    return gabi.client.post(form.action, data=form.filled())


def send(who: SignedIn, form: Form, path: str, **values: object) -> Page:
    return Page(who.client.post(form.action, data=form.filled(**values)).text, path)


def test_a_form_that_somebody_else_sends_on_who_may_not_gives_the_words_back(app: Flask, gabi: SignedIn) -> None:
    register(gabi)
    path = begin(gabi, "Zur Lage")
    answer = send_on_as_vera(app, gabi, path)
    shown = kept(answer, 404)
    assert " ".join(shown["Text"].split()) == " ".join(WORDS.split())
    assert shown["Titel"] == "Zur Lage"
    assert VERA in answer.text
    assert GABI not in answer.text
    assert "Meine Worte" not in says(app, path)


@pytest.mark.parametrize("name", ["mo", "gabi"])
def test_who_may_not_do_a_deed_at_all_keeps_what_was_typed(
    request: pytest.FixtureRequest, eda: SignedIn, name: str
) -> None:
    who: SignedIn = request.getfixturevalue(name)
    assert eda
    answer = who.post("/desk/people/invitations", {"email": "neu@o2.example", "first_name": "Ada", "role": "guest"})
    shown = kept(answer, 403)
    assert shown == {"E-Mail-Adresse": "neu@o2.example", "Vorname": "Ada", "Rolle": "guest"}
    assert who.email in answer.text


def test_what_is_not_theirs_and_what_is_not_there_are_refused_in_the_same_words(app: Flask, gabi: SignedIn) -> None:
    path = begin(gabi, "Zur Lage")
    vera = sign_in(app, make_other_guest(app))
    data = {"body": WORDS, "title": "Ein Titel", "revision": "1", "then": ""}
    pages = [vera.post(f"{at}/revisions", data) for at in (path, "/desk/drafts/gibt-es-nicht")]
    assert [kept(page, 404)["Titel"] for page in pages] == ["Ein Titel"] * 2
    theirs, nobodys = (blind(page.text, vera) for page in pages)
    assert theirs.replace("zur-lage", "SLUG") == nobodys.replace("gibt-es-nicht", "SLUG")


def blind(html: str, who: SignedIn) -> str:
    """The page without what every request has anew."""
    return "\n".join(line for line in html.replace(who.token, "TOKEN").splitlines() if "csrf_token" not in line)


def test_files_that_were_sent_along_are_named(app: Flask, eda: SignedIn, path_of_nobody: str) -> None:
    data = {"csrf_token": eda.token, "text": "Dazu", "file": (BytesIO(b"x"), "netz.png")}
    answer = eda.client.post(path_of_nobody, data=data, content_type="multipart/form-data")
    assert kept(answer, 404) == {"Text": "Dazu"}
    assert "netz.png" in answer.text


@pytest.fixture
def path_of_nobody() -> str:
    return "/desk/drafts/gibt-es-nicht/revisions"


@pytest.mark.parametrize("data", [{"then": "publish", "revision": "3"}, {"body": "  \n "}, {}], ids=str)
def test_where_nothing_was_typed_the_answer_is_the_usual_one(
    eda: SignedIn, path_of_nobody: str, data: dict[str, str]
) -> None:
    answer = eda.post(path_of_nobody, data)
    assert answer.status_code == 404
    assert "Unter dieser Adresse" in Page(answer.text).heading


def test_what_saves_itself_and_what_only_reads_get_the_usual_answer(eda: SignedIn, path_of_nobody: str) -> None:
    data = {"csrf_token": eda.token, "body": WORDS}
    answer = eda.client.post(path_of_nobody, data=data, headers=JSON)
    assert (answer.status_code, sorted(answer.get_json())) == (404, ["error", "message", "request_id"])
    assert eda.get("/desk/drafts/gibt-es-nicht?body=Meine").status_code == 404


def test_a_hundred_thousand_fields_are_drawn_for_nobody(eda: SignedIn, path_of_nobody: str) -> None:
    start = f"csrf_token={eda.token}".encode()
    kind = "application/x-www-form-urlencoded"
    answers = [
        eda.client.post(path_of_nobody, data=start + b"&a=1" * count, content_type=kind) for count in (1000, 1001)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert [answer.text.count("readonly") for answer in answers] == [1000, 0]


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}], ids=str
)
def test_a_foreign_page_has_nothing_drawn_even_with_the_token(
    eda: SignedIn, path_of_nobody: str, headers: dict[str, str]
) -> None:
    data = {"csrf_token": eda.token, "body": "Fremde Worte"}
    answer = eda.client.post(path_of_nobody, data=data, headers=headers)
    assert (answer.status_code, "Fremde Worte" in answer.text) == (403, False)


def test_neither_a_stranger_nor_who_lacks_the_token_has_anything_drawn(
    client: FlaskClient, mo: SignedIn, path_of_nobody: str
) -> None:
    data = {"csrf_token": csrf_token(client), "reason": "Fremde Worte"}
    answer = client.post("/desk/organisations", data=data)
    assert (answer.status_code, "Fremde Worte" in answer.text) == (303, False)
    answer = client.post("/desk/organisations", data={"reason": "Fremde Worte"})
    assert (answer.status_code, "Fremde Worte" in answer.text) == (400, False)
    assert EDA not in mo.post("/desk/people/invitations", {"email": "neu@o2.example"}).text
