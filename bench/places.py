"""What places and numbers cost with the 8,000 reports of the demo and with a million; and what a batch costs."""

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select, update

from app import create_app
from app.config import Settings, campaign
from app.extensions import db
from app.figures.models import Batch
from app.kit import clock
from app.ledger import merkle
from app.ledger.models import Entry, Head, Kind, Tile
from app.ledger.models.commitment import canonical
from app.places import Place, gazetteer
from app.reports.models import PlaceState, Report, Source, State, TextState
from bench.measure import Figure, counted, median_ms

MANY = 1_000_000
SUGGESTION_LIMIT = 1.0  # milliseconds
CHUNK = 20_000
PAGES = (
    "/",
    "/places/",
    "/places/deutschland",
    "/places/bayern",
    "/places/berlin",
    "/places/berlin/feed.atom",
    "/numbers",
)
BEGAN = datetime(2011, 11, 25, 6, 0, tzinfo=clock.BERLIN)
LASTED = timedelta(days=200)
PUBLISH = """
import json, sys, time
from datetime import datetime
from app import create_app
from app.figures.publishing import publish
from app.kit import clock
app = create_app()

def memory(line):
    found = [each.split()[1] for each in open("/proc/self/status") if each.startswith(line)]
    return int(found[0]) // 1024

with app.app_context(), clock.standing_at(datetime.fromisoformat(sys.argv[1])):
    before, began = memory("VmRSS"), time.perf_counter()
    publish()
    seconds = time.perf_counter() - began
    print(json.dumps([seconds, before, memory("VmHWM")]))
"""


def figures() -> Iterator[Figure]:
    """A suggestion; the demo, then the same instance grown to a million reports of all places of the country."""
    yield _suggestion()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EINZELFALL_INSTANCE"] = folder
        app = create_app(Settings.load())
        result = app.test_cli_runner().invoke(args=["demo", "load"])
        assert result.exit_code == 0, result.output
        small = {path: _cost(app, path) for path in PAGES}
        for path, cost in small.items():
            yield Figure(f"{path}, 8,000 reports", *cost, 1.0, "")
        with app.app_context():
            grow(random.Random(1))
            db.session.remove()
        yield _batch("a batch, a million reports told since", BEGAN + LASTED + timedelta(days=1))
        with app.app_context():
            _tell_more()
        yield _batch("a batch, 20 reports told since", BEGAN + LASTED + timedelta(days=2))
        with app.app_context():
            assert db.session.scalar(select(func.count(Batch.id))) == 4
            print(f"{db.session.scalar(select(Head.counter)):,} reports")
        for path in PAGES:
            ms, queries, size = _cost(app, path)
            peer = f"8,000 reports: {small[path][0]:.2f} ms, {small[path][1]} queries"
            yield Figure(f"{path}, a million", ms, queries, size, ms / small[path][0], peer)


def _suggestion() -> Figure:
    """What is offered after each of the first letters; while somebody types, a millisecond is the limit."""
    known = gazetteer()
    typed = [place.label[:length] for place in list(known)[:200] for length in (2, 3, 5)]
    ms = median_ms(lambda: [known.suggest(text) for text in typed], 10) / len(typed)
    return Figure("a suggestion", ms, 0, 0, ms / SUGGESTION_LIMIT, f"limit {SUGGESTION_LIMIT:.0f} ms")


def _cost(app: Flask, path: str) -> tuple[float, int, int]:
    """Milliseconds, queries and bytes of a page."""
    client = app.test_client()

    def get() -> int:
        response = client.get(path, headers={"Accept-Encoding": "br"})
        assert response.status_code == 200, f"{path}: {response.status}"
        return len(response.data)

    ms = median_ms(get)
    with app.app_context(), counted(db.engine) as statements:
        size = get()
    return ms, len(statements), size


