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
BACK = 10.0  # seconds after which a site has to store something again
EVERY = 20  # rounds between two audits


class Diary:
    """Which rounds are done, in a file beside all instances; what stands in it has passed the audit or says why not."""

    def __init__(self, file: Path) -> None:
        self._file = file
        kept = json.loads(file.read_text("utf-8")) if file.exists() else {}
        self.rounds = {name: [Round(**one) for one in rounds] for name, rounds in kept.items()}

    def of(self, name: str) -> list[Round]:
        return self.rounds.setdefault(name, [])

    def note(self, name: str, rounds: list[Round]) -> None:
        """Keep rounds; the file is whole at any moment."""
        self.of(name).extend(rounds)
        draft = self._file.with_suffix(".new")
        draft.write_text(json.dumps({key: [asdict(one) for one in each] for key, each in self.rounds.items()}), "utf-8")
        draft.replace(self._file)


def main() -> int:
    """Do what is left to do, print what was found; 1 when anything was lost, doubled, late or else wrong."""
    wanted = _arguments()
    if wanted.again:
        wanted.state.unlink(missing_ok=True)
    diary = Diary(wanted.state)
    try:
        for name in wanted.faults or FAULTS:
            _do(FAULTS[name], wanted.rounds or FAULTS[name].rounds, diary)
    except KeyboardInterrupt:
        print(f"\nStopped; the same command goes on from {wanted.state}.")
    _print(diary)
    return int(
        any(
            one.lost or one.doubled or one.faults or one.seconds > BACK
            for rounds in diary.rounds.values()
            for one in rounds
        )
    )


def _do(fault: Fault, rounds: int, diary: Diary) -> None:
    """What is left of so many rounds of one fault, on a fresh site between two audits."""
    while (left := rounds - len(diary.of(fault.name))) > 0:
        with tempfile.TemporaryDirectory(prefix="faults-") as folder, _site(Path(folder), fault) as site:
            found: list[Round] = []
            for one in fault.happen(site, min(left, EVERY)):
                found.append(one)
                done = rounds - left + len(found)
                print(f"{fault.name}: {done} of {rounds} rounds", end="\r", flush=True)
            found[-1].faults += site.close_books()
        diary.note(fault.name, found)


@contextmanager
def _site(folder: Path, fault: Fault) -> Iterator[Site]:
    disk = small_disk(folder / "instance") if fault.is_on_small_disk else nullcontext()
    with disk, fault.ground(folder) as site:
        yield site


def _print(diary: Diary) -> None:
    sums = ("acknowledged", "lost", "doubled", "pages", "failed")
    table = Table("fault", "rounds", *sums, "longest gap s", "back after s: median", "worst", "else wrong")
    for name, rounds in diary.rounds.items():
        if rounds:
            seconds = [one.seconds for one in rounds]
            table.add_row(
                name,
                str(len(rounds)),
                *(str(sum(getattr(one, each) for one in rounds)) for each in sums),
                *(f"{each:.1f}" for each in (max(one.gap for one in rounds), statistics.median(seconds), max(seconds))),
                str(sum(len(one.faults) for one in rounds)),
            )
    Console(width=150).print(table)
    for name, rounds in diary.rounds.items():
        if late := sum(one.seconds > BACK for one in rounds):
            print(f"{name}: {late} times it took more than {BACK:.0f} s")
        if rounds and not any(one.met for one in rounds):
            print(f"{name}: met nobody")
        for fault in sorted({each for one in rounds for each in one.faults}):
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
