from collections.abc import Iterator

import pytest
from flask import Flask

from app.extensions import db
from app.people.founding import found_organisations


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    """The rows of the app, with the carrier among its organisations, to look at."""
    with app.app_context():
        found_organisations()
        db.session.commit()
        yield
