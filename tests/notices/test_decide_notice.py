"""A notice at the desk: the author asked, decided, taken back, both sides told once."""

from pathlib import Path

import pytest
from flask import Flask

from app.comments.models import Comment, State
from app.comments.models.contact import CommentContact
from app.extensions import db
from app.notices.jobs import remind_editors, tell_decisions
from app.notices.models import Notice
from app.notices.models.notice import forget
from tests.cast import EDA, SignedIn, letters_to, make_comment, make_notice, make_post, reload, within
from tests.comments.test_read_thread import queries
from tests.conftest import At
from tests.page import Pages

ADA, LENA = "ada@reader.example", "lena@reader.example"
REASONS = {"statement": "Die Nummer gehört einer Dritten.", "rule": "Art. 6 DSGVO", "seen": "published", "edits": "0"}


@pytest.fixture(autouse=True)
def netz(posts: Path) -> str:
    return make_post(posts)


@pytest.fixture
def comment(app: Flask) -> Comment:
    return make_comment(app, email=LENA, text="Ruft 0171 2345678 an!")


@pytest.fixture
def number(app: Flask, comment: Comment) -> int:
    return make_notice(app, comment, email=ADA, name="Ada Byron")[0]


def loaded(app: Flask, number: int) -> Notice:
    return within(app, lambda: db.session.get_one(Notice, number))


def decide(who: SignedIn, number: int, outcome: str, **more: str) -> int:
    return who.post(f"/desk/notices/{number}/decisions", {**REASONS, "outcome": outcome, **more}).status_code


def test_the_lane_shows_what_is_open_with_its_clock_and_counts_it(mo: SignedIn, number: int, at: At) -> None:
    page = mo.page("/desk/notices")
    assert "Das ist meine Nummer." in page.text
    assert "ansehen bis" in page.text
    at(8 * 24 * 60)
    assert "überfällig seit" in mo.page("/desk/notices").text


def test_an_empty_lane_says_so(mo: SignedIn) -> None:
    assert "Niemand" in mo.page("/desk/notices").text


@pytest.mark.parametrize(
    ("outcome", "becomes"),
    [
        ("kept", (State.PUBLISHED, False)),
        ("removed", (State.REMOVED, False)),
        ("blacked-out", (State.PUBLISHED, True)),
    ],
)
def test_each_outcome_does_to_the_comment_what_it_says(
    app: Flask, mo: SignedIn, number: int, outcome: str, becomes: tuple[State, bool]
) -> None:
    assert decide(mo, number, outcome) == 303
    notice = loaded(app, number)
    comment = within(app, lambda: db.session.get_one(Comment, notice.comment_id))
    assert (comment.state, comment.is_redacted) == becomes
    assert notice.outcome == outcome


def move(app: Flask, comment: Comment, to: State, reason: str = "") -> None:
    """What somebody else at the desk decides on the comment."""

    def work() -> None:
        found = db.session.get_one(Comment, comment.id)
        found.decide(to, seen=found.state, reason=reason)

    within(app, work)


def offered(who: SignedIn, number: int) -> set[str]:
    choices = who.page(f"/desk/notices/{number}").by_id("decide-outcome").all("option")
    return {choice.get("value") for choice in choices} - {""}


@pytest.mark.parametrize("state", [State.WAITING, State.SPAM, State.REMOVED])
def test_what_readers_do_not_see_is_not_published_blacked_out(
    app: Flask, mo: SignedIn, comment: Comment, number: int, state: State
) -> None:
    assert offered(mo, number) == {"kept", "removed", "blacked-out"}
    move(app, comment, state)
    assert offered(mo, number) == {"kept", "removed", "gone"}
    assert decide(mo, number, "blacked-out", seen=state) == 422
    assert decide(mo, number, "blacked-out") == 409  # from a page that showed it as published
    assert (reload(app, comment).state, loaded(app, number).state) == (state, "open")


