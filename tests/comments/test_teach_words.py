"""People's decisions teach the site which words and texts are spam; what is undone is unlearned to the last word."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.models import Comment, MovedMeanwhile, State
from app.extensions import db
from app.kit import clock
from app.spam import bayes
from app.spam.bayes import Word
from app.spam.models import BayesTotal, BayesWord, CommentCluster
from app.spam.models.bayes import SHOWN_FROM, Taught
from tests.cast import SignedIn, make_comment, within
from tests.comments.reader import stored, write

SPAM = "Hier gibt es die besten Pillen der Stadt, heute zum halben Preis und frei Haus geliefert!"
HONEST = "In Eimsbüttel ist das Netz seit Wochen weg, und die Hotline weiß von nichts."


Lessons = tuple[list[tuple[str, str | None, int, int]], list[tuple[str, int, int]], list[tuple[str, int, int]]]


def lessons(app: Flask) -> Lessons:
    """Everything that has been learned."""

    def read() -> Lessons:
        words = [(row.hash, row.word, row.spam, row.ham) for row in db.session.query(BayesWord).order_by("hash")]
        totals = [(row.tongue, row.spam, row.ham) for row in db.session.query(BayesTotal) if row.spam or row.ham]
        clusters = [(row.id, row.spam, row.ham) for row in db.session.query(CommentCluster).order_by("id")]
        return words, totals, clusters

    return within(app, read)


def decide(app: Flask, id_: int, to: State) -> None:
    def work() -> None:
        comment = db.session.get_one(Comment, id_)
        comment.decide(to, seen=comment.state, reason="Werbung")

    within(app, work)


def taught(app: Flask, spam: int, ham: int) -> None:
    """So many decisions about German comments."""

    def work() -> None:
        for number in range(spam):
            bayes.learn([("Pillenshop", f"{SPAM} Nummer{chr(97 + number % 26)}", "de")], Taught(1, 0), clock.now())
        for number in range(ham):
            bayes.learn([("Lena", f"{HONEST} {chr(97 + number % 26)}traße", "de")], Taught(0, 1), clock.now())

    within(app, work)


@pytest.fixture
def enough(app: Flask) -> Flask:
    """A site that has been taught enough German."""
    taught(app, bayes.ENOUGH, bayes.ENOUGH)
    return app


def test_each_decision_teaches_and_taking_it_back_leaves_nothing(on_each: Flask) -> None:
    make_comment(on_each, text=HONEST, state=State.PUBLISHED)
    before = lessons(on_each)
    id_ = make_comment(on_each, text=SPAM, state=State.WAITING).id
    decide(on_each, id_, State.SPAM)
    words, totals, _ = lessons(on_each)
    assert totals == [("de", 1, 1)]
    assert len(words) > len(before[0])
    with pytest.raises(MovedMeanwhile):
        decide(on_each, id_, State.SPAM)
    assert lessons(on_each)[:2] == (words, totals), "the same twice teaches once"
    decide(on_each, id_, State.PUBLISHED)
    assert lessons(on_each)[1] == [("de", 0, 2)]
    decide(on_each, id_, State.REMOVED)
    assert lessons(on_each) == before
    decide(on_each, id_, State.WAITING)
    assert lessons(on_each) == before


def test_what_judges_do_alone_and_what_members_say_teaches_nothing(app: Flask, client: FlaskClient) -> None:
    write(client, app, website="x")
    assert [one.state for one in stored(app)] == [State.SPAM]
    assert lessons(app)[:2] == ([], [])


def test_a_word_is_written_out_only_when_several_comments_had_it(app: Flask) -> None:
    for number in range(SHOWN_FROM - 1):
        make_comment(app, text=f"{SPAM} {number}", state=State.SPAM)
    assert {word for _, word, *_ in lessons(app)[0]} == {None}
    last = make_comment(app, text="Pillen von Frau Wisniewska, Gartenweg", name="Otto", state=State.SPAM).id
    assert {word for _, word, *_ in lessons(app)[0]} == {None, "pillen"}
    decide(app, last, State.WAITING)
    assert {word for _, word, *_ in lessons(app)[0]} == {None}


def test_until_enough_was_decided_words_say_nothing(app: Flask, client: FlaskClient) -> None:
    taught(app, bayes.ENOUGH, bayes.ENOUGH - 1)
    write(client, app, text="Pillen zum halben Preis, frei Haus!")
    assert stored(app)[0].reasons == []


def test_words_like_those_of_spam_wait_with_the_reason_and_are_explained(
    enough: Flask, client: FlaskClient, mo: SignedIn
) -> None:
    write(client, enough, name="Otto", text="Die besten Pillen zum halben Preis, heute frei Haus geliefert!")
    write(client, enough, name="Otto", text="In Altona ist das Netz seit Wochen weg, und keiner weiß von nichts.")
    bad, good = stored(enough)
    assert (bad.state, bad.reasons) == (State.WAITING, ["bayes"])
    assert good.reasons == []
    page = mo.page(f"/desk/comments/{bad.id}?lang=en").text
    assert "its words are like those of spam" in page
    assert "pillen" in page
    assert "Strongest words" not in mo.page(f"/desk/comments/{good.id}?lang=en").text


@pytest.mark.parametrize("more", [{}, {"form_token": ""}])
def test_learned_words_alone_or_with_others_never_make_spam(
    enough: Flask, client: FlaskClient, more: dict[str, str]
) -> None:
    write(client, enough, text="Die besten Pillen zum halben Preis, heute frei Haus geliefert!", **more)
    assert stored(enough)[0].state == State.WAITING


def test_the_loudest_words_come_first(enough: Flask) -> None:
    with enough.app_context():
        (words,) = bayes.explained({1: ("Otto", "Netz, Pillen, Hotline", "de")}).values()
    assert [word.word for word in words] == ["pillen"]
    assert isinstance(words[0], Word)
    assert words[0].probability > 0.9


def test_what_nearly_says_what_a_person_found_to_be_spam_waits_and_then_is_spam(
    app: Flask, client: FlaskClient
) -> None:
    write(client, app, text=f"{SPAM} 1")
    decide(app, stored(app)[0].id, State.SPAM)
    for number in range(2, 6):
        write(client, app, text=f"{SPAM} {number}")
    first, second, *_, last = stored(app)
    assert first.cluster == second.cluster == last.cluster
    assert (second.state, "known-spam" in second.reasons) == (State.WAITING, True)
    assert (last.state, last.reasons[:2]) == (State.WAITING, ["near-copies", "known-spam"])
    for one in (second, last):
        decide(app, one.id, State.SPAM)
    write(client, app, text=f"{SPAM} 7")
    assert stored(app)[-1].state == State.SPAM


def test_what_people_also_published_is_no_known_spam(app: Flask, client: FlaskClient) -> None:
    for number in range(3):
        write(client, app, text=f"{SPAM} {number}")
    first, second, _ = stored(app)
    decide(app, first.id, State.SPAM)
    decide(app, second.id, State.PUBLISHED)
    write(client, app, text=f"{SPAM} 9")
    assert "known-spam" not in stored(app)[-1].reasons


def test_many_links_to_one_host_are_seen(app: Flask, client: FlaskClient) -> None:
    for number in range(6):
        write(client, app, text=f"Seite {number}: www.pillen.example.com/{number}")
    assert stored(app)[-1].heard == {"links": 1, "same-host": 1}
