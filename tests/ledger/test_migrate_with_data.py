"""Each revision with rows in every table: there, back, and there again; killed at any moment; under the old release."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Column, MetaData, Table

from app import create_app
from app.config import ROOT, Settings
from app.extensions import db
from tests.ledger.filling import Rows, columns, fill, rows, schema

REVISIONS = [one.revision for one in ScriptDirectory(str(ROOT / "app" / "migrations")).walk_revisions()][::-1]
EXPANDING = REVISIONS[REVISIONS.index("0005") :]  # from here on the release before runs on the new database, too


@pytest.fixture(params=["sqlite", "postgresql"])
def environ(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    environ = {"EINZELFALL_INSTANCE": str(tmp_path), "EINZELFALL_POSTS": str(tmp_path)}
    if request.param == "postgresql":
        environ["EINZELFALL_DATABASE_URL"] = request.getfixturevalue("postgres")
    return environ


@pytest.fixture
def bare(environ: dict[str, str]) -> Iterator[Flask]:
    """An app on a database without a table."""
    app = create_app(Settings.load(environ))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def known() -> MetaData:
    with db.engine.connect() as connection:
        return schema(connection)


def named() -> dict[str, list[str]]:
    with db.engine.connect() as connection:
        return columns(connection)


def held(by: MetaData) -> Rows:
    with db.engine.connect() as connection:
        return rows(connection, by)


def put_in(by: MetaData, number: int) -> None:
    with db.engine.begin() as connection:
        fill(connection, by, number)


def both(old: MetaData, new: MetaData) -> MetaData:
    """The tables and columns that both have. Versions count what is written, by a migration, too."""
    common = MetaData()
    for table in old.sorted_tables:
        if table.name in new.tables and table.name != "version":
            names = new.tables[table.name].columns.keys()
            kept = [column for column in table.columns if column.name in names]
            Table(table.name, common, *(Column(one.name, one.type, primary_key=one.primary_key) for one in kept))
    return common


def test_every_revision_goes_up_down_and_up_with_rows_in_every_table(bare: Flask) -> None:
    upgrade(revision=REVISIONS[0])
    put_in(known(), 1)
    new, there = known(), named()
    for number, revision in enumerate(REVISIONS[1:], 2):
        old, were = new, there
        upgrade(revision=revision)
        new, there = known(), named()
        put_in(new, number)
        common = both(old, new)
        upgraded = held(common)
        assert all(upgraded.values()), "every table holds something"
        downgrade(revision="-1")
        assert (named(), held(common)) == (were, upgraded), revision
        upgrade(revision=revision)
        assert (named(), held(common)) == (there, upgraded), revision


def test_the_release_before_writes_on_into_the_new_tables(bare: Flask) -> None:
    upgrade(revision=f"{EXPANDING[0]}-1")
    new = known()
    for number, revision in enumerate(EXPANDING, 1):
        old = new
        put_in(old, 2 * number - 1)  # each row newer than all before: what refers to one refers to the newest
        upgrade(revision=revision)
        put_in(old, 2 * number)  # with the columns that it knows
        new = known()
        assert not taken_from(old, new), f"{revision} takes away what the release before still uses"


def taken_from(old: MetaData, new: MetaData) -> list[str]:
    """What of the old tables is gone, of another kind, or narrower than it was."""
    gone = []
    for table in old.sorted_tables:
        there = new.tables.get(table.name)
        for column in table.columns:
            now = there.columns.get(column.name) if there is not None else None
            if now is None or str(now.type) != str(column.type) or (column.nullable and not now.nullable):
                gone.append(f"{table.name}.{column.name}")
    return gone


def test_an_upgrade_killed_at_any_moment_is_done_by_the_next_one(environ: dict[str, str]) -> None:
    """A process of its own upgrades a filled database and kills itself, later each time (tests/ledger/killed.py)."""
    command = [sys.executable, "-m", "tests.ledger.killed"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    moments, killed = map(int, done.stdout.split()[-2:])
    assert killed == moments >= 4
