"""The drill: a site under load is backed up, is lost, and lives again elsewhere with everything it had acknowledged."""

import json
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from app.ledger import models as ledger
from app.ledger import outside
from app.reports.models.report import rows
from app.site.audit import differences
from tests.reports.telling import with_key
from tests.server import Server, eventually
from tests.site.backups import Instance, age_key

WRITERS = 4


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> tuple[dict[str, str], str]:
    """What the running site is told of its database, and the address of an empty one elsewhere."""
    if request.param == "sqlite":
        return {}, ""
    cluster = request.getfixturevalue("cluster")
    return {"EINZELFALL_DATABASE_URL": cluster.new_database()}, cluster.new_database()


def test_a_site_is_lost_under_load_and_lives_again(databases: tuple[dict[str, str], str], tmp_path: Path) -> None:
    public, identity = age_key(tmp_path / "key.txt")
    archive = tmp_path / "site.age"
    with Server(tmp_path, **databases[0]) as server:
        with crowd(server) as told:
            eventually(lambda: len(told) > 20, "reports come in")
            before = list(told)
            made = server.command("backup", "create", str(archive), "--to", public)
            assert made.exit_code == 0, made.output
            begun = len(told)
            eventually(lambda: len(told) > begun, "reports still come in")
        log = (server.instance / outside.FILE).read_bytes()
    (tmp_path / outside.FILE).write_bytes(log)
    there = Instance(tmp_path / "elsewhere", tmp_path / "posts", databases[1])
    done = there.restored(archive, "--identity", identity, "--erasures", tmp_path / outside.FILE)
    with done.app() as app:
        assert list(differences()) == []
        assert len(before) <= rows() == ledger.counter() < len(told)
        reader = app.test_client()
        assert [reader.get(f"/reports/{receipt}").status_code for receipt in before] == [200] * len(before)


@contextmanager
def crowd(server: Server) -> Iterator[list[str]]:
    """People who report without pause; the receipts that they were given so far."""
    told: list[str] = []
    over = threading.Event()

    def report() -> None:
        while not over.is_set():
            told.append(_tell(server))

    with ThreadPoolExecutor(WRITERS) as pool:
        people = [pool.submit(report) for _ in range(WRITERS)]
        try:
            yield told
        finally:
            over.set()
    for one in people:
        one.result()


def _tell(server: Server) -> str:
    data = urlencode(with_key(), doseq=True).encode()
    request = urllib.request.Request(f"{server.url}/reports", data, {"Accept": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        receipt: str = json.load(answer)["receipt"]
        return receipt
