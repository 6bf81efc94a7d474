"""Every official answer with what it answers: listed, searched, in a feed; feeds of a post and of a thread."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.models import Comment, State
from app.comments.models import answers as model
from app.extensions import db
from tests.cache.asking import fresh, shown
from tests.cast import make_comment, make_editor, make_guest, make_post, read_posts, within
from tests.comments.test_read_answers import remove
from tests.comments.test_read_thread import POST, canonical, ids, queries
from tests.page import Pages

ANSWERS = "/answers/"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def black_out(app: Flask, comment: Comment) -> None:
    def work() -> None:
        one = db.session.get_one(Comment, comment.id)
        one.decide(State.PUBLISHED, seen=State.PUBLISHED, is_redacted=True)

    within(app, work)


def entries(client: FlaskClient, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    assert "ETag" in answer.headers
    found = ET.fromstring(answer.data).findall("a:entry", ATOM)  # noqa: S314 -- our own feed
    return [{part: one.findtext(f"a:{part}", "", ATOM) for part in ("id", "title", "content")} for one in found]


def test_all_official_answers_stand_below_what_they_answer_newest_first(app: Flask, pages: Pages, posts: Path) -> None:
    make_post(posts, "anderswo", title="Woanders")
    read_posts(app)
    asked, guest = make_comment(app, name="Sabine"), make_guest(app)
    first = make_comment(app, by=guest, parent=asked)
    make_comment(app, by=make_editor(app), parent=asked)
    second = make_comment(app, "anderswo", by=guest)
    page = pages.open(ANSWERS)
    assert ids(page) == [second.id, asked.id, first.id]
    assert page.links["Woanders"] == "/posts/anderswo"
    assert f"{POST}/comments/{first.id}" in [one["href"] for one in page.root.all("a")]
    assert "2 answers in all" in pages.open(f"{ANSWERS}?lang=en").text


def test_nobody_can_answer_from_the_list(app: Flask, pages: Pages) -> None:
    make_comment(app, by=make_guest(app), parent=make_comment(app))
    assert not pages.open(ANSWERS).with_class("reply")


def test_where_nothing_was_answered_the_page_says_so(pages: Pages) -> None:
    assert "O2 has not answered yet." in pages.open(f"{ANSWERS}?lang=en").text


def test_answers_under_posts_that_readers_do_not_see_are_not_listed(
    app: Flask, pages: Pages, client: FlaskClient, posts: Path
) -> None:
    make_post(posts, "entwurf", status="draft")
    make_post(posts, "stumm", comments="off")
    read_posts(app)
    for slug in ("entwurf", "stumm", "fort"):
        make_comment(app, slug, by=make_guest(app), text="Unverwechselbar.")
    assert "Unverwechselbar" not in pages.open(ANSWERS).html
    assert ids(pages.open(f"{ANSWERS}?q=Unverwechselbar")) == []
    assert entries(client, f"{ANSWERS}feed.atom") == []
    for path in ("/posts/entwurf/comments.atom", "/posts/stumm/comments.atom", "/posts/fort/comments.atom"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("asked", ["überlastet", "ÜBERLASTET", "Station überlas", "  station  "])
def test_words_are_found_in_answers_in_whatever_letters(app: Flask, pages: Pages, asked: str) -> None:
    guest = make_guest(app)
    wanted = make_comment(app, by=guest, text="Überlastet ist nur eine Station.")
    make_comment(app, by=guest, text="Alles läuft.")
    assert ids(pages.open(f"{ANSWERS}?q={asked}")) == [wanted.id]


def test_words_are_found_in_what_was_answered(app: Flask, pages: Pages) -> None:
    asked, guest = make_comment(app, text="Wann in Altona?"), make_guest(app)
    wanted = make_comment(app, by=guest, parent=asked, text="Ab Montag.")
    make_comment(app, by=guest, text="Montag.")
    assert ids(pages.open(f"{ANSWERS}?q=altona montag")) == [asked.id, wanted.id]
    assert ids(pages.open(f"{ANSWERS}?q=altona dienstag")) == []


@pytest.mark.parametrize("asked", ["%", "_", "\\", "100%", "'"])
def test_signs_are_words_like_others(app: Flask, pages: Pages, asked: str) -> None:
    make_comment(app, by=make_guest(app), text="Ein Satz ohne Zeichen.")
    assert ids(pages.open(f"{ANSWERS}?q={asked.replace('%', '%25')}")) == []


def test_a_search_does_not_tell_what_is_blacked_out_or_removed(app: Flask, pages: Pages) -> None:
    guest = make_guest(app)
    told = make_comment(app, text="Ruf mich an: 0171 2345678")
    gone = make_comment(app, text="Meine Nummer: 0171 2345678")
    for one in (told, gone):
        make_comment(app, by=guest, parent=one, text="Danke.")
    own = make_comment(app, by=guest, text="Zentrale: 0171 2345678")
    assert len(ids(pages.open(f"{ANSWERS}?q=2345678"))) == 5
    for one in (told, own):
        black_out(app, one)
    remove(app, gone)
    assert ids(pages.open(f"{ANSWERS}?q=2345678")) == []
    assert len(ids(pages.open(ANSWERS))) == 5


def test_a_search_is_kept_in_the_other_language_and_by_no_search_engine(app: Flask, pages: Pages) -> None:
    make_comment(app, by=make_guest(app), text="Ab Montag.")
    page = pages.open(f"{ANSWERS}?q=montag")
    assert canonical(page).endswith("/answers/?q=montag")
    assert "/answers/?q=montag&lang=en" in page.links.values()
    assert [one["content"] for one in page.root.all("meta") if one.get("name") == "robots"] == ["noindex"]
    assert "montag" in [one.get("value") for one in page.root.all("input")]


def test_the_list_has_pages(app: Flask, pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "PER_PAGE", 2)
    guest = make_guest(app)
    made = [make_comment(app, by=guest, text=f"Antwort {number}").id for number in range(3)]
    page = pages.open(ANSWERS)
    assert ids(page) == [made[2], made[1]]
    assert "/answers/?page=2" in page.links.values()
    assert ids(pages.open(f"{ANSWERS}?page=2")) == made[:1]
    assert "/answers/?page=2&q=antwort" in pages.open(f"{ANSWERS}?q=antwort").links.values()
    for odd in ("3", "0", "-1", "99999999999999999999"):
        pages.open(f"{ANSWERS}?page={odd}", 404)


def test_a_new_answer_and_a_removed_one_are_seen_at_once(app: Flask) -> None:
    guest = make_guest(app)
    shown(app, ANSWERS)
    one = make_comment(app, by=guest, text="Unverwechselbar.")
    assert b"Unverwechselbar" in shown(app, ANSWERS) == fresh(app, ANSWERS)
    remove(app, one)
    assert b"Unverwechselbar" not in shown(app, ANSWERS)


def test_the_list_asks_the_same_few_questions_for_one_and_three_answers(app: Flask, pages: Pages) -> None:
    guest, asked = make_guest(app), []
    pages.open(ANSWERS)
    for more in (1, 2):
        for _ in range(more):
            make_comment(app, by=guest, parent=make_comment(app))
        with queries(app) as found:
            pages.open(ANSWERS)
        asked.append(len(found))
    assert asked[0] == asked[1] <= 8, asked  # one of them, the first time: what was signed off


def test_a_feed_tells_what_companies_answered(app: Flask, client: FlaskClient) -> None:
    made = make_comment(app, by=make_guest(app), parent=make_comment(app), text="Ab **Montag**.")
    (entry,) = entries(client, f"{ANSWERS}feed.atom")
    assert entry["id"] == f"http://localhost:8000{POST}/comments/{made.id}"
    assert entry["title"].startswith("Gabi (O2 · verifiziert) zu „")
    assert entry["content"].strip() == "Ab Montag."


def test_a_post_and_a_thread_have_feeds_of_what_readers_see(app: Flask, client: FlaskClient) -> None:
    top = make_comment(app, name="Sabine", text="Oben.")
    make_comment(app, parent=top, text="Unten.")
    make_comment(app, text="Daneben.")
    make_comment(app, state=State.WAITING, text="Wartet.")
    remove(app, make_comment(app, text="Fort."))
    assert [one["content"].strip() for one in entries(client, f"{POST}/comments.atom")] == [
        "Daneben.",
        "Unten.",
        "Oben.",
    ]
    thread = entries(client, f"{POST}/comments/{top.id}/feed.atom")
    assert [one["content"].strip() for one in thread] == ["Unten.", "Oben."]
    assert thread[1]["title"].startswith("Sabine zu „")


def test_a_feed_shows_names_and_texts_as_pages_do(app: Flask, client: FlaskClient) -> None:
    told = make_comment(app, name="Lena", text="Ruf mich an: 0171 2345678")
    black_out(app, told)
    (entry,) = entries(client, f"{POST}/comments.atom")
    assert "2345678" not in str(entry)


def test_only_what_began_a_thread_has_a_feed(app: Flask, client: FlaskClient) -> None:
    top = make_comment(app)
    reply, waiting = make_comment(app, parent=top), make_comment(app, state=State.WAITING)
    for id_ in (reply.id, waiting.id, 99, 2**63):
        assert client.get(f"{POST}/comments/{id_}/feed.atom").status_code == 404
