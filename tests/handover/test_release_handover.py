"""The rule of two: two people, or one person twice with a day between; never by two clicks."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Barrier

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.extensions import db
from app.handover.models import NotProposed, Release, State
from app.handover.models.release import Given, MayNotRelease, Standing
from app.kit import clock
from app.ledger.models import Entry, Kind
from app.people.models import Member, Role
from app.site.audit import differences
from tests.cast import make_editor, make_guest, make_moderator, make_owner, within
from tests.conftest import At
from tests.handover.making import propose, tell_crowd, the

DAY = 24 * 60  # minutes


def give(app: Flask, number: int, by: Member) -> bool:
    """Release; whether it has left the house."""

    def work() -> bool:
        who = db.session.get_one(Member, by.id)
        seen = len(Standing.of(the(number)).given)
        return Release.give(the(number), by=who, chance=Random(3), seen=seen) is not None

    return within(app, work)


def may(app: Flask, number: int, member: Member) -> bool:
    return within(app, lambda: Standing.of(the(number)).may(member))


def revoke(app: Flask, member: Member) -> None:
    within(app, lambda: db.session.get_one(Member, member.id).revoke("left"))


def sealed(app: Flask) -> int:
    """How many lines of the ledger tell of a handover."""
    return within(app, lambda: db.session.query(Entry).filter_by(kind=Kind.HANDOVER).count())


@pytest.fixture
def number(app: Flask) -> int:
    tell_crowd(app)
    return propose(app)


def test_two_people_release_and_the_second_lets_it_leave(on_each: Flask) -> None:
    olga, eda = make_owner(on_each), make_editor(on_each)
    tell_crowd(on_each)
    number = propose(on_each, eda)
    assert not give(on_each, number, eda)
    assert sealed(on_each) == 0
    assert give(on_each, number, olga)
    with on_each.app_context():
        assert the(number).state == State.RELEASED
        released = [one["by"] for one in json.loads(the(number).manifest)["released"]]
        assert released == ["Eda (editor)", "Olga (owner)"]
        assert list(differences()) == []
    assert sealed(on_each) == 1


def test_nobody_releases_twice_where_there_is_somebody_else(app: Flask, number: int, at: At) -> None:
    eda, olga = make_editor(app), make_owner(app)
    give(app, number, eda)
    for minutes in (0, 2 * DAY):
        at(minutes)
        with pytest.raises(MayNotRelease) as refused:
            give(app, number, eda)
        assert refused.value.possible_at is None
    assert may(app, number, olga)
    assert sealed(app) == 0


def test_who_is_alone_waits_a_day_and_is_told_until_when(app: Flask, number: int, at: At) -> None:
    eda, begin = make_editor(app), clock.now()
    make_moderator(app)
    make_guest(app)
    at(0)
    assert not give(app, number, eda)
    at(DAY - 1)
    with pytest.raises(MayNotRelease) as refused:
        give(app, number, eda)
    assert refused.value.possible_at
    assert abs((refused.value.possible_at - begin).total_seconds() - DAY * 60) < 60
    at(DAY)
    assert give(app, number, eda)


def test_who_is_not_alone_any_more_needs_the_other_one(app: Flask, number: int, at: At) -> None:
    eda = make_editor(app)
    at(0)
    give(app, number, eda)
    olga = make_owner(app)
    at(2 * DAY)
    with pytest.raises(MayNotRelease):
        give(app, number, eda)
    assert give(app, number, olga)


def test_a_release_by_somebody_who_has_left_does_not_count(app: Flask, number: int, at: At) -> None:
    olga, eda = make_owner(app), make_editor(app)
    at(0)
    give(app, number, eda)
    revoke(app, eda)
    assert not give(app, number, olga)
    assert sealed(app) == 0
    at(DAY)
    assert give(app, number, olga)


def test_where_two_releases_stand_the_next_press_lets_it_leave_and_names_all(app: Flask, number: int) -> None:
    olga, eda = make_owner(app), make_editor(app)
    give(app, number, eda)
    revoke(app, eda)
    assert not give(app, number, olga), "the first one that counts"
    eda = make_editor(app)
    assert may(app, number, eda)
    assert may(app, number, olga)
    assert give(app, number, olga)
    with app.app_context():
        released = [one["by"] for one in json.loads(the(number).manifest)["released"]]
    assert released == ["Eda (editor)", "Olga (owner)", "Olga (owner)"]


DEEDS = st.one_of(
    st.tuples(st.sampled_from(["release", "take back", "leave", "join"]), st.integers(0, 2)),
    st.tuples(st.just("wait"), st.sampled_from([1, 600, DAY - 1, DAY, 3 * DAY])),
)


@given(st.sets(st.integers(0, 2), min_size=1), st.lists(DEEDS, max_size=14))
def test_whatever_happens_two_have_looked_or_one_twice_with_a_day_between(
    entitled: set[int], deeds: list[tuple[str, int]]
) -> None:
    now, released = datetime(2011, 11, 20, tzinfo=UTC), list[tuple[int, datetime]]()
    people = [Member(id=number, first_name=str(number)) for number in range(3)]
    for deed, number in deeds:
        if deed == "wait":
            now += timedelta(minutes=number)
        elif deed == "take back":
            released = [one for one in released if one[0] != number]
        elif deed == "release":
            valid = [one for one in released if one[0] in entitled]
            standing = Standing(
                tuple(Given(people[who], at) for who, at in valid), tuple(people[who] for who in sorted(entitled))
            )
            with clock.standing_at(now):
                is_let = standing.may(people[number])
            assert not is_let or number in entitled
            if is_let and valid:
                two = len({number, *(who for who, _ in valid)}) > 1
                assert two or (entitled == {number} and now - valid[0][1] >= timedelta(hours=24))
                return
            assert len({who for who, _ in valid}) < 2 or any(map(standing.may, standing.entitled))
            released += [(number, now)] if is_let else []
        else:
            (entitled.discard if deed == "leave" else entitled.add)(number)


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.GUEST])
def test_only_editors_and_owners_release(app: Flask, number: int, role: Role) -> None:
    make_editor(app)
    other = make_moderator(app) if role == Role.MODERATOR else make_guest(app)
    with pytest.raises(MayNotRelease):
        give(app, number, other)


def test_a_release_taken_back_counts_no_more(app: Flask, number: int) -> None:
    eda, olga = make_editor(app), make_owner(app)
    give(app, number, eda)
    with pytest.raises(MayNotRelease):
        within(app, lambda: Release.take_back(the(number), by=olga))
    within(app, lambda: Release.take_back(the(number), by=eda))
    assert not give(app, number, olga)
    assert give(app, number, eda)


def test_what_is_released_or_discarded_is_not_released_again(app: Flask, number: int) -> None:
    eda, olga = make_editor(app), make_owner(app)
    within(app, lambda: the(number).discard())
    with pytest.raises(NotProposed):
        give(app, number, olga)
    again = propose(app)
    give(app, again, eda)
    give(app, again, olga)
    for deed in (lambda: give(app, again, olga), lambda: within(app, lambda: Release.take_back(the(again), by=eda))):
        with pytest.raises(NotProposed):
            deed()
    assert sealed(app) == 1


def test_two_clicks_at_once_let_it_leave_once(on_each: Flask) -> None:
    eda, olga = make_editor(on_each), make_owner(on_each)
    tell_crowd(on_each)
    number = propose(on_each)
    give(on_each, number, eda)
    start = Barrier(4)

    def click(_: int) -> bool:
        start.wait()
        try:
            return give(on_each, number, olga)
        except NotProposed:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(click, range(4))) == [False, False, False, True]
    assert sealed(on_each) == 1


def test_two_first_clicks_of_one_person_are_one_release(on_each: Flask) -> None:
    eda, _olga = make_editor(on_each), make_owner(on_each)
    tell_crowd(on_each)
    number, start = propose(on_each), Barrier(3)

    def click(_: int) -> bool:
        start.wait()
        try:
            return give(on_each, number, eda)
        except MayNotRelease:
            return False

    with ThreadPoolExecutor(3) as pool:
        assert not any(pool.map(click, range(3)))
    assert within(on_each, lambda: db.session.query(Release).count()) == 1
