"""The real server, with a database that somebody else holds: readers are served, writers keep what they typed."""

import os
import re
import shutil
import signal
import socket
import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import closing, contextmanager
from functools import partial
from html import unescape
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from app.kit import tokens
from app.surge.pressure import FULL
from app.surge.pressure import WRITERS as WRITERS_WAIT
from tests.akismet_server import KEY, AkismetServer
from tests.faults.processes import workers
from tests.postgres import connected
from tests.server import DATABASE, PATIENCE, Server, eventually

WRITERS = 40  # twice as many as all workers have threads
REPORT = {"symptoms": "no_data", "place": "Berlin", "text": "Seit Wochen „kein Netz“ & keine Antwort."}
COMMENT = {"name": "Lena", "text": "Bei mir in Eimsbüttel ist es genauso.", "key": "surge-comment-1"}
POST = "/posts/gastbeitrag-o2-netz/comments"
FIELD = re.compile(r'<input type="hidden" name="(.*?)" value="(.*?)">')

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are found through /proc")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Server]:
    with AkismetServer() as akismet:
        environ = {"EINZELFALL_AKISMET_KEY": KEY, "EINZELFALL_AKISMET_URL": akismet.url}
        environ |= {"EINZELFALL_WORKERS": "2", "EINZELFALL_TRUSTED_PROXIES": "1"}
        site = Server(tmp_path_factory.mktemp("surge"), **environ)
        site.instance.mkdir()
        shutil.copy(empty_database, site.instance)
        site.akismet = akismet  # type: ignore[attr-defined]  # to be asked what it was asked
        with site:
            yield site


@contextmanager
def held(server: Server) -> Iterator[None]:
    """Another process writes, and does not come to an end: on PostgreSQL it holds the ledger's head."""
    if address := server.environ.get(DATABASE):
        with connected(address) as other:
            other.execute("SELECT * FROM ledger_head FOR UPDATE")
            yield
            other.rollback()
        return
    with closing(sqlite3.connect(server.instance / "einzelfall.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def fetch(server: Server, path: str, data: dict[str, str] | None = None) -> tuple[int, str]:
    request = Request(f"{server.url}{path}", urlencode(data).encode() if data else None)
    try:
        with urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            told = error.headers["Retry-After"]
            return (error.code if told else -error.code), error.read().decode()  # who is sent away is told for how long


def is_stored(server: Server, report: dict[str, str]) -> bool:
    return fetch(server, "/reports", report)[0] == 200


def numbers(server: Server) -> dict[str, float]:
    lines = [line.rpartition(" ") for line in fetch(server, "/metrics")[1].splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def fields(page: str) -> dict[str, str]:
    return {unescape(name): unescape(value) for name, value in FIELD.findall(page)}


def test_of_two_lines_of_forwarded_addresses_the_one_of_our_proxy_counts(server: Server) -> None:
    body = urlencode(COMMENT).encode()
    lines = [
        f"POST {POST} HTTP/1.1",
        "Host: localhost",
        "X-Forwarded-For: 192.0.2.66",
        'X-Forwarded-For: "192.0.2.67, 203.0.113.7',
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        assert b" 303 " in line.recv(64)
    akismet: AkismetServer = server.akismet  # type: ignore[attr-defined]  # put there above
    asked = eventually(lambda: akismet.asked("comment-check"), "Akismet is asked")
    assert asked[0]["user_ip"] == "203.0.113.7"


def test_readers_are_served_and_what_writers_typed_comes_back_and_is_stored_once(server: Server) -> None:
    sent = [REPORT | {"key": f"surge-report-{number:04}"} for number in range(WRITERS)]
    assert fetch(server, "/")[0] == 200
    with ThreadPoolExecutor(WRITERS) as clients, held(server):
        posts: list[Future[tuple[int, str]]] = [clients.submit(fetch, server, "/reports", one) for one in sent]
        _, page = next(post.result() for post in as_completed(posts) if len(post.result()[1]) < 3_000)
        assert fields(page) in sent, "a tiny page, with all that was typed"
        assert fetch(server, "/")[0] == fetch(server, "/healthz")[0] == 200, "readers are served meanwhile"
        assert {post.result()[0] for post in posts} == {503}
    assert server.rows("SELECT count(*) FROM report") == [(0,)]
    for one in [fields(page), *sent]:
        eventually(partial(is_stored, server, one), "it is stored when it is sent again")
    hashes = sorted(hash_ for (hash_,) in server.rows("SELECT receipt_hash FROM report"))
    secret = (server.instance / "secret_key").read_text().strip()
    assert hashes == sorted(tokens.digest(tokens.receipt(secret, one["key"])) for one in sent)


def test_the_surge_is_known_to_all_workers_and_told(server: Server) -> None:
    began = "SELECT mode, reason FROM surge WHERE began_at IS NOT NULL"
    [(mode, reason)] = eventually(lambda: server.rows(began), "it is written down")
    assert (mode, reason in {FULL, WRITERS_WAIT}) == ("auto", True), "whichever was felt first"
    found = numbers(server)
    assert found["einzelfall_sent_away_total"] > 0
    assert found["einzelfall_counter"] == WRITERS


def test_numbers_never_fall_when_a_worker_is_killed(server: Server) -> None:
    for _ in range(20):
        fetch(server, "/readyz")
    before = {name: number for name, number in numbers(server).items() if name.endswith(("_total", "_count"))}
    [first, second] = workers(server)
    os.kill(first, signal.SIGKILL)
    eventually(lambda: len(set(workers(server)) - {first, second}) == 1, "another one is there")
    eventually(server.is_ready, "it answers")
    after = numbers(server)
    assert {name: number for name, number in before.items() if after.get(name, 0) < number} == {}
    assert len(list((server.instance / "metrics").glob("*.json"))) == 3, "two workers and the jobs, as before"
