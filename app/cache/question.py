"""The question for all versions: one row, on a connection of its own that cannot make others wait."""

from typing import Any

from sqlalchemy import URL, Engine, String, cast, create_engine, func, select

from app.cache.models import Version

SECONDS = 2  # until a server that cannot be reached is given up
SERVER = {  # what a lost network must not hold up for a quarter of an hour
    "connect_timeout": SECONDS,
    "keepalives_idle": SECONDS,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "tcp_user_timeout": SECONDS * 1000,
}
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
    is_server = url.get_backend_name() == "postgresql"
    options: dict[str, Any] = {"isolation_level": "AUTOCOMMIT", "connect_args": SERVER} if is_server else {}
    engine = create_engine(url, pool_size=1, max_overflow=0, hide_parameters=True, **options)
    return engine.execution_options(only_reads=True)
