"""A site that is backed up, and an empty instance elsewhere in which it is to live again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import pyrage
from click.testing import Result
from flask import Flask
from sqlalchemy import inspect, select

from app import close_app, create_app
from app.cache.models import Version
from app.config import Settings
from app.extensions import db
from app.ledger import outside

MADE_BY_EVERY_START = {"secret_key", "jobs.sqlite", "serve.lock"}


class Instance:
    """One instance: its folder, its settings, what its commands say."""

    def __init__(self, folder: Path, posts: Path, database: str = "") -> None:
        self.folder = folder
        self.environ = {"EINZELFALL_INSTANCE": str(folder), "EINZELFALL_POSTS": str(posts)}
        if database:
            self.environ["EINZELFALL_DATABASE_URL"] = database

    @contextmanager
    def app(self) -> Iterator[Flask]:
        """The site of this instance, in a context."""
        app = create_app(Settings.load(self.environ))
        try:
            with app.app_context():
                yield app
        finally:
            close_app(app)

    def flask(self, *arguments: str | Path) -> Result:
        with self.app() as app:
            return app.test_cli_runner().invoke(args=[str(one) for one in arguments])

    def restored(self, archive: Path, *arguments: str | Path) -> Self:
        """This instance with what the archive holds."""
        done = self.flask("backup", "restore", archive, *arguments)
        assert done.exit_code == 0, done.output
        return self

    def refuses(self, archive: Path, *arguments: str | Path) -> str:
        """Why it does not take the archive; nothing of it is left."""
        done = self.flask("backup", "restore", archive, *arguments)
        assert (done.exit_code, type(done.exception)) == (1, SystemExit), done.output
        self.assert_empty()
        return done.stderr

    @property
    def names(self) -> set[str]:
        """What is in the folder besides what every start makes, and the log that somebody put there."""
        return {path.name for path in self.folder.glob("*")} - MADE_BY_EVERY_START - {outside.FILE}

    def assert_empty(self) -> None:
        assert self.names == set()
        with self.app():
            assert inspect(db.engine).get_table_names() == []
            assert "einzelfall_restoring" not in inspect(db.engine).get_schema_names()
            db.engine.dispose()
        (self.folder / "einzelfall.sqlite").unlink(missing_ok=True)  # of our look at it
        for end in ("-wal", "-shm"):
            (self.folder / f"einzelfall.sqlite{end}").unlink(missing_ok=True)


def back_up(app: Flask, target: Path, *arguments: str) -> Path:
    """An archive of the site as it is now."""
    done = app.test_cli_runner().invoke(args=["backup", "create", str(target), *arguments])
    assert done.exit_code == 0, done.output
    return target


def contents(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, in order; not the versions, which every write raises, a restore's too."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in db.metadata.sorted_tables
            if table.name != Version.__tablename__
        }


def age_key(file: Path) -> tuple[str, Path]:
    """A public age key, and the file with its secret one as `age-keygen` writes it."""
    identity = pyrage.x25519.Identity.generate()
    file.write_text(f"# public key: {identity.to_public()}\n{identity}\n")
    return str(identity.to_public()), file
