"""`make bench`: a table on the screen, JSON in bench/results/."""

import json
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from app import create_app
from app.config import Settings
from app.kit import clock
from bench import (
    abuse,
    backup,
    behind,
    beside,
    desk,
    growth,
    handover,
    hosts,
    ledger,
    page_hits,
    pages,
    places,
    promises,
    texts,
    threads,
    watch,
    writes,
)
from bench import (
    filter as filtering,
)
from bench.measure import Figure
from bench.replay import run as replay

RESULTS = Path(__file__).parent / "results"


def main(*wanted: str) -> None:
    """Measure everything, or only what is named: `make bench ARGS="site places"`; `million` takes minutes more."""
    parts = {
        "site": _site,
        "pages": page_hits.figures,
        "ledger": ledger.figures,
        "places": places.figures,
        "backup": backup.figures,
        "desk": desk.figures,
        "growth": growth.figures,
        "filter": filtering.figures,
        "handover": handover.figures,
        "promises": promises.figures,
        "writes": writes.figures,
        "beside": beside.figures,
        "behind": behind.figures,
        "threads": threads.figures,
        "watch": watch.figures,
        "hosts": hosts.figures,
        "replay": replay.figures,
    }
    known = parts | {"million": growth.million}
    if unknown := set(wanted) - known.keys():
        raise SystemExit(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
    found = [figure for name in wanted or parts for figure in known[name]()]
    _print(found)
    RESULTS.mkdir(exist_ok=True)
    target = RESULTS / f"{clock.now():%Y%m%dT%H%M%S}.json"
    target.write_text(json.dumps([asdict(figure) for figure in found], indent=2, ensure_ascii=False))
    print(f"Written to {target.relative_to(RESULTS.parent.parent)}")


def _site() -> list[Figure]:
    """The pages of the demo, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EINZELFALL_INSTANCE"] = folder
        app = create_app(Settings.load())
        result = app.test_cli_runner().invoke(args=["demo", "load"])
        assert result.exit_code == 0, result.output
        return [*pages.figures(app), *texts.figures(), *abuse.figures(app)]


def _print(found: list[Figure]) -> None:
    table = Table("what", "ms", "queries", "bytes", "ratio", "against")
    for one in found:
        size = f"{one.size:,}" if one.size else ""
        table.add_row(one.name, f"{one.milliseconds:.2f}", str(one.queries), size, f"{one.ratio:.2f}", one.peer)
    Console(width=130).print(table)


if __name__ == "__main__":
    main(*sys.argv[1:])
