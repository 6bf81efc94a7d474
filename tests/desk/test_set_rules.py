"""Editors see what each judge has heard, and set whether it counts, observes or is off."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.models import Comment, State
from app.extensions import db
from app.people.models import Decision
from app.spam.judges import judges
from app.spam.rules import Mode, Modes
from bench.measure import counted
from tests.cast import SignedIn, make_comment, make_editor, make_post, sign_in, within
from tests.comments.reader import stored, write

PAGE = "/desk/rules"
LOUD = "KEIN NETZ IN GANZ EIMSBÜTTEL!!!!!! Siehe http://a.example/1 http://b.example/2 http://c.example/3"


@pytest.fixture
def netz(posts: Path) -> str:
    """The post under which people write; ask for it before the app."""
    return make_post(posts, "netz")


def modes(app: Flask) -> Modes:
    with app.app_context():
        return judges().modes()


def set_to(who: SignedIn, rule: str, mode: str, seen: str = "enforce") -> None:
    assert who.post(f"{PAGE}?lang=en", {"rule": rule, "mode": mode, "seen": seen}).status_code == 303


def deeds(app: Flask) -> list[tuple[str, str]]:
    rows = within(app, lambda: list(db.session.scalars(db.select(Decision).order_by(Decision.id))))
    return [(row.deed, row.about) for row in rows if row.about.startswith("rule:")]


def questions(app: Flask, who: SignedIn) -> int:
    """How many statements the page takes."""
    with app.app_context():
        engine = db.engine
    with counted(engine) as statements:
        who.page(PAGE)
    return len(statements)


def test_an_editor_sets_a_rule_and_takes_it_back(app: Flask, eda: SignedIn) -> None:
    set_to(eda, "links", "observe")
    assert modes(app) == {"links": Mode.OBSERVE}
    undo = eda.page(PAGE).form("undo")
    assert eda.client.post(undo.action, data=undo.values).status_code == 303
    assert modes(app)["links"] is Mode.ENFORCE
    assert deeds(app) == [("rule-observe", "rule:links"), ("rule-enforce", "rule:links")]


def test_the_page_offers_each_rule_with_the_modes_in_which_it_is_not(app: Flask, eda: SignedIn) -> None:
    set_to(eda, "repeats", "off")
    page = eda.page(f"{PAGE}?lang=en")
    assert "the same text was sent before" in page.text
    form = next(form for form in page.forms if form.values.get("rule") == "repeats")
    assert form.values["seen"] == "off"


def test_the_next_comment_is_judged_by_what_was_set(netz: str, app: Flask, client: FlaskClient, eda: SignedIn) -> None:
    write(client, app, text=LOUD)
    set_to(eda, "links", "observe")
    write(client, app, text=LOUD + " Bitte!")
    set_to(eda, "links", "off", "observe")
    write(client, app, text=LOUD + " Wirklich!")
    enforced, observed, off = stored(app)
    assert enforced.reasons == ["links", "shouting"]
    assert observed.reasons == ["observed:links", "shouting"]
    assert observed.heard == enforced.heard == {"links": 4, "shouting": 1}
    assert (off.reasons, off.heard) == (["shouting"], {"shouting": 1})


def test_the_desk_says_that_a_reason_was_only_observed(
    netz: str, app: Flask, client: FlaskClient, eda: SignedIn
) -> None:
    set_to(eda, "links", "observe")
    write(client, app, text=LOUD)
    assert "several links (only observed)" in eda.page("/desk/comments?lang=en").text


def test_who_decides_on_what_is_no_longer_so_is_told(app: Flask, eda: SignedIn) -> None:
    set_to(eda, "links", "off")
    set_to(eda, "links", "observe", seen="enforce")
    assert modes(app)["links"] is Mode.OFF
    assert len(deeds(app)) == 1
    assert "meantime" in eda.page(f"{PAGE}?lang=en").text


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"rule": "links", "mode": "loud", "seen": "off"},
        {"rule": "links", "mode": "off"},
        {"rule": "luck", "mode": "off", "seen": "enforce"},
    ],
)
def test_odd_input_is_refused(app: Flask, eda: SignedIn, sent: dict[str, str]) -> None:
    assert eda.post(PAGE, sent).status_code == 400
    assert modes(app) == {}


def test_a_moderator_and_a_guest_neither_see_nor_set_it(app: Flask, mo: SignedIn, gabi: SignedIn) -> None:
    for who in (mo, gabi):
        assert who.get(PAGE).status_code == 403
        assert who.post(PAGE, {"rule": "links", "mode": "off", "seen": "enforce"}).status_code == 403
    assert modes(app) == {}


def test_the_page_says_what_a_change_would_have_made_of_the_last_decisions(app: Flask, eda: SignedIn) -> None:
    assert "nothing to compare with" in eda.page(f"{PAGE}?lang=en").text
    for number, state in enumerate([State.PUBLISHED, State.SPAM, State.SPAM]):
        make_comment(app, text=f"{LOUD} {number}", state=state)
    text = re.sub(r"\s+", " ", eda.page(f"{PAGE}?lang=en").text)
    assert "last 3 comments on which people decided" in text
    assert "Heard 3 times, 2 of them in spam. “Off” would have changed 3, 2 of them wrong." in text


def test_the_page_asks_the_same_number_of_questions_for_one_and_many(app: Flask, eda: SignedIn) -> None:
    make_comment(app, text=LOUD)
    eda.page(PAGE)  # what every process reads once
    one = questions(app, eda)
    for number in range(3):
        make_comment(app, text=f"{LOUD} {number}")
    assert questions(app, eda) == one


def test_it_works_on_each_database(on_each: Flask) -> None:
    eda = sign_in(on_each, make_editor(on_each))
    set_to(eda, "links", "observe")
    assert modes(on_each) == {"links": Mode.OBSERVE}
    set_to(eda, "links", "enforce", "observe")
    assert within(on_each, lambda: db.session.query(Comment).count()) == 0
    assert eda.page(PAGE)
