"""Counting what customers answer to claims: whom, since when, and how it is published."""

import random
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.extensions import db
from app.kit import clock, tokens
from app.ledger.models import Reason
from app.people.models import Member
from app.places import gazetteer
from app.promises import tallying
from app.promises.models import (
    Answer,
    Kind,
    Promise,
    PromiseAnswer,
    Refusal,
    Tally,
    in_scope,
    open_claims_for,
    standing,
    stories,
    story,
)
from app.promises.models.evidence import evidence_now
from app.promises.models.tally import faults
from app.promises.tallying import tally
from app.promises.verdict import State
from app.reports.models import Answer as HowItIs
from app.reports.models import FollowUp, Report, Told
from bench.measure import counted
from tests.cast import make_editor, make_guest, within
from tests.promises.told import MADE_ON, make_event, make_guest_post, make_promise

CLAIMED_ON = MADE_ON + timedelta(days=10)
HAMBURG, BERLIN, BAVARIA = "02000000", "11000000", "09"
PLACES = (("Hamburg", ""), ("Hamburg", "Eimsbüttel"), ("Berlin", "Kreuzberg"), ("München", ""), ("Nirgendwo", ""))


@pytest.fixture
def editor(app: Flask, posts: Path) -> Member:
    make_guest_post(app, posts)
    return make_editor(app)


@pytest.fixture
def claimed(app: Flask, editor: Member) -> Promise:
    """A promise about the network everywhere, said to be kept."""
    promise = make_promise(app, editor)
    make_event(app, promise, editor, "claim", CLAIMED_ON)
    return promise


def make_reports(app: Flask, many: int, place: str = "Hamburg", district: str = "") -> list[int]:
    def work() -> list[int]:
        told = Told(("no_data",), place, district=district)
        made = [Report.tell(told, tokens.new_key()) for _ in range(many)]
        db.session.flush()
        return [one.id for one in made]

    return within(app, work)


def answer(app: Flask, promise: Promise, ids: Iterable[int], said: Answer, on: date = CLAIMED_ON) -> None:
    def work() -> None:
        for id_ in ids:
            db.session.merge(PromiseAnswer(promise_id=promise.id, report_id=id_, answer=said, answered_on=on))

    within(app, work)


def follow_up(app: Flask, ids: Iterable[int], said: HowItIs, on: date = CLAIMED_ON) -> None:
    def work() -> None:
        db.session.add_all([FollowUp(report_id=id_, answer=said, answered_on=on) for id_ in ids])

    within(app, work)


def uncount(app: Flask, id_: int) -> None:
    within(app, lambda: db.session.get_one(Report, id_).uncount(Reason.SPAM))


def exact(app: Flask, promise: Promise) -> tuple[int, int]:
    (found,) = [one for one in within(app, evidence_now) if one.promise_id == promise.id]
    return found.confirmed, found.contradicted


def published(app: Flask, promise: Promise) -> tuple[int, int]:
    votes = within(app, lambda: standing(promise).votes)
    return votes.confirmed, votes.contradicted


def test_the_own_answer_counts_else_the_latest_follow_up_since_the_claim(app: Flask, claimed: Promise) -> None:
    own, later, older, silent = make_reports(app, 4)
    follow_up(app, [own, later], HowItIs.SAME)
    follow_up(app, [later], HowItIs.WORKS, CLAIMED_ON + timedelta(days=1))
    answer(app, claimed, [own], Answer.CONFIRMED)
    follow_up(app, [older], HowItIs.WORSE, CLAIMED_ON - timedelta(days=1))
    answer(app, claimed, [silent], Answer.CONTRADICTED, CLAIMED_ON - timedelta(days=1))
    assert exact(app, claimed) == (2, 0)


def test_follow_ups_say_nothing_of_hotspots_or_of_the_hotline(app: Flask, editor: Member) -> None:
    promise = make_promise(app, editor, kind=Kind.INFORMATION)
    make_event(app, promise, editor, "claim", CLAIMED_ON)
    follow_up(app, make_reports(app, 3), HowItIs.WORKS)
    assert exact(app, promise) == (0, 0)


def test_reports_that_do_not_count_have_no_say(app: Flask, claimed: Promise) -> None:
    ids = make_reports(app, 3)
    answer(app, claimed, ids, Answer.CONFIRMED)
    uncount(app, ids[0])
    assert exact(app, claimed) == (2, 0)
    gone = within(app, lambda: open_claims_for(db.session.get_one(Report, ids[0])))
    assert gone == []


