"""Which signals hold a report, alone and together; the address is none of them."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.spam.holding import BURST, COPIES, SAME_ANSWERS, SIGNALS, Evidence, weigh

QUICK = {"open_seconds": 1.0}
MANY = {"same_answers": SAME_ANSWERS}
FLOOD = {"same_place": BURST}
EVIDENCE = st.builds(
    Evidence,
    is_trapped=st.booleans(),
    open_seconds=st.none() | st.floats(0, 1e7),
    similar=st.integers(0, 1000),
    same_answers=st.integers(0, 1000),
    same_place=st.integers(0, 1000),
)


@pytest.mark.parametrize("said", [{"is_trapped": True}, {"similar": COPIES}, {"similar": 699}])
def test_these_hold_alone(said: dict[str, int]) -> None:
    assert weigh(Evidence(**said)).is_held  # type: ignore[arg-type]  # of several types


@pytest.mark.parametrize("said", [QUICK, MANY, FLOOD, {"similar": 2}, {"open_seconds": None}])
def test_these_are_noted_and_hold_nothing_alone(said: dict[str, float]) -> None:
    assert not weigh(Evidence(**said)).is_held  # type: ignore[arg-type]  # of several types


@pytest.mark.parametrize("said", [QUICK | MANY, QUICK | FLOOD, MANY | FLOOD])
def test_two_of_these_hold_together(said: dict[str, float]) -> None:
    assert weigh(Evidence(**said)).is_held  # type: ignore[arg-type]  # of several types


def test_an_outage_of_a_town_stays_below_every_floor() -> None:
    assert weigh(Evidence(open_seconds=8, same_answers=699, same_place=5)).reasons == ("same-answers",)
    assert weigh(Evidence(open_seconds=3)).reasons == ()


def test_there_is_no_way_to_tell_it_an_address() -> None:
    said = {field.name for field in fields(Evidence)}
    assert said == {"is_trapped", "open_seconds", "similar", "same_answers", "same_place"}


@given(EVIDENCE)
def test_what_is_held_says_why(evidence: Evidence) -> None:
    holding = weigh(evidence)
    assert holding.reasons or not holding.is_held
    assert set(holding.reasons) <= set(SIGNALS)
