"""Sixty-four people send at the same moment: whoever is told so is on disk, once; whoever is not has lost nothing."""

import re
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode

import pytest

from app.kit import tokens
from tests.server import PATIENCE, Server

PEOPLE, EACH = 64, 2
WAIT = 0.1  # seconds before the same is sent again; the answer asks for more, but a test has no time
COMMENTS = "/posts/gastbeitrag-o2-netz/comments"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("at-once"), EINZELFALL_WORKERS="2")
    made.instance.mkdir()
    shutil.copy(empty_database, made.instance)
    with made:
        yield made


def report(person: int, turn: int) -> dict[str, str]:
    """A report; the last one of everybody has the same key."""
    key = "a-key-of-all" if turn == EACH else f"report-{person}-{turn}"
    return {"key": key, "symptoms": "no_data", "place": "Kiel", "device": f"Telefon {key}"}


def comment(person: int, turn: int) -> dict[str, str]:
    key = "a-key-of-all" if turn == EACH else f"comment-{person}-{turn}"
    return {"key": key, "name": "Lena", "text": f"Bei mir geht auch nichts, {key}."}


def test_sixty_four_who_send_at_once_are_stored_once_each(server: Server) -> None:
    start = Barrier(PEOPLE)

    def send_all(person: int) -> Counter[int]:
        start.wait(PATIENCE)
        seen = Counter[int]()
        for turn in range(EACH + 1):
            seen += sent_until_told(server, "/reports", report(person, turn))
            seen += sent_until_told(server, COMMENTS, comment(person, turn))
        return seen

    with ThreadPoolExecutor(PEOPLE) as pool:
        seen = sum(pool.map(send_all, range(PEOPLE)), Counter[int]())

    assert set(seen) <= {303, 503}, seen
    assert seen[303] == PEOPLE * (EACH + 1) * 2
    keys = [f"report-{person}-{turn}" for person in range(PEOPLE) for turn in range(EACH)] + ["a-key-of-all"]
    receipts = {tokens.digest(tokens.receipt(secret(server), key)) for key in keys}
    stored = server.rows("SELECT receipt_hash, number FROM report")
    assert {hash_ for hash_, _ in stored} == receipts
    assert sorted(number for _, number in stored) == list(range(1, len(keys) + 1))
    written = [key_hash for (key_hash,) in server.rows("SELECT key_hash FROM comment")]
    assert sorted(written) == sorted(tokens.digest(key.replace("report", "comment")) for key in keys)
    audit = server.command("audit")
    assert (audit.exit_code, audit.stderr) == (0, "")


def sent_until_told(server: Server, path: str, data: dict[str, str]) -> Counter[int]:
    """Send, and again after each 503, as a patient person would; how often what was answered."""
    seen, ends = Counter[int](), time.monotonic() + PATIENCE
    while seen[303] == 0 and time.monotonic() < ends:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        connection.request("POST", path, urlencode(data), FORM)
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        seen[answer.status] += 1
        if answer.status == 503:
            assert int(answer.headers["Retry-After"]) > 0
            assert all(re.search(rf'["\s>]{re.escape(value)}["\s<]', page) for value in data.values()), page
            time.sleep(WAIT)
    return seen


def secret(server: Server) -> str:
    return (server.instance / "secret_key").read_text().strip()
