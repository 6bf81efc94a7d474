"""A site that has grown: PostgreSQL, Redis and a mail server of its own, each of which may be gone or worse."""

from contextlib import ExitStack
from pathlib import Path

from tests.faults.site import Site
from tests.mail_server import MailServer
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
        self.mailbox = self._behind.enter_context(MailServer())
        address = self.cluster.new_database()
        given = {"DATABASE_URL": address, "REDIS_URL": self.store.url, "MAIL_URL": self.mailbox.url}
        super().__init__(folder, **({f"EINZELFALL_{name}": value for name, value in given.items()} | environ))

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self._behind.close()
