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

from app import create_app
from app.config import ROOT, Settings
from app.extensions import db
from tests.ledger.filling import Rows, Schema, Table, fill, rows, schema

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


def known() -> Schema:
    with db.engine.connect() as connection:
        return schema(connection)


def named(by: Schema) -> dict[str, set[str]]:
    return {name: {*table.columns} for name, table in by.items()}


def held(by: Schema) -> Rows:
    with db.engine.connect() as connection:
        return rows(connection, by)


def put_in(by: Schema, number: int) -> None:
    with db.engine.begin() as connection:
        fill(connection, by, number)


def both(old: Schema, new: Schema) -> Schema:
    """The tables and columns that both have. Versions count what is written, by a migration, too."""
    return {
        name: Table("", {key: one for key, one in table.columns.items() if key in new[name].columns}, table.key)
        for name, table in old.items()
        if name in new and name != "version"
    }


def test_every_revision_goes_up_down_and_up_with_rows_in_every_table(bare: Flask) -> None:
    upgrade(revision=REVISIONS[0])
    put_in(known(), 1)
    new = known()
    for number, revision in enumerate(REVISIONS[1:], 2):
        old = new
        upgrade(revision=revision)
        new = known()
        put_in(new, number)
        common = both(old, new)
        upgraded = held(common)
        assert all(upgraded.values()), "every table holds something"
        downgrade(revision="-1")
        assert (named(known()), held(common)) == (named(old), upgraded), revision
        upgrade(revision=revision)
        assert (named(known()), held(common)) == (named(new), upgraded), revision


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


def taken_from(old: Schema, new: Schema) -> list[str]:
    """What of the old tables is gone, of another kind, or narrower than it was."""
    gone = []
    for name, table in old.items():
        for column, was in table.columns.items():
            now = new[name].columns.get(column) if name in new else None
            if now is None or now.type != was.type or (was.is_nullable and not now.is_nullable):
                gone.append(f"{name}.{column}")
    return gone


def test_an_upgrade_killed_at_any_moment_is_done_by_the_next_one(environ: dict[str, str]) -> None:
    """A process of its own upgrades a filled database and kills itself, later each time (tests/ledger/killed.py)."""
    command = [sys.executable, "-m", "tests.ledger.killed"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    moments, killed = map(int, done.stdout.split()[-2:])
    assert killed == moments >= 4
