"""The question for all versions: one row, on a connection of its own that cannot make others wait."""

from typing import Any

from sqlalchemy import URL, Engine, String, cast, create_engine, event, func, select

from app.cache.models import Version
from app.kit import postgresql

PATIENCE = 10.0  # seconds until a server that does not answer is asked anew, by another connection
ALL = select(
    func.aggregate_strings(Version.name + " " + cast(Version.number, String) + " " + cast(Version.hard, String), "\n")
)


class Question:
    """Asks the database at an address for every version: a line each, name, number, hard."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._engine: Engine | None = None

    def __call__(self) -> str:
        self._engine = self._engine or _engine(self._url)
        with self._engine.connect() as connection:
            return str(connection.scalar(ALL) or "")

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()


def _engine(url: URL) -> Engine:
    options = postgresql.options(url.render_as_string(hide_password=False))
    options |= {"pool_size": 1, "max_overflow": 0, "pool_pre_ping": False, "hide_parameters": True}
    engine = create_engine(url, **options)
    event.listen(engine, "connect", _be_impatient)
    return engine.execution_options(only_reads=True)


def _be_impatient(connection: Any, _record: Any) -> None:  # Any: a DBAPI connection of either driver
    if isinstance(connection, postgresql.Impatient):
        connection.autocommit, connection.patience = True, PATIENCE
