"""The private link of a comment: what its writer is told, and what nobody else learns."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.models import Comment, State
from app.extensions import db
from app.kit import tokens
from app.people.models import Member
from tests.akismet_server import AkismetServer
from tests.cast import make_comment, make_guest, within
from tests.comments.own import decided, newest, told, wrote
from tests.comments.reader import FIELDS, URL, filled, write
from tests.page import Pages

NOWHERE = "/comments/0000-0000-0000-0000-0000-0000"
DEEDS = ("edits", "withdrawals", "returns", "erasures", "appeals")


def test_waiting_and_spam_are_told_the_same_until_a_person_has_decided(app: Flask, pages: Pages) -> None:
    waiting = wrote(pages.client, app)
    spam = wrote(pages.client, app, website="https://pills.example")
    assert newest(app).state == State.SPAM
    first, second = (pages.open(page) for page in (waiting, spam))
    assert first.heading == second.heading == "Dein Kommentar wartet auf Freigabe"
    shown = [re.sub(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){5}", "CODE", page.main.text) for page in (first, second)]
    assert shown[0] == shown[1]
    assert told(pages.client, spam)["state"] == "waiting"
    decided(app, State.SPAM)
    assert pages.open(spam).heading == "Dein Kommentar wurde nicht veröffentlicht"
    assert told(pages.client, spam)["state"] == "refused"


def test_the_page_says_what_was_decided_and_why(app: Flask, pages: Pages) -> None:
    page = wrote(pages.client, app)
    decided(app, State.PUBLISHED)
    shown = pages.open(page)
    assert shown.heading == "Dein Kommentar ist veröffentlicht"
    place, _, anchor = shown.links["An seinem Platz ansehen"].partition("#")
    assert FIELDS["text"] in pages.open(place).by_id(anchor).text
    decided(app, State.REMOVED, reason="Beleidigung")
    assert "Grund: Beleidigung" in pages.open(page).text


def test_the_code_is_told_again_for_the_same_key_and_kept_only_as_a_hash(app: Flask, client: FlaskClient) -> None:
    data = filled(app)
    first, second = (client.post(URL, data=data).location for _ in range(2))
    assert first == second
    code = str(first).split("/")[2].partition("?")[0]
    kept = vars(newest(app))
    assert code not in str(kept)
    assert kept["link_hash"] == tokens.digest(code)


def test_it_is_in_no_log(app: Flask, client: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    page = wrote(client, app)
    client.get(page)
    client.post(f"{page}/withdrawals", data={"sure": "yes"})
    written = capsys.readouterr().err
    assert "/comments/<code>" in written
    assert page.rpartition("/")[2] not in written


def test_the_page_is_kept_by_nobody_and_found_by_no_search_engine(app: Flask, pages: Pages) -> None:
    page = wrote(pages.client, app)
    answer = pages.client.get(page)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex">' in answer.text


def test_every_other_code_gets_the_same_words(app: Flask, client: FlaskClient) -> None:
    wrote(client, app)
    bodies = set()
    for code in (NOWHERE, "/comments/x", "/comments/zzzz-zzzz", "/comments/%F0%9F%98%80"):
        answer = client.get(code)
        assert answer.status_code == 404, code
        bodies.add(re.sub(r"<code>\w+</code>", "", answer.text))
    assert len(bodies) == 1


@pytest.mark.parametrize("deed", DEEDS)
def test_no_deed_without_a_code(app: Flask, client: FlaskClient, deed: str) -> None:
    assert client.post(f"{NOWHERE}/{deed}", data={"sure": "yes", "text": "Neu."}).status_code == 404


def test_a_code_copied_by_hand_is_understood(app: Flask, pages: Pages) -> None:
    page = wrote(pages.client, app)
    code = page.rpartition("/")[2]
    assert pages.open(f"/comments/{code.lower().replace('-', '')}").heading


def test_the_export_holds_all_that_is_kept(app: Flask, client: FlaskClient) -> None:
    page = wrote(client, app)
    answer = client.get(f"{page}/export.json")
    assert answer.headers["Content-Disposition"] == "attachment; filename=comment.json"
    kept = json.loads(answer.text)
    assert (kept["name"], kept["email"], kept["text"]) == ("Lena", FIELDS["email"], FIELDS["text"])
    assert kept["state"] == "waiting"


def test_scripts_are_told_the_link_beside_the_answer(app: Flask, client: FlaskClient) -> None:
    said = client.post(URL, data=filled(app), headers={"Accept": "application/json"}).get_json()
    assert told(client, said["link"])["text"] == FIELDS["text"]


def test_what_judges_let_through_is_told_so(with_akismet: AkismetServer, app: Flask, client: FlaskClient) -> None:
    with_akismet.says("ham")
    page = wrote(client, app)
    assert newest(app).state == State.PUBLISHED
    assert told(client, page)["state"] == "published"


def test_a_members_answer_has_no_private_page_even_for_who_knows_its_key(app: Flask, client: FlaskClient) -> None:
    gabi = make_guest(app)
    above = make_comment(app)
    key = tokens.new_key()

    def answer() -> None:
        by, parent = db.session.get_one(Member, gabi.id), db.session.get_one(Comment, above.id)
        Comment.answer("netz", "Wir bauen aus.", key=key, by=by, parent=parent)

    within(app, answer)
    page = str(write(client, app, key=key).location).partition("?")[0]
    assert client.get(page).status_code == 404
    assert client.post(f"{page}/withdrawals", data={"sure": "yes"}).status_code == 404
