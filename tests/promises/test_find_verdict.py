"""The rule of the verdict, as a table and as what always holds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit import wilson
from app.promises.verdict import LEAST, NO_VOTES, State, Votes, verdict

TODAY = date(2012, 1, 26)
YESTERDAY = TODAY - timedelta(days=1)
# one after the other, from contradicted to confirmed; too few says nothing either way
RANK = {State.CLAIMED_CONTRADICTED: -1, State.CLAIMED_MIXED: 0, State.CLAIMED_TOO_FEW: 0, State.CLAIMED_CONFIRMED: 1}
MIRROR = {State.CLAIMED_CONFIRMED: State.CLAIMED_CONTRADICTED, State.CLAIMED_CONTRADICTED: State.CLAIMED_CONFIRMED}

steps = st.integers(5, 25)
numbers = st.integers(0, 400)


def published(confirmed: int, contradicted: int, step: int) -> Votes:
    return Votes(confirmed - confirmed % step, contradicted - contradicted % step, step)


@pytest.mark.parametrize(
    ("due_on", "is_withdrawn", "votes", "state"),
    [
        (None, False, None, State.OPEN),
        (TODAY, False, None, State.OPEN),
        (YESTERDAY, False, None, State.OVERDUE),
        (YESTERDAY, True, None, State.WITHDRAWN),
        (None, True, None, State.WITHDRAWN),
        (YESTERDAY, False, NO_VOTES, State.CLAIMED_TOO_FEW),
        (None, False, Votes(10, 0, 10), State.CLAIMED_TOO_FEW),
        (None, False, Votes(20, 0, 10), State.CLAIMED_CONFIRMED),  # at worst 20 to 9
        (None, False, Votes(20, 10, 10), State.CLAIMED_MIXED),  # it may be 20 to 19
        (None, False, Votes(30, 0, 10), State.CLAIMED_CONFIRMED),
        (None, False, Votes(0, 30, 10), State.CLAIMED_CONTRADICTED),
        (None, False, Votes(40, 10, 10), State.CLAIMED_CONFIRMED),
        (None, False, Votes(30, 10, 10), State.CLAIMED_MIXED),
        (None, False, Votes(60, 40, 10), State.CLAIMED_MIXED),
        (None, False, Votes(620, 500, 10), State.CLAIMED_CONFIRMED),
        (YESTERDAY, False, Votes(500, 620, 10), State.CLAIMED_CONTRADICTED),
    ],
)
def test_the_rule_of_the_verdict_is_this_table(
    due_on: date | None, is_withdrawn: bool, votes: Votes | None, state: State
) -> None:
    assert verdict(today=TODAY, due_on=due_on, is_withdrawn=is_withdrawn, votes=votes) is state


@given(numbers, numbers, steps)
def test_one_more_answer_never_moves_the_verdict_the_other_way(confirmed: int, contradicted: int, step: int) -> None:
    here = RANK[published(confirmed, contradicted, step).state]
    assert RANK[published(confirmed + 1, contradicted, step).state] >= here
    assert RANK[published(confirmed, contradicted + 1, step).state] <= here


@given(numbers, numbers, steps)
def test_too_few_depends_on_how_many_answered_alone(confirmed: int, contradicted: int, step: int) -> None:
    votes = published(confirmed, contradicted, step)
    assert (votes.state is State.CLAIMED_TOO_FEW) == (votes.asked < LEAST)
    more = published(confirmed + 1, contradicted, step)
    assert more.are_enough or not votes.are_enough


@given(numbers, numbers, steps)
def test_swapping_both_answers_mirrors_the_verdict(confirmed: int, contradicted: int, step: int) -> None:
    votes, other = published(confirmed, contradicted, step), published(contradicted, confirmed, step)
    assert MIRROR.get(votes.state, votes.state) is other.state
    assert votes.low == pytest.approx(1 - other.high)


@given(numbers, numbers, steps)
def test_a_verdict_from_rounded_numbers_is_never_stronger_than_the_exact_one(
    confirmed: int, contradicted: int, step: int
) -> None:
    rounded = published(confirmed, contradicted, step)
    low, high = wilson.interval(confirmed, confirmed + contradicted)
    assert rounded.low <= low + 1e-9
    assert rounded.high >= high - 1e-9
    if rounded.state in MIRROR:
        assert rounded.state is Votes(confirmed, contradicted, 1).state
