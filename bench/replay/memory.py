"""How much memory a site holds: the proportional share of every process, as Linux counts it."""

from pathlib import Path

KIB = 1024


def pss(pid: int) -> dict[str, int]:
    """Proportional set size in bytes of a process and all below it, each under its number and name."""
    return {f"{one} {_name(one)}": _pss(one) for one in family(pid)}


def family(pid: int) -> list[int]:
    """A process and all that it has started, and they."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return found


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * KIB for line in lines if line.startswith("Pss:"))


def _name(pid: int) -> str:
    """What it calls itself: those that were forked have one command line."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return "ended"
