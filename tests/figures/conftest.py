from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    """The rows of the app, to look at."""
    with app.app_context():
        yield
