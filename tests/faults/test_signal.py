"""The site is asked to end or to read its settings anew: nobody who was let in is left without an answer."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, sleep

from app.kit.supervisor import GRACE
from app.site.listener import LEAVING
from tests.akismet_server import KEY, AkismetServer
from tests.faults import processes, signals
from tests.faults.catalogue import happen
from tests.faults.people import IMPATIENT, POST, Answer, request
from tests.faults.site import Site
from tests.server import Server, eventually

WAITING = {"key": "stop-while-asking", "name": "Lena", "text": "Beim Anhalten war ich noch unterwegs."}
BREATH = 0.1  # seconds between coming in and speaking
ENDS, RELOADS = 3, 2  # a whole start, or two new workers, take seconds each; `make faults` has a hundred


def test_every_request_that_was_begun_is_answered_when_the_server_is_asked_to_stop(site: Site) -> None:
    assert happen(signals.term, site, ENDS) == []


def test_nobody_is_turned_away_while_the_settings_are_read_anew(site: Site) -> None:
    assert happen(signals.hup, site, RELOADS) == []


def test_who_is_let_in_and_has_not_spoken_yet_is_answered_though_that_worker_ends(site: Site) -> None:
    old, answers = processes.workers(site), []
    os.kill(site.pid, signal.SIGHUP)
    with ThreadPoolExecutor(64) as people:
        while any(map(processes.is_running, old)):  # some of them are in when their worker is asked to end
            answers.append(people.submit(_speak_late, site.port))
            sleep(0.02)
    heard = [answer for one in answers if (answer := one.result())]
    assert heard == [200] * len(heard)
    assert heard


def test_settings_are_read_anew_and_refused_when_they_are_wrong(site: Site) -> None:
    campaign, old = site.instance / "campaign.toml", processes.workers(site)
    campaign.write_text('carrier = "Telefonica"\n', "utf-8")
    os.kill(site.pid, signal.SIGHUP)
    processes.await_end(old)
    site.is_whole()
    assert "Telefonica" in request(site.port, "/").text
    running = processes.workers(site)
    campaign.write_text('carriere = "Telefonica"\n', "utf-8")
    os.kill(site.pid, signal.SIGHUP)
    eventually(lambda: "reload_refused" in site.log, "the fault is in the log")
    campaign.unlink()
    assert "carriere" in site.log
    assert processes.workers(site) == running


def test_a_request_in_flight_is_answered_when_the_server_is_asked_to_stop(tmp_path: Path) -> None:
    with _somebody_waiting(tmp_path) as (server, answer):
        assert server.stop() == 0
        assert answer.result().status == 303
        assert server.rows("SELECT text, state FROM comment") == [(WAITING["text"], "waiting")]


def test_who_is_asked_to_end_again_and_again_still_answers_whom_he_has(tmp_path: Path) -> None:
    with _somebody_waiting(tmp_path) as (server, answer):
        asked = processes.loaded(server)
        for _ in range(5):
            processes.tell(asked, signal.SIGTERM)  # who has nobody ends at the first
            sleep(BREATH)  # two at once are one
        assert answer.result().status == 303
        assert server.stop() == 0


def test_a_server_that_is_still_starting_stops_soon(tmp_path: Path) -> None:
    server = Server(tmp_path / "site", EINZELFALL_WORKERS="4")
    server.start(anew=True)  # ready with the first worker; the others load
    began = monotonic()
    assert server.stop() == 0
    took = monotonic() - began
    print(f"stopped after {took:.1f} s")
    assert took < GRACE, "a worker that never heard of the end uses all of it up"


@contextmanager
def _somebody_waiting(folder: Path) -> Iterator[tuple[Server, Future[Answer]]]:
    """A site that asks an Akismet without an answer, and the answer to whoever wrote meanwhile."""
    with (
        AkismetServer("hang") as akismet,
        Server(folder / "site", EINZELFALL_AKISMET_KEY=KEY, EINZELFALL_AKISMET_URL=akismet.url) as server,
        ThreadPoolExecutor(1) as client,
    ):
        answer = client.submit(request, server.port, f"{POST}/comments", WAITING)
        eventually(lambda: akismet.asked("comment-check"), "Akismet is asked")
        yield server, answer


def _speak_late(port: int) -> int | None:
    """Come in, hold one's breath, ask; None if this machine has let us speak too late for anybody to wait."""
    connection = HTTPConnection("127.0.0.1", port, timeout=IMPATIENT)
    with closing(connection):
        connection.connect()
        came = monotonic()
        sleep(BREATH)
        spoke = monotonic()
        try:
            connection.request("GET", "/counter.json")
            return connection.getresponse().status
        except (HTTPException, OSError):
            if spoke - came < LEAVING / 2:
                raise
            return None
