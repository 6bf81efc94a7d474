"""Questions to something that may never answer, like a database that has stopped."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from typing import Generic, TypeVar

T = TypeVar("T")


class Bounded(Generic[T]):
    """Asks in a thread of its own, one question at a time; whoever comes meanwhile waits for the same answer."""

    def __init__(self, ask: Callable[[], T], within: float) -> None:
        """`within`: seconds that anybody waits."""
        self._ask, self._within = ask, within
        self._lock = threading.Lock()
        self._asked: Future[T] | None = None

    def answer(self) -> T:
        """What was answered, or raised; TimeoutError when there is no answer in time."""
        with self._lock:
            asked = self._asked
            if asked is None or asked.done():
                asked = Future()
                threading.Thread(target=self._run, args=(asked,), daemon=True).start()
                self._asked = asked  # not before: where no thread can be begun, the next one tries again
        try:
            return asked.result(self._within)
        except TooLate:
            raise TimeoutError from None

    def _run(self, asked: "Future[T]") -> None:
        try:
            asked.set_result(self._ask())
        except Exception as error:  # noqa: BLE001 -- it is raised where the answer is waited for
            asked.set_exception(error)