def test_only_reports_from_the_places_of_the_promise_have_a_say_and_each_once(app: Flask, editor: Member) -> None:
    with app.app_context():
        eimsbuettel = gazetteer().district_id(HAMBURG, "Eimsbüttel")
    promise = make_promise(app, editor, areas=[HAMBURG, eimsbuettel])
    make_event(app, promise, editor, "claim", CLAIMED_ON)
    inside = [*make_reports(app, 1), *make_reports(app, 1, "Hamburg", "Eimsbüttel")]
    outside = [*make_reports(app, 1, "Berlin"), *make_reports(app, 1, "Nirgendwo")]
    answer(app, promise, inside + outside, Answer.CONFIRMED)
    assert exact(app, promise) == (2, 0)
    with app.app_context():
        scope = [in_scope(promise, db.session.get_one(Report, id_)) for id_ in inside + outside]
        asked = [len(open_claims_for(db.session.get_one(Report, id_))) for id_ in inside + outside]
    assert scope == [True, True, False, False]
    assert asked == [1, 1, 0, 0]


def test_the_count_is_what_a_walk_over_every_row_would_find(on_each: Flask, posts: Path) -> None:
    app, rng = on_each, random.Random(11)
    editor, promises = make_editor(app), []
    for number, (kind, areas) in enumerate(
        ((Kind.CAPACITY, []), (Kind.WIFI, [HAMBURG]), (Kind.HARDWARE, [BERLIN, BAVARIA]), (Kind.ROLL_OUT, ["de"]))
    ):
        with app.app_context():
            known = [gazetteer().country.id if key == "de" else key for key in areas]
        promise = make_promise(app, editor, make_guest_post(app, posts, f"lage-{number}"), kind=kind, areas=known)
        make_event(app, promise, editor, "claim", CLAIMED_ON + timedelta(days=3 * number))
        promises.append(promise)
    ids = [id_ for place in PLACES for id_ in make_reports(app, 12, *place)]
    for id_ in ids:
        for _ in range(rng.randrange(3)):
            follow_up(app, [id_], rng.choice(list(HowItIs)), CLAIMED_ON + timedelta(days=rng.randrange(12)))
        for promise in promises:
            if rng.random() < 0.4:
                answer(app, promise, [id_], rng.choice(list(Answer)), CLAIMED_ON + timedelta(days=rng.randrange(12)))
    for id_ in ids[::7]:
        uncount(app, id_)
    found = {one.promise_id: (one.confirmed, one.contradicted) for one in within(app, evidence_now)}
    with app.app_context():
        assert found == {promise.id: _walked(promise) for promise in promises}
    assert len({sum(numbers) for numbers in found.values()}) > 2


def _walked(promise: Promise) -> tuple[int, int]:
    claim = story(promise).claim
    assert claim
    said = []
    for report in db.session.scalars(db.select(Report)):
        if not report.is_counted or not in_scope(promise, report):
            continue
        own = db.session.get(PromiseAnswer, (promise.id, report.id))
        ups = FollowUp.of(report)[-1:]
        if own and own.answered_on >= claim.said_on:
            said.append(own.answer is Answer.CONFIRMED)
        elif promise.is_about_network and ups and ups[0].answered_on >= claim.said_on:
            said.append(ups[0].answer in {HowItIs.WORKS, HowItIs.BETTER})
    return sum(said), said.count(False)


