"""The app on an instance of its own, and the cast."""

import fcntl
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings
from xdist.remote import Producer

from app import close_app, create_app
from app.config import Settings
from app.extensions import db
from app.kit import clock
from tests import compiled, garbage, memory
from tests.akismet_server import AkismetServer
from tests.cast import SignedIn, make_editor, make_guest, make_moderator, make_owner, sign_in
from tests.handout import Handout, rank
from tests.page import Pages
from tests.postgres import Cluster
from tests.server import Server

At = Callable[[float], None]
# how long an example takes is the machine's affair
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
garbage.postpone()
compiled.once()
memory.use()
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The data that outside tests use; it lies beside the checkout."""
    found = Path(os.environ.get("SHARED_TEST_DATA", ROOT.parent / "shared"))
    if not found.is_dir():
        pytest.skip("the folder of shared test data is not here")
    return found


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that each test copies."""
    folder = tmp_path_factory.mktemp("empty")
    app = create_app(Settings.load({"EINZELFALL_INSTANCE": str(folder), "EINZELFALL_POSTS": str(folder)}))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    return folder / "einzelfall.sqlite"


@pytest.fixture
def akismet() -> Iterator[AkismetServer]:
    """A real local server that speaks Akismet's protocol."""
    with AkismetServer() as server:
        yield server


@pytest.fixture(scope="session", autouse=True)
def served(request: pytest.FixtureRequest) -> None:
    """Sites that are served are forked from the app as read, and have their databases where `app` has its own."""
    Server.is_read_once = True
    if _is_on_postgresql(request.config):
        Server.databases = request.getfixturevalue("cluster")


@pytest.fixture
def environ(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The environment in which the app is made; a test's module may say more."""
    said = {
        "EINZELFALL_INSTANCE": str(tmp_path / "instance"),
        "EINZELFALL_POSTS": str(tmp_path / "posts"),
        "EINZELFALL_SECRET_KEY": "a secret of the tests",
    }
    if not _is_on_postgresql(request.config):
        yield said
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    address = cluster.new_database(request.getfixturevalue("empty_postgres"))
    yield said | {"EINZELFALL_DATABASE_URL": address}
    cluster.drop(address)


@pytest.fixture
def app(environ: dict[str, str], empty_database: Path) -> Iterator[Flask]:
    instance = Path(environ["EINZELFALL_INSTANCE"])
    instance.mkdir(parents=True, exist_ok=True)
    Path(environ["EINZELFALL_POSTS"]).mkdir(parents=True, exist_ok=True)
    (instance / "einzelfall.sqlite").write_bytes(empty_database.read_bytes())
    app = create_app(Settings.load(environ))
    app.testing = True
    yield app
    close_app(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def pages(client: FlaskClient) -> Pages:
    """A reader who refuses pages that break the rules of the house."""
    return Pages(client)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A real PostgreSQL of our own."""
    server = Cluster()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def postgres(cluster: Cluster) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    address = cluster.new_database()
    yield address
    cluster.drop(address)


@pytest.fixture(scope="session")
def empty_postgres(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated database that each test copies."""
    folder, url = str(tmp_path_factory.mktemp("empty-postgres")), cluster.new_database()
    environ = {"EINZELFALL_INSTANCE": folder, "EINZELFALL_POSTS": folder, "EINZELFALL_DATABASE_URL": url}
    app = create_app(Settings.load(environ))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    return url.rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run the test on each database we promise; `app` is then on that one."""
    environ: dict[str, str] = request.getfixturevalue("environ")
    if request.param == "sqlite":
        environ.pop("EINZELFALL_DATABASE_URL", None)
        yield "sqlite"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    address = cluster.new_database(request.getfixturevalue("empty_postgres"))
    environ["EINZELFALL_DATABASE_URL"] = address
    yield "postgresql"
    cluster.drop(address)


@pytest.fixture
def on_each(database: str, app: Flask) -> Flask:
    """The app on SQLite, then on PostgreSQL; asking for the database first decides on which."""
    return app


@pytest.fixture(scope="session")
def loaded_demo(tmp_path_factory: pytest.TempPathFactory, served: None) -> Server:
    """The demo, loaded once in a run, by whichever worker comes first; to be copied.

    On PostgreSQL each worker, which has a cluster of its own, loads its own.
    """
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ and not Server.databases else base
    server = Server(folder / "loaded-demo")
    with (folder / "loaded-demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (server.instance / "demo.json").exists():
            filled = server.flask("demo", "load")
            assert filled.returncode == 0, filled.stderr
    return server


@pytest.fixture
def posts(environ: dict[str, str]) -> Path:
    """The folder of the posts that ship with the site."""
    return Path(environ["EINZELFALL_POSTS"])


@pytest.fixture
def olga(app: Flask) -> SignedIn:
    """The owner, at the desk."""
    return sign_in(app, make_owner(app))


@pytest.fixture
def eda(app: Flask) -> SignedIn:
    """An editor, at the desk."""
    return sign_in(app, make_editor(app))


@pytest.fixture
def mo(app: Flask) -> SignedIn:
    """A moderator, at the desk."""
    return sign_in(app, make_moderator(app))


@pytest.fixture
def gabi(app: Flask) -> SignedIn:
    """A guest of the carrier, at the desk."""
    return sign_in(app, make_guest(app))


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """Sets the clock so many minutes after the moment of the call."""
    begin = clock.now()

    def move(minutes: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: begin + timedelta(minutes=minutes))

    return move


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite", help="what sites are on")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=rank)
    if _is_on_postgresql(config):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("sqlite")])
        items[:] = [item for item in items if not item.get_closest_marker("sqlite")]


def _is_on_postgresql(config: pytest.Config) -> bool:
    return bool(config.getoption("--database") == "postgresql")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Handout:
    return Handout(config, log)


def pytest_collection_finish() -> None:
    garbage.begin()
