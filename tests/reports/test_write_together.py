"""What is sent at the same moment is written in one transaction: each counted once, each answered for itself."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from app import close_app, create_app, extensions
from app.config import Settings
from app.extensions import db
from app.kit.pen import Pen
from app.ledger import models as ledger
from app.places import gazetteer
from app.reports.models import Report, State, Told
from app.reports.models.arrival import Arrival, Arrived, arrive
from app.reports.models.report import rows
from app.site.audit import differences
from app.spam.holding import Evidence
from app.web import pens
from tests.cast import within
from tests.page import Pages
from tests.postgres import Cluster
from tests.reports.telling import JSON, LENA, URL, said, with_key
from tests.server import PATIENCE, eventually

T = TypeVar("T")
HANDS = 5  # as many as a worker has seats for writers
COPY = "Das Netz ist überall perfekt, hier beschwert sich nur die Konkurrenz, glaubt dieser Seite kein Wort!"


@contextmanager
def kept(app: Flask) -> Iterator[None]:
    """Somebody else has what every report needs."""
    with app.app_context(), db.engine.connect() as other:
        other.execute(select(ledger.Head).with_for_update())
        yield


def in_one_group(app: Flask, works: Sequence[Callable[[], T]]) -> list[Future[T]]:
    """The works, begun while nobody can write: the first holds the pen, the others stand in line."""

    def within_app(work: Callable[[], T]) -> T:
        with app.app_context():
            return work()

    pool = ThreadPoolExecutor(len(works))
    with kept(app):
        begun = [pool.submit(within_app, works[0])]
        eventually(lambda: is_kept_waiting(app), "the first one holds the pen")
        pen: Pen[Arrival, Arrived] = app.extensions["pens"][arrive]
        in_line = pen.waiting  # on SQLite, whose writers wait for the whole file, the first one, too
        begun += [pool.submit(within_app, work) for work in works[1:]]
        eventually(lambda: pen.waiting == in_line + len(works) - 1, "the others are in line")
    pool.shutdown(wait=True)
    return begun


def is_kept_waiting(app: Flask) -> bool:
    """Whether somebody waits for the database with the pen in hand."""
    if db.engine.dialect.name == "postgresql":
        return bool(db.session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
    return arrive in app.extensions["pens"] and app.extensions["pens"][arrive].waiting > 0


def hand_in(key: str, text: str = "", *, is_bad: bool = False) -> Arrived:
    arrival = Arrival.of(Told(("no_data",), "Kiel", device=key, text=text), key, Evidence())
    if is_bad:
        arrival.telling.columns["since"] = None  # which the table refuses
    return pens.write(arrive, arrival)


def test_who_is_written_together_has_a_number_each(on_each: Flask) -> None:
    told = in_one_group(on_each, [lambda key=f"together-{n}": hand_in(key) for n in range(HANDS)])  # type: ignore[misc]  # a lambda's default
    assert sorted(one.result().number or 0 for one in told) == list(range(1, HANDS + 1))
    assert within(on_each, lambda: list(differences())) == []


def test_a_bad_one_harms_nobody_who_is_written_with_it(on_each: Flask) -> None:
    works = [lambda n=n: hand_in(f"together-{n}", is_bad=n == 3) for n in range(HANDS)]
    told = in_one_group(on_each, works)
    with pytest.raises(IntegrityError):
        told[3].result()
    numbers = sorted(one.result().number or 0 for n, one in enumerate(told) if n != 3)
    assert numbers == list(range(1, HANDS))
    assert within(on_each, rows) == HANDS - 1
    assert within(on_each, lambda: list(differences())) == []


def test_the_same_key_twice_in_a_group_is_one_report(on_each: Flask) -> None:
    told = in_one_group(on_each, [lambda: hand_in("one and the same key", COPY)] * HANDS)
    assert {one.result() for one in told} == {told[0].result()}
    assert within(on_each, rows) == ledger_counter(on_each) == 1
    assert reports(on_each)[0].signals == [], "it was noted once"


def test_of_copies_in_a_group_three_count_and_each_knows_of_the_others(on_each: Flask) -> None:
    in_one_group(on_each, [lambda n=n: hand_in(f"copy-{n}", COPY) for n in range(HANDS)])  # type: ignore[misc]  # a lambda's default
    kept_reports = reports(on_each)
    assert [one.state for one in kept_reports].count(State.COUNTED) == 3
    assert {tuple(one.signals) for one in kept_reports} == {("near-duplicate",)}
    assert len({one.cluster for one in kept_reports}) == 1


def test_all_who_wait_in_vain_are_told_and_lose_nothing(
    app: Flask, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extensions, "BUSY_MS", 300)
    sent = [with_key(device=f"Telefon {number}") for number in range(HANDS)]
    with kept(app), ThreadPoolExecutor(HANDS) as pool:
        answers = list(pool.map(lambda data: app.test_client().post(URL, data=data), sent))
    for data, answer in zip(sent, answers, strict=True):
        form = pages.read(answer, URL, 503).form("reports")
        assert int(answer.headers["Retry-After"]) > 0
        assert {name: form.values[name] for name in LENA if name != "symptoms"} | form.lists == {
            name: value for name, value in data.items() if name != "key"
        }
        assert form.values["key"] == data["key"]
    assert within(app, rows) == 0
    numbers = [said(app.test_client().post(URL, data=data, headers=JSON))["number"] for data in sent]
    assert numbers == list(range(1, HANDS + 1)), "it goes on at once"


def test_two_hosts_on_one_database_make_one_sequence(
    empty_postgres: str, cluster: Cluster, environ: dict[str, str], tmp_path: Path
) -> None:
    """Each host sends keys of its own, and the same keys as the other one."""
    environ["EINZELFALL_DATABASE_URL"] = cluster.new_database(empty_postgres)
    hosts = [create_app(Settings.load(environ | {"EINZELFALL_INSTANCE": str(tmp_path / name)})) for name in "ab"]
    within(hosts[0], lambda: gazetteer().resolve("Kiel"))  # read once, not by every hand
    start = Barrier(HANDS * 2)

    def write(number: int) -> list[int]:
        host, hand = hosts[number % 2], number // 2
        keys = [f"host-{number}-{hand}-{turn}" if turn % 2 else f"shared-{hand}-{turn}" for turn in range(6)]
        start.wait(PATIENCE)
        return [told(host, with_key(key, text="", device=key)) for key in keys]

    with ThreadPoolExecutor(HANDS * 2) as pool:
        numbers = [number for told in pool.map(write, range(HANDS * 2)) for number in told]
    count = HANDS * 2 * 3 + HANDS * 3
    assert sorted(set(numbers)) == list(range(1, count + 1))
    assert within(hosts[0], rows) == ledger_counter(hosts[1]) == count
    assert within(hosts[1], lambda: list(differences())) == []
    for host in hosts:
        close_app(host)


def told(host: Flask, data: dict[str, object]) -> int:
    """The number of a report that is sent again while its host has no seat for it."""

    def sent() -> TestResponse | None:
        answer = host.test_client().post(URL, data=data, headers=JSON)
        return answer if answer.status_code != 503 else None

    number: int = said(eventually(sent, "the report is told"))["number"]  # type: ignore[arg-type]  # not None in the end
    return number


def reports(app: Flask) -> list[Report]:
    return within(app, lambda: list(db.session.scalars(select(Report).order_by(Report.id))))


def ledger_counter(app: Flask) -> int:
    return within(app, ledger.counter)
