"""All comments of a mailbox: by a link that only its owner reads, for a day; seen, taken along, erased."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.models import Comment, OwnLink, contact
from app.extensions import db
from tests.cast import letters_to, make_comment, within
from tests.comments.reader import stored
from tests.conftest import At
from tests.page import Pages

LENA, GERO = "lena@reader.example", "gero@reader.example"
LINK = re.compile(r"/comments/mine/[\w-]+")


@pytest.fixture
def talk(app: Flask) -> list[Comment]:
    """Two comments of Lena's, one of Gero's."""
    return [
        make_comment(app, text=text, email=email)
        for text, email in (("Erster.", LENA), ("Zweiter.", LENA.upper()), ("Ganz anders.", GERO))
    ]


def asked(app: Flask, pages: Pages, email: str = LENA) -> str:
    """The link in the letter that was asked for."""
    form = pages.open("/comments/mine").form("email")
    assert pages.post(form, email=email).location == "/comments/mine/asked"
    found = LINK.search(letters_to(app, email)[-1])
    assert found
    return found[0]


def test_the_link_shows_the_comments_of_that_address_and_no_others(
    talk: list[Comment], app: Flask, pages: Pages
) -> None:
    page = pages.open(asked(app, pages))
    assert "Erster." in page.text
    assert "Zweiter." in page.text
    assert "Ganz anders." not in page.text
    assert pages.client.get(page.path).headers["Cache-Control"] == "no-store"


def test_an_address_without_comments_is_told_the_same_and_written_no_letter(
    talk: list[Comment], app: Flask, client: FlaskClient
) -> None:
    answers = [client.post("/comments/mine", data={"email": email}) for email in (LENA, "nobody@reader.example")]
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, "/comments/mine/asked")}
    assert letters_to(app, "nobody@reader.example") == []


def test_one_address_is_written_to_three_times_a_day_at_most_and_who_asks_is_told_the_same(
    talk: list[Comment], app: Flask, client: FlaskClient
) -> None:
    codes = [client.post("/comments/mine", data={"email": LENA}).status_code for _ in range(7)]
    assert codes == [303] * 7
    assert len(letters_to(app, LENA)) == 3


@pytest.mark.parametrize("email", ["", "lena", "lena@", "a@b.example\nBcc: x@y.example"])
def test_what_is_no_address_is_refused(app: Flask, pages: Pages, email: str) -> None:
    page = pages.send(pages.open("/comments/mine").form("email"), 422, email=email)
    assert page.title.startswith("Fehler:")


def test_the_export_holds_them_all(talk: list[Comment], app: Flask, pages: Pages) -> None:
    kept = json.loads(pages.client.get(f"{asked(app, pages)}/export.json").text)
    assert [one["text"] for one in kept] == ["Zweiter.", "Erster."]


def test_one_is_erased_after_a_question_and_the_others_stay(talk: list[Comment], app: Flask, pages: Pages) -> None:
    link = asked(app, pages)
    ask = pages.send(pages.open(link).form("erasures"))
    assert [one.text for one in stored(app)] == ["Erster.", "Zweiter.", "Ganz anders."]
    assert pages.post(ask.form("sure")).status_code == 303
    assert [one.text for one in stored(app)] == ["Erster.", "", "Ganz anders."]


def test_somebody_else_s_comment_is_not_erased_by_its_number(talk: list[Comment], app: Flask, pages: Pages) -> None:
    link = asked(app, pages)
    pages.client.post(f"{link}/erasures", data={"id": str(talk[2].id), "sure": "yes"})
    assert stored(app)[2].text == "Ganz anders."


def test_all_are_erased_at_once(talk: list[Comment], app: Flask, pages: Pages) -> None:
    link = asked(app, pages)
    every = [form for form in pages.open(link).forms if "Alle" in form.text]
    ids = [str(one.id) for one in talk[:2]]
    answer = pages.client.post(every[0].action, data={"id": ids, "sure": "yes"})
    assert [one.text for one in stored(app)] == ["", "", "Ganz anders."]
    assert pages.open(str(answer.location)).heading == "Meine Kommentare"


def test_the_link_is_good_for_a_day(talk: list[Comment], app: Flask, pages: Pages, at: At) -> None:
    at(0)
    link = asked(app, pages)
    at(24 * 60 - 1)
    assert pages.open(link)
    at(24 * 60 + 1)
    assert pages.client.get(link).status_code == 404
    assert (within(app, OwnLink.forget), within(app, OwnLink.forget)) == (1, 0)


def test_addresses_go_after_half_a_year(talk: list[Comment], app: Flask, at: At) -> None:
    at(0)
    at(179 * 24 * 60)
    assert within(app, contact.forget) == 0
    at(181 * 24 * 60)
    assert (within(app, contact.forget), within(app, contact.forget)) == (3, 0)
    assert within(app, lambda: OwnLink.issue(LENA)) is None


def test_the_page_asks_as_much_of_the_database_for_three_as_for_one(app: Flask, pages: Pages) -> None:
    from tests.comments.test_read_thread import queries  # noqa: PLC0415

    asked_of = []
    for more in (1, 2):
        for _ in range(more):
            make_comment(app, email=LENA)
        token = within(app, lambda: OwnLink.issue(LENA))
        with queries(app) as found:
            assert len(pages.open(f"/comments/mine/{token}").with_class("comment")) == (1 if more == 1 else 3)
        asked_of.append(len(found))
    assert asked_of[0] == asked_of[1]
    assert within(app, lambda: db.session.scalars(db.select(OwnLink)).all())


@pytest.mark.parametrize("number", ["9" * 20, "-1", str(2**31)])
def test_numbers_that_no_comment_can_have_erase_nothing(app: Flask, client: FlaskClient, number: str) -> None:
    make_comment(app, email=LENA)
    token = within(app, lambda: OwnLink.issue(LENA))
    assert client.post(f"/comments/mine/{token}/erasures", data={"id": number, "sure": "yes"}).status_code == 303
    assert stored(app)[-1].text
