"""A service that has failed is left alone for a moment, and one caller finds out whether it is back."""

import time

import pytest
from structlog.testing import capture_logs

from app.kit.circuit import Away, Circuit


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def circuit(clock: Clock) -> Circuit:
    return Circuit("it", rest=3.0, faults=(KeyError,), slow=1.0)


def fail() -> None:
    raise KeyError


def never() -> None:
    pytest.fail("it was asked")


def test_a_service_that_is_well_is_asked_each_time(circuit: Circuit) -> None:
    assert circuit.ask(lambda: 42) == 42


def test_after_a_failure_it_is_not_asked_until_it_has_rested(circuit: Circuit, clock: Clock) -> None:
    with pytest.raises(KeyError):
        circuit.ask(fail)
    clock.now += 2.9
    with pytest.raises(Away):
        circuit.ask(never)
    clock.now += 0.2
    assert circuit.ask(lambda: 42) == 42
    assert circuit.ask(lambda: 43) == 43


def test_one_finds_out_whether_it_is_back_and_the_others_do_not_wait(circuit: Circuit, clock: Clock) -> None:
    with pytest.raises(KeyError):
        circuit.ask(fail)
    clock.now += 4

    def meanwhile() -> str:
        with pytest.raises(Away):
            circuit.ask(never)
        return "back"

    assert circuit.ask(meanwhile) == "back"


def test_a_slow_answer_is_used_and_the_next_one_not_waited_for(circuit: Circuit, clock: Clock) -> None:
    def take_long() -> str:
        clock.now += 1.1
        return "late"

    assert circuit.ask(take_long) == "late"
    with pytest.raises(Away):
        circuit.ask(never)


def test_it_is_said_once_that_it_is_away_and_once_that_it_is_back(circuit: Circuit, clock: Clock) -> None:
    with capture_logs() as told:
        for _ in range(3):
            with pytest.raises(KeyError):
                circuit.ask(fail)
            clock.now += 4
        for _ in range(3):
            circuit.ask(lambda: 42)
    assert [line["event"] for line in told] == ["service_is_away", "service_is_back"]


def test_a_fault_of_the_question_is_none_of_the_service(circuit: Circuit) -> None:
    with pytest.raises(ZeroDivisionError):
        circuit.ask(lambda: 1 // 0)
    assert circuit.ask(lambda: 42) == 42
