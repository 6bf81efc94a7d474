"""A private PostgreSQL, started for the tests and stopped after them."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.ports import free_port

INSTALL = "these tests need a real PostgreSQL: apt-get install postgresql (macOS: brew install postgresql)"
LOOPBACK = "127.0.0.1"
OPTIONS = "-c max_connections=60"
FORGETFUL = "-F -c fsync=off"


class Cluster:
    """One server on a random port of the loopback; each test takes a database of its own."""

    def __init__(self, host: str = LOOPBACK, inside: Sequence[str] = (), *, is_durable: bool = False) -> None:
        """`inside` stands before each command: another network to run in.

        A test's rows need not survive a power cut; those of a benchmark do.
        """
        self._host = host
        self._options = OPTIONS if is_durable else f"{FORGETFUL} {OPTIONS}"
        self._bin = _binaries()
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._port = free_port()
        self._numbers = count(1)
        self._as = [*inside, "runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    def start(self) -> None:
        if self._as:
            shutil.chown(self._folder, "postgres", "postgres")
        self._run("initdb", "-D", self._data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
        if self._host != LOOPBACK:
            with (Path(self._data) / "pg_hba.conf").open("a") as file:
                file.write(f"host all all {self._host}/24 trust\n")
        self._serve()

    def pause(self) -> None:
        """Alive and silent: connections are made, and nothing comes back."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def halt(self) -> None:
        """Gone: nobody listens any more."""
        self._run("pg_ctl", "-D", self._data, "-m", "fast", "stop")

    def come_back(self) -> None:
        self._serve()

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "fast", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def new_database(self, template: str = "template0") -> str:
        """The address of a fresh database, a copy of `template`."""
        name = f"test_{next(self._numbers)}"
        with self._connect() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy'.encode())
        return self._url(name)

    def copy(self, address: str) -> str:
        """The address of a copy of a database to which nobody is connected."""
        return self.new_database(address.rpartition("/")[2])

    def drop(self, address: str) -> None:
        """Throw that database away; nine megabytes each are too many for hundreds of tests."""
        with self._connect() as connection:
            connection.execute(f'DROP DATABASE "{address.rpartition("/")[2]}" WITH (FORCE)'.encode())

    def _serve(self) -> None:
        options = f"{self._options} -c listen_addresses={self._host} -p {self._port} -k {self._folder}"
        self._run("pg_ctl", "-D", self._data, "-w", "-l", str(self._folder / "log"), "-o", options, "start")

    def _signal(self, number: signal.Signals) -> None:
        main = int((Path(self._data) / "postmaster.pid").read_text().split()[0])
        os.kill(main, number)  # first: who is stopped makes no children
        for task in Path(f"/proc/{main}/task").glob("*/children"):
            for child in task.read_text().split():
                with suppress(ProcessLookupError):
                    os.kill(int(child), number)

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def _connect(self) -> psycopg.Connection:
        """By its socket, which is a file: so it does not matter in which network it runs."""
        return psycopg.connect(host=str(self._folder), port=self._port, user="postgres", autocommit=True)

    def by_socket(self, address: str) -> str:
        """The address of a database for those who are not in its network."""
        name = address.rpartition("/")[2]
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}&port={self._port}"

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@{self._host}:{self._port}/{name}"

    def _run(self, tool: str, *arguments: str) -> None:
        # the server inherits what we hand it: a pipe would stay open as long as it runs
        with (self._folder.parent / f"{self._folder.name}.out").open("w+") as output:
            command = [*self._as, str(self._bin / tool), *arguments]
            done = subprocess.run(command, cwd="/", stdout=output, stderr=output, check=False)
            output.seek(0)
            said = output.read()
        Path(output.name).unlink()
        if done.returncode:
            pytest.fail(f"{tool} failed: {said}")


def connected(address: str) -> psycopg.Connection:
    """A connection beside the app's; as a context it commits and closes."""
    return psycopg.connect(address.replace("+psycopg", ""))


def asked(address: str, query: str, *values: object) -> list[tuple[Any, ...]]:  # Any: whatever the columns hold
    """The rows that a query finds in the database of this address; it is written as for SQLite."""
    with connected(address) as connection:
        return connection.execute(query.replace("%", "%%").replace("?", "%s").encode(), values).fetchall()


def _binaries() -> Path:
    """Where initdb and pg_ctl are; Debian keeps them off the path."""
    debian = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if debian:
        return max(debian, key=lambda path: int(path.parent.name))
    found = shutil.which("initdb")
    if not found:
        pytest.fail(INSTALL)
    return Path(found).parent
