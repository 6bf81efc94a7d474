"""Commands that say calmly when the database is not there or not up to date."""

from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

HINT = "the database is not ready. Run `make run` once, or `.venv/bin/flask db upgrade`"


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
        raise click.ClickException(f"{HINT} ({type(error.orig).__name__}: {error.orig})") from None
