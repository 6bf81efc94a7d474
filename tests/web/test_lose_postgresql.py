"""PostgreSQL is paused, gone, back: a request waits a moment and keeps what was typed; nobody has to mend anything."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import text

from app.extensions import db
from app.kit import postgresql
from app.kit.circuit import Circuit
from app.ledger import models as ledger
from app.reports.models.report import rows
from tests.page import Pages
from tests.postgres import Cluster
from tests.reports.telling import LENA, URL, with_key
from tests.server import PATIENCE, eventually

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are found through /proc")
Patience = Callable[[float], None]


@pytest.fixture(scope="module")
def own() -> Iterator[Cluster]:
    """A server that nobody else misses."""
    cluster = Cluster()
    cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture
def environ(environ: dict[str, str], own: Cluster) -> dict[str, str]:
    return {**environ, "EINZELFALL_DATABASE_URL": own.new_database()}


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Patience:
    """For how many seconds requests wait; where the database is well, as long as a slow machine needs."""
    monkeypatch.setattr(postgresql, "PATIENCE", 60)
    return lambda seconds: monkeypatch.setattr(postgresql, "PATIENCE", seconds)


@pytest.fixture
def site(app: Flask, wait: Patience, monkeypatch: pytest.MonkeyPatch) -> Pages:
    """A site with one report, so that a connection lies ready, which looks for its database as soon as it is asked."""
    with app.app_context():
        upgrade()
        db.session.remove()
    monkeypatch.setattr(postgresql, "_circuit", Circuit("postgresql", rest=0, faults=(psycopg.OperationalError,)))
    pages = Pages(app.test_client())
    assert tell(pages.client) == 303
    return pages


def test_paused_it_is_waited_for_and_then_everything_is_kept(site: Pages, own: Cluster, wait: Patience) -> None:
    wait(0.3)
    own.pause()
    try:
        page = site.read(site.client.post(URL, data=with_key("a-key-of-its-own")), URL, 503)
    finally:
        own.resume()
    wait(60)
    form = page.form("reports")
    assert {name: form.values[name] for name in LENA if name != "symptoms"} | form.lists == LENA
    assert site.post(form).status_code == 303
    assert counted(site) == 2


def test_whoever_has_read_does_not_wait_for_the_end_of_the_transaction(
    app: Flask, site: Pages, own: Cluster, wait: Patience
) -> None:
    """The session is closed when the request is over, and no longer counts as one."""
    wait(0.3)
    has_read, may_end, over = threading.Event(), threading.Event(), threading.Event()

    def read() -> None:
        with app.app_context():
            db.session.execute(text("SELECT 1"))
            has_read.set()
            may_end.wait()
        over.set()

    reader = threading.Thread(target=read)
    reader.start()
    assert has_read.wait(PATIENCE)
    own.pause()
    try:
        may_end.set()
        assert over.wait(PATIENCE)
    finally:
        own.resume()
        reader.join()
    assert tell(site.client) == 303


def test_gone_it_is_missed_until_it_is_back(site: Pages, own: Cluster) -> None:
    own.halt()
    try:
        assert [tell(site.client), tell(site.client)] == [503, 503]
        assert site.client.get("/readyz").status_code == 503
    finally:
        own.come_back()
    assert tell(site.client) == 303
    assert site.client.get("/readyz").status_code == 200


def test_started_again_between_two_requests_it_costs_no_answer(site: Pages, own: Cluster) -> None:
    own.halt()
    own.come_back()
    assert tell(site.client) == 303
    assert counted(site) == 2


def test_where_it_has_just_failed_nobody_waits_for_it(
    site: Pages, own: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "_circuit", Circuit("postgresql", rest=3600, faults=(psycopg.OperationalError,)))
    own.halt()
    assert tell(site.client) == 503
    own.come_back()
    assert tell(site.client) == 503, "it rests"
    with site.client.application.app_context():
        assert db.session.scalar(text("SELECT 1")) == 1, "a job asks all the same"


def test_who_gives_up_leaves_no_one_waiting_behind(app: Flask, site: Pages, wait: Patience) -> None:
    with app.app_context(), db.engine.connect() as other:
        other.execute(text("SELECT * FROM ledger_head FOR UPDATE"))
        wait(0.3)
        answers: list[int] = []
        clients = [threading.Thread(target=lambda: answers.append(tell(app.test_client()))) for _ in range(3)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        wait(60)
        assert answers == [503, 503, 503]
        waiting = text(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        eventually(lambda: other.scalar(waiting) == 0, "the server lets go of them")
    assert tell(site.client) == 303
    assert counted(site) == 2


def tell(client: FlaskClient) -> int:
    return client.post(URL, data=with_key()).status_code


def counted(site: Pages) -> int:
    """How many reports there are, the counter says the same."""
    with site.client.application.app_context():
        found = rows()
        assert found == ledger.counter()
    return found
