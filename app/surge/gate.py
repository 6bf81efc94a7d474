"""The door to Flask: few requests inside at once, so that threads are left for what is answered from memory."""

from collections.abc import Iterable
from contextlib import suppress
from io import BytesIO
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog

from app.extensions import SAFE_METHODS
from app.kit.meter import meter
from app.surge.busy import Busy, is_form
from app.surge.pressure import FULL, WRITERS, Pressure
from app.surge.seats import Seats
from app.web import guard

log = structlog.get_logger()

# of a worker's ten threads (site/server.py) one is for the page cache while nobody waits, and one for other readers
SEATS = 9
WRITER_SEATS = 8  # more than Akismet has lines; those that are here together are written together (web/pens.py)
SEATS_TAKEN, SEATS_AWAITED = "einzelfall_seats_taken", "einzelfall_seats_awaited"
SENT_AWAY = "einzelfall_sent_away"
ALWAYS = frozenset({"/healthz", "/readyz", "/metrics"})  # who asks how it is must hear it


class Gate:
    """Seats readers and writers; sends away, at once, whoever would wait in vain."""

    def __init__(self, app: WSGIApplication, pressure: Pressure, busy: Busy) -> None:
        self._app, self._pressure, self.busy = app, pressure, busy
        self.seats, self.writers = Seats(SEATS), Seats(WRITER_SEATS)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") in ALWAYS:
            return self._app(environ, start_response)
        if environ["REQUEST_METHOD"] in SAFE_METHODS:
            return self._seated(environ, start_response)
        if not self.writers.take():
            return self._send_away(environ, start_response)
        try:
            return self._seated(environ, start_response)
        finally:
            self.writers.leave()

    def measure(self) -> None:
        """Feel the pressure there is, and say how many are inside."""
        meter.say(SEATS_TAKEN, self.seats.taken)
        meter.say(SEATS_AWAITED, self.seats.waiting + self.writers.waiting)
        self._pressure.weigh(FULL, max(self.seats.full_for, self.writers.full_for))
        self._pressure.weigh(WRITERS, self.writers.oldest_for)

    def _seated(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not self.seats.take():
            return self._send_away(environ, start_response)
        try:
            return self._served(environ, start_response)
        finally:
            self.seats.leave()

    def _served(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The app's answer; where not even its page of an error can be made, the one that lies ready."""
        sent = _remembered(environ)
        try:
            return self._app(environ, start_response)
        except Exception as error:
            if self.busy.shows_faults:
                raise
            with suppress(Exception):  # without files and memory nothing may be written down either
                log.error("no_answer", exc_info=error)
            if sent is not None:
                sent.seek(0)
            return self.busy.answer(environ, start_response)

    def _send_away(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        meter.add(SENT_AWAY)
        self._pressure.feel(FULL)
        return self.busy.answer(environ, start_response)


def _remembered(environ: WSGIEnvironment) -> BytesIO | None:
    """What a form carries, to be read once more; None where it is none, or longer than any of ours."""
    length = environ.get("CONTENT_LENGTH") or ""
    if not is_form(environ) or not length.isdecimal() or int(length) > guard.BODY_LIMIT:
        return None
    try:
        sent = environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(length)))
    except OSError:
        return None  # who hung up is refused as ever
    return sent
