"""`/transparency` tells what was done with comments: true numbers, the same as a file, no name that is not public."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.models import Appeal, Bulk, Comment, State, bulk_moving
from app.extensions import db
from app.kit import clock, tokens
from app.people.models import Decision, Member
from app.site.retention import enforce
from app.transparency.jobs import count_everything
from app.transparency.months import months
from tests.cast import SignedIn, make_comment, make_guest, make_invitation, make_notice, make_post, reload, within
from tests.comments.test_read_thread import queries
from tests.page import Pages

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
QUESTIONS = 21  # of one count, whatever there is


@pytest.fixture(autouse=True)
def netz(posts: Path) -> str:
    return make_post(posts)


def count(app: Flask, client: FlaskClient) -> dict[str, Any]:  # Any: JSON values
    with app.app_context():
        count_everything.now()
    return dict(json.loads(client.get("/transparency.json").text))


def write(app: Flask, state: State, at: datetime = NOON, because: str = "") -> int:
    """A reader's comment that came then."""

    def work() -> int:
        made = Comment.write("netz", "Lena", "Kein Netz.", key=tokens.new_key())
        db.session.flush()
        made.written_at = at
        if state != State.WAITING:
            made.decide(state, seen=State.WAITING, reason=because)
        return made.id

    return within(app, work)


def decide(mo: SignedIn, id_: int, deed: str, seen: str, reason: str = "") -> None:
    done = {"deed": deed, "seen": seen, "edits": "0", "reason": reason}
    assert mo.post(f"/desk/comments/{id_}/decisions", done).status_code == 303


def test_before_the_first_count_the_page_says_so(pages: Pages, client: FlaskClient) -> None:
    assert "Nothing has been counted yet" in pages.open("/transparency?lang=en").text
    assert json.loads(client.get("/transparency.json").text) == {"counted_at": None}


def test_each_comment_counts_once_where_it_is(app: Flask, client: FlaskClient) -> None:
    for state in (State.PUBLISHED, State.PUBLISHED, State.WAITING, State.SPAM):
        write(app, state)
    write(app, State.REMOVED, because="Beleidigung")
    write(app, State.REMOVED, because="advertising")
    write(app, State.REMOVED, because="Das war der dritte Streit.")
    write(app, State.PUBLISHED)
    total = count(app, client)["comments"]["total"]
    assert (total["received"], total["published"], total["waiting"], total["spam"]) == (8, 3, 1, 1)
    assert total["removed"] == 3
    assert total["removed_for"] == {"insult": 1, "advertising": 1, "other": 1}


def test_answers_of_members_are_not_counted(app: Flask, client: FlaskClient) -> None:
    make_comment(app, by=make_guest(app))
    assert count(app, client)["comments"]["total"]["received"] == 0


def test_months_begin_in_germany(app: Flask, client: FlaskClient) -> None:
    with clock.standing_at(NOON):
        write(app, State.PUBLISHED, at=datetime(2026, 2, 28, 22, 59, tzinfo=UTC))
        write(app, State.SPAM, at=datetime(2026, 2, 28, 23, 0, tzinfo=UTC))
        write(app, State.PUBLISHED, at=datetime(2025, 12, 31, 12, 0, tzinfo=UTC))
        told = count(app, client)["comments"]["months"]
    found = {one["month"]: (one["received"], one["published"], one["spam"]) for one in told}
    assert found == {"2026-03": (1, 0, 1), "2026-02": (1, 1, 0), "2025-12": (1, 1, 0)}


def test_a_year_has_its_months() -> None:
    assert months(datetime(2011, 11, 12, tzinfo=UTC), datetime(2012, 1, 31, 23, 30, tzinfo=UTC)) == [
        "2011-11",
        "2011-12",
        "2012-01",
        "2012-02",
    ]


