from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app.extensions import db


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    """The rows of the app, to look at."""
    with app.app_context():
        yield


@pytest.fixture
def ask(app: Flask) -> Any:
    """Ask the database something, with no transaction left open."""

    def asked(question: Any) -> Any:
        with app.app_context():
            found = question()
            db.session.expunge_all()
            return found

    return asked
