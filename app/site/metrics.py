"""The site's numbers in the words of Prometheus: what processes counted, and what waits in the database."""

import shutil
from collections.abc import Iterable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

from flask import current_app
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from app.comments.models import Comment, State
from app.config import settings
from app.extensions import db
from app.kit import clock
from app.kit.bounded import Bounded
from app.kit.jobs import huey
from app.kit.meter import BUCKETS, FOLDER, Key, Readings, meter
from app.ledger.models import counter
from app.mail.models import Letter
from app.reports.models.held import count_held
from app.surge import gate, pressure
from app.web import metering

T = TypeVar("T")
WITHIN = 1.5  # seconds for what the database has to say; without it the rest is told

COUNTERS = {
    metering.REQUESTS: ("Requests that Flask answered", ("route", "method", "status")),
    metering.CACHE: ("Requests that the page cache saw, by what it did with them", ("outcome",)),
    gate.SENT_AWAY: ("Requests that found no seat and got a 503 from memory", ()),
}
HISTOGRAMS = {
    metering.REQUEST_TIMES: ("Seconds a request took in Flask", ("route",)),
    metering.COMMIT_TIMES: ("Seconds a commit took", ()),
}
PRESENT = {
    gate.SEATS_TAKEN: "Requests that are worked on now, in all workers",
    gate.SEATS_AWAITED: "Requests that wait for a seat now, in all workers",
}


class Numbers(Collector):
    """Everything at one moment."""

    def __init__(self, readings: Readings, waiting: list[Metric], folder: Path) -> None:
        self._readings, self._waiting, self._folder = readings, waiting, folder

    def collect(self) -> Iterator[Metric]:
        for name, (told, labels) in COUNTERS.items():
            family = CounterMetricFamily(name, told, labels=labels)
            for values, number in _of(name, self._readings.counts):
                family.add_metric(values, number)
            yield family
        for name, (told, labels) in HISTOGRAMS.items():
            yield _histogram(name, told, labels, self._readings)
        for name, told in PRESENT.items():
            yield _gauge(name, told, sum(number for _, number in _of(name, self._readings.now)))
        yield _gauge("einzelfall_surge", "1 while the site saves its strength", float(pressure.is_on()))
        yield _gauge("einzelfall_disk_free_bytes", "Room where the instance is", shutil.disk_usage(self._folder).free)
        yield _gauge("einzelfall_database_up", "1 when the database answered in time", float(bool(self._waiting)))
        yield from self._waiting


def page() -> bytes:
    """The text that Prometheus reads."""
    readings = meter.together(settings().local / FOLDER)
    return generate_latest(Numbers(readings, _waiting(), settings().instance))


def _waiting() -> list[Metric]:
    """What the database has to say, if it says it in time."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- Werkzeug's way out of its proxy

    def ask() -> list[Metric]:
        with app.app_context():
            return list(_asked())

    asked: Bounded[list[Metric]] = app.extensions.setdefault("waiting", Bounded(ask, WITHIN))
    try:
        return asked.answer()
    except (SQLAlchemyError, TimeoutError):
        return []


def _asked() -> Iterator[Metric]:
    """What only the database and the queue know."""
    now = clock.now()
    yield _gauge("einzelfall_counter", "Reports that count", counter())
    yield _gauge("einzelfall_reports_held", "Reports that wait for a person", count_held())
    waiting = select(func.count(), func.min(Comment.written_at)).where(Comment.state == State.WAITING)
    count, _oldest = db.session.execute(waiting).one()
    yield _gauge("einzelfall_comments_waiting", "Comments that wait for judges or a person", count)
    unjudged, oldest = db.session.execute(waiting.where(Comment.ask_again_at.is_not(None))).one()
    yield _gauge("einzelfall_comments_to_judge", "Comments that Akismet has still to be asked about", unjudged)
    age = (now - oldest).total_seconds() if oldest else 0
    yield _gauge("einzelfall_comments_to_judge_oldest_seconds", "Age of the oldest of them", age)
    unsent = select(func.count(), func.min(Letter.written_at)).where(Letter.next_try_at.is_not(None))
    letters, first = db.session.execute(unsent).one()
    yield _gauge("einzelfall_letters_unsent", "Letters that have still to leave", letters)
    age = (now - first).total_seconds() if first else 0
    yield _gauge("einzelfall_letters_unsent_oldest_seconds", "Age of the oldest of them", age)
    yield _gauge("einzelfall_jobs_queued", "Jobs in the queue", huey.pending_count())


def _histogram(name: str, told: str, labels: tuple[str, ...], readings: Readings) -> Metric:
    found = HistogramMetricFamily(name, told, labels=labels)
    for values, numbers in _of(name, readings.times):
        ends = [*(str(end) for end in BUCKETS), "+Inf"]
        found.add_metric(values, list(zip(ends, accumulate(numbers[:-1]), strict=True)), numbers[-1])
    return found


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value=value)


def _of(name: str, numbers: dict[Key, T]) -> Iterable[tuple[tuple[str, ...], T]]:
    """The numbers of one name, by the values of its labels."""
    return [(values, number) for (known, values), number in numbers.items() if known == name]
