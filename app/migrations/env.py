"""How Alembic reaches the database: through the app's own engine, so that it is the one in use."""

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


def _let_tables_be_rebuilt(connection: Any) -> None:  # Any: Connection, whose driver's own is asked
    """SQLite changes a table by writing it anew; foreign keys to it must not be asked meanwhile. Outside of BEGIN."""
    if connection.dialect.name == "sqlite":
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")


def run() -> None:
    """Run the migrations, all in one transaction."""
    arguments = dict(current_app.extensions["migrate"].configure_args)
    with db.engine.connect() as connection:
        _let_tables_be_rebuilt(connection)
        context.configure(connection=connection, target_metadata=db.metadata, render_item=_render, **arguments)
        with context.begin_transaction():
            context.run_migrations()
        if connection.dialect.name == "sqlite":
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")


run()
