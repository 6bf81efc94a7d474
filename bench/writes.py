"""What writing costs: a report and a comment, against a bare insert committed as durably."""

import sqlite3
from itertools import count
from pathlib import Path

from flask import Flask

from app.extensions import db
from bench.measure import Figure, counted, median_ms

ROUNDS = 100


def figures(app: Flask, folder: Path) -> list[Figure]:
    """A figure for each write, through the whole app."""
    client, keys = app.test_client(), count()
    bare = _bare_insert(folder)

    def report() -> None:
        data = {"key": f"bench-report-{next(keys)}", "symptoms": "data_slow", "place": "Berlin"}
        assert client.post("/reports", data=data).status_code == 303

    def comment() -> None:
        number = next(keys)
        data = {"key": f"bench-comment-{number}", "name": "Lena", "text": f"Bei mir geht seit {number} Tagen nichts."}
        assert client.post("/posts/gastbeitrag-o2-netz/comments", data=data).status_code == 303

    found = []
    for name, work in (("POST /reports", report), ("POST …/comments", comment)):
        ms = median_ms(work, ROUNDS)
        with app.app_context(), counted(db.engine) as statements:
            work()
        found.append(Figure(name, ms, len(statements), 0, ms / bare, f"bare durable insert {bare:.2f} ms"))
    return found


def _bare_insert(folder: Path) -> float:
    connection = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (a TEXT)")
    return median_ms(lambda: connection.execute("INSERT INTO t VALUES ('x')"), ROUNDS)
