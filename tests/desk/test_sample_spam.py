"""Twenty of each day's spam are drawn at night, looked at by people, and tell how often the judges are wrong."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select

from app.comments.jobs import draw_samples
from app.comments.models import Appeal, Bulk, Comment, Hand, Sample, SampleDay, State, bulk_moving, sampling, trust
from app.comments.models.sampling import SIZE, Stratum, estimate
from app.extensions import db
from app.kit import clock, tokens, wilson
from app.people.models import Decision, Member
from app.site.retention import enforce
from tests.cast import SignedIn, make_comment, make_post, reload, within
from tests.comments.test_read_thread import queries
from tests.page import Form

QUERIES = 18
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
DAY, NEXT_NIGHT = date(2026, 3, 3), datetime(2026, 3, 4, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def netz(posts: Path) -> str:
    return make_post(posts)


@pytest.fixture
def night() -> Iterator[None]:
    """The night after the day on which spam came, by the clock of everything here."""
    with clock.standing_at(NEXT_NIGHT):
        yield


def make_spam(app: Flask, count: int = 1, at: datetime = NOON) -> list[int]:
    """Comments that judges took for spam, as they leave them: nobody has decided."""

    def work() -> list[int]:
        made = [Comment.write("netz", "Rolex", f"Billige Uhren {n}", key=tokens.new_key()) for n in range(count)]
        for comment in made:
            comment.state, comment.written_at = State.SPAM, at
        db.session.flush()
        return [comment.id for comment in made]

    return within(app, work)


def draw(app: Flask) -> list[int]:
    """What is drawn by now, of all days, in the order in which it was."""
    with app.app_context():
        draw_samples.now()
        return [
            one for one in db.session.scalars(db.select(Sample.comment_id).order_by(Sample.day, Sample.place)) if one
        ]


def decide(who: SignedIn, id_: int, deed: str, **more: str) -> str:
    answer = who.post(f"/desk/sample/{id_}/decisions?lang=en", {"deed": deed, "edits": "0", **more})
    assert answer.status_code == 303
    return who.page(answer.location).text


def rate(app: Flask) -> sampling.Rate:
    return within(app, sampling.rate_now)


def test_twenty_are_drawn_once(app: Flask, night: None) -> None:
    spam = make_spam(app, 50)
    drawn = draw(app)
    assert len(set(drawn)) == SIZE
    assert set(drawn) < set(spam)
    assert draw(app) == drawn
    kept = within(app, lambda: db.session.get_one(SampleDay, DAY))
    assert kept.spam == 50


def test_all_are_drawn_where_there_are_fewer(app: Flask, night: None) -> None:
    assert set(draw(app)) == set()
    spam = make_spam(app, 3, at=NOON + timedelta(days=1))
    with clock.standing_at(NEXT_NIGHT + timedelta(days=1)):
        assert set(draw(app)) == set(spam)


def test_each_is_as_likely_as_any_other(app: Flask) -> None:
    spam = make_spam(app, 40)

    def work() -> list[int]:
        hits = dict.fromkeys(spam, 0)
        for _ in range(60):
            sampling._draw(DAY)
            for id_ in db.session.scalars(db.select(Sample.comment_id)):
                hits[id_] += 1
            db.session.rollback()
        return list(hits.values())

    hits = within(app, work)
    assert sum(hits) == 60 * SIZE
    assert sum((seen - 30) ** 2 / 15 for seen in hits) < 90  # chi-square, 39 degrees: 1 in 300,000 lies above


def test_a_day_is_drawn_from_when_it_has_ended_in_germany(app: Flask) -> None:
    late, early = datetime(2026, 3, 3, 22, 59, tzinfo=UTC), datetime(2026, 3, 3, 23, 1, tzinfo=UTC)
    on_the_day, _ = make_spam(app, at=late), make_spam(app, at=early)
    with clock.standing_at(datetime(2026, 3, 4, 1, 59, tzinfo=UTC)):
        assert draw(app) == []
    with clock.standing_at(datetime(2026, 3, 4, 2, 1, tzinfo=UTC)):
        assert draw(app) == on_the_day


def test_what_a_person_put_there_is_not_drawn(app: Flask, mo: SignedIn, night: None) -> None:
    by_judges = make_spam(app, 2)
    with clock.standing_at(NOON):
        by_mo = make_comment(app)
    done = {"deed": "spam", "seen": "published", "edits": "0"}
    assert mo.post(f"/desk/comments/{by_mo.id}/decisions", done).status_code == 303
    assert reload(app, by_mo).state == State.SPAM
    assert set(draw(app)) == set(by_judges)


def test_what_was_confirmed_in_bulk_unseen_is_drawn(app: Flask, night: None) -> None:
    spam = make_spam(app, 2)

    def confirm_all() -> None:
        for id_ in spam:
            db.session.get_one(Comment, id_).decide(State.SPAM, seen=State.SPAM)
        Decision.record("spam", "bulk:1", by=None)

    within(app, confirm_all)
    assert set(draw(app)) == set(spam)


def test_the_lane_shows_what_was_drawn_until_somebody_has_looked(app: Flask, mo: SignedIn, night: None) -> None:
    first, second = make_spam(app, 2)
    assert "Well done" in mo.page("/desk/sample?lang=en").text
    draw(app)
    assert "2 comments are still to be looked at" in mo.page("/desk/sample?lang=en").text
    decide(mo, first, "spam")
    text = decide(mo, second, "publish")
    assert "Well done" in text
    assert "2 of 2 drawn from 2 in the spam; 1 were none" in text
    found = rate(app)
    assert (found.looked_at, found.wrong, found.share) == (2, 1, 0.5)
    assert within(app, lambda: db.session.get_one(Comment, first)).state == State.SPAM
    assert within(app, lambda: db.session.get_one(Comment, second)).state == State.PUBLISHED


@pytest.mark.parametrize(("deed", "state"), [("publish", "published"), ("wait", "waiting"), ("remove", "removed")])
def test_what_is_no_spam_goes_where_it_belongs_and_comes_back(
    app: Flask, mo: SignedIn, night: None, deed: str, state: str
) -> None:
    (id_,) = make_spam(app)
    draw(app)
    decide(mo, id_, deed, reason="Beleidigung")
    assert within(app, lambda: db.session.get_one(Comment, id_)).state == state
    assert rate(app).wrong == 1
    assert mo.post(f"/desk/sample/{id_}/returns", {"deed": deed, "edits": "0"}).status_code == 303
    back = within(app, lambda: db.session.get_one(Comment, id_))
    assert (back.state, back.is_decided, back.lesson) == (State.SPAM, False, None)
    assert rate(app).looked_at == 0


def test_a_confirmation_is_undone(app: Flask, mo: SignedIn, night: None) -> None:
    (id_,) = make_spam(app)
    draw(app)
    answer = mo.post(f"/desk/sample/{id_}/decisions", {"deed": "spam", "edits": "0"})
    undo = mo.page(answer.location).form("returns")
    assert within(app, lambda: db.session.get_one(Comment, id_)).lesson == "spam"
    assert mo.client.post(undo.action, data=undo.filled()).status_code == 303
    back = within(app, lambda: db.session.get_one(Comment, id_))
    assert (back.is_decided, back.lesson) == (False, None)
    assert rate(app).looked_at == 0


def test_two_who_look_at_once_make_one_decision(app: Flask, mo: SignedIn, eda: SignedIn, night: None) -> None:
    (id_,) = make_spam(app)
    draw(app)
    decide(mo, id_, "spam")
    assert "Somebody has decided on this comment in the meantime" in decide(eda, id_, "publish")
    assert within(app, lambda: db.session.get_one(Comment, id_)).state == State.SPAM
    assert rate(app).wrong == 0


def test_nobody_decides_on_words_that_were_edited_meanwhile(app: Flask, mo: SignedIn, night: None) -> None:
    (id_,) = make_spam(app)
    draw(app)
    assert "meantime" in decide(mo, id_, "publish", edits="1")
    assert rate(app).looked_at == 0


def test_what_was_not_drawn_is_not_decided_here(app: Flask, mo: SignedIn, night: None) -> None:
    (id_,) = make_spam(app)
    assert "meantime" in decide(mo, id_, "publish")
    assert within(app, lambda: db.session.get_one(Comment, id_)).state == State.SPAM


def test_nothing_but_what_was_drawn_is_put_back(app: Flask, mo: SignedIn) -> None:
    comment = make_comment(app)
    assert mo.post(f"/desk/sample/{comment.id}/returns", {"deed": "publish", "edits": "0"}).status_code == 303
    assert reload(app, comment).state == State.PUBLISHED


def test_a_removal_needs_a_reason(app: Flask, mo: SignedIn, night: None) -> None:
    (id_,) = make_spam(app)
    draw(app)
    assert "Please give a reason" in decide(mo, id_, "remove", reason=" ")
    assert rate(app).looked_at == 0


def test_what_is_taken_out_of_the_spam_elsewhere_counts_as_wrong(app: Flask, mo: SignedIn, night: None) -> None:
    (id_,) = make_spam(app)
    draw(app)
    url = f"/desk/comments/{id_}/decisions"
    assert mo.post(url, {"deed": "publish", "seen": "spam", "edits": "0"}).status_code == 303
    assert rate(app).wrong == 1
    assert mo.post(url, {"deed": "spam", "seen": "published", "edits": "0", "undo": "yes"}).status_code == 303
    assert rate(app).looked_at == 0


def test_what_was_drawn_outlives_the_time_of_spam_until_somebody_has_looked(
    app: Flask, mo: SignedIn, night: None
) -> None:
    looked_at, waits, _ = make_spam(app, 3)
    with app.app_context():
        sampling._draw(DAY)
        db.session.query(Sample).filter(Sample.comment_id.not_in([looked_at, waits])).delete()
        db.session.commit()
    decide(mo, looked_at, "spam")

    def left(days: int) -> int:
        with clock.standing_at(NEXT_NIGHT + timedelta(days=days)):
            within(app, lambda: list(enforce()))
        return within(app, lambda: db.session.query(Comment).count())

    assert left(29) == 3
    assert left(35) == 1
    assert rate(app).looked_at == 1
    assert left(61) == 0
    assert within(app, lambda: db.session.query(Sample).count()) == 2


class Spam(NamedTuple):
    """How a drawn comment stands."""

    state: State
    is_decided: bool
    bulk_id: int | None
    lesson: str | None


def stand(app: Flask, id_: int) -> Spam:
    found = within(app, lambda: db.session.get_one(Comment, id_))
    return Spam(found.state, found.is_decided, found.bulk_id, found.lesson)


def bulk(app: Flask, ids: list[int], was: State, to: State, *, back: bool = False) -> int:
    """One decision on all of them, done, and undone if asked."""

    def work() -> int:
        by = db.session.scalars(select(Member).limit(1)).one()
        made, _ = Bulk.begin(tokens.new_key(), dict.fromkeys(ids, 0), was=was, to=to, by=by)
        while bulk_moving.step(made.id):
            pass
        if back:
            made.undo()
            while bulk_moving.step(made.id):
                pass
        return made.id

    return within(app, work)


def in_lane(mo: SignedIn, id_: int, deed: str, seen: str = "spam") -> Form:
    """Decide in the ordinary lanes, as the buttons there do; the form that undoes it."""
    done = {"deed": deed, "seen": seen, "edits": "0", "reason": "Beleidigung"}
    answer = mo.post(f"/desk/comments/{id_}/decisions", done)
    assert answer.status_code == 303
    return next(form for form in mo.page(answer.location).forms if form.values.get("undo") == "yes")


def undo(mo: SignedIn, form: Form) -> None:
    assert mo.client.post(form.action, data=form.filled()).status_code == 303


def test_what_is_confirmed_one_by_one_in_the_spam_lane_was_looked_at(app: Flask, mo: SignedIn, night: None) -> None:
    """One of twenty published and nineteen confirmed there: one in twenty, not one in one."""
    first, *rest = make_spam(app, 20)
    draw(app)
    in_lane(mo, first, "publish")
    for id_ in rest:
        in_lane(mo, id_, "spam")
    found = rate(app)
    assert (found.looked_at, found.wrong, found.share) == (20, 1, 0.05)
    assert "Well done" in mo.page("/desk/sample?lang=en").text


@pytest.mark.parametrize(("deed", "state"), [("publish", "published"), ("wait", "waiting"), ("remove", "removed")])
def test_an_undo_in_the_spam_lane_leaves_it_open_there_and_in_the_sample(
    app: Flask, mo: SignedIn, night: None, deed: str, state: str
) -> None:
    (id_,) = make_spam(app)
    draw(app)
    back = in_lane(mo, id_, deed)
    assert (stand(app, id_).state, rate(app).wrong) == (state, 1)
    undo(mo, back)
    assert stand(app, id_) == Spam(State.SPAM, False, None, None)
    assert rate(app).looked_at == 0
    decide(mo, id_, "spam")
    assert (rate(app).looked_at, rate(app).wrong) == (1, 0)


def test_a_confirmation_in_the_spam_lane_is_undone(app: Flask, mo: SignedIn, night: None) -> None:
    (id_,) = make_spam(app)
    draw(app)
    undo(mo, in_lane(mo, id_, "spam"))
    assert rate(app).looked_at == 0
    decide(mo, id_, "spam")
    assert rate(app).looked_at == 1


def test_the_last_decision_on_one_alone_is_the_verdict_and_each_undo_goes_one_step_back(
    app: Flask, mo: SignedIn, night: None
) -> None:
    (id_,) = make_spam(app)
    draw(app)
    steps = [in_lane(mo, id_, "publish"), in_lane(mo, id_, "spam", "published"), in_lane(mo, id_, "wait")]
    told = [(rate(app).looked_at, rate(app).wrong)]
    for step in reversed(steps):
        undo(mo, step)
        told.append((rate(app).looked_at, rate(app).wrong))
    assert told == [(1, 1), (1, 0), (1, 1), (0, 0)]


@pytest.mark.parametrize("to", [State.WAITING, State.PUBLISHED, State.SPAM])
@pytest.mark.parametrize("back", [False, True])
def test_in_bulk_nobody_has_looked(app: Flask, mo: SignedIn, night: None, to: State, back: bool) -> None:
    spam = make_spam(app, 3)
    draw(app)
    bulk(app, spam, State.SPAM, to, back=back)
    assert stand(app, spam[0]).state == (State.SPAM if back else to)
    assert rate(app).looked_at == 0


def test_what_a_bulk_sent_back_is_found_by_whoever_decides_on_it_alone(app: Flask, mo: SignedIn, night: None) -> None:
    spam = make_spam(app, 3)
    draw(app)
    bulk(app, spam, State.SPAM, State.WAITING)
    back = [in_lane(mo, id_, deed, "waiting") for id_, deed in zip(spam, ("spam", "spam", "publish"), strict=True)]
    assert (rate(app).looked_at, rate(app).wrong) == (3, 1)
    for form in back:
        undo(mo, form)
    assert rate(app).looked_at == 0
    assert {stand(app, id_).state for id_ in spam} == {State.WAITING}


@pytest.mark.parametrize("deed", ["spam", "publish", "remove"])
def test_an_undo_puts_back_what_a_bulk_had_confirmed(app: Flask, mo: SignedIn, night: None, deed: str) -> None:
    (id_,) = make_spam(app)
    draw(app)
    number = bulk(app, [id_], State.SPAM, State.SPAM)
    was = stand(app, id_)
    assert was == Spam(State.SPAM, True, number, "spam")
    decide(mo, id_, deed, reason="Beleidigung")
    assert mo.post(f"/desk/sample/{id_}/returns", {"deed": deed, "edits": "0"}).status_code == 303
    assert (stand(app, id_), rate(app).looked_at) == (was, 0)
    decide(mo, id_, "spam")
    assert rate(app).looked_at == 1


def test_an_undo_leaves_open_what_a_bulk_had_confirmed_that_is_undone_by_now(
    app: Flask, mo: SignedIn, night: None
) -> None:
    (id_,) = make_spam(app)
    draw(app)
    number = bulk(app, [id_], State.SPAM, State.SPAM)
    decide(mo, id_, "publish")

    def take_back() -> None:
        db.session.get_one(Bulk, number).undo()
        while bulk_moving.step(number):
            pass

    within(app, take_back)
    assert mo.post(f"/desk/sample/{id_}/returns", {"deed": "publish", "edits": "0"}).status_code == 303
    assert stand(app, id_) == Spam(State.SPAM, False, None, None)


def test_what_a_person_put_there_before_verdicts_were_kept_is_looked_at_here(
    app: Flask, mo: SignedIn, night: None
) -> None:
    (id_,) = make_spam(app)
    draw(app)
    within(app, lambda: db.session.query(Comment).update({"is_decided": True, "lesson": "spam"}))
    was = stand(app, id_)
    assert "meantime" in decide(mo, id_, "spam", edits="1")
    decide(mo, id_, "spam")
    assert rate(app).looked_at == 1
    assert mo.post(f"/desk/sample/{id_}/returns", {"deed": "spam", "edits": "0"}).status_code == 303
    assert (stand(app, id_), rate(app).looked_at) == (was, 0)


def test_what_a_person_put_there_in_bulk_is_not_drawn(app: Flask, mo: SignedIn, night: None) -> None:
    by_judges, by_mo = make_spam(app, 2)
    within(app, lambda: db.session.query(Comment).filter_by(id=by_mo).update({"state": State.WAITING}))
    bulk(app, [by_mo], State.WAITING, State.SPAM)
    bulk(app, [by_judges], State.SPAM, State.SPAM)
    assert draw(app) == [by_judges]


@pytest.mark.parametrize("deed", ["reject", "grant"])
def test_whoever_decides_on_an_appeal_has_looked(
    app: Flask, mo: SignedIn, eda: SignedIn, night: None, deed: str
) -> None:
    (id_,) = make_spam(app)
    draw(app)
    bulk(app, [id_], State.SPAM, State.SPAM)
    appeal = within(app, lambda: _lodged(id_))
    for who, status in ((mo, 409), (eda, 303)):  # who decided the first time does not decide again
        done = {"deed": deed, "seen": "spam", "edits": "0", "answer": "Es ist Werbung."}
        assert who.post(f"/desk/appeals/{appeal}/decisions", done).status_code == status
    assert (rate(app).looked_at, rate(app).wrong) == (1, deed == "grant")


def _lodged(id_: int) -> int:
    made = Appeal.lodge(db.session.get_one(Comment, id_), "Das ist keine Werbung.")
    db.session.flush()
    return made.id


@pytest.mark.parametrize("deed", ["spam", "publish", "remove", "wait"])
@pytest.mark.parametrize("where", ["sample", "comments"])
def test_an_undo_leaves_its_hand_the_trust_it_had(app: Flask, mo: SignedIn, night: None, deed: str, where: str) -> None:
    (id_,) = make_spam(app)
    draw(app)
    hand = within(app, lambda: _remembered(id_))
    if where == "comments":
        undo(mo, in_lane(mo, id_, deed))
    else:
        decide(mo, id_, deed, reason="Beleidigung")
        assert mo.post(f"/desk/sample/{id_}/returns", {"deed": deed, "edits": "0"}).status_code == 303
    assert within(app, lambda: (trust.of(hand).is_lost, trust.of(hand).bad)) == (False, 0)


def _remembered(id_: int) -> int:
    Hand.remember(db.session.get_one(Comment, id_), "")
    db.session.flush()
    return db.session.scalars(select(Hand.id)).one()


def test_what_is_drawn_is_written_in_the_order_of_its_numbers_and_shown_as_drawn(app: Flask, night: None) -> None:
    """Whoever locks many comments takes them by number; drawn in that order the first would be no sample."""
    make_spam(app, 40)
    drawn = draw(app)
    written = within(app, lambda: list(db.session.scalars(select(Sample.comment_id).order_by(Sample.id))))
    assert written == sorted(drawn) != drawn
    assert within(app, lambda: [one.id for one in sampling.to_look_at(SIZE)]) == drawn


@pytest.mark.parametrize("count", [1, 3])
def test_the_lane_asks_the_same_questions_for_any_number(app: Flask, mo: SignedIn, night: None, count: int) -> None:
    make_spam(app, count)
    draw(app)
    with queries(app) as asked:
        mo.page("/desk/sample")
    assert len(asked) == QUERIES


def test_a_guest_has_no_sample(app: Flask, gabi: SignedIn) -> None:
    assert gabi.get("/desk/sample").status_code in {403, 404}


def test_days_weigh_as_much_as_they_had_spam() -> None:
    share, low, high = estimate([Stratum(1_000, 20, 0), Stratum(100, 20, 10), Stratum(500, 0, 0)])
    assert share is not None
    assert share == pytest.approx((1_000 * 0 + 100 * 0.5) / 1_100)
    assert (low, high) == wilson.around(share, 1_100**2 / (1_000**2 / 20 + 100**2 / 20))


def test_equal_days_give_the_plain_interval() -> None:
    share, low, high = estimate([Stratum(200, 20, 1)] * 30)
    assert share == pytest.approx(0.05)
    assert (low, high) == pytest.approx(wilson.interval(30, 600))


def test_nothing_looked_at_says_nothing() -> None:
    assert estimate([Stratum(50, 0, 0)]) == (None, 0.0, 1.0)


def test_the_interval_holds_what_it_promises() -> None:
    """Simulated: days of very different size and error; in most draws the true rate lies within."""
    rng = Random(11398)
    days = [(spam, error) for spam, error in zip((30, 200, 900, 2_000) * 7, (0.1, 0.03, 0.01, 0.02) * 7, strict=True)]
    true = sum(spam * error for spam, error in days) / sum(spam for spam, _ in days)
    held = 0
    for _ in range(400):
        drawn = [Stratum(spam, 20, sum(rng.random() < error for _ in range(20))) for spam, error in days]
        _, low, high = estimate(drawn)
        held += low <= true <= high
    assert held / 400 > 0.93
