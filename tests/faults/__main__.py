"""`make faults`: every fault many times, resumable; `ARGS="worker server --rounds 50"` for some of them."""

import argparse
import json
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests import compiled
from tests.faults.catalogue import FAULTS, Fault
from tests.faults.disk import small_disk
from tests.faults.site import Round, Site

STATE = Path(__file__).parents[2] / ".faults.json"
EVERY = 20  # rounds between two audits

Kept = dict[str, list[dict[str, object]]]


def main() -> int:
    """Do what is left to do, print what was found; 1 when anything was lost, doubled or else wrong."""
    wanted = _arguments()
    if wanted.again:
        wanted.state.unlink(missing_ok=True)
    kept: Kept = json.loads(wanted.state.read_text("utf-8")) if wanted.state.exists() else {}
    try:
        for name in wanted.faults or FAULTS:
            fault = FAULTS[name]
            _do(
                fault,
                (wanted.rounds or fault.rounds) - len(kept.get(name, [])),
                kept.setdefault(name, []),
                wanted,
                kept,
            )
    except KeyboardInterrupt:
        print(f"\nStopped; the same command goes on from {wanted.state}.")
    _print(kept)
    return int(any(_is_bad(Round(**one)) for rounds in kept.values() for one in rounds))  # type: ignore[arg-type]  # as it was written


def _do(fault: Fault, rounds: int, done: list[dict[str, object]], wanted: argparse.Namespace, kept: Kept) -> None:
    """Rounds of one fault on a fresh site; kept after each audit, so that what is kept is proven."""
    while rounds > 0:
        part = min(rounds, EVERY)
        with tempfile.TemporaryDirectory(prefix="faults-") as folder, _site(Path(folder), fault) as site:
            found = []
            for one in fault.happen(site, part):
                found.append(one)
                print(f"{fault.name}: round {len(done) + len(found)} of {len(done) + rounds}", end="\r", flush=True)
            found[-1].faults += site.close_books()
        done += [asdict(one) for one in found]
        wanted.state.write_text(json.dumps(kept), "utf-8")
        rounds -= part


@contextmanager
def _site(folder: Path, fault: Fault) -> Iterator[Site]:
    disk = small_disk(folder / "instance") if fault.is_on_small_disk else nullcontext()
    with disk, Site(folder) as site:
        yield site


def _is_bad(one: Round) -> bool:
    return bool(one.lost or one.doubled or one.faults)


def _print(kept: Kept) -> None:
    headings = (
        "fault",
        "rounds",
        "acknowledged",
        "lost",
        "doubled",
        "back after s: median",
        "worst",
        "pages",
        "failed",
    )
    table = Table(*headings, "longest gap s", "else wrong")
    for name, raw in kept.items():
        rounds = [Round(**one) for one in raw]  # type: ignore[arg-type]  # as it was written
        if not rounds:
            continue
        seconds = [one.seconds for one in rounds]
        sums = [sum(getattr(one, key) for one in rounds) for key in ("acknowledged", "lost", "doubled")]
        times = [f"{statistics.median(seconds):.1f}", f"{max(seconds):.1f}"]
        seen = [sum(one.pages for one in rounds), sum(one.failed for one in rounds)]
        wrong = sum(len(one.faults) for one in rounds)
        gap = f"{max(one.gap for one in rounds):.1f}"
        table.add_row(name, str(len(rounds)), *map(str, sums), *times, *map(str, seen), gap, str(wrong))
    Console(width=150).print(table)
    for name, raw in kept.items():
        for fault in sorted({str(each) for one in raw for each in one["faults"]}):  # type: ignore[attr-defined]  # a list
            print(f"{name}: {fault}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("faults", nargs="*", metavar="FAULT", help=f"of {', '.join(FAULTS)}; all without any")
    parser.add_argument("--rounds", type=int, help="instead of each fault's own number")
    parser.add_argument("--state", type=Path, default=STATE, help="what is done so far; not in any instance")
    parser.add_argument("--again", action="store_true", help="forget what is done so far")
    found = parser.parse_args()
    if unknown := set(found.faults) - FAULTS.keys():
        parser.error(f"there is no fault {', '.join(sorted(unknown))}")
    return found


if __name__ == "__main__":
    compiled.once()
    raise SystemExit(main())
