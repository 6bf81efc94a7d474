"""Floods: what weighing a report costs, whom it holds, and what finding and taking out many costs at the desk."""

import time
from collections.abc import Callable, Iterator

from flask import Flask

from app.extensions import db
from app.kit import tokens
from app.ledger.models import Reason
from app.people.models import Member
from app.reports.models import Report, State, Told, Voiding
from app.reports.models.held import held_groups
from app.reports.models.search import Criteria
from app.reports.models.voiding import SLICE
from app.spam.simhash import simhash
from bench.measure import Figure, counted, median_ms

SHARED, COPIES, VOIDED = 5_000, 700, 500
JSON = {"Accept": "application/json"}
COPY = "Das Netz ist überall perfekt, hier beschwert sich nur die Konkurrenz, glaubt dieser Seite kein Wort!"
LONG = "Seit drei Wochen geht abends in Altona gar nichts mehr, und die Hotline nennt mich einen Einzelfall. " * 5
SEARCHES = {
    "one place": Criteria(place="Hamburg"),
    "words that nobody wrote": Criteria(text="planetenfrage"),
    "a symptom of the held": Criteria(state="held", symptom="no_data"),
}


def figures(app: Flask) -> list[Figure]:
    """Figures on the demo; it is fuller afterwards."""
    with app.app_context():
        found = [Figure("SimHash of 500 letters", median_ms(lambda: simhash(LONG)), 0, 0, 1, "–")]
        found += [_search(name, criteria) for name, criteria in SEARCHES.items()]
    found += [_shared(app), _copies(app)]
    with app.app_context():
        found += [_timed("held reports, grouped", held_groups), *_void()]
    return found


def _search(name: str, criteria: Criteria) -> Figure:
    def look() -> None:
        criteria.counts()
        criteria.page(26)

    return _timed(f"find reports: {name}", look)


def _timed(name: str, work: Callable[[], object]) -> Figure:
    with counted(db.engine) as statements:
        work()
    return Figure(name, median_ms(work, 10), len(statements), 0, 1, f"{db.session.query(Report).count():,} reports")


def _shared(app: Flask) -> Figure:
    """Distinct reports from one address, as behind a carrier's shared one."""
    told = [
        {"place": "Hamburg", "text": f"Nichts geht, Punkt {n % 13}", "device": f"Telefon {n}"} for n in range(SHARED)
    ]
    return _flood(app, "reports from one address", told, ["198.51.100.7"], held=0)


def _copies(app: Flask) -> Figure:
    """The same text from as many addresses."""
    told = [{"place": f"Dorf {n}", "text": COPY, "device": ""} for n in range(COPIES)]
    return _flood(
        app, "copies from as many addresses", told, [f"203.0.113.{n % 256}" for n in range(COPIES)], COPIES - 3
    )


def _flood(app: Flask, name: str, told: list[dict[str, str]], addresses: list[str], held: int) -> Figure:
    client, before, began = app.test_client(), _held(app), time.perf_counter()
    for number, one in enumerate(told):
        data = one | {"symptoms": "no_data", "key": tokens.new_key()}
        origin = {"REMOTE_ADDR": addresses[number % len(addresses)]}
        assert client.post("/reports", data=data, headers=JSON, environ_overrides=origin).status_code == 200
    ms = (time.perf_counter() - began) * 1000 / len(told)
    now_held = _held(app) - before
    assert now_held == held, f"{now_held} of {len(told)} are held"
    return Figure(f"{len(told):,} {name}, each", ms, 0, 0, now_held / len(told), f"{now_held:,} held")


def _held(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Report).filter_by(state=State.HELD).count()


def _void() -> list[Figure]:
    """Taking out and putting back, slice by slice; the ratio is the longest slice, in which reporters wait."""
    who = db.session.query(Member.id).limit(1).scalar()
    for number in range(VOIDED):
        Report.tell(Told(("no_data",), "Kiel", text="Nichts."), f"void-{number}-{tokens.new_key()}")
    db.session.commit()
    voiding = Voiding.begin(Reason.TEST, {}, member_id=who)
    ids = Criteria(place="Kiel", text="Nichts.", state="counted")
    out = _slices(voiding.slices(ids.still_open))
    back = _slices(voiding.undo())
    assert voiding.reports == VOIDED
    peer = f"slices of {SLICE}, the longest in ms"
    return [
        Figure(f"{VOIDED} taken out", sum(out), 0, 0, max(out), peer),
        Figure(f"{VOIDED} put back", sum(back), 0, 0, max(back), peer),
    ]


def _slices(work: Iterator[int]) -> list[float]:
    times, began = [], time.perf_counter()
    for _ in work:
        db.session.commit()
        times.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
    db.session.commit()
    return times
