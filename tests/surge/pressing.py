"""A surge, begun as one begins: by pressure that was felt, or by a person."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from app import close_app, create_app
from app.config import Settings
from app.surge.models import Mode, Surge
from app.surge.pressure import FULL, Pressure
from tests.cast import make_owner, within


def pressure_of(app: Flask) -> Pressure:
    found: Pressure = app.extensions["surge"]
    return found


def feel(app: Flask, signal: str = FULL) -> None:
    """Pressure here, that all processes are told of."""
    pressure_of(app).feel(signal)
    pressure_of(app).tell()
    pressure_of(app).look()


def set_mode(app: Flask, mode: Mode) -> None:
    olga = make_owner(app)
    within(app, lambda: Surge.current().set_mode(mode, by=olga))
    pressure_of(app).look()


def the_row(app: Flask) -> Surge:
    return within(app, Surge.current)


@contextmanager
def another(environ: dict[str, str], **more: str) -> Iterator[Flask]:
    """A second process beside the app, on the same instance."""
    app = create_app(Settings.load(environ | more))
    yield app
    close_app(app)
