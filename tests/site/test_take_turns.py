"""Of several hosts on one PostgreSQL one starts at a time, and one runs the jobs."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from app.site import among_hosts
from app.site.among_hosts import one_by_one, the_only_one
from tests.server import eventually

CONNECTIONS = text("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = :lock")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(among_hosts, "LOOK", 0.05)
    monkeypatch.setattr(among_hosts, "SETTLE", 0.05)


@pytest.fixture
def engine(postgres: str) -> Iterator[Engine]:
    found = create_engine(postgres)
    yield found
    found.dispose()


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set when a process would have ended itself."""
    over = threading.Event()

    def end(_code: int) -> None:
        over.set()
        threading.Event().wait()  # this thread is over, with the process

    monkeypatch.setattr(os, "_exit", end)
    return over


class Host(threading.Thread):
    """One that wants a turn, keeps it until it is told to let go, and notes when it has it."""

    def __init__(self, engine: Engine, folder: Path | None = None) -> None:
        super().__init__(daemon=True)
        self._engine, self._folder = engine, folder
        self.has_it, self.may_go = threading.Event(), threading.Event()
        self.start()

    def run(self) -> None:
        if self._folder:
            self._folder.mkdir()
        with the_only_one(self._engine, self._folder) if self._folder else one_by_one(self._engine):
            self.has_it.set()
            self.may_go.wait()


def holders(engine: Engine, lock: int) -> list[int]:
    with engine.connect() as connection:
        return list(connection.scalars(CONNECTIONS, {"lock": lock}))


def end_turn(engine: Engine, lock: int) -> None:
    """Have the server end the connection that holds the lock, as it does when it is started again."""
    with engine.connect() as connection:
        for pid in connection.scalars(CONNECTIONS, {"lock": lock}).all():
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})


def waiting(connection: Connection) -> int:
    return connection.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")) or 0


def test_hosts_start_one_by_one(engine: Engine) -> None:
    first = Host(engine)
    assert first.has_it.wait(60)
    second = Host(engine)
    with engine.connect() as connection:
        eventually(lambda: waiting(connection), "the second one waits")
    assert not second.has_it.is_set()
    first.may_go.set()
    assert second.has_it.wait(60)
    second.may_go.set()
    eventually(lambda: not holders(engine, among_hosts.STARTING), "nobody holds it any more")


def test_only_one_host_runs_jobs_and_another_follows_when_it_is_gone(
    engine: Engine, tmp_path: Path, ended: threading.Event
) -> None:
    hosts = [Host(engine, tmp_path / name) for name in ("one", "other")]
    [first] = eventually(lambda: [host for host in hosts if host.has_it.is_set()], "one of them has it")
    [second] = [host for host in hosts if host is not first]
    assert not ended.is_set()
    assert not second.has_it.is_set()
    end_turn(engine, among_hosts.JOBS)
    assert ended.wait(60), "whoever has lost its turn ends itself"
    assert second.has_it.wait(60)
    for host in hosts:
        host.may_go.set()
        host.join()


def test_hosts_with_one_folder_do_not_run_jobs_twice_either(engine: Engine, tmp_path: Path) -> None:
    sqlite = create_engine(f"sqlite:///{tmp_path / 'any.sqlite'}")
    with the_only_one(sqlite, tmp_path):
        second = threading.Thread(target=lambda: the_only_one(sqlite, tmp_path).__enter__(), daemon=True)
        second.start()
        second.join(0.3)
        assert second.is_alive()
    second.join(60)
    assert not second.is_alive()
    sqlite.dispose()
