"""Commands that say calmly when the database is not there, not up to date, or cannot write."""

from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

READY = "the database is not ready. Run `make run` once, or `.venv/bin/flask db upgrade`"
FULL = "the disk of the database is full, or fails. What was finished is kept; make room and do it again"
BUSY = "something else has been writing to the database for too long. Do it again, or stop what writes"
OUTAGES = {  # as SQLite and PostgreSQL say it
    "disk is full": FULL,
    "disk i/o error": FULL,
    "no space left": FULL,
    "could not extend file": FULL,
    "database is locked": BUSY,
}


class Command(click.Command):
    """A command that needs the database."""

    def invoke(self, ctx: click.Context) -> Any:  # Any: what click returns
        return _calmly(super().invoke, ctx)


class Group(AppGroup):
    """A group of such commands."""

    def invoke(self, ctx: click.Context) -> Any:  # Any: what click returns
        return _calmly(super().invoke, ctx)


def _calmly(invoke: Any, ctx: click.Context) -> Any:  # Any: click's own method
    try:
        return invoke(ctx)
    except (OperationalError, ProgrammingError) as error:
        said = f"{type(error.orig).__name__}: {error.orig}"
        hint = next((hint for words, hint in OUTAGES.items() if words in said.lower()), READY)
        raise click.ClickException(f"{hint} ({said})") from None
