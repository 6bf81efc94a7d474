"""How Alembic reaches the database: through the app's own engine, so that it is the one in use."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

from app.extensions import UtcDateTime, db


def _render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Migrations outlive our own types: they name what the database has."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


@contextmanager
def _tables_may_be_rebuilt(connection: Any) -> Iterator[None]:  # Any: Connection, whose driver's own is asked
    """SQLite changes a table by writing it anew; foreign keys to it must not be asked meanwhile. Outside of BEGIN."""
    driver = connection.connection.dbapi_connection if connection.dialect.name == "sqlite" else None
    if driver:
        driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        if driver:
            driver.execute("PRAGMA foreign_keys=ON")


def run() -> None:
    """Run the migrations, all in one transaction."""
    arguments = dict(current_app.extensions["migrate"].configure_args)
    with db.engine.connect() as connection, _tables_may_be_rebuilt(connection):
        # Alembic does not know that SQLite can take back a change of its tables, too
        arguments["transactional_ddl"] = True
        context.configure(connection=connection, target_metadata=db.metadata, render_item=_render, **arguments)
        with context.begin_transaction():
            context.run_migrations()


run()
