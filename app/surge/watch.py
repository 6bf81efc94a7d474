"""A thread that keeps what a process knows of the surge true, so that no request waits for it."""

import threading
from collections.abc import Callable

import structlog

from app.surge.pressure import Pressure

log = structlog.get_logger()
EVERY = 0.5  # seconds

Measure = Callable[[], object]


class Watch(threading.Thread):
    """Measures, tells the others what was felt, and reads what they tell."""

    def __init__(self, pressure: Pressure, *measures: Measure) -> None:
        super().__init__(name="surge", daemon=True)
        self._pressure, self._measures = pressure, measures
        self._failing: set[Measure] = set()
        self._ends = threading.Event()

    def run(self) -> None:
        self._pressure.is_watched = True
        while not self._ends.wait(EVERY):
            self.step()

    def step(self) -> None:
        """One look at everything. A measure that fails is no reason to stop looking."""
        for measure in (*self._measures, self._pressure.tell, self._pressure.look):
            self._take(measure)

    def _take(self, measure: Measure) -> None:
        try:
            measure()
        except Exception as error:  # noqa: BLE001 -- a queue, a disk or a database that does not answer
            if measure not in self._failing:  # said once, not twice a second
                log.warning("surge_not_measured", error=type(error).__name__)
            self._failing.add(measure)
        else:
            self._failing.discard(measure)

    def end(self) -> None:
        self._ends.set()