@pytest.mark.parametrize("outcome", ["removed", "blacked-out"])
def test_words_that_the_page_did_not_show_are_not_decided_on(
    app: Flask, mo: SignedIn, comment: Comment, number: int, outcome: str
) -> None:
    def edit() -> None:
        db.session.get_one(Comment, comment.id).edits += 1

    within(app, edit)
    assert decide(mo, number, outcome) == 409
    assert decide(mo, number, outcome, edits="") == decide(mo, number, outcome, edits="9" * 25) == 422
    assert (reload(app, comment).is_redacted, loaded(app, number).state) == (False, "open")
    assert decide(mo, number, outcome, edits="1") == 303
    for fields in ({}, {"edits": "0"}, {"edits": "9" * 25}):
        mo.post(f"/desk/notices/{number}/returns", fields)
        assert loaded(app, number).state == "decided"
    page = mo.page(f"/desk/notices/{number}")
    mo.post(f"/desk/notices/{number}/returns", page.form(f"/desk/notices/{number}/returns").filled())
    assert (reload(app, comment).state, loaded(app, number).state) == (State.PUBLISHED, "open")


def test_a_comment_removed_before_keeps_its_reason_also_after_an_undo(
    app: Flask, mo: SignedIn, comment: Comment, number: int
) -> None:
    move(app, comment, State.REMOVED, "Werbung")
    assert decide(mo, number, "removed", seen="removed") == 303
    assert (loaded(app, number).outcome, reload(app, comment).removed_because) == ("removed", "Werbung")
    mo.post(f"/desk/notices/{number}/returns", {"edits": "0"})
    assert (loaded(app, number).state, reload(app, comment).removed_because) == ("open", "Werbung")


def test_the_lane_asks_the_database_as_much_for_three_as_for_one(app: Flask, mo: SignedIn, number: int) -> None:
    mo.page("/desk/notices")  # the first page of a day notes that the member was here
    with queries(app) as for_one:
        mo.page("/desk/notices")
    for text in ("Nummer zwei", "Nummer drei"):
        make_notice(app, make_comment(app, text=text))
    with queries(app) as for_three:
        assert "Nummer drei" in mo.page("/desk/notices").text
    assert len(for_three) == len(for_one)


def test_a_removal_tells_readers_its_reasons(mo: SignedIn, pages: Pages, comment: Comment, number: int) -> None:
    decide(mo, number, "removed")
    assert REASONS["statement"] in pages.open("/posts/netz?new=1").by_id(f"c-{comment.id}").text


@pytest.mark.parametrize("outcome", ["kept", "removed", "blacked-out"])
def test_a_decision_is_taken_back_whole_before_anybody_was_told(
    app: Flask, mo: SignedIn, comment: Comment, number: int, outcome: str
) -> None:
    decide(mo, number, outcome)
    assert mo.post(f"/desk/notices/{number}/returns", {"edits": "0"}).status_code == 303
    now, notice = reload(app, comment), loaded(app, number)
    assert (now.state, now.is_redacted) == (State.PUBLISHED, False)
    assert (notice.state, notice.outcome, notice.statement) == ("open", None, "")


def test_both_sides_are_told_once_after_ten_minutes_and_neither_who_the_other_is(
    app: Flask, mo: SignedIn, number: int, at: At
) -> None:
    decide(mo, number, "removed")
    within(app, tell_decisions.now)
    assert letters_to(app, ADA) == []
    at(11)
    within(app, tell_decisions.now)
    within(app, tell_decisions.now)
    (to_ada,), (to_lena,) = letters_to(app, ADA), letters_to(app, LENA)
    for letter in (to_ada, to_lena):
        assert REASONS["statement"] in letter
        assert REASONS["rule"] in letter
    assert "Ada" not in to_lena.replace(ADA, "")
    assert "Das ist meine Nummer." not in to_lena
    assert LENA not in to_ada
    assert loaded(app, number).email == ""


def test_a_decision_that_was_told_stays(app: Flask, mo: SignedIn, comment: Comment, number: int, at: At) -> None:
    decide(mo, number, "removed")
    at(11)
    within(app, tell_decisions.now)
    mo.post(f"/desk/notices/{number}/returns", {"edits": "0"})
    assert reload(app, comment).state == State.REMOVED
    assert loaded(app, number).state == "decided"


def test_an_author_of_a_kept_comment_who_was_not_asked_hears_nothing(
    app: Flask, mo: SignedIn, number: int, at: At
) -> None:
    decide(mo, number, "kept")
    at(11)
    within(app, tell_decisions.now)
    assert len(letters_to(app, ADA)) == 1
    assert letters_to(app, LENA) == []


