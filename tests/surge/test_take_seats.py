"""Few requests are worked on at once; the next ones wait while somebody gets up now and then."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from app.surge import seats
from app.surge.seats import Seats


@contextmanager
def sitting(on: Seats, number: int) -> Iterator[threading.Event]:
    """So many who stay until the event is set."""
    ends, sat = threading.Event(), threading.Semaphore(0)

    def stay() -> None:
        assert on.take()
        sat.release()
        ends.wait(60)
        on.leave()

    with ThreadPoolExecutor(number) as pool:
        for _ in range(number):
            pool.submit(stay)
        for _ in range(number):
            sat.acquire()
        try:
            yield ends
        finally:
            ends.set()


def test_never_more_are_inside_than_there_are_seats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seats, "STALL", 60)
    monkeypatch.setattr(seats, "PATIENCE", 60)
    place, inside, most = Seats(3), 0, 0
    lock = threading.Lock()

    def work(_: int) -> bool:
        nonlocal inside, most
        if not place.take():
            return False
        with lock:
            inside += 1
            most = max(most, inside)
        time.sleep(0.001)
        with lock:
            inside -= 1
        place.leave()
        return True

    with ThreadPoolExecutor(24) as pool:
        done = list(pool.map(work, range(300)))
    assert most == 3
    assert all(done), "while seats come free nobody is sent away"
    assert (place.taken, place.waiting, place.full_for) == (0, 0, 0.0)


def test_where_nobody_gets_up_the_next_one_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seats, "STALL", 0.1)
    place = Seats(2)
    with sitting(place, 2):
        assert not place.take()
        assert place.full_for >= 0.1
        assert place.oldest_for >= 0.1
        began = time.monotonic()
        waits = [place.take() for _ in range(50)]
        assert not any(waits)
        assert time.monotonic() - began < 50 * 0.1, "who comes after that does not wait at all"
    assert place.take()


def test_who_waits_is_let_in_when_somebody_gets_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seats, "STALL", 60)
    monkeypatch.setattr(seats, "PATIENCE", 60)
    place = Seats(1)
    with sitting(place, 1) as ends, ThreadPoolExecutor(1) as pool:
        waits = pool.submit(place.take)
        while not place.waiting:
            time.sleep(0.001)
        ends.set()
        assert waits.result(60)


def test_others_being_quicker_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seats, "PATIENCE", 0.1)
    place = Seats(1)
    with sitting(place, 1):
        assert not place.take()
