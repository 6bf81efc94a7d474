"""What is in doubt is held, told and never lost; what an outage or a shared address brings is counted."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.kit import clock
from app.ledger import models as ledger
from app.reports.importing import import_rows
from app.reports.models import Report, Source, State, Told
from app.reports.sheets import Row
from app.site.audit import differences
from app.spam.holding import BURST
from app.web.moving import Tally
from tests.cast import within
from tests.conftest import At
from tests.desk.crowd import arrived
from tests.page import Pages
from tests.reports.telling import JSON, URL, said, with_key

COPY = "Das Netz ist überall perfekt, hier beschwert sich nur die Konkurrenz, glaubt dieser Seite kein Wort!"
SHARED, MANY, WRITERS = 500, 300, 8  # more than twice what a burst, and what equal answers are, in their time


def tell(client: FlaskClient, address: str = "198.51.100.7", **changes: Any) -> dict[str, Any]:
    answer = client.post(URL, data=with_key(**changes), headers=JSON, environ_overrides={"REMOTE_ADDR": address})
    assert answer.status_code == 200
    return said(answer)


def states(app: Flask) -> dict[str, int]:
    def ask() -> dict[str, int]:
        return Counter(str(state) for state in db.session.scalars(db.select(Report.state)))

    return within(app, ask)


def all_reports(app: Flask) -> list[Report]:
    return within(app, lambda: list(db.session.scalars(db.select(Report).order_by(Report.id))))


def test_distinct_reports_from_one_shared_address_all_count(app: Flask, client: FlaskClient) -> None:
    """Each in words of its own, from one town, within seconds. bench/abuse.py tells 5,000."""
    words = ("Brücke", "Bahnhof", "Keller", "Küche", "Garten", "Büro", "Schule", "Hafen", "Markt", "Park")
    faults = ("Funkstille", "nur Rauschen", "Abbruch nach Sekunden", "kein Internet", "falsche Ansage", "Mailbox")
    for number in range(SHARED):
        where, what, device = words[number % 10], faults[number % 6], f"Telefon {number % 97}"
        tell(client, text=f"{where}: {what}, {number}", device=device, place="Hamburg")
    assert states(app) == {"counted": SHARED}


def test_of_copies_from_everywhere_all_but_three_are_held_and_the_desk_finds_them_all(
    app: Flask, client: FlaskClient, at: At
) -> None:
    told = []
    for number in range(MANY):
        at(number * 59 / MANY)
        text = f"{COPY} {number}" if number % 2 else COPY.upper()
        told.append(tell(client, f"203.0.113.{number % 250}", text=text, place=f"Dorf {number}"))
    assert [one["state"] for one in told] == ["counted"] * 3 + ["held"] * (MANY - 3)
    assert [one["number"] for one in told[:4]] == [1, 2, 3, None]
    kept = all_reports(app)
    assert len({report.cluster for report in kept}) == 1
    assert all("near-duplicate" in report.signals for report in kept)
    assert within(app, ledger.counter) == 3


def test_an_outage_of_a_town_passes_however_alike_its_reports_are(app: Flask, client: FlaskClient, at: At) -> None:
    for number in range(MANY):
        at(number / 5)
        tell(client, place="Bremen", district="", text="" if number % 3 else "Bei mir auch!", device="", age="9")
    assert states(app) == {"counted": MANY}


def test_a_trapped_report_is_held_and_its_writer_is_told(app: Flask, pages: Pages, client: FlaskClient) -> None:
    answer = tell(client, website="https://pills.example")
    assert (answer["state"], answer["number"]) == ("held", None)
    page = pages.open(f"{answer['url']}&lang=en")
    assert "not counted yet" in page.text
    assert within(app, ledger.counter) == 0


def test_a_trap_filled_in_without_script_is_noticed_after_the_check_page(client: FlaskClient, pages: Pages) -> None:
    page = pages.read(client.post(URL, data=with_key() | {"key": "", "website": "x"}), URL)
    answer = client.post(URL, data=page.form("/reports").filled(), headers=JSON)
    assert said(answer)["state"] == "held"


def test_of_copies_that_come_at_once_three_count(database: str, app: Flask) -> None:
    """The first four come by eight writers; nobody waits for somebody who waits for them."""
    start = Barrier(WRITERS)

    def write(number: int) -> None:
        with app.app_context():
            start.wait()
            for step in range(4):
                arrived(Told(("no_data",), f"Dorf {(number + step) % 3}", text=COPY))
                db.session.commit()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    assert states(app) == {"counted": 3, "held": WRITERS * 4 - 3}
    assert all("near-duplicate" in report.signals for report in all_reports(app))
    assert within(app, lambda: list(differences())) == []


def test_a_key_sent_twice_is_noted_once(app: Flask, client: FlaskClient) -> None:
    keys = [f"key-number-{number}" for number in range(3)]
    first = [tell(client, text=COPY, key=key) for key in keys]
    again = [tell(client, text=COPY, key=key) for key in keys]
    assert [one["receipt"] for one in again] == [one["receipt"] for one in first]
    assert states(app) == {"counted": 3}


@pytest.mark.parametrize("age", ["0", "2"])
def test_haste_alone_holds_nobody(client: FlaskClient, age: str) -> None:
    assert tell(client, age=age)["state"] == "counted"


def test_a_flood_of_the_same_answers_is_held_from_its_floor_on(app: Flask, client: FlaskClient) -> None:
    now = f"{clock.minute():%Y-%m-%dT%H:%MZ}"  # a minute that does not end while the test runs
    for _ in range(BURST + 10):
        tell(client, text="", place="Kiel", claimed_at=now)
    assert states(app) == {"counted": BURST, "held": 10}


def test_what_waited_for_a_network_counts_when_all_of_it_arrives_at_once(app: Flask, client: FlaskClient) -> None:
    """Told minute by minute while the network of the town was down, on many devices, in the same few words."""
    began = clock.minute() - timedelta(hours=5)
    for number in range(60):
        told_at = f"{began + timedelta(minutes=number):%Y-%m-%dT%H:%MZ}"
        tell(client, text="", place="Kiel", claimed_at=told_at)
    assert states(app) == {"counted": 60}


def test_imports_are_flagged_and_never_held(app: Flask) -> None:
    def run() -> None:
        rows = iter([_row(number) for number in range(BURST + 1)])
        for _ in import_rows(rows, Tally(), is_dry=False):
            pass

    within(app, run)
    kept = all_reports(app)
    assert {(report.state, report.source) for report in kept} == {(State.COUNTED, Source.IMPORT)}
    assert len({report.cluster for report in kept}) == 1
    assert [report.signals for report in kept[:2]] == [[], ["near-duplicate"]]
    assert set(kept[-1].signals) == {"near-duplicate", "same-answers", "burst"}


def _row(number: int) -> Row:
    told_at = datetime(2011, 11, 14, 12, 0, tzinfo=UTC)
    return Row(number, told_at, "Kiel", "", ("no_data",), "", "", COPY, f"row-{number}")