def test_the_author_is_asked_and_has_until_a_day(app: Flask, mo: SignedIn, number: int, at: At) -> None:
    question = {"question": "Ist das deine eigene Nummer?", "days": "2"}
    assert mo.post(f"/desk/notices/{number}/questions", question).status_code == 303
    (letter,) = letters_to(app, LENA)
    assert question["question"] in letter
    assert "Ada" not in letter
    assert "die schreibende Person wurde gefragt" in mo.page("/desk/notices").text
    assert not loaded(app, number).is_late(loaded(app, number).received_at)
    at(3 * 24 * 60)
    assert "überfällig seit" in mo.page("/desk/notices").text


@pytest.mark.parametrize("fields", [{"question": "", "days": "7"}, {"question": "Ja?", "days": "99"}])
def test_a_question_that_is_none_is_refused(app: Flask, mo: SignedIn, number: int, fields: dict[str, str]) -> None:
    assert mo.post(f"/desk/notices/{number}/questions", fields).status_code == 422
    assert loaded(app, number).state == "open"
    assert letters_to(app, LENA) == []


@pytest.mark.parametrize("fields", [{"outcome": ""}, {"outcome": "hidden"}, {"statement": " "}, {"rule": "x" * 201}])
def test_a_decision_without_reasons_is_refused_and_keeps_what_was_typed(
    app: Flask, mo: SignedIn, number: int, fields: dict[str, str]
) -> None:
    answer = mo.post(f"/desk/notices/{number}/decisions", {**REASONS, "outcome": "removed", **fields})
    assert answer.status_code == 422
    assert (fields.get("rule") or REASONS["rule"]) in answer.text
    assert loaded(app, number).state == "open"


def test_who_decides_second_is_told_and_changes_nothing(
    app: Flask, mo: SignedIn, eda: SignedIn, comment: Comment, number: int
) -> None:
    decide(mo, number, "kept")
    assert decide(eda, number, "removed") == 303
    assert "inzwischen entschieden" in eda.page(f"/desk/notices/{number}").text
    assert reload(app, comment).state == State.PUBLISHED
    assert loaded(app, number).outcome == "kept"


def test_a_comment_that_moved_meanwhile_is_not_decided_on(
    app: Flask, mo: SignedIn, comment: Comment, number: int
) -> None:
    mo.post(f"/desk/comments/{comment.id}/decisions", {"deed": "spam", "seen": "published", "edits": "0"})
    late = mo.post(f"/desk/notices/{number}/decisions", {**REASONS, "outcome": "blacked-out"})
    assert (late.status_code, REASONS["statement"] in late.text, REASONS["rule"] in late.text) == (409, True, True)
    assert reload(app, comment).state == State.SPAM
    assert loaded(app, number).state == "open"


def test_editors_are_reminded_of_what_waits_for_too_long(app: Flask, eda: SignedIn, number: int, at: At) -> None:
    within(app, remind_editors.now)
    assert letters_to(app, EDA) == []
    at(8 * 24 * 60)
    within(app, remind_editors.now)
    (letter,) = letters_to(app, EDA)
    assert "/desk/notices" in letter


def test_a_guest_sees_nothing_of_it(gabi: SignedIn, number: int) -> None:
    assert gabi.get("/desk/notices").status_code in {303, 403, 404}
    assert gabi.get(f"/desk/notices/{number}").status_code in {303, 403, 404}
    assert decide(gabi, number, "kept") in {303, 403, 404}


def test_notices_go_three_years_after_the_decision(app: Flask, mo: SignedIn, number: int, at: At) -> None:
    decide(mo, number, "kept")
    assert within(app, forget) == 0
    at(3 * 366 * 24 * 60)
    assert within(app, forget) == 1


def test_an_erased_comment_takes_its_notices_along(app: Flask, comment: Comment, number: int) -> None:
    def erase() -> None:
        db.session.execute(db.delete(CommentContact).where(CommentContact.comment_id == comment.id))
        db.session.execute(db.delete(Comment).where(Comment.id == comment.id))

    within(app, erase)
    assert within(app, lambda: db.session.get(Notice, number)) is None
