"""Who asks something that never answers is told so in time."""

import threading

import pytest

from app.kit.bounded import Bounded


def test_an_answer_is_passed_on_and_asked_for_anew() -> None:
    asked = iter((1, 2))
    question = Bounded(lambda: next(asked), 60)
    assert [question.answer(), question.answer()] == [1, 2]


def test_a_fault_is_raised_where_the_answer_is_waited_for() -> None:
    def fail() -> int:
        raise LookupError("nobody is there")

    with pytest.raises(LookupError, match="nobody"):
        Bounded(fail, 60).answer()


def test_no_answer_in_time_is_said_and_only_one_question_waits() -> None:
    ends, asked = threading.Event(), []

    def hang() -> str:
        asked.append(1)
        ends.wait(60)
        return "late"

    question = Bounded(hang, 0.05)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            question.answer()
    assert len(asked) == 1
    ends.set()
    question._within = 60
    assert question.answer() == "late"


def test_where_no_thread_can_be_begun_the_next_one_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    question = Bounded(lambda: "yes", 60)
    with monkeypatch.context() as short:
        short.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError):
            question.answer()
    assert question.answer() == "yes"
