"""A circuit to a service that may be away: after a failure nobody waits for it again for a moment."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import structlog

T = TypeVar("T")
log = structlog.get_logger()


class Away(Exception):
    """The service has just failed and is left alone for a moment."""


class Circuit:
    """Asks a service, and after a failure lets one caller at a time find out whether it is back."""

    def __init__(
        self,
        name: str,
        *,
        rest: float,
        faults: tuple[type[Exception], ...],
        slow: float = 10.0,
        failures: int = 1,
    ) -> None:
        """`rest` is for how many seconds nobody asks after so many `failures` in a row.

        An answer that took longer than `slow` seconds is a failure, too.
        `faults` are the exceptions that mean that the service cannot answer, and no others.
        """
        self._name, self._rest, self._slow, self._faults = name, rest, slow, faults
        self._guard = threading.Lock()
        self._rests_until = 0.0
        self._is_open = False  # the circuit, so that nothing flows
        self._limit, self._failed = failures, 0

    @property
    def is_away(self) -> bool:
        """Whether the service failed when it was last asked."""
        return self._is_open

    def ask(self, question: Callable[[], T]) -> T:
        """The answer; raises `Away` without asking while the service rests, and its own fault when it fails."""
        self._come_in()
        began = time.monotonic()
        try:
            answer = question()
        except self._faults as error:
            self._fail(type(error).__name__)
            raise
        if time.monotonic() - began > self._slow:
            self._fail("slow")
        else:
            self._failed = 0
            if self._is_open:
                self._is_open = False
                log.info("service_is_back", service=self._name)
        return answer

    def _come_in(self) -> None:
        """Only one goes ahead when the rest is over; the others wait for what becomes of it."""
        if not self._is_open:
            return
        with self._guard:
            if time.monotonic() < self._rests_until:
                raise Away(self._name)
            self._rests_until = time.monotonic() + self._rest

    def _fail(self, why: str) -> None:
        with self._guard:
            self._failed += 1
            if self._failed < self._limit:
                return
            self._rests_until = time.monotonic() + self._rest
            is_first, self._is_open = not self._is_open, True
        if is_first:
            log.warning("service_is_away", service=self._name, error=why)
