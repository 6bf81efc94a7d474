"""Several hosts have one queue and one count; when the store that they share is away, nobody notices."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from huey import crontab

from app.kit import jobs, shared_store
from app.kit.circuit import Away
from app.kit.limits import DAY
from app.kit.shared_limits import SCHEME, SharedStorage
from app.kit.shared_queue import KEY, SharedQueue
from app.kit.shared_store import SharedStore
from tests.redis import Store
from tests.reports.telling import URL, with_key

ANNA = "LIMITS:LIMITER/203.0.113.77/reports.create/1200/1/minute"
FAULTS: dict[str, Callable[[Store], None]] = {"gone": Store.kill, "paused": Store.pause, "full": Store.fill}
done: list[str] = []


@jobs.job(every=crontab(minute="0"))
def water() -> None:
    """Water the plants."""
    done.append("watered")


@pytest.fixture(scope="module")
def running() -> Iterator[Store]:
    with Store() as store:
        yield store


@pytest.fixture
def store(running: Store) -> Iterator[Store]:
    """Redis, empty and well."""
    yield running
    running.resume()
    running.kill()
    running.start()


@pytest.fixture
def environ(environ: dict[str, str], store: Store) -> Iterator[dict[str, str]]:
    """The app's settings name the store; the queue is put back after the test."""
    before = jobs.huey.storage, jobs.huey.serializer
    yield {**environ, "EINZELFALL_REDIS_URL": store.url}
    jobs.huey.storage, jobs.huey.serializer = before


@pytest.fixture(autouse=True)
def patient(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the store is well it answers, however slow the machine is."""
    if "broken" not in request.fixturenames:
        monkeypatch.setattr(shared_store, "PATIENCE", 60)


@pytest.fixture(params=FAULTS)
def broken(request: pytest.FixtureRequest, app: Flask, store: Store) -> Store:
    """The store, after an app has worked with it."""
    water()
    FAULTS[request.param](store)
    return store


def host(store: Store, folder: Path) -> SharedStorage:
    """The limits of one host."""
    folder.mkdir(exist_ok=True)
    return SharedStorage(f"{SCHEME}://", store=SharedStore(store.url), file=folder / "limits.sqlite")


def test_hosts_count_together(store: Store, tmp_path: Path) -> None:
    one, other = host(store, tmp_path), host(store, tmp_path)
    assert [one.incr(ANNA, 60), other.incr(ANNA, 60), one.incr(ANNA, 60, amount=5)] == [1, 2, 7]
    assert other.get(ANNA) == 7
    assert other.get_expiry(ANNA) > time.time()
    other.clear(ANNA)
    assert one.get(ANNA) == 0
    one.incr(ANNA, 60)
    assert (one.reset(), other.get(ANNA)) == (1, 0)


def test_the_store_knows_no_address_and_no_count_outlives_its_window(store: Store, tmp_path: Path) -> None:
    host(store, tmp_path).incr(ANNA, 60)
    keys = store.client.keys()
    assert len(keys) == 2  # the secret and a count
    for key in keys:
        assert b"203.0.113.77" not in key
        assert b"203.0.113.77" not in (store.client.get(key) or b"")
        assert 0 < store.client.ttl(key) <= DAY + 60


def test_tomorrow_there_is_another_secret(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = host(store, tmp_path), host(store, tmp_path)
    today = one.prefixed_key(ANNA)
    assert other.prefixed_key(ANNA) == today
    tomorrow = time.time() + DAY
    monkeypatch.setattr(time, "time", lambda: tomorrow)
    assert one.prefixed_key(ANNA) == other.prefixed_key(ANNA) != today


def test_hosts_agree_again_when_the_store_has_forgotten_the_secret(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = host(store, tmp_path)
    one.incr(ANNA, 60)
    store.client.flushall()
    other = host(store, tmp_path)
    assert other.incr(ANNA, 60) == 1
    later = time.monotonic() + 61
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert one.incr(ANNA, 60) == 2


def test_a_job_of_one_host_is_done_by_another(app: Flask, store: Store) -> None:
    water()
    assert len(jobs.huey) == store.client.llen(KEY) == 1
    jobs.huey.storage = consumer(store)
    assert work() == ["watered"]


def test_what_others_put_into_the_queue_is_not_run(app: Flask, store: Store) -> None:
    signed = jobs.huey.serializer
    jobs.huey.serializer = type(signed)(secret="somebody else's", salt="jobs")
    water()
    jobs.huey.serializer = signed
    jobs.huey.storage = consumer(store)
    with pytest.raises(ValueError, match="Signature"):
        jobs.huey.dequeue()


def test_the_line_has_an_end(app: Flask, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.kit.shared_queue.MOST", 3)
    for _ in range(5):
        water()
    assert len(jobs.huey) == 3


def test_a_report_is_taken_without_the_store(broken: Store, client: FlaskClient) -> None:
    answers = [client.post(URL, data=with_key(f"without-redis-{number}")).status_code for number in range(3)]
    assert answers == [303, 303, 303]


def test_nobody_is_counted_out_and_each_host_counts_for_itself(broken: Store, tmp_path: Path) -> None:
    one, other = host(broken, tmp_path / "one"), host(broken, tmp_path / "other")
    assert [one.incr(ANNA, 60), one.incr(ANNA, 60), other.incr(ANNA, 60)] == [1, 2, 1]


def test_the_clock_goes_on_without_the_store(broken: Store, app: Flask) -> None:
    jobs.huey.storage = consumer(broken)
    water()  # as the consumer's own clock hands it in
    assert work()[-1:] == ["watered"]


def test_a_store_that_is_away_is_waited_for_once_and_told_of_once(broken: Store, app: Flask) -> None:
    store = SharedStore(broken.url)
    with structlog.testing.capture_logs() as told:
        with pytest.raises(Away):
            store.ask(lambda redis: redis.set("a", "b"))
        for _ in range(200):
            with pytest.raises(Away):
                store.ask(lambda _redis: pytest.fail("it was asked"))
    assert [line["event"] for line in told] == ["service_is_away"]


def test_it_is_found_again_when_it_is_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_store, "REST", 0.2)
    shared = SharedStore(store.url)
    store.kill()
    with pytest.raises(Away):
        shared.ask(lambda redis: redis.ping())
    store.start()
    with structlog.testing.capture_logs() as told:
        ends = time.monotonic() + 60
        while True:
            try:
                assert shared.ask(lambda redis: redis.ping())
                break
            except Away:
                assert time.monotonic() < ends
                time.sleep(0.05)
    assert {"event": "service_is_back", "service": "redis", "log_level": "info"} in told


def consumer(store: Store) -> SharedQueue:
    """The queue as the consumer of another host sees it."""
    queue = SharedQueue(SharedStore(store.url))
    queue.consume()
    return queue


def work() -> list[str]:
    """Do what a consumer does until nothing is left."""
    done.clear()
    while task := jobs.huey.dequeue():
        jobs.huey.execute(task)
    return done
