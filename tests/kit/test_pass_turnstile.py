"""A turnstile: one at a time, in the order of their coming, and who gives up is not waited for."""

import threading
from concurrent.futures import ThreadPoolExecutor

from app.kit.turnstile import Turnstile
from tests.server import PATIENCE, eventually

MANY = 8


def test_they_go_through_in_the_order_of_their_coming() -> None:
    gate, passed = Turnstile(), list[int]()
    assert gate.enter(0)

    def go(number: int) -> None:
        assert gate.enter(PATIENCE)
        passed.append(number)
        gate.leave()

    with ThreadPoolExecutor(MANY) as pool:
        for number in range(MANY):
            pool.submit(go, number)
            eventually(lambda number=number: len(gate._waiting) == number + 1, "the next one waits")  # type: ignore[misc]  # a lambda's default
        gate.leave()
    assert passed == list(range(MANY))


def test_who_gives_up_is_not_waited_for() -> None:
    gate = Turnstile()
    assert gate.enter(0)
    assert not gate.enter(0.01)
    gate.leave()
    assert gate.enter(0)


def test_only_one_is_inside_however_many_come_and_go() -> None:
    gate, inside, most, went = Turnstile(), 0, 0, 0

    def go(_number: int) -> None:
        nonlocal inside, most, went
        for patience in (0.0, 0.0001, PATIENCE) * 20:
            if gate.enter(patience):
                inside += 1
                most, went = max(most, inside), went + 1
                inside -= 1
                gate.leave()

    threads = [threading.Thread(target=go, args=(number,)) for number in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert most == 1
    assert went >= MANY * 20, "who is patient always gets through"
    assert gate.enter(0), "it is free in the end"
