"""Insert or count up in one statement, on either database."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import Base, db


def insert_into(table: type[Base]) -> Any:  # Any: the two dialects' inserts have no type in common
    """An INSERT that knows ON CONFLICT."""
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(table)
