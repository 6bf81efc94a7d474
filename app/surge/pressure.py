"""What this process knows of the surge: from memory, whatever the database does meanwhile."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import structlog
from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.cache import page_cache
from app.cache.middleware import LATE as UNHURRIED
from app.extensions import db
from app.kit import clock
from app.surge.models import Mode, Surge, is_felt, press

log = structlog.get_logger()
LATE = 2.0  # seconds for which readers may be shown an older page while a new one is made, during a surge
MEMO = 1.0  # seconds for which the row is not read again
FULL = "full"
WRITERS = "writers"
JOBS = "jobs"
# when pressure is felt; decision 0025 says why these and no others
SIGNALS = {
    FULL: 1.0,  # seconds for which a worker had no seat free
    WRITERS: 3.0,  # seconds that the oldest form has been waiting to be stored
    JOBS: 200,  # jobs in the queue
}
STAYS_FROM = 0.5  # of these numbers pressure is still felt while a surge is on, so that it does not flutter


@dataclass(frozen=True, slots=True)
class Seen:
    """The row as it was read."""

    mode: Mode = Mode.AUTO
    reason: str = ""
    since: datetime | None = None
    pressed_at: datetime | None = None

    def is_on(self, now: datetime) -> bool:
        return self.mode is Mode.ON if self.mode is not Mode.AUTO else is_felt(self.pressed_at, now)


class Pressure:
    """The state of the surge in this process: what it felt itself, and the row that all processes share."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._seen = Seen()
        self._looked_at = float("-inf")
        self._felt_at: datetime | None = None  # by this process
        self._felt_first: datetime | None = None
        self._untold_at: datetime | None = None
        self._reason = ""
        self._silent: set[Callable[[], None]] = set()  # what the database does not answer
        self._lock = threading.Lock()
        self.postponed: dict[str, Callable[[], None]] = {}  # by `pausing`; lost with the process
        self.is_watched = False  # a thread of its own keeps this true; nobody else waits for the database

    @property
    def is_on(self) -> bool:
        """Whether strength is saved now. Of the database at most a second old, and never waits for it when watched."""
        if not self.is_watched and time.monotonic() - self._looked_at >= MEMO:
            self.look()
        return self.stands.is_on(clock.now())

    @property
    def stands(self) -> Seen:
        """What is known, without looking: the shared row, or what was felt here and could not be told yet."""
        seen, felt = self._seen, self._felt_at
        if seen.mode is Mode.AUTO and not seen.is_on(clock.now()) and felt is not None:
            return Seen(Mode.AUTO, self._reason, self._felt_first, felt)
        return seen

    def weigh(self, signal: str, measured: float) -> bool:
        """Feel pressure where a signal reaches its number, which is lower while a surge is on; whether it did."""
        limit = SIGNALS[signal] * (STAYS_FROM if self.stands.is_on(clock.now()) else 1)
        if measured >= limit:
            self.feel(signal)
        return measured >= limit

    def feel(self, signal: str) -> None:
        """Pressure is felt now, by this process."""
        now = clock.now()
        with self._lock:
            if not is_felt(self._felt_at, now):
                self._felt_first, self._reason = now, signal
            self._felt_at = self._untold_at = now

    def look(self) -> None:
        """Read the row; without an answer what is known stands on."""
        self._looked_at = time.monotonic()
        try:
            with self._app.app_context():
                self._seen = _read()
            self._silent.discard(self.look)
        except SQLAlchemyError as error:
            self._miss(self.look, error)
        page_cache(self._app).late = LATE if self.stands.is_on(clock.now()) else UNHURRIED

    def tell(self) -> None:
        """Let the other processes know what was felt here; what cannot be told now is told later.

        Only in a thread of its own: it writes, so a request that writes would wait for itself.
        """
        with self._lock:
            reason, felt_at, self._untold_at = self._reason, self._untold_at, None
        if felt_at is None:
            return
        try:
            with self._app.app_context(), db.engine.begin() as connection:
                connection.execute(press(reason, felt_at))
            self._silent.discard(self.tell)
        except Exception as error:
            self._untold_at = self._untold_at or felt_at
            if not isinstance(error, SQLAlchemyError):
                raise
            self._miss(self.tell, error)

    def _miss(self, deed: Callable[[], None], error: SQLAlchemyError) -> None:
        """Note that the database did not answer: once, not twice a second."""
        if deed not in self._silent:
            log.warning("surge_not_shared", error=type(error).__name__)
        self._silent.add(deed)


def _read() -> Seen:
    """The row, in a transaction of its own: what a request has open must not be mixed with it."""
    columns = (Surge.mode, Surge.reason, Surge.set_at, Surge.began_at, Surge.pressed_at)
    with db.engine.connect().execution_options(only_reads=True) as connection:
        row = connection.execute(select(*columns).where(Surge.id == 1)).one_or_none()
    if row is None:
        return Seen()
    return Seen(row.mode, row.reason, row.set_at if row.mode is Mode.ON else row.began_at, row.pressed_at)


def pressure() -> Pressure:
    """That of the app that is running."""
    return cast(Pressure, current_app.extensions["surge"])


def is_on() -> bool:
    """Whether the site saves its strength now."""
    return pressure().is_on
