"""A site that has grown: on a PostgreSQL and a Redis of its own, which may be gone, paused or full."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg

from tests.faults.site import Site
from tests.postgres import Cluster
from tests.redis import Store


class Grown(Site):
    """The same two workers, with the database and the store of several hosts."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self._behind = ExitStack()
        self.cluster = Cluster()
        self.cluster.start()
        self._behind.callback(self.cluster.stop)
        self.store = self._behind.enter_context(Store())
        address = self.cluster.new_database()
        self._conninfo = address.replace("+psycopg", "")
        given = {"EINZELFALL_DATABASE_URL": address, "EINZELFALL_REDIS_URL": self.store.url}
        super().__init__(folder, **(given | environ))

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self._behind.close()

    def rows(self, query: str, *values: str | int) -> list[tuple[Any, ...]]:  # Any: whatever the columns hold
        with psycopg.connect(self._conninfo) as connection:
            return connection.execute(query.replace("?", "%s").encode(), values).fetchall()

    def change(self, statement: str) -> None:
        with psycopg.connect(self._conninfo) as connection:
            connection.execute(statement.encode())
