"""`make bench`: a table on the screen, JSON in bench/results/."""

import json
import os
import tempfile
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from app import create_app
from app.config import Settings
from app.kit import clock
from bench import pages, texts, writes
from bench.measure import Figure

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Load the demo into a folder of its own and measure."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EINZELFALL_INSTANCE"] = folder
        app = create_app(Settings.load())
        result = app.test_cli_runner().invoke(args=["demo", "load"])
        assert result.exit_code == 0, result.output
        found = [*pages.figures(app), *writes.figures(app, Path(folder)), *texts.figures()]
    _print(found)
    RESULTS.mkdir(exist_ok=True)
    target = RESULTS / f"{clock.now():%Y%m%dT%H%M%S}.json"
    target.write_text(json.dumps([asdict(figure) for figure in found], indent=2, ensure_ascii=False))
    print(f"Written to {target.relative_to(RESULTS.parent.parent)}")


def _print(found: list[Figure]) -> None:
    table = Table("what", "ms", "queries", "bytes", "ratio", "against")
    for one in found:
        size = f"{one.size:,}" if one.size else ""
        table.add_row(one.name, f"{one.milliseconds:.2f}", str(one.queries), size, f"{one.ratio:.2f}", one.peer)
    Console(width=130).print(table)


if __name__ == "__main__":
    main()