def test_numbers_are_rounded_down_and_stay_until_a_full_step_is_new(
    app: Flask, claimed: Promise, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids, begin = make_reports(app, 60), clock.now()
    days = iter(range(1, 20))

    def next_night() -> int:
        night = begin + timedelta(days=next(days))
        monkeypatch.setattr(clock, "now", lambda: night)
        return len(within(app, tally))

    answer(app, claimed, ids[:9], Answer.CONFIRMED)
    assert (next_night(), published(app, claimed)) == (0, (0, 0))
    answer(app, claimed, ids[9:39], Answer.CONFIRMED)
    assert (next_night(), published(app, claimed)) == (1, (30, 0))
    assert within(app, lambda: standing(claimed).state) is State.CLAIMED_CONFIRMED
    answer(app, claimed, ids[39:48], Answer.CONFIRMED)  # 48 now: the 40th alone would be seen
    assert (next_night(), published(app, claimed)) == (0, (30, 0))
    answer(app, claimed, ids[43:48], Answer.CONTRADICTED)  # five who switch are five, not ten
    assert (next_night(), published(app, claimed)) == (0, (30, 0))
    answer(app, claimed, ids[43:49], Answer.CONFIRMED)
    assert (next_night(), published(app, claimed)) == (1, (40, 0))
    assert within(app, lambda: list(faults())) == []


def test_one_tally_a_day_is_published_whatever_comes_in(app: Flask, claimed: Promise) -> None:
    ids = make_reports(app, 40)
    answer(app, claimed, ids[:20], Answer.CONFIRMED)
    assert len(within(app, tally)) == 1
    answer(app, claimed, ids[20:], Answer.CONFIRMED)
    assert within(app, tally) == []
    assert published(app, claimed) == (20, 0)


def test_another_claim_begins_with_numbers_of_its_own(
    app: Flask, editor: Member, claimed: Promise, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(app, claimed, make_reports(app, 30), Answer.CONTRADICTED)
    then = clock.now().replace(year=2011, month=12, day=20)
    with monkeypatch.context() as earlier:
        earlier.setattr(clock, "now", lambda: then)
        within(app, tally)
    make_event(app, claimed, editor, "postpone", CLAIMED_ON + timedelta(days=20), due_words="später")
    assert within(app, lambda: standing(claimed).state) is State.OPEN
    make_event(app, claimed, editor, "claim", CLAIMED_ON + timedelta(days=40))
    assert published(app, claimed) == (0, 0)
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert within(app, tally) == []


@pytest.mark.parametrize("is_taken_back", [False, True])
def test_another_claim_that_the_same_answers_count_for_tells_none_of_them(
    app: Flask, editor: Member, claimed: Promise, monkeypatch: pytest.MonkeyPatch, *, is_taken_back: bool
) -> None:
    ids = make_reports(app, 20)
    answer(app, claimed, ids[:19], Answer.CONFIRMED)
    assert len(within(app, tally)) == 1
    if is_taken_back:
        about = within(app, lambda: story(claimed).claim)
        make_event(app, claimed, editor, "take_back", about=about, reason="Falsch abgeschrieben.")
        make_event(app, claimed, editor, "claim", CLAIMED_ON)
    else:
        make_event(app, claimed, editor, "claim", CLAIMED_ON - timedelta(days=1))
    answer(app, claimed, ids[19:], Answer.CONFIRMED)
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert within(app, tally) == []
    assert published(app, claimed) == (10, 0)


def test_a_guest_cannot_date_a_claim_before_the_one_that_stands(app: Flask, claimed: Promise) -> None:
    guest = make_guest(app)
    with pytest.raises(Refusal):
        make_event(app, claimed, guest, "claim", CLAIMED_ON - timedelta(days=1))
    make_event(app, claimed, guest, "claim", CLAIMED_ON)


def test_the_audit_finds_a_number_that_was_forged_in_full_steps(app: Flask, claimed: Promise) -> None:
    answer(app, claimed, make_reports(app, 20), Answer.CONFIRMED)
    within(app, tally)
    assert within(app, lambda: list(faults())) == []
    within(app, lambda: db.session.execute(db.update(Tally).values(confirmed=30)))
    assert len(within(app, lambda: list(faults()))) == 1


def test_the_command_says_how_many_were_published(app: Flask, claimed: Promise, runner: FlaskCliRunner) -> None:
    answer(app, claimed, make_reports(app, 20), Answer.CONFIRMED)
    assert "Published the answers to 1 claims" in runner.invoke(args=["promises", "tally"]).output
    assert "to 0 claims" in runner.invoke(args=["promises", "tally"]).output


def test_of_two_hosts_one_publishes(on_each: Flask, posts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_guest_post(on_each, posts)
    editor = make_editor(on_each)
    promise = make_promise(on_each, editor)
    make_event(on_each, promise, editor, "claim", CLAIMED_ON)
    answer(on_each, promise, make_reports(on_each, 20), Answer.CONFIRMED)
    runner = on_each.test_cli_runner()
    assert runner.invoke(args=["promises", "tally"]).exit_code == 0
    monkeypatch.setattr(tallying, "last_tallies", lambda _ids: {})  # the other host looked before
    late = runner.invoke(args=["promises", "tally"])
    assert late.exit_code == 1
    assert "another host" in late.output
    assert published(on_each, promise) == (20, 0)


@pytest.mark.parametrize("many", [1, 3])
def test_counting_costs_the_same_however_many_promises_there_are(
    app: Flask, posts: Path, editor: Member, many: int
) -> None:
    for number in range(many):
        promise = make_promise(app, editor, make_guest_post(app, posts, f"lage-{number}"))
        make_event(app, promise, editor, "claim", CLAIMED_ON + timedelta(days=number))
    with app.app_context(), counted(db.engine) as statements:
        assert len(evidence_now()) == many
        assert len(stories(Promise.all_listed())) == many
    assert len(statements) == 5 + 2
    with app.app_context(), counted(db.engine) as statements:
        assert tally() == []  # nobody has answered
    assert len(statements) == 5 + 1