def test_what_is_deleted_stays_counted(app: Flask, client: FlaskClient) -> None:
    with clock.standing_at(NOON):
        write(app, State.SPAM)
        write(app, State.SPAM)
        write(app, State.WAITING)
        write(app, State.PUBLISHED)
        before = count(app, client)["comments"]["months"][0]
    with clock.standing_at(NOON + timedelta(days=100)):
        within(app, lambda: list(enforce()))
        assert within(app, lambda: db.session.query(Comment).count()) == 1
        after = count(app, client)["comments"]
    month = next(one for one in after["months"] if one["month"] == "2026-03")
    assert (month["received"], month["spam"], month["published"]) == (before["received"], 2, 1) == (4, 2, 1)
    assert (month["waiting"], month["undecided"]) == (0, 1)
    assert after["total"]["received"] == 4


def test_what_judges_did_alone_is_told_apart(app: Flask, client: FlaskClient) -> None:
    write(app, State.PUBLISHED)
    by_judges = write(app, State.SPAM)

    def undecide() -> None:
        db.session.get_one(Comment, by_judges).is_decided = False

    within(app, undecide)
    total = count(app, client)["comments"]["total"]
    assert (total["published_by_judges"], total["spam_by_judges"]) == (0, 1)


@pytest.mark.parametrize("days", [1, 40])
def test_what_was_decided_in_bulk_was_not_looked_at(app: Flask, client: FlaskClient, mo: SignedIn, days: int) -> None:
    """Clearing the folder unseen changes nothing of what is told, not even once its comments are deleted."""

    def clear() -> None:
        spam = [Comment.write("netz", "Rolex", "Billige Uhren", key=tokens.new_key()) for _ in range(3)]
        for one in spam:
            one.state, one.written_at = State.SPAM, clock.now()
        db.session.flush()
        counted = {one.id: 0 for one in spam}
        by = db.session.scalars(db.select(Member)).first()
        assert by is not None
        made, _ = Bulk.begin(tokens.new_key(), counted, was=State.SPAM, to=State.SPAM, by=by)
        while bulk_moving.step(made.id):
            pass
        assert made.done == 3

    with clock.standing_at(NOON):
        within(app, clear)
    with clock.standing_at(NOON + timedelta(days=days)):
        within(app, lambda: list(enforce()))
        told = count(app, client)["comments"]
    assert within(app, lambda: db.session.query(Comment).count()) == (3 if days == 1 else 0)
    assert (told["total"]["spam_by_judges"], told["hours_to_decision"]) == (3, None)


def test_the_median_is_of_first_decisions(app: Flask, client: FlaskClient, mo: SignedIn) -> None:
    for hours, many in ((1, 2), (5, 1)):
        for _ in range(many):
            id_ = write(app, State.WAITING)
            with clock.standing_at(NOON + timedelta(hours=hours)):
                decide(mo, id_, "publish", "waiting")
            with clock.standing_at(NOON + timedelta(days=9)):
                decide(mo, id_, "spam", "published")
    with clock.standing_at(NOON + timedelta(days=10)):
        assert count(app, client)["comments"]["hours_to_decision"] == 1
    with clock.standing_at(NOON + timedelta(days=31)):
        told = count(app, client)["comments"]
    assert told["hours_to_decision"] is None
    assert told["months"][-1]["hours_to_decision"] == 1


def test_the_median_of_a_month_outlives_its_comments(app: Flask, client: FlaskClient, mo: SignedIn) -> None:
    id_ = write(app, State.WAITING)
    with clock.standing_at(NOON + timedelta(hours=2)):
        decide(mo, id_, "spam", "waiting")
    for days in (40, 100):
        with clock.standing_at(NOON + timedelta(days=days)):
            if days == 100:
                within(app, lambda: list(enforce()))
            march = count(app, client)["comments"]["months"][-1]
            assert (march["month"], march["hours_to_decision"]) == ("2026-03", 2)


