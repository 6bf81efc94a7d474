"""What the ledger costs: a crowd of writers, appending, the root and proofs at 10^5 and 10^6 entries."""

import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert, update

from app import close_app, create_app
from app.config import Settings
from app.extensions import db
from app.kit import clock
from app.ledger import merkle
from app.ledger import models as ledger
from app.ledger.models import Entry, Head, Kind, Tile
from app.ledger.models.commitment import canonical
from app.site.audit import differences
from app.site.serve import prepare
from bench.measure import Figure, counted, median_ms
from tests.ledger.crowd import write_all
from tests.postgres import Cluster

WRITERS, REPORTS, VOIDS, ERASURES = 8, 20_000, 500, 200
SIZES = (100_000, 1_000_000)
BATCH = 20_000


def figures() -> Iterator[Figure]:
    """Every figure of the ledger; takes some minutes."""
    yield from _crowd_on("SQLite", "")
    cluster = Cluster()
    cluster.start()
    try:
        yield from _crowd_on("PostgreSQL", cluster.new_database())
    finally:
        cluster.stop()
    for size in SIZES:
        yield from _tree_of(size)


def _crowd_on(name: str, database: str) -> Iterator[Figure]:
    """20,000 reports, 500 voids and 200 erasures by eight processes; then everything is recomputed."""
    with _instance(database) as (app, environ):
        began = time.perf_counter()
        write_all(environ, writers=WRITERS, reports=REPORTS, voids=VOIDS, erasures=ERASURES)
        ms = (time.perf_counter() - began) * 1000
        with app.app_context():
            deeds, checkpoints = Head.now().size, len(ledger.Checkpoint.newest(10**6))
            began = time.perf_counter()
            found = list(differences())
            audit_ms = (time.perf_counter() - began) * 1000
            assert found == [], found[:3]
            verified = _verified(app)
        bare = _bare_commit()
        note = f"bare durable commit {bare:.2f} ms, one writer"
        yield Figure(f"{name}: a deed of {deeds:,} by {WRITERS} writers", ms / deeds, 0, 0, ms / deeds / bare, note)
        agree = f"{checkpoints} checkpoints agree; verify.py exit 0 in {verified:.1f} s"
        yield Figure(f"{name}: flask audit over {deeds:,} entries", audit_ms, 0, 0, audit_ms / deeds, agree)


def _verified(app: Flask) -> float:
    """Seconds that a stranger's verify.py takes over what the site hands out."""
    client = app.test_client()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("checkpoint", "entries", "key"):
            (Path(folder) / name).write_bytes(client.get(f"/ledger/{name}").data)
        program = Path(folder) / "verify.py"
        program.write_bytes(client.get("/ledger/verify.py").data)
        began = time.perf_counter()
        subprocess.run([sys.executable, "-I", "-S", program, folder], check=True, capture_output=True)
        return time.perf_counter() - began


def _tree_of(size: int) -> Iterator[Figure]:
    """A ledger of so many entries: appending to it, its root, its proofs."""
    with _instance("") as (app, _), app.app_context():
        built = _fill(size)
        hashing = built / size
        yield Figure(f"{size:,} entries: one leaf and its nodes", hashing, 0, 32, 1.0, "pure Python, no database")
        append = median_ms(_append, 200)
        bare = _bare_commit()
        yield Figure(
            f"{size:,} entries: append", append, _queries(_append), 0, append / bare, f"bare commit {bare:.2f}"
        )
        for name, work in (
            ("root from the head", lambda: Head.now().root),
            ("root of an earlier size", lambda: ledger.root_at(size - 12_345)),
            ("counter at an earlier size", lambda: ledger.counter_at(size - 12_345)),
            ("inclusion proof", lambda: merkle.inclusion_path(size // 3, size, ledger.subtree)),
            ("consistency proof", lambda: merkle.consistency_path(size // 3, size, ledger.subtree)),
        ):
            ms = median_ms(work, 20)
            yield Figure(f"{size:,} entries: {name}", ms, _queries(work), 0, ms / built, "hashing all entries anew")


def _append() -> None:
    nonce = hashlib.sha256(b"bench").digest()
    Entry.append(Kind.COUNTED, minute=ledger.Head.now().minute or clock.minute(), commitment=nonce)
    db.session.commit()


def _queries(work: Callable[[], object]) -> int:
    with counted(db.engine) as statements:
        work()
    return len(statements)


def _fill(size: int) -> float:
    """So many entries written past the verbs, with the tree that the verbs would have made; ms of hashing."""
    minute = clock.minute()
    frontier, spent = merkle.Frontier.empty(), 0.0
    rows: list[dict[str, Any]] = []  # Any: columns' values
    tiles: list[dict[str, Any]] = []
    for seq in range(size):
        entry = Entry(seq=seq, kind=Kind.COUNTED, minute=minute, commitment=hashlib.sha256(b"%d" % seq).digest())
        line = entry.fields()
        began = time.perf_counter()
        leaf = merkle.leaf_hash(canonical(line))
        frontier, filled = frontier.push(leaf)
        spent += time.perf_counter() - began
        tiles += [
            {"level": n.level, "index": n.index, "hash": n.hash, "counter": seq + 1} for n in filled if n.level % 8 == 0
        ]
        rows.append({"seq": seq, "kind": Kind.COUNTED, "minute": minute, "commitment": entry.commitment, "leaf": leaf})
        if len(rows) == BATCH or seq == size - 1:
            db.session.execute(insert(Entry), rows)
            rows = []
    db.session.execute(insert(Tile), tiles)
    head = {"size": size, "counter": size, "minute": minute, "frontier": frontier.to_bytes()}
    db.session.execute(update(Head).values(head))
    db.session.commit()
    return spent * 1000


def _bare_commit() -> float:
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "bare.sqlite", isolation_level=None)
        connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (a TEXT)")
        return median_ms(lambda: connection.execute("INSERT INTO t VALUES ('x')"), 200)


class _instance:  # noqa: N801 -- a context manager read like a function
    """An empty instance in a folder of its own."""

    def __init__(self, database: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.environ = {**os.environ, "EINZELFALL_INSTANCE": self._folder.name, "EINZELFALL_POSTS": self._folder.name}
        if database:
            self.environ["EINZELFALL_DATABASE_URL"] = database

    def __enter__(self) -> tuple[Flask, dict[str, str]]:
        self.app = create_app(Settings.load(self.environ))
        with self.app.app_context():
            prepare()
            db.session.remove()
        return self.app, self.environ

    def __exit__(self, *_: object) -> None:
        close_app(self.app)
        self._folder.cleanup()
