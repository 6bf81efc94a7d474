"""The database's history: one line, there and back, and what the models say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from app import create_app
from app.config import ROOT, Settings
from app.extensions import db
from app.ledger import models as ledger
from tests.ledger.telling import faults


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An app on a database without a table."""
    environ = {"EINZELFALL_INSTANCE": str(tmp_path), "EINZELFALL_POSTS": str(tmp_path)}
    if request.param == "postgresql":
        environ["EINZELFALL_DATABASE_URL"] = request.getfixturevalue("postgres")
    app = create_app(Settings.load(environ))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory(str(ROOT / "app" / "migrations")).get_heads()) == 1


def test_up_down_and_up_again(bare: Flask) -> None:
    upgrade()
    assert _tables() == set(db.metadata.tables)
    downgrade(revision="base")
    assert _tables() == set()
    upgrade()
    assert (ledger.counter(), ledger.recount(), faults()) == (0, 0, [])


def test_models_and_migrations_agree(bare: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, db.metadata) == []


def test_every_check_of_the_models_is_in_the_database(bare: Flask) -> None:
    upgrade()
    inspector = inspect(db.engine)
    for name, table in db.metadata.tables.items():
        written = {str(check["name"]) for check in inspector.get_check_constraints(name)}
        assert {str(c.name) for c in table.constraints if str(c.name).startswith("ck_")} <= written, name
