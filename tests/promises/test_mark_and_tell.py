"""Marking a sentence as a promise, telling what became of it, taking it back."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.extensions import db
from app.kit import clock
from app.ledger.models.entry import AppendOnly
from app.people.models import Member
from app.promises.models import (
    Deed,
    Event,
    Kind,
    MarkedAlready,
    NotSaid,
    NotYours,
    Promise,
    Refusal,
    is_still_said,
    standing,
    standings,
    stories,
    story,
)
from app.promises.verdict import State
from bench.measure import counted
from tests.cast import GABI, make_editor, make_guest, make_moderator, make_other_guest, make_post, read_posts, within
from tests.promises.told import BODY, MADE_ON, SENTENCE, SOURCE, make_event, make_guest_post, make_promise

LATER = MADE_ON + timedelta(days=60)


@pytest.fixture(autouse=True)
def lage(app: Flask, posts: Path) -> str:
    return make_guest_post(app, posts)


def state_of(app: Flask, promise: Promise) -> State:
    return within(app, lambda: standing(promise).state)


def test_a_promise_keeps_its_words_its_day_its_author_and_a_readable_address(app: Flask) -> None:
    made = make_promise(app, make_editor(app), due_words="in den nächsten Monaten", due_on=date(2012, 2, 29))
    assert (made.sentence, made.slug) == (SENTENCE, "wir-erweitern-das-netz-in-den-naechsten-monaten")
    assert (made.made_on, made.who, made.organisation_slug, made.lang) == (MADE_ON, "Gregor", "o2", "de")
    with app.app_context():
        found = Promise.by_slug(made.slug)
        assert found is not None
        assert Promise.of_post("lage") == Promise.all_listed() == [found]


@pytest.mark.parametrize(
    "sentence",
    [
        "Wir erweitern das Netz",  # cut out of a sentence
        "Wir erweitern das Netz in den nächsten Wochen.",
        "Wir erweitern das netz in den nächsten Monaten.",
        "",
        "Maßnahme Zeitraum",
    ],
)
def test_what_does_not_stand_in_the_post_word_for_word_is_no_promise(app: Flask, sentence: str) -> None:
    editor = make_editor(app)
    with pytest.raises(NotSaid):
        make_promise(app, editor, sentence=sentence)


def test_white_space_soft_hyphens_and_the_cells_of_a_row_are_read_as_readers_see_them(app: Flask) -> None:
    editor = make_editor(app)
    soft = "Wir er\u00adweitern  das\nNetz in den nächsten\u00a0Monaten."
    assert make_promise(app, editor, sentence=soft).sentence == SENTENCE
    row = "Austausch älterer Technik noch im Laufe dieses Jahres"
    assert make_promise(app, editor, sentence=row).sentence == row
    assert make_promise(app, editor, sentence="Austausch älterer Technik").sentence == "Austausch älterer Technik"


def test_a_sentence_is_marked_once_and_again_after_it_was_taken_back(app: Flask) -> None:
    editor = make_editor(app)
    first = make_promise(app, editor)
    with pytest.raises(MarkedAlready) as refused:
        make_promise(app, editor)
    assert refused.value.slug == first.slug
    make_event(app, first, editor, "take_back", about=None, reason="Falsche Art")
    assert make_promise(app, editor, kind=Kind.WIFI).slug == f"{first.slug}-2"


def test_the_note_of_the_carrier_cannot_be_struck(app: Flask) -> None:
    editor = make_editor(app)
    promise = make_promise(app, editor)
    note = make_event(app, promise, make_guest(app), "reply", words="Wir sind dran.")
    with pytest.raises(Refusal):
        make_event(app, promise, editor, "take_back", about=note, reason="Gefällt mir nicht.")


def test_only_editors_and_guests_of_the_post_s_organisation_mark(app: Flask, posts: Path) -> None:
    make_post(posts, "eigener", f"Wir hörten: {SENTENCE}")
    read_posts(app)
    gabi, vera, mo = make_guest(app), make_other_guest(app), make_moderator(app)
    for who in (vera, mo):
        with pytest.raises(NotYours):
            make_promise(app, who)
    with pytest.raises(NotYours):
        make_promise(app, gabi, "eigener", f"Wir hörten: {SENTENCE}")
    assert make_promise(app, gabi).marked_by == gabi.id


def test_who_was_revoked_marks_and_tells_nothing(app: Flask) -> None:
    promise = make_promise(app, make_editor(app))
    make_guest(app)

    def revoke() -> Member:
        found = Member.of(GABI)
        assert found
        found.revoke("left the company")
        return found

    gone = within(app, revoke)
    for verb in ("claim", "reply"):
        with pytest.raises(NotYours):
            make_event(app, promise, gone, verb)


@pytest.mark.parametrize(
    ("verb", "facts", "field"),
    [
        ("claim", {"said_on": MADE_ON - timedelta(days=1)}, "said_on"),
        ("claim", {"said_on": date(2999, 1, 1)}, "said_on"),
        ("claim", {"source": ""}, "source"),
        ("claim", {"source": "javascript:alert(1)"}, "source"),
        ("clarify", {"source": "/posts/gibt-es-nicht"}, "source"),
        ("clarify", {"source": "https:///ohne-namen"}, "source"),
        ("withdraw", {"words": " "}, "words"),
        ("postpone", {}, "due_words"),
        ("postpone", {"due_words": "bald", "due_on": MADE_ON - timedelta(days=1)}, "due_on"),
    ],
)
def test_a_refusal_names_the_field_that_is_wrong(app: Flask, verb: str, facts: dict[str, Any], field: str) -> None:
    editor = make_editor(app)
    promise = make_promise(app, editor)
    with pytest.raises(Refusal) as refused:
        make_event(app, promise, editor, verb, **facts)
    assert refused.value.field == field
    assert within(app, lambda: db.session.query(Event).count()) == 0


def test_an_unknown_place_or_a_due_day_in_the_past_is_refused(app: Flask) -> None:
    editor = make_editor(app)
    for facts, field in (({"areas": ["99999999"]}, "areas"), ({"due_on": date(2011, 1, 1)}, "due_on")):
        with pytest.raises(Refusal) as refused:
            make_promise(app, editor, **facts)
        assert refused.value.field == field


def test_a_later_date_or_a_withdrawal_takes_a_claim_back_and_old_dates_stay(on_each: Flask) -> None:
    editor = make_editor(on_each)
    promise = make_promise(on_each, editor, due_words="dieses Jahr", due_on=date(2011, 12, 31))
    assert state_of(on_each, promise) is State.OVERDUE
    make_event(on_each, promise, editor, "claim")
    assert state_of(on_each, promise) is State.CLAIMED_TOO_FEW
    far = date(2999, 3, 31)
    moved = make_event(on_each, promise, editor, "postpone", LATER, due_words="März 2999", due_on=far)
    assert state_of(on_each, promise) is State.OPEN
    told = within(on_each, lambda: story(promise))
    assert [one.due_words for one in told.dues] == ["dieses Jahr", "März 2999"]
    gone = make_event(on_each, promise, editor, "withdraw", LATER)
    assert state_of(on_each, promise) is State.WITHDRAWN
    for struck, after in ((gone, State.OPEN), (moved, State.CLAIMED_TOO_FEW)):
        make_event(on_each, promise, editor, "take_back", about=struck, reason="Irrtum")
        assert state_of(on_each, promise) is after
    told = within(on_each, lambda: story(promise))
    assert [one.event.id for one in told.told if one.is_struck] == [moved.id, gone.id]


def test_saying_a_claim_again_does_not_begin_the_count_anew(app: Flask) -> None:
    editor = make_editor(app)
    promise = make_promise(app, editor)
    first = make_event(app, promise, editor, "claim")
    make_event(app, promise, editor, "claim", LATER)
    claim = within(app, lambda: story(promise).claim)
    assert claim
    assert claim.id == first.id


def test_the_note_is_the_carrier_s_alone_and_the_latest_stands(app: Flask) -> None:
    promise = make_promise(app, make_editor(app))
    for who in (make_editor(app), make_other_guest(app)):
        with pytest.raises(NotYours):
            make_event(app, promise, who, "reply")
    gabi = make_guest(app)
    for words in ("Wir sind dran.", "Bald fertig."):
        make_event(app, promise, gabi, "reply", words=words)
    told = within(app, lambda: story(promise))
    assert [one.words for one in told.replies] == ["Bald fertig.", "Wir sind dran."]


def test_the_carrier_may_answer_for_what_our_own_posts_say_it_promised(app: Flask, posts: Path) -> None:
    make_post(posts, "gespraech", SENTENCE, authors="[Thea]")
    read_posts(app)
    promise = make_promise(app, make_editor(app), "gespraech")
    make_event(app, promise, make_guest(app), "reply")
    with pytest.raises(NotYours):
        make_event(app, promise, make_other_guest(app), "claim")


def test_only_editors_take_back_with_a_reason_and_only_once(app: Flask) -> None:
    editor, gabi = make_editor(app), make_guest(app)
    promise = make_promise(app, editor)
    claim = make_event(app, promise, gabi)
    with pytest.raises(NotYours):
        make_event(app, promise, gabi, "take_back", reason="Irrtum", about=claim)
    with pytest.raises(Refusal):
        make_event(app, promise, editor, "take_back", reason=" ", about=claim)
    struck = [make_event(app, promise, editor, "take_back", reason="Irrtum", about=claim).id for _ in range(2)]
    assert struck[0] == struck[1]
    undone = within(app, lambda: db.session.get_one(Event, struck[0]))
    with pytest.raises(Refusal):
        make_event(app, promise, editor, "take_back", reason="doch", about=undone)


def test_a_promise_that_was_taken_back_is_listed_no_more_but_stays_readable(app: Flask) -> None:
    editor = make_editor(app)
    promise = make_promise(app, editor)
    make_event(app, promise, editor, "take_back", about=None, reason="Kein Versprechen")
    assert within(app, Promise.all_listed) == []
    assert within(app, lambda: Promise.all_marked("o2")) != []
    back = within(app, lambda: story(promise).taken_back)
    assert back
    assert back.words == "Kein Versprechen"
    with pytest.raises(Refusal):
        make_event(app, promise, editor)


def test_the_same_sending_is_one_line_of_the_story(on_each: Flask) -> None:
    editor = make_editor(on_each)
    promise = make_promise(on_each, editor)
    lines = [make_event(on_each, promise, editor, key="einmal-gesendet").id for _ in range(2)]
    assert lines[0] == lines[1]


def test_neither_the_code_nor_the_database_changes_what_was_said(on_each: Flask) -> None:
    editor = make_editor(on_each)
    promise = make_promise(on_each, editor)
    make_event(on_each, promise, editor)
    with on_each.app_context():
        db.session.get_one(Promise, promise.id).sentence = "Wir versprechen nichts."
        with pytest.raises(AppendOnly):
            db.session.flush()
        db.session.rollback()
        for table in ("promise", "promise_event"):
            for statement in (f"UPDATE {table} SET lang = 'en'", f"DELETE FROM {table}"):  # noqa: S608 -- our own tables
                with pytest.raises(DBAPIError):
                    db.session.execute(text(statement))
                db.session.rollback()


def test_a_page_can_say_when_the_sentence_is_not_in_its_post_any_more(app: Flask, posts: Path) -> None:
    promise = make_promise(app, make_editor(app))
    assert within(app, lambda: is_still_said(promise))
    changed = BODY.replace("Wir erweitern", "Wir erweitern vielleicht")
    make_post(posts, "lage", changed, kind="guest", organisation="o2", date="2011-11-29T10:00:00+01:00")
    read_posts(app)
    assert not within(app, lambda: is_still_said(promise))


def test_overdue_begins_with_the_day_after_in_german_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    due = date(2011, 12, 31)
    promise = make_promise(app, make_editor(app), due_words="noch in diesem Jahr", due_on=due)
    midnight = clock.now().replace(year=2011, month=12, day=31, hour=22, minute=59)
    monkeypatch.setattr(clock, "now", lambda: midnight)
    assert state_of(app, promise) is State.OPEN
    monkeypatch.setattr(clock, "now", lambda: midnight + timedelta(minutes=1))
    assert state_of(app, promise) is State.OVERDUE


@pytest.mark.parametrize("many", [1, 3])
def test_stories_and_verdicts_cost_the_same_however_many_there_are(app: Flask, posts: Path, many: int) -> None:
    editor = make_editor(app)
    for number in range(many):
        promise = make_promise(app, editor, make_guest_post(app, posts, f"lage-{number}"))
        make_event(app, promise, editor)
    with app.app_context(), counted(db.engine) as statements:
        told = stories(Promise.all_listed())
        assert {one.state for one in standings(told).values()} == {State.CLAIMED_TOO_FEW}
    assert len(told) == many
    assert len(statements) == 3


def test_what_is_told_names_its_deed_and_source(app: Flask) -> None:
    editor = make_editor(app)
    promise = make_promise(app, editor)
    assert make_event(app, promise, editor, source="/posts/lage").source == "/posts/lage"
    made = make_event(app, promise, editor, source=SOURCE)
    assert (made.deed, made.source) == (Deed.CLAIMED, SOURCE)
