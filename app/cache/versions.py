"""What is known of the versions in the database: asked at most every quarter of a second, by one thread a process.

A request never waits long for a database that hangs: it is the thread here that hangs, and readers go on with what is
known. The thread asks only while somebody reads.
"""

import threading
import weakref
from collections.abc import Callable, Hashable, Iterator, Mapping
from math import inf
from time import monotonic
from typing import NamedTuple

from app.cache.tables import FINE

EVERY = 0.25  # seconds between two questions
YOUNG = 0.75  # seconds for which what is known is young enough to go on with, while another thread asks
PATIENCE = 1.0  # seconds to wait for an answer
# seconds without a question after which a database that did not answer is waited for once more; longer than it takes to
# wait a second at each worker, or a single reader would wait at every one of them, again and again
SILENT = 10.0


class Stamp(NamedTuple):
    """How often a thing has changed, and how often so that nothing older may be shown."""

    number: int
    hard: int


NEVER = Stamp(0, 0)
Known = Mapping[str, Stamp]


class State(NamedTuple):
    """All that is known at a moment; `generation` differs whenever anything in it does."""

    generation: int
    known: Known | None  # None before the first answer
    elsewhere: tuple[Hashable, ...]  # versions of what lies outside of the database


class Versions:
    """The versions, as of the last look."""

    def __init__(self, ask: Callable[[], str]) -> None:
        """`ask` answers every version, a line each: name, number, hard; it may take as long as it likes, and raise."""
        self.state = State(0, None, ())
        self.looked_at = -SILENT  # when the look began from which all this is known
        self.next_look = 0.0
        self.is_blind = False  # the last question has no answer yet
        self.is_closed = False
        self._ask = ask
        self._sources: list[Callable[[], Hashable]] = []
        self._text = ""
        self._asked_at = -SILENT
        self._confirmed: dict[int, float] = {}
        self._calls = 0
        self._turn = threading.Lock()
        self._wanted = threading.Event()
        self._answered = threading.Event()
        self._thread: threading.Thread | None = None
        _ALL.add(self)
        weakref.finalize(self, self._wanted.set)  # the thread sees that there is nobody left to look for

    def watch(self, source: Callable[[], Hashable]) -> None:
        """Ask this for a version, too; nothing older is shown after it has changed."""
        self._sources.append(source)

    def call(self) -> None:
        """Something has just changed: the next reader looks."""
        self._calls += 1
        self.next_look = 0.0

    def catch_up(self) -> None:
        """Look, unless somebody is looking; wait for it no longer than is good for readers."""
        if not self._turn.acquire(blocking=False):
            is_good_enough = self.is_blind or monotonic() - self.looked_at <= YOUNG
            if is_good_enough or not self._turn.acquire(timeout=PATIENCE):
                return
        try:
            now = monotonic()
            if now >= self.next_look:
                is_patient = not self.is_blind or now - self._asked_at > SILENT
                self._asked_at = now
                self._look(PATIENCE if is_patient else 0)
        finally:
            self._turn.release()

    def confirmed_at(self, generation: int) -> float:
        """Until when (monotonic) nothing was known to have changed since that generation."""
        return self.looked_at if generation == self.state.generation else self._confirmed.get(generation, -SILENT)

    def close(self) -> None:
        """Let the thread end; what is known stays."""
        _ALL.discard(self)
        self.is_closed, self.next_look, thread = True, inf, self._thread
        self._wanted.set()
        if thread is not None:
            thread.join(PATIENCE)

    # Privates

    def _look(self, patience: float) -> None:
        self._answered.clear()
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=_run, args=(weakref.ref(self), self._wanted), name="versions")
            self._thread.daemon = True
            self._thread.start()
        self._wanted.set()
        if not self._answered.wait(patience):
            self.is_blind, self.next_look = True, monotonic() + EVERY

    def _answer(self) -> None:
        """In the thread: ask, and keep what is said."""
        began, calls = monotonic(), self._calls
        try:
            text, elsewhere = self._ask(), tuple(source() for source in self._sources)
        except Exception:  # noqa: BLE001 -- whatever is wrong with the database, readers go on with what is known
            self.is_blind = True
        else:
            self._learn(text, elsewhere, began)
            self.is_blind = False
        self.next_look = began + EVERY if calls == self._calls else 0.0
        self._answered.set()

    def _learn(self, text: str, elsewhere: tuple[Hashable, ...], began: float) -> None:
        old = self.state
        if old.known is None or text != self._text or elsewhere != old.elsewhere:
            self._confirmed = dict([*self._confirmed.items(), (old.generation, self.looked_at)][-64:])
            self.state = State(old.generation + 1, _read(text), elsewhere)
            self._text = text
        self.looked_at = began


def _run(reference: "weakref.ref[Versions]", wanted: threading.Event) -> None:
    while wanted.wait():
        wanted.clear()
        versions = reference()
        if versions is None or versions.is_closed:
            return
        versions._answer()  # noqa: SLF001 -- the same module
        del versions


def _read(text: str) -> Known:
    found = dict(_lines(text))
    for kind in set(FINE.values()):
        parts = [stamp for name, stamp in found.items() if name.startswith(f"{kind}:")]
        found[f"{kind}:*"] = Stamp(sum(one.number for one in parts), sum(one.hard for one in parts))
    return found


def _lines(text: str) -> Iterator[tuple[str, Stamp]]:
    for line in text.splitlines():
        name, number, hard = line.rsplit(" ", 2)
        yield name, Stamp(int(number), int(hard))


_ALL: "weakref.WeakSet[Versions]" = weakref.WeakSet()


def call_all() -> None:
    """A transaction of this process is committed: whoever reads next looks."""
    for versions in list(_ALL):
        versions.call()
