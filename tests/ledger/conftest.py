import pytest
from flask import Flask


@pytest.fixture
def on_each(database: str, app: Flask) -> Flask:
    """The app on SQLite, then on PostgreSQL; asking for the database first decides on which."""
    return app