def _batch(name: str, at: datetime) -> Figure:
    """A batch made by a process of its own, so that its memory can be seen."""
    done = subprocess.run([sys.executable, "-c", PUBLISH, at.isoformat()], capture_output=True, text=True, check=True)
    seconds, before, most = json.loads(done.stdout.splitlines()[-1])
    return Figure(name, seconds * 1000, 0, 0, most / before, f"memory {before} MB before, {most} MB at most")


def _tell_more() -> None:
    place = next(iter(gazetteer()))
    rng = random.Random(2)
    size = Head.now().size
    _write([_row(rng, place, size + number, BEGAN + LASTED + timedelta(days=1, hours=2)) for number in range(20)])


def grow(rng: random.Random, many: int = MANY) -> None:
    """Reports written past the verbs until there are so many, with the ledger that the verbs would have made."""
    places = list(gazetteer())
    weights = list(accumulate(place.population for place in places))
    size, missing = Head.now().size, many - Head.now().counter
    for start in range(0, missing, CHUNK):
        chunk = range(start, min(start + CHUNK, missing))
        chosen = rng.choices(places, cum_weights=weights, k=len(chunk))
        _write(
            [
                _row(rng, place, size + at, BEGAN + LASTED * at / missing)
                for at, place in zip(chunk, chosen, strict=True)
            ]
        )


def _row(rng: random.Random, place: Place, seq: int, at: datetime) -> dict[str, Any]:  # Any: columns' values
    own = campaign()
    districts = gazetteer().children(place.id)
    district = rng.choice(districts) if districts and rng.random() < 0.7 else None
    minute = at.replace(second=0, microsecond=0)
    return {
        "receipt_hash": f"{seq:064x}",
        "nonce": seq.to_bytes(32, "big"),
        "source": Source.FORM,
        "state": State.COUNTED,
        "told_at": minute,
        "number": seq,
        "symptoms": rng.sample([one.key for one in own.symptoms], rng.randint(1, 3)),
        "place": place.label,
        "place_id": place.id,
        "place_state": PlaceState.KNOWN,
        "district": district.name if district else "",
        "district_id": district.id if district else None,
        "hotline": rng.choice([one.key for one in own.hotline] + [""]),
        "text": "Seit Wochen kein Netz. " * 4,
        "text_state": TextState.RELEASED if rng.random() < 0.01 else TextState.WAITING,
        "signals": [],
        "entry_seq": seq,
        "commitment_seq": seq,
    }


def _write(reports: list[dict[str, Any]]) -> None:  # Any: columns' values
    head = Head.now()
    frontier = merkle.Frontier.from_bytes(head.size, head.frontier)
    entries: list[dict[str, Any]] = []  # Any: columns' values
    tiles: list[dict[str, Any]] = []
    for report in reports:
        seq, minute, commitment = report["entry_seq"], report["told_at"], report["nonce"]
        said = {"seq": seq, "kind": "counted", "minute": f"{minute.astimezone(UTC):%Y-%m-%dT%H:%MZ}"}
        leaf = merkle.leaf_hash(canonical(said | {"commitment": commitment.hex()}))
        frontier, filled = frontier.push(leaf)
        counter = head.counter + len(entries) + 1
        tiles += [
            {"level": one.level, "index": one.index, "hash": one.hash, "counter": counter}
            for one in filled
            if one.level and one.level % 8 == 0
        ]
        facts = {"kind": Kind.COUNTED, "minute": minute, "commitment": commitment, "leaf": leaf}
        entries.append({"seq": seq, **facts})
    db.session.execute(insert(Entry), entries)
    db.session.execute(insert(Report), reports)
    if tiles:
        db.session.execute(insert(Tile), tiles)
    grown = {"size": frontier.size, "counter": head.counter + len(reports), "frontier": frontier.to_bytes()}
    db.session.execute(update(Head).values(minute=reports[-1]["told_at"], **grown))
    db.session.commit()
    db.session.expunge_all()
