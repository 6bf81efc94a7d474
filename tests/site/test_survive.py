"""The server is killed, asked to stop, started twice: what was promised stays true."""

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException, HTTPResponse
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlencode

import pytest

from app.kit import tokens
from app.kit.supervisor import GRACE
from tests.akismet_server import KEY, AkismetServer
from tests.server import PATIENCE, Server, eventually

POSTS, THREADS, KILLS = 200, 4, 5
CALM = 0.02  # seconds a client waits before it tries again
WORKER, CONSUMER = "app.site.server", "app.site.consumer"

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are found through /proc")


@pytest.fixture(scope="module")
def one_site(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Server]:
    """A start takes four seconds: who leaves the site running leaves it to the next one."""
    server = Server(tmp_path_factory.mktemp("survive"), EINZELFALL_WORKERS="2")
    server.instance.mkdir()
    shutil.copy(empty_database, server.instance)
    yield server
    server.stop()


@pytest.fixture
def server(one_site: Server) -> Server:
    if not one_site.is_running:
        one_site.start()
    return one_site


def test_every_report_that_was_acknowledged_is_stored_once_though_workers_are_killed(server: Server) -> None:
    keys, told = [f"survive-{number:04}" for number in range(POSTS)], Told()
    with ThreadPoolExecutor(THREADS) as clients:
        receipts = clients.map(lambda key: tell_until_told(server, key, told), keys)
        killed = [kill_a_worker(server, told, after=POSTS * turn // (KILLS + 1)) for turn in range(1, KILLS + 1)]
        codes = list(receipts)

    assert len(set(killed)) == KILLS
    assert len(set(codes)) == POSTS
    stored = server.rows("SELECT receipt_hash, number FROM report")
    assert sorted(each for each, _ in stored) == sorted(map(tokens.digest, codes))
    assert sorted(number for _, number in stored) == list(range(1, POSTS + 1))
    eventually(lambda: len(workers(server)) == 2, "both workers are back")
    assert server.is_ready()
    audit = server.command("audit")
    assert (audit.exit_code, audit.stderr) == (0, ""), audit.stderr


def test_a_request_in_flight_is_answered_when_the_server_is_asked_to_stop(tmp_path: Path) -> None:
    with (
        AkismetServer("hang") as akismet,
        Server(tmp_path / "site", EINZELFALL_AKISMET_KEY=KEY, EINZELFALL_AKISMET_URL=akismet.url) as server,
        ThreadPoolExecutor(1) as client,
    ):
        answer = client.submit(send, server, "/posts/gastbeitrag-o2-netz/comments", comment("stop-while-asking"))
        eventually(lambda: akismet.asked("comment-check"), "Akismet is asked")
        assert server.stop() == 0
        assert answer.result().status == 303
        assert server.rows("SELECT text, state FROM comment") == [(comment("")["text"], "waiting")]


def test_a_server_that_is_still_starting_stops_soon(tmp_path: Path) -> None:
    server = Server(tmp_path / "site", EINZELFALL_WORKERS="4")
    server.start()  # ready with the first worker; the others load
    began = monotonic()
    assert server.stop() == 0
    took = monotonic() - began
    print(f"stopped after {took:.1f} s")
    assert took < GRACE, "a worker that never heard of the end uses all of it up"


def test_a_second_server_on_the_same_instance_is_refused(server: Server) -> None:
    second = server.flask("serve")
    assert second.returncode == 1
    assert f"a server is already running on {server.instance}" in second.stderr
    assert server.is_ready()


def test_a_killed_consumer_is_started_again_and_stays_the_only_one(server: Server) -> None:
    [first] = eventually(lambda: descendants(server.pid, CONSUMER), "a consumer runs")
    os.kill(first, signal.SIGKILL)
    [second] = eventually(
        lambda: [one for one in descendants(server.pid, CONSUMER) if one != first], "another one runs"
    )
    assert second != first
    server.invite("mo@einzelfall.example", "moderator")
    eventually(lambda: list((server.instance / "outbox").glob("*")), "the new consumer sends a letter")
    assert descendants(server.pid, CONSUMER) == [second]


def test_a_killed_server_is_started_again_and_leaves_no_process_behind(server: Server) -> None:
    [granian] = [pid for pid in children(server.pid) if WORKER in command(pid)]
    before = {granian, *workers(server)}
    os.kill(granian, signal.SIGKILL)
    eventually(lambda: set(workers(server)) - before, "new workers run")
    eventually(server.is_ready, "the server is back")
    eventually(lambda: not any(is_running(pid) for pid in before), "the old processes are gone")
    everything = descendants(server.pid)
    assert server.stop() == 0
    assert not [pid for pid in everything if is_running(pid)]


def test_nothing_lives_on_when_the_supervisor_itself_is_killed(server: Server) -> None:
    left = [*children(server.pid), *(grand for child in children(server.pid) for grand in children(child))]
    assert len(left) >= 3
    os.kill(server.pid, signal.SIGKILL)
    eventually(lambda: not any(is_running(pid) for pid in left), "server and consumer end by themselves")


class Told:
    """How many reports were acknowledged so far, told by all threads."""

    def __init__(self) -> None:
        self._numbers, self._lock, self.count = count(1), threading.Lock(), 0

    def one_more(self) -> None:
        with self._lock:
            self.count = next(self._numbers)


def tell_until_told(server: Server, key: str, told: Told) -> str:
    """Send a report as often as the network fails; the receipt that was given."""
    ends = monotonic() + PATIENCE
    while monotonic() < ends:
        try:
            answer = send(server, "/reports", {"key": key, "symptoms": "no_data", "place": "Jena"})
        except (HTTPException, OSError):
            sleep(CALM)  # the worker is gone; who loses the connection sends the same thing again
            continue
        if answer.status == 303:
            told.one_more()
            return answer.headers["Location"].partition("/reports/")[2].partition("?")[0]
        assert answer.status == 503, answer.status
        sleep(CALM)
    raise AssertionError(f"{key} was never acknowledged")


def send(server: Server, path: str, fields: dict[str, str]) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    try:
        connection.request("POST", path, urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        answer.read()
        return answer
    finally:
        connection.close()


def comment(key: str) -> dict[str, str]:
    return {"key": key, "name": "Lena", "text": "Beim Anhalten war ich noch unterwegs."}


def kill_a_worker(server: Server, told: Told, *, after: int) -> int:
    """Kill one as soon as `after` reports were acknowledged; its process id."""
    eventually(lambda: told.count >= after and workers(server), f"{after} reports were told")
    victim = workers(server)[0]
    os.kill(victim, signal.SIGKILL)
    return victim


def workers(server: Server) -> list[int]:
    """The processes that answer: children of the one that granian started."""
    return [pid for parent in children(server.pid) for pid in children(parent) if WORKER in command(pid)]


def descendants(pid: int, words: str = "") -> list[int]:
    found = [each for child in children(pid) for each in (child, *descendants(child))]
    return [each for each in found if words in command(each)]


def children(pid: int) -> list[int]:
    """The children of every thread of a process, without those that have ended."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in _read(task).split() if is_running(int(child))]


def command(pid: int) -> str:
    return _read(Path(f"/proc/{pid}/cmdline")).replace("\0", " ")


def is_running(pid: int) -> bool:
    return _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()[:1] not in ([], ["Z"])


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return ""