def test_appeals_and_notices_are_told(app: Flask, client: FlaskClient, mo: SignedIn, eda: SignedIn) -> None:
    for deed in ("grant", "reject", ""):
        id_ = write(app, State.PUBLISHED)
        decide(mo, id_, "remove", "published", "Insult")

        def lodge(id_: int = id_) -> int:
            made = Appeal.lodge(db.session.get_one(Comment, id_), "Das war keine.")
            db.session.flush()
            return made.id

        appeal = within(app, lodge)
        if deed:
            done = {"deed": deed, "seen": "removed", "edits": "0", "answer": "Doch."}
            assert eda.post(f"/desk/appeals/{appeal}/decisions", done).status_code == 303
    make_notice(app, ground="hate")
    told = count(app, client)
    assert told["appeals"] == {"lodged": 3, "granted": 1, "rejected": 1, "open": 1}
    assert (told["notices"]["received"], told["notices"]["open"], told["notices"]["grounds"]["hate"]) == (1, 1, 1)


def test_the_log_of_guests_names_only_who_is_named_anyway(app: Flask, client: FlaskClient, eda: SignedIn) -> None:
    make_invitation(app, "heimlich@o2.example")
    gabi = make_guest(app)
    asked = {
        "email": "gero@o2.example",
        "role": "guest",
        "organisation": "o2",
        "first_name": "Gero",
        "function": "Netz",
    }
    assert eda.post("/desk/people/invitations", asked).status_code == 303
    within(app, lambda: Decision.record("invited", "invitation:1", by=None, reason="guest · O2"))
    within(app, lambda: Decision.record("joined", f"member:{gabi.id}", by=None, reason="guest · O2"))
    told = count(app, client)["guests"]
    assert [(one["deed"], one["organisation"], one["name"], one["by"]) for one in told] == [
        ("joined", "O2", "Gabi", "server"),
        ("invited", "O2", None, "server"),
        ("invited", "O2", None, "editor"),
    ]
    said = client.get("/transparency").text + client.get("/transparency.json").text
    assert "Gabi" in said
    for hidden in ("heimlich", "gero", "@o2.example", "Eda"):
        assert hidden not in said
    assert eda.post(f"/desk/people/{gabi.id}/revocation", {"reason": "Ausgeschieden"}).status_code == 303
    assert not reload(app, gabi).active
    count(app, client)
    said = client.get("/transparency").text + client.get("/transparency.json").text
    assert "Gabi" not in said
    assert "Ausgeschieden" not in said


@pytest.mark.parametrize("rows", [1, 3])
def test_a_count_asks_the_same_questions_for_any_number(app: Flask, rows: int) -> None:
    for state in State:
        for _ in range(rows):
            write(app, state, because="Werbung" if state == State.REMOVED else "")
    for _ in range(rows):
        make_notice(app)
    with queries(app) as asked, app.app_context():
        count_everything.now()
    assert len(asked) == QUESTIONS


@pytest.mark.parametrize("path", ["/transparency", "/transparency.json"])
def test_pages_ask_one_question(app: Flask, client: FlaskClient, path: str) -> None:
    write(app, State.PUBLISHED)
    count(app, client)
    with queries(app) as asked:
        answer = client.get(path)
    assert answer.status_code == 200
    assert "public" in answer.headers["Cache-Control"]
    assert len([one for one in asked if "transparency" in one]) == 1
    assert not [one for one in asked if "FROM comment" in one]


def test_a_new_count_makes_the_page_anew(app: Flask, client: FlaskClient) -> None:
    assert count(app, client)["comments"]["total"]["received"] == 0
    write(app, State.PUBLISHED)
    assert count(app, client)["comments"]["total"]["received"] == 1


@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_page_is_in_both_languages_and_linked_from_everywhere(
    app: Flask, client: FlaskClient, pages: Pages, lang: str
) -> None:
    write(app, State.REMOVED, because="Werbung")
    make_notice(app)
    count(app, client)
    page = pages.open(f"/transparency?lang={lang}")
    assert {"de": "Werbung", "en": "Advertising"}[lang] in page.text
    assert 'href="/transparency' in client.get(f"/imprint?lang={lang}").text
    assert "/transparency<" in client.get("/sitemap.xml").text
