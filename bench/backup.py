"""What a backup and a restore of 100,000 reports take, on each database; the mark is a minute each."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from flask import Flask

from app import close_app, create_app
from app.config import Settings
from app.extensions import db
from app.kit import tokens
from app.ledger.models import Head
from app.reports.models import Report, Told
from app.site.serve import prepare
from bench.measure import Figure
from tests.postgres import Cluster

REPORTS = 100_000
IN_A_TRANSACTION = 2_000
MARK_MS = 60_000
TOLD = Told(symptoms=("no_data", "calls_drop"), place="Hamburg", district="Altona", text="Seit Wochen kein Netz. " * 8)


def figures() -> Iterator[Figure]:
    """From SQLite to SQLite, from there to PostgreSQL, and from that to another one."""
    cluster = Cluster()
    cluster.start()
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            databases = ("", "", cluster.new_database(), cluster.new_database())
            sites = [_app(folder / f"site-{number}", url) for number, url in enumerate(databases)]
            with sites[0].app_context():
                prepare()
                _fill()
            for source, target, kind in ((0, 1, "SQLite"), (1, 2, "SQLite to PostgreSQL"), (2, 3, "PostgreSQL")):
                yield from _move(kind, sites[source], sites[target], folder / f"{source}.tar")
            for site in sites:
                close_app(site)
    finally:
        cluster.stop()


def _move(kind: str, site: Flask, there: Flask, archive: Path) -> Iterator[Figure]:
    ms = _timed(lambda: _run(site, "create", archive))
    size = archive.stat().st_size
    yield Figure(f"{kind}: backup create, {REPORTS:,} reports", ms, 0, size, ms / MARK_MS, "a minute")
    ms = _timed(lambda: _run(there, "restore", archive))
    with there.app_context():
        assert Head.now().counter == REPORTS
        db.session.remove()
    yield Figure(f"{kind}: backup restore, audited", ms, 0, size, ms / MARK_MS, "a minute")


def _app(instance: Path, database: str) -> Flask:
    environ = {**os.environ, "EINZELFALL_INSTANCE": str(instance), "EINZELFALL_POSTS": str(instance / "posts")}
    return create_app(Settings.load(environ | ({"EINZELFALL_DATABASE_URL": database} if database else {})))


def _fill() -> None:
    """Reports as they are told, by the verb that the form uses."""
    for number in range(1, REPORTS + 1):
        Report.tell(TOLD, tokens.new_key())
        if number % IN_A_TRANSACTION == 0:
            db.session.commit()
            db.session.remove()


def _run(app: Flask, deed: str, archive: Path) -> None:
    done = app.test_cli_runner().invoke(args=["backup", deed, str(archive)])
    assert done.exit_code == 0, done.output


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000
