"""A turnstile: one thread at a time, in the order of their coming, and nobody waits longer than they want to."""

import threading
from collections import deque


class Turnstile:
    """A lock that is fair. Whoever waits longest is next, however many come meanwhile."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._is_taken = False
        self._waiting = deque[threading.Lock]()

    def enter(self, seconds: float) -> bool:
        """Go through when it is one's turn; False when that is not within so many seconds."""
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = threading.Lock()
            mine.acquire()  # the one before lets it go: that is the call
            self._waiting.append(mine)
        if mine.acquire(timeout=max(0.0, seconds)):
            return True
        return not self._give_up(mine)

    def leave(self) -> None:
        """Let the next one through; whoever leaves has entered."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False

    def _give_up(self, mine: threading.Lock) -> bool:
        """Stop waiting; False for one that was called at the very end of its patience."""
        with self._guard:
            if mine not in self._waiting:
                return False
            self._waiting.remove(mine)
            return True
