"""What a handover costs at 8,000 reports and at a million; what of the demo survives on which level; and the attack."""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete

from app import create_app
from app.config import Settings
from app.extensions import db
from app.handover.attack import Attempt
from app.handover.generalise import LEVELS
from app.handover.models import Handover, Record, Release
from bench.measure import Figure
from bench.places import BEGAN, LASTED, grow
from tests.handover.campaign import DEEDS, told

CAMPAIGNS = 1_000
BUILD = """
import json, random, sys, time
from datetime import datetime
from pathlib import Path
from app import create_app
from app.extensions import db
from app.handover.models import Handover
from app.kit import clock
app = create_app()

def memory(line):
    found = [each.split()[1] for each in open("/proc/self/status") if each.startswith(line)]
    return int(found[0]) // 1024

with app.app_context(), clock.standing_at(datetime.fromisoformat(sys.argv[1])):
    before, began = memory("VmRSS"), time.perf_counter()
    chance = random.SystemRandom()
    made = Handover.propose("o2", k=10, by=None, chance=chance)
    proposed = time.perf_counter()
    delivery = made.seal([("bench", clock.now())], chance)
    sealed = time.perf_counter()
    written = delivery.write(Path(sys.argv[2]))
    db.session.commit()
    written.place()
    done = time.perf_counter()
    times = [proposed - began, sealed - proposed, done - sealed]
    print(json.dumps([times, before, memory("VmHWM"), made.facts]))
"""


def figures() -> Iterator[Figure]:
    """The demo's three handovers and an attack on them; a handover of a million reports; a thousand campaigns."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EINZELFALL_INSTANCE"] = folder
        app = create_app(Settings.load())
        result = app.test_cli_runner().invoke(args=["demo", "load"])
        assert result.exit_code == 0, result.output
        delivered = sorted((Path(folder) / "handovers").iterdir())
        yield from _levels([json.loads((one / "manifest.json").read_bytes()) for one in delivered])
        yield _checked("check of the demo's three deliveries", delivered)
        with app.app_context():
            _take_back()
        yield from _built("8,000", BEGAN + LASTED, Path(folder) / "small")
        with app.app_context():
            _take_back()
            grow(random.Random(1))
            db.session.remove()
        yield from _built("a million", BEGAN + LASTED + timedelta(days=1), Path(folder) / "out")
    yield _campaigns()


def _take_back() -> None:
    """As if nothing had been handed over; the ledger keeps its lines."""
    db.session.execute(delete(Record))
    db.session.execute(delete(Release))
    db.session.execute(delete(Handover))
    db.session.commit()


def _levels(manifests: list[dict[str, Any]]) -> Iterator[Figure]:  # Any: JSON values
    """Which share of all reports so far was handed over on which level, and what of their symptoms is shown."""
    reports = manifests[-1]["ledger"]["counter"]
    for level in LEVELS:
        rows = sum(one["levels"][level] for one in manifests)
        yield Figure(f"demo, rows that say the {level}", 0.0, 0, 0, rows / reports, f"{rows} of {reports}")
    waiting = manifests[-1]["waiting"]
    yield Figure("demo, reports that wait", 0.0, 0, 0, waiting / reports, f"{waiting} of {reports}")
    hidden = sum(one["suppressed_values"] for one in manifests)
    yield Figure("demo, symptoms not shown", 0.0, 0, 0, 0.0, f"{hidden}")


def _checked(name: str, folders: list[Path]) -> Figure:
    began = time.perf_counter()
    command = [sys.executable, "-m", "flask", "handover", "check", *map(str, folders)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    assert done.returncode == 0, done.stderr
    return Figure(name, seconds * 1000, 0, 0, 0.0, done.stdout.splitlines()[-2])


def _built(name: str, at: object, out: Path) -> Iterator[Figure]:
    """Built by a process of its own, so that its memory can be seen."""
    done = subprocess.run([sys.executable, "-c", BUILD, str(at), str(out)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    times, before, most, facts = json.loads(done.stdout.splitlines()[-1])
    said = f"{facts['rows']:,} rows, {facts['cells']:,} cells; memory {before} MB before, {most} MB at most"
    for what, seconds in zip(("propose", "seal", "write"), times, strict=True):
        yield Figure(f"{what}, {name} reports", seconds * 1000, 0, 0, most / before, said)


def _campaigns() -> Figure:
    """Random campaigns in memory, each attacked; none may be found out."""
    chance, began, looked = random.Random(4), time.perf_counter(), 0
    deliveries = 0
    for seed in range(CAMPAIGNS):
        rounds = [
            [(chance.choice(DEEDS), chance.randint(1, 70), chance.randrange(7), chance.randrange(7)) for _ in range(6)]
            for _ in range(chance.randint(2, 4))
        ]
        campaign = told(rounds, seed * 7919, tuple(chance.choices((5, 10, 12, 20), k=4)))
        attempt = Attempt(campaign.extracts(), campaign.world())
        assert list(attempt.findings()) == []
        looked, deliveries = looked + attempt.looked, deliveries + len(campaign.deliveries)
    seconds = time.perf_counter() - began
    said = f"{deliveries} deliveries, {looked:,} differences"
    return Figure(f"{CAMPAIGNS:,} random campaigns", seconds * 1000, 0, 0, 0.0, said)
