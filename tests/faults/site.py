"""A site that faults are done to, and what is true of it afterwards."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from app import close_app, create_app
from app.config import Settings
from app.kit import tokens
from app.kit.jobs import Job
from tests.akismet_server import KEY, AkismetServer
from tests.faults import processes
from tests.faults.people import Kinds, People, Sending
from tests.postgres import connected
from tests.server import DATABASE, Server, eventually

WORKERS = 2
STORED = "SELECT receipt_hash, device FROM report UNION ALL SELECT key_hash, text FROM comment"


@dataclass
class Round:
    """What one fault did."""

    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    seconds: float = 0.0  # from the fault, or its end, until the site stored something again
    pages: int = 0  # that readers got meanwhile
    failed: int = 0  # and did not
    gap: float = 0.0  # the longest time without a page
    met: bool = True  # whether the fault kept anybody from anything, where that is not certain
    faults: list[str] = field(default_factory=list)  # everything else that is not as it should be


class Site(Server):
    """A server with two workers, comments judged by an Akismet of our own, and the books of what it acknowledged."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.akismet = AkismetServer()
        given = {"EINZELFALL_AKISMET_KEY": KEY, "EINZELFALL_AKISMET_URL": self.akismet.url}
        super().__init__(folder, **({"EINZELFALL_WORKERS": str(WORKERS)} | given | environ))
        self.books: list[Sending] = []

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self.akismet.__exit__()

    def begin(self, database: Path | None = None, *, anew: bool = False) -> None:
        """Start with all workers; with a migrated database to copy a little sooner."""
        self.instance.mkdir(parents=True, exist_ok=True)
        if database and not self.database.exists():
            shutil.copy(database, self.database)
        self.start(anew=anew)
        self.is_whole()

    @property
    def database(self) -> Path:
        return self.instance / "einzelfall.sqlite"

    def files(self, name: str = "einzelfall") -> list[Path]:
        """A database with its log and its index, also where they do not exist yet."""
        file = self.instance / f"{name}.sqlite"
        return [file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))]

    def is_whole(self) -> None:
        """Wait until it answers and all its processes are there, loaded and not only begun."""
        eventually(
            lambda: len(processes.loaded(self)) == WORKERS and processes.consumers(self) and self.is_ready(),
            "all its processes are there",
        )

    def people(self, writers: int = 4, kinds: Kinds | None = None) -> People:
        return People(self.port, writers=writers, kinds=kinds)

    def queue(self, job: Job) -> None:
        """Have the site's consumer do a job now, as a view that queues it."""
        app = create_app(Settings.load(self.environ))
        with app.app_context():
            job()
        close_app(app)

    def change(self, statement: str) -> None:
        """Change rows beside the site; so time passes for what waits."""
        if DATABASE in self.environ:
            with connected(self.environ[DATABASE]) as other:
                other.execute(statement.encode())
            return
        with closing(sqlite3.connect(self.database, timeout=60)) as connection, connection:
            connection.execute(statement)

    def account(self, people: People, mended_at: float | None = None) -> Round:
        """What became of what these people sent, once they are done; `mended_at` is when the fault was over."""
        self.books += people.told
        seconds = people.first_after(mended_at) - mended_at if mended_at else 0.0
        found = Round(
            len(people.told),
            *self.missing(people.told),
            seconds,
            len(people.seen.pages),
            len(people.seen.failures),
            people.seen.gap(people.began_at, people.ended_at),
            faults=people.faults,
        )
        found.faults += self.published_unseen()
        if any(fault.startswith("500 ") for fault in found.faults):
            found.faults += self.failures()
        return found

    def failures(self) -> list[str]:
        """What the site itself noted of requests that failed: the kind of error and the lines of code."""
        lines = (line for file in sorted((self.instance / "logs").glob("*.jsonl")) for line in file.open("rb"))
        noted = (json.loads(line) for line in lines if b'"request_failed"' in line)
        return sorted({f"failed with {one.get('error')} at {' '.join(one.get('at', ()))}" for one in noted})

    def missing(self, told: list[Sending], database: Path | None = None) -> tuple[int, int]:
        """How many of these a database does not hold word for word, and how many things it holds twice."""
        stored = _all_of(database) if database else self.rows(STORED)
        held = dict(stored)
        lost = [one for one in told if held.get(_mark(one)) != one.words]
        return len(lost), len(stored) - len({words for _, words in stored})

    def strangers(self, told: list[Sending]) -> int:
        """How many rows belong to none of these."""
        return len({mark for mark, _ in self.rows(STORED)} - {_mark(one) for one in told})

    def published_unseen(self) -> list[str]:
        """Comments that readers see though Akismet was never asked about them."""
        shown = self.rows("SELECT id, text FROM comment WHERE state = 'published'")  # first: asking precedes it
        asked = {one["comment_content"] for one in list(self.akismet.requests) if one.deed == "comment-check"}
        return [f"comment {number} is public and was not judged" for number, text in shown if text not in asked]

    def close_books(self) -> list[str]:
        """Everything that does not agree: receipts, rows, counter and ledger."""
        secret = (self.instance / "secret_key").read_text("ascii").strip()
        lies = [one for one in self.books if one.kind == "report" and one.receipt != tokens.receipt(secret, one.key)]
        return [
            *(f"the receipt {one.receipt} belongs to no report" for one in lies),
            *(["a row that nobody was told of"] * self.strangers(self.books)),
            *self._complaints("audit"),
            *self._complaints("ledger", "verify"),
        ]

    def _complaints(self, *command: str) -> Iterator[str]:
        done = self.command(*command)
        if done.exit_code != 0:
            yield f"flask {' '.join(command)}: {done.output.strip() or done.exception!r}"


def _all_of(database: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(STORED).fetchall()


def _mark(one: Sending) -> str:
    """Under which hash it is stored; a report only under that of its receipt."""
    return tokens.digest(one.receipt if one.kind == "report" else one.key)
