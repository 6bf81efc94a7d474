"""Three hosts with one PostgreSQL, one Redis and one shared folder, behind one nginx."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.error import URLError
from urllib.request import urlopen

from flask import Flask
from sqlalchemy import text

from app import close_app, create_app
from app.config import Settings
from app.extensions import db
from app.kit.shared_limits import PREFIX
from app.site.among_hosts import JOBS
from tests.deploy.network import Network
from tests.deploy.nginx import NAME, Nginx
from tests.postgres import Cluster
from tests.redis import Store
from tests.server import ROOT, eventually

PORT, HTTP, HTTPS = 8000, 8080, 8443
T = TypeVar("T")


class Fleet:
    """The hosts by their names, and what stands in front of them and behind."""

    def __init__(
        self,
        folder: Path,
        names: tuple[str, ...],
        network: Network,
        store: Store,
        *,
        environ: dict[str, str],
        proxy: tuple[str, ...],
    ) -> None:
        self.folder, self.network, self.instance = folder, network, folder / "shared"
        self.addresses = {name: network.join(name) for name in names}
        self.store, self._environ = store, environ
        self._started: list[subprocess.Popen[bytes]] = []
        self._there = ThreadPoolExecutor(1, initializer=network.enter)
        self.nginx = Nginx(
            folder / "nginx",
            [f"{address}:{PORT}" for address in self.addresses.values()],
            *proxy,
            address="10.53.0.1",
            inside=network.inside(),
            ports=(HTTP, HTTPS),
        )

    def start(self, name: str) -> None:
        own = {"EINZELFALL_HOST": self.addresses[name], "EINZELFALL_LOCAL": str(self.folder / name)}
        (self.folder / name).mkdir(exist_ok=True)
        command = [*self.network.inside(name), sys.executable, "-m", "flask", "serve"]
        with (self.folder / name / "printed").open("wb") as out:
            self._started.append(subprocess.Popen(command, cwd=ROOT, env=self._environ | own, stdout=out, stderr=out))

    def is_ready(self, name: str) -> bool:
        assert all(process.poll() in {None, -9} for process in self._started), self.printed(name)
        assert "process_fell" not in self.printed(name), self.printed(name)
        return self.there(lambda: _status(f"http://{self.addresses[name]}:{PORT}/readyz")) == 200

    def printed(self, name: str) -> str:
        return (self.folder / name / "printed").read_text("utf-8")

    def kill(self, name: str) -> None:
        self.network.kill(name)

    def there(self, work: Callable[[], T]) -> T:
        """Do it from the switch."""
        return self._there.submit(work).result()

    def clients(self, many: int) -> ThreadPoolExecutor:
        """Threads that live at the switch, as nginx does."""
        return ThreadPoolExecutor(many, initializer=self.network.enter)

    def who_runs_jobs(self, app: Flask) -> str | None:
        """The host whose turn it is, as PostgreSQL says."""
        holder = text(
            "SELECT host(client_addr) FROM pg_stat_activity JOIN pg_locks USING (pid)"
            " WHERE locktype = 'advisory' AND granted AND objid = :lock"
        )
        with app.app_context():
            found = db.session.scalars(holder, {"lock": JOBS}).all()
            db.session.rollback()
        assert len(found) <= 1, found
        return next((name for name, address in self.addresses.items() if address in found), None)

    def counted_in_redis(self) -> int:
        """How many counts of limits the hosts share."""
        return self.there(lambda: len(self.store.client.keys(f"{PREFIX}:*")))

    def close(self) -> None:
        for name in self.addresses:
            self.kill(name)
        for process in self._started:
            process.wait()
        self._there.shutdown()


@contextmanager
def fleet(folder: Path, *names: str, workers: int = 1, proxy: tuple[str, ...] = ()) -> Iterator[tuple[Fleet, Flask]]:
    """Everything running, and the site as an app beside it, which reaches the same database."""
    with ExitStack() as stack:
        network = stack.enter_context(Network())
        cluster = Cluster("10.53.0.1", network.inside())
        cluster.start()
        stack.callback(cluster.stop)
        store = stack.enter_context(Store("10.53.0.1", tuple(network.inside())))
        address = cluster.new_database()
        environ = {key: value for key, value in os.environ.items() if not key.startswith("EINZELFALL_")} | {
            "EINZELFALL_INSTANCE": str(folder / "shared"),
            "EINZELFALL_DATABASE_URL": address,
            "EINZELFALL_REDIS_URL": store.url,
            "EINZELFALL_BASE_URL": f"https://{NAME}:{HTTPS}",
            "EINZELFALL_TRUSTED_PROXIES": "1",
            "EINZELFALL_WORKERS": str(workers),
            "EINZELFALL_PORT": str(PORT),
        }
        found = Fleet(folder, names, network, store, environ=environ, proxy=proxy)
        stack.callback(found.close)
        for name in names:
            found.start(name)
        stack.enter_context(found.nginx)
        for name in names:
            eventually(lambda name=name: found.is_ready(name), f"{name} is ready")  # type: ignore[misc]  # a default binds it
        eventually(lambda: found.there(found.nginx.is_listening), "nginx listens")
        beside = {"EINZELFALL_DATABASE_URL": cluster.by_socket(address), "EINZELFALL_LOCAL": str(folder / "beside")}
        app = create_app(Settings.load(environ | beside))
        yield found, app
        close_app(app)


def _status(url: str) -> int:
    try:
        with urlopen(url, timeout=5) as answer:
            return int(answer.status)
    except (URLError, OSError):
        return 0
